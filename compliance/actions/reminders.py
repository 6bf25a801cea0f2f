"""Ask a relationship manager for what a file lacks: a task on the desk, which can be taken back."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import SERVED, Client, Task, TaskKind
from compliance import selectors
from compliance.models import FileGap, Reminder
from compliance.rules import desk as rules
from rulebook.calendars import working_days
from rulebook.selectors import pack
from staff.lock import action
from staff.models import BookMember, User
from staff.roles import May
from ui.refusals import Refused, refuse_if

REVIEW = "kyc"  # the kind of a reminder that asks for no paper, but to prepare a review


@action(May.KYC_REVIEW, "relationship manager reminded", on="compliance.FileGap")
def remind(gap: FileGap, *, by: User) -> Reminder:
    """A task for who owns the book today; not where the file lacks it no more or one is open already."""
    rule = selectors.gap_rules().get(gap.kind)
    if rule is None:  # found before an upgrade that asks for it no more
        raise Refused(["This is asked for no more: the next look takes it off the list."])
    lacks = (gap.client_id, gap.kind) in selectors.gaps_of([gap.client_id], timezone.localdate(), [gap.kind])
    return _ask(gap.client_id, gap.kind, str(rule.act), by, lacks=lacks)


@action(May.KYC_REVIEW, "relationship manager reminded", on="clients.Client")
def remind_of_review(client: Client, *, by: User) -> Reminder:
    """A task to prepare the file for a review that is due, or will be within the days of its announcement."""
    today = timezone.localdate()
    soon = today + timedelta(days=int(pack("kyc", today)["warn_days"]))
    due = client.state in SERVED and client.kyc_due_on <= soon
    return _ask(
        client.pk,
        REVIEW,
        _("Prepare the file for its KYC review"),
        by,
        lacks=due,
        done="No review is due soon.",
    )


def _ask(client_id: int, kind: str, title: str, by: User, *, lacks: bool, **words: str) -> Reminder:
    client = Client.objects.select_related("book__team").get(pk=client_id)
    today, asked = timezone.localdate(), selectors.open_reminder(client_id, kind)
    owner = BookMember.objects.owners().at(timezone.now()).filter(book=client.book_id, user__is_active=True)
    member = owner.select_related("user").first()
    refuse_if(
        rules.refusals_to_remind(
            lacks,
            bool(title),
            timezone.localdate(asked.asked_at) if asked else None,
            member is not None,
            **words,
        )
    )
    assert member is not None
    days = int(pack("desk", today)["remind_days"])
    task = Task.objects.create(
        client=client,
        kind=TaskKind.REVIEW if kind == REVIEW else TaskKind.DOCUMENT,
        title=title,
        due_on=working_days(client.book.team.calendar).after(today, days),
        assigned_to=member.user,
        made_by=by,
    )
    made: Reminder = Reminder.objects.create(client=client, kind=kind, task=task, asked_by=by)
    return made


@action(May.KYC_REVIEW, "reminder withdrawn", on="compliance.Reminder")
def withdraw_reminder(reminder: Reminder, *, by: User) -> Reminder:
    """Nobody is asked any more: the task leaves the desk. What was done stays done."""
    task = (
        Task.objects.select_for_update().filter(pk=reminder.task_id or 0).first()
    )  # it may be done right now
    refuse_if(
        rules.refusals_to_withdraw_reminder(
            reminder.withdrawn_at is not None, task is not None and task.done_at is not None
        )
    )
    reminder.withdrawn_at, reminder.withdrawn_by, reminder.task = timezone.now(), by, None
    reminder.save(update_fields=["withdrawn_at", "withdrawn_by", "task"])
    if task is not None:
        task.delete()
    return reminder
