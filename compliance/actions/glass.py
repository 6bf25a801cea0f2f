"""Break-glass: open a file that is not one's own, give it back, and look at it afterwards."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from alerts.actions import look_at_client
from clients.access import reach
from clients.models import Client, ClientGrant
from compliance.models import GlassUse
from compliance.rules import glass as rules
from compliance.selectors.glass import right_of
from rulebook.calendars import working_days
from rulebook.selectors import pack
from staff.lock import action, one_after_the_other
from staff.models import User
from staff.roles import May
from ui.carrying import NIGHT_SHIFT, transaction_for
from ui.refusals import NotPermitted, Refused, refuse_if

NOTICES = ("compliance.glass_broken", "compliance.glass_broken_in_team", "compliance.glass_to_review")


@action(May.GLASS_BREAK, "glass broken", then="alerts.tasks.mail", step_up=True)
def break_glass(_nothing: None, *, by: User, number: str, reason: str) -> GlassUse:
    """The file of this very number, for an hour; its owner and compliance hear of it at once.

    A number that nobody has and one whose file stays hidden in spite of the grant are refused alike.
    """
    one_after_the_other("break-glass", by)  # two at once are counted one after the other
    now = timezone.now()
    figures = pack("access", timezone.localdate(now))
    glass = figures["glass"]
    right = right_of(by)
    refuse_if(
        rules.refusals_to_break_glass(
            right.waiting, right.overdue_since, glass["waiting_at_most"], reason, glass["reason_letters"]
        ),
        noted="break-glass",
    )
    reach(by, fresh=True)
    if Client.objects.visible_to(by).filter(number__in=_spellings(number)).exists():
        raise Refused([_("You may see this file without break-glass.")], noted="break-glass")
    grant = _opened(by, number, reason.strip(), timedelta(minutes=glass["minutes"]))
    if grant is None:
        raise Refused([rules.NO_FILE], noted="break-glass")
    use: GlassUse = GlassUse.objects.create(
        client_id=grant.content_object_id,
        grant=grant,
        user=by,
        at=now,
        due_on=working_days(figures["calendar"]).after(timezone.localdate(now), int(glass["review_days"])),
        pack_version=figures.version,
    )
    with transaction_for(None, NIGHT_SHIFT):  # who is told is found among the whole staff
        look_at_client(use.client_id, timezone.localdate(now), NOTICES)
    return use


def _opened(by: User, number: str, reason: str, lasts: timedelta) -> ClientGrant | None:
    """The grant; None where there is no file, or one that stays hidden in spite of it: then all is undone."""
    now = timezone.now()
    with connection.cursor() as cursor:
        for each in _spellings(number):
            cursor.execute("SELECT break_glass(%s, %s, %s, %s)", [each, reason, now, now + lasts])
            (made,) = cursor.fetchone()
            if made:
                break
    reach(by, fresh=True)  # both walls look anew
    grant: ClientGrant | None = ClientGrant.objects.visible_to(by).with_id(made or 0)  # asked alike
    if grant is None or Client.objects.visible_to(by).with_id(grant.content_object_id) is None:
        return None
    return grant


def _spellings(number: str) -> list[str]:
    """As it was typed, and in the capital letters of most numbers."""
    return list(dict.fromkeys((number, number.upper())))


@action(May.GLASS_BREAK, "glass given back", on="clients.Client", hold="move")
def give_back(client: Client, *, by: User) -> GlassUse:
    """Before the hour is over: the file closes now."""
    now = timezone.now()
    use: GlassUse | None = (
        GlassUse.objects.filter(client=client, user=by, grant__ends_at__gt=now)
        .select_related("grant")
        .order_by("-pk")
        .first()
    )
    if use is None:
        raise NotPermitted(May.GLASS_BREAK, _("You did not open this file by break-glass."))
    # A clock that was set back ends it no sooner than it began.
    use.grant.ends_at, use.grant.ended_by = max(now, use.grant.starts_at + timedelta(microseconds=1)), by
    use.grant.save(update_fields=["ends_at", "ended_by"])
    return use


@action(May.GLASS_REVIEW, "use of break-glass reviewed", on="compliance.GlassUse", remember=("verdict",))
def review_use(use: GlassUse, *, by: User, verdict: str, words: str) -> GlassUse:
    """Justified or not, in words; the person's right no longer waits for it."""
    refuse_if(
        rules.refusals_to_review(
            bool(use.verdict), by.is_same_person(use.user_id), words, is_open=use.is_open
        )
    )
    use.verdict, use.words = verdict, words.strip()
    use.reviewed_by, use.reviewed_at = by, timezone.now()
    use.save(update_fields=["verdict", "words", "reviewed_by", "reviewed_at"])
    with transaction_for(None, NIGHT_SHIFT):
        look_at_client(use.client_id, timezone.localdate(), NOTICES)
    return use
