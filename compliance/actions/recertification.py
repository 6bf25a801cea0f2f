"""Ask each team who may open its books, and keep what its lead signs."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Max
from django.utils import timezone

from audit.record import record as note_down
from clients.access import reach
from clients.models import ClientGrant
from compliance.models import Recertification
from compliance.rules import recertification as rules
from compliance.selectors.recertification import led_teams, lines_of
from rulebook.calendars import working_days
from rulebook.selectors import pack
from staff.lock import action
from staff.models import Book, BookMember, Team, User
from staff.night import night_shift
from staff.roles import May
from ui.refusals import NotVisible, refuse_if


def open_recertifications(today: date) -> int:
    """For every team with books, a while before its half year is over; how many were opened now."""
    figures = pack("access", today)
    told = figures["recertify"]
    first_due = working_days(figures["calendar"]).after(today, int(told["notice_days"]))
    waiting = Recertification.objects.filter(certified_at__isnull=True).values("team")
    teams = Team.objects.filter(pk__in=Book.objects.values("team")).exclude(pk__in=waiting)
    fresh = []
    for team in teams.annotate(last=Max("recertifications__certified_at")):
        last = timezone.localdate(team.last) if team.last else None
        due = rules.due_on(last, first_due, int(told["months"]))
        if due - timedelta(days=int(told["notice_days"])) <= today or last is None:
            fresh.append(Recertification(team=team, due_on=due, pack_version=figures.version))
    Recertification.objects.bulk_create(fresh, ignore_conflicts=True)
    if fresh:
        note_down("recertifications opened", by=night_shift(), payload={"teams": len(fresh)})
    return len(fresh)


@action(May.ACCESS_RECERTIFY, "recertification begun", remember=("team_id", "due_on"))
def begin_recertification(
    _nothing: None, *, by: User, team_id: int | None, reason: str, due_on: date
) -> list[Recertification]:
    """Before its time: of one team, or of every team with books that owes none; its lead signs it."""
    today = timezone.localdate()
    figures = pack("access", today)
    refuse_if(rules.refusals_to_begin(due_on, today, int(figures["recertify"]["months"])))
    teams = Team.objects.filter(pk__in=Book.objects.values("team"))
    # Locked: who presses at the same moment comes after, and is told that it is under way.
    chosen = list((teams.filter(pk=team_id) if team_id else teams).select_for_update().order_by("pk"))
    owing = set(
        Recertification.objects.filter(team__in=chosen, certified_at__isnull=True).values_list(
            "team", flat=True
        )
    )
    asked = [team for team in chosen if team.pk not in owing]
    refuse_if(rules.refusals_to_ask_teams(len(asked), len(owing)))
    return Recertification.objects.bulk_create(
        Recertification(
            team=team, due_on=due_on, pack_version=figures.version, asked_by=by, reason=reason.strip()
        )
        for team in asked
    )


@action(May.ACCESS_CERTIFY, "recertification signed", step_up=True)
def certify(
    _nothing: None, *, by: User, owed_id: int, seen: str, keep: Mapping[str, bool]
) -> Recertification:
    """Line by line, what stays and what ends now. `seen`: digest of what was read; `keep`: by line."""
    owed: Recertification | None = Recertification.objects.select_for_update().filter(pk=owed_id).first()
    reach(by, fresh=True)
    if owed is None or owed.team_id not in led_teams(by):
        raise NotVisible(f"compliance.Recertification {owed_id}")
    list(Book.objects.select_for_update().filter(team=owed.team_id).order_by("pk"))  # as a handover locks
    now = timezone.now()
    lines = lines_of(by, owed.team_id, now)
    missing = sum(line["key"] not in keep for line in lines)
    signed = owed.certified_at is not None
    refuse_if(rules.refusals_to_sign(signed, seen, rules.digest_of(lines), missing))
    for line in lines:
        line["keep"] = keep[line["key"]]
        if not line["keep"]:
            refuse_if(rules.refusals_to_end(line["what"], line["role"]))
            (_end_member if line["what"] == "member" else _end_grant)(int(line["key"][1:]), by)
    owed.lines, owed.seal = lines, rules.digest_of(lines)
    owed.certified_by, owed.certified_at = by, now
    owed.save(update_fields=["lines", "seal", "certified_by", "certified_at"])
    told = {"team": owed.team_id, "seal": owed.seal, "kept": owed.kept, "ended": owed.ended}
    note_down("access certified", by=by, subject=owed, payload=told)
    return owed


def _end_member(pk: int, by: User) -> None:
    member, now = BookMember.objects.select_for_update().get(pk=pk), timezone.now()
    if member.during.lower is not None and member.during.lower >= now:
        member.delete()
        return
    member.during = (member.during.lower, now)
    member.save(update_fields=["during"])


def _end_grant(pk: int, by: User) -> None:
    grant, now = ClientGrant.objects.select_for_update().get(pk=pk), timezone.now()
    if grant.starts_at >= now:
        grant.delete()
        return
    grant.ends_at, grant.ended_by = now, by
    grant.save(update_fields=["ends_at", "ended_by"])
