"""The queues of the officer's desk: what waits, by its clock; each column is a filter of the queue's list."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from clients.access import Person
from clients.models import Client
from compliance.models import (
    Approval,
    Attestation,
    FileGap,
    GlassUse,
    KycReview,
    RatingOverride,
    Recertification,
    ReviewTrigger,
    SampleItem,
    ScreeningHit,
)
from compliance.rules import desk as rules
from compliance.rules.gaps import Group
from compliance.rules.trials import Moves, Way
from compliance.selectors.gaps import kinds_of
from rulebook.calendars import working_days
from rulebook.days import add_months
from rulebook.selectors import pack
from ui.formats import day_text, language, midnight
from ui.paging import Page, keyset

FIRST = [ScreeningHit.State.OPEN, ScreeningHit.State.ESCALATED]  # wait for the first of two officers


@dataclass(frozen=True)
class Clock:
    """When each column of the desk begins and ends, for what has a day and for what waits."""

    today: date
    figures: Mapping[str, Any]  # rule pack "desk"

    def due(self, column: str) -> tuple[date, date]:
        return rules.due_window(column, self.today)

    def begun(self, column: str, figure: str) -> tuple[datetime, datetime]:
        """Of what is decided within so many working days: when it began to wait."""
        after = working_days(self.figures["calendar"]).after
        first, end = rules.begun_window(column, self.today, int(self.figures[figure]), after)
        return midnight(first), midnight(end)

    def decide_by(self, asked: date | datetime, figure: str) -> date:
        """The last day for what was asked then, alike on the desk, in the inbox and in an opening's plan."""
        day = timezone.localdate(asked) if isinstance(asked, datetime) else asked
        return working_days(self.figures["calendar"]).after(day, int(self.figures[figure]))


def clock_on(today: date) -> Clock:
    """1 query."""
    return Clock(today, pack("desk", today).body)


@dataclass(frozen=True)
class Queue:
    """One row of the desk: what waits, and the field of its clock. `figure`: it waits; "": it has a day."""

    rows: QuerySet[Any]
    field: str
    figure: str = ""

    def window(self, clock: Clock, column: str) -> tuple[Any, Any]:
        return clock.begun(column, self.figure) if self.figure else clock.due(column)

    def within(self, clock: Clock, column: str) -> QuerySet[Any]:
        first, end = self.window(clock, column)
        return self.rows.filter(**{f"{self.field}__gte": first, f"{self.field}__lt": end})


def queues(person: Person) -> dict[str, Queue]:
    """Every queue, as far as this person sees its rows. No query until one is counted."""
    hits = ScreeningHit.objects.visible_to(person)
    overrides = RatingOverride.objects.visible_to(person)
    gaps = FileGap.objects.visible_to(person)
    ending = gaps.filter(ends_on__isnull=False)
    samples = SampleItem.objects.visible_to(person)
    return {
        "kyc": Queue(Client.objects.visible_to(person).served(), "kyc_due_on"),
        "triggers": Queue(ReviewTrigger.objects.visible_to(person).filter(settled_at__isnull=True), "due_on"),
        "papers": Queue(ending.filter(kind__in=kinds_of(Group.PAPER)), "ends_on"),
        "forms": Queue(ending.filter(kind__in=kinds_of(Group.FORM)), "ends_on"),
        "measures": Queue(ending.filter(kind__in=kinds_of(Group.MEASURE)), "ends_on"),
        "hits_first": Queue(hits.filter(state__in=FIRST), "opened_at", "hit_days"),
        "hits_second": Queue(hits.filter(state=ScreeningHit.State.PROPOSED), "opened_at", "hit_days"),
        "approvals": Queue(Approval.objects.visible_to(person).waiting(), "asked_at", "approval_days"),
        "overrides_waiting": Queue(overrides.waiting(), "asked_at", "override_days"),
        "overrides_ending": Queue(overrides.in_force(), "until_on"),
        "samples": Queue(samples.filter(state=SampleItem.State.DRAWN), "due_on"),
        "sample_answers": Queue(samples.filter(state=SampleItem.State.ANSWERED), "due_on"),
        "sample_queries": Queue(samples.filter(state=SampleItem.State.QUERIED), "due_on"),
        "sample_remedies": Queue(samples.filter(state=SampleItem.State.FAILED), "due_on"),
        "glass": Queue(GlassUse.objects.visible_to(person).waiting(), "due_on"),
        "recertifications": Queue(Recertification.objects.filter(certified_at__isnull=True), "due_on"),
        "attestations": Queue(Attestation.objects.filter(attested_at__isnull=True), "due_on"),
    }


def chosen(person: Person, name: str, asked: Mapping[str, Any], today: date) -> QuerySet[Any]:
    """The rows of one queue in one column, or all of it. 1 query, for the clock."""
    queue = queues(person)[name]
    return queue.within(clock_on(today), asked["clock"]) if asked.get("clock") else queue.rows


def approval_list(person: Person, asked: dict[str, Any], today: date) -> Page[Approval]:
    """What waits for a second person, the longest first. 4 queries, 5 beyond the first page."""
    approvals = chosen(person, "approvals", asked, today).select_related("client", "asked_by")
    page = keyset(approvals, "asked_at", after=asked.get("after"), before=asked.get("before"))
    say_by_when(page.rows, today)
    return page


def approval_days(today: date) -> dict[str, list[date]]:
    """By when an approval is decided that was asked for on a day of the last year, for SQL: it knows no
    calendar of working days. 1 query.
    """
    clock = clock_on(today)
    asked = [today - timedelta(days=ago) for ago in range(366)]
    return {"asked": asked, "by": [clock.decide_by(day, "approval_days") for day in asked]}


def say_by_when(waiting: Iterable[Approval | RatingOverride], today: date) -> None:
    """By when each is decided. 1 query, none when nothing waits."""
    clock = None
    for each in waiting:
        clock = clock or clock_on(today)
        figure = "approval_days" if isinstance(each, Approval) else "override_days"
        each.decide_by = clock.decide_by(each.asked_at, figure)


def override_list(person: Person, asked: dict[str, Any], today: date) -> Page[RatingOverride]:
    """Ratings set by hand that wait for a second officer, or that hold, by their day. 3 to 5 queries."""
    waiting = asked.get("state", "waiting") == "waiting"
    rows = chosen(person, "overrides_waiting" if waiting else "overrides_ending", asked, today)
    page = keyset(
        rows.select_related("client", "asked_by", "decided_by"),
        "asked_at" if waiting else "until_on",
        after=asked.get("after"),
        before=asked.get("before"),
    )
    say_by_when(page.rows if waiting else [], today)
    return page


def trigger_list(person: Person, asked: dict[str, Any], today: date) -> Page[ReviewTrigger]:
    """Reviews outside the cycle, by the day they are due. 3 queries, 4 beyond the first page."""
    rows = chosen(person, "triggers", asked, today).select_related("client")
    return keyset(rows, "due_on", after=asked.get("after"), before=asked.get("before"))


def review_list(person: Person, asked: dict[str, Any]) -> Page[KycReview]:
    """KYC reviews that were done, the newest first. 2 queries, 3 beyond the first page."""
    rows = KycReview.objects.visible_to(person).select_related("client", "by", "book")
    if month := asked.get("month"):
        rows = rows.filter(reviewed_on__gte=month, reviewed_on__lt=add_months(month, 1))
    if since := asked.get("since"):
        rows = rows.filter(reviewed_on__gte=since)
    for field in ("team", "book"):
        if value := asked.get(field):
            rows = rows.filter(**{field: value})
    if stand := asked.get("stand"):
        rows = rows.filter(days_late__gt=0) if stand == "late" else rows.filter(days_late=0)
    return keyset(rows, "-reviewed_on", after=asked.get("after"), before=asked.get("before"))


# --- what other figures would change ----------------------------------------------------------------------

_TRIED = {  # what waits: (since when, within which figure it is decided)
    "Screening hit": ("opened_at", "hit_days"),
    "Approval": ("asked_at", "approval_days"),
    "Override": ("asked_at", "override_days"),
}
_TURNS = {
    (kind, late): Way(
        f"{figure}_{'late' if late else 'timely'}",
        f"{kind} becomes late" if late else f"{kind} is in time again",
        of_screening=figure == "hit_days",
    )
    for late in (True, False)
    for kind, (_since, figure) in _TRIED.items()
}
_TOLD = 5  # of what waits for one client, since when


def desk_tried(now: Mapping[str, Any], then: Mapping[str, Any], today: date) -> tuple[dict[str, Any], Moves]:
    """For a dry run of pack "desk": what waits, and is late by the one and by the other. 3 queries."""
    waiting = (ScreeningHit.objects.undecided(), Approval.objects.waiting(), RatingOverride.objects.waiting())
    clocks = [Clock(today, figures) for figures in (now, then)]
    moves, judged, lines = Moves(*_TURNS.values()), 0, []
    for rows, (kind, (since, figure)) in zip(waiting, _TRIED.items(), strict=True):
        counts, turned = [0, 0], defaultdict[tuple[int, bool], list[date]](list)
        for client_id, asked in rows.order_by(since).values_list("client_id", since):
            day = timezone.localdate(asked)
            late = [clock.decide_by(day, figure) < today for clock in clocks]
            counts = [count + each for count, each in zip(counts, late, strict=True)]
            judged += 1
            if late[0] != late[1]:
                turned[client_id, late[1]].append(day)
        for (client_id, is_late), days in turned.items():
            due = [f"Decide by {_day(clock.decide_by(days[0], figure))}" for clock in clocks]
            why = [f"Waits since {_day(day)}" for day in days[:_TOLD]]
            moves.add(_TURNS[kind, is_late], client_id, due, why)
        lines.append([f"{kind}s that are late", *counts])
    return {"judged": judged, "lines": lines if judged else []}, moves


def _day(day: date) -> str:
    return day_text(day, language())
