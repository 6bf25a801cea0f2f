"""What was said to a client, and what is to be done for one."""

from datetime import date, datetime
from typing import Any

from django.db.models import PositiveSmallIntegerField
from django.db.models.expressions import RawSQL
from django.utils import timezone

from audit.record import record as note
from clients import rules, selectors
from clients.models import Addendum, Client, Interaction, Task
from staff.lock import action
from staff.models import User
from staff.roles import May
from ui.refusals import refuse_if


@action(
    May.INTERACTIONS_LOG,
    "interaction logged",
    on="clients.Client",
    hold="parent",
    remember=("channel", "purpose"),
)
def log_interaction(
    client: Client, *, by: User, channel: str, purpose: str, at: datetime, **record: Any
) -> Interaction:
    """Add a contact to the file and move its contact clock forward, never back."""
    now = timezone.now()
    record["late_reason"] = _late_reason(client.state, at, now, record.get("late_reason", ""))
    interaction: Interaction = Interaction.objects.create(
        client=client,
        by=by,
        channel=channel,
        purpose=purpose,
        at=at,
        # Read as it is stored: one question to the database less for what is done most.
        lock_hours=RawSQL(_LOCK_HOURS, [timezone.localdate(now)], PositiveSmallIntegerField()),  # noqa: S611
        **record,
    )
    day = timezone.localdate(at)
    if client.last_contact_on < day:
        Client.objects.filter(pk=client.pk, last_contact_on__lt=day).update(last_contact_on=day)
    return interaction


_LOCK_HOURS = """(
SELECT coalesce((SELECT (body->>'lock_hours')::int FROM rulebook_rulepack
                 WHERE name = 'interactions' AND activated_at IS NOT NULL AND valid_from <= %s
                 ORDER BY valid_from DESC, version DESC LIMIT 1), 24))"""


def _late_reason(state: str, at: datetime, logged_at: datetime, reason: str) -> str:
    """Why it is logged late, "" for what is in time; refused for what may not be logged so."""
    refuse_if(rules.refusals_to_log_interaction(state, at, timezone.now()))
    hours = selectors.late_hours(at, logged_at)
    refuse_if(rules.refusals_to_log_late(at, logged_at, hours, reason))
    return reason if rules.is_late_entry(at, logged_at, hours) else ""


@action(May.INTERACTIONS_LOG, "interaction corrected", on="clients.Interaction")
def correct_interaction(interaction: Interaction, *, by: User, **record: Any) -> Interaction:
    """Its author mends the record before it is locked; the audit holds which fields changed."""
    now = timezone.now()
    refuse_if(rules.refusals_to_correct(interaction.by_id, by.pk, interaction.locks_at, now))
    refuse_if(
        rules.refusals_to_unmark(interaction.off_channel, record.get("off_channel", interaction.off_channel))
    )
    reason = record.get("late_reason") or interaction.late_reason
    # A reason stays once it is there: a record moved nearer to its logging is no less a late one.
    record["late_reason"] = (
        _late_reason(
            interaction.client.state, record.get("at", interaction.at), interaction.logged_at, reason
        )
        or interaction.late_reason
    )
    changed = [name for name, value in record.items() if getattr(interaction, name) != value]
    for name in changed:
        setattr(interaction, name, record[name])
    if changed:
        interaction.save(update_fields=changed)
        note(
            "interaction fields changed",
            by=by,
            subject=interaction,
            client_id=interaction.client_id,
            payload={"fields": sorted(changed)},
        )
    return interaction


@action(May.INTERACTIONS_LOG, "addendum written", on="clients.Interaction", hold="parent")
def add_addendum(interaction: Interaction, *, by: User, text: str) -> Addendum:
    """Something its author adds to a locked record. The record itself stays as it is."""
    refuse_if(rules.refusals_to_add_addendum(interaction.by_id, by.pk, interaction.locks_at, timezone.now()))
    return write_addendum(interaction, text, by)


def write_addendum(interaction: Interaction, text: str, by: User) -> Addendum:
    """Within an action: beside the author, who answers a question of compliance."""
    made: Addendum = Addendum.objects.create(
        client_id=interaction.client_id, interaction=interaction, text=text, by=by
    )
    return made


@action(May.TASKS_WORK, "task added", on="clients.Client", hold="parent", remember=("kind", "due_on"))
def add_task(
    client: Client,
    *,
    by: User,
    kind: str,
    title: str,
    due_on: date,
    starts_at: datetime | None = None,
    promise: bool = False,
) -> Task:
    """Something to do for this client, by whoever adds it."""
    return Task.objects.create(
        client=client,
        kind=kind,
        title=title,
        due_on=due_on,
        starts_at=starts_at,
        promise=promise,
        assigned_to=by,
        made_by=by,
    )


@action(May.TASKS_WORK, "task done", on="clients.Task")
def finish_task(task: Task, *, by: User) -> Task:
    refuse_if(rules.refusals_to_finish_task(task.done_at))
    task.done_at = timezone.now()
    task.save(update_fields=["done_at"])
    return task


@action(May.TASKS_WORK, "task reopened", on="clients.Task")
def reopen_task(task: Task, *, by: User) -> Task:
    """Undo of finishing."""
    task.done_at = None
    task.save(update_fields=["done_at"])
    return task
