"""How the first pages rank and judge. Pure: no Django, dates are arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

CRITICAL = 1.2  # of the maximum


LATE_COUNTS = 20  # on the scale of the rules' weights: what is late goes before the next kind


def rank(late: bool, weight: int, due_on: date, value: float) -> tuple[int, date, float]:
    """Sort key of what is due: the weightier kind first, late before due, the earlier, the larger client."""
    return -(weight + LATE_COUNTS * late), due_on, -value


def coverage_load(counts: Mapping[str, int], bands: Mapping[str, list[int]]) -> int:
    """How full a book is, in percent of its target: each segment's clients over the segment's target, summed.

    `bands`: segment -> [min, target, max, effort] (rule pack "coverage").
    """
    return round(100 * sum(n / bands[segment][1] for segment, n in counts.items() if segment in bands))


def coverage_status(counts: Mapping[str, int], bands: Mapping[str, list[int]]) -> str:
    """Is a book "under", "in_range", "over" or "critical" (beyond 120 % of the maximum)?"""

    def share(of: int) -> float:
        return sum(n / bands[segment][of] for segment, n in counts.items() if segment in bands)

    if share(2) > CRITICAL:
        return "critical"
    if share(2) > 1:
        return "over"
    return "under" if share(0) < 1 else "in_range"


def change_percent(now: float, before: float) -> float | None:
    """By how much it changed, in percent; None when there is nothing to compare with."""
    return None if not before else 100 * (now - before) / before


def month_before(first: date) -> date:
    """The first day of the month before the one that begins on `first`."""
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)


Row = tuple[str, int]  # the table and the number in it
State = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One change of one row: what it left behind."""

    row: Row
    at: datetime
    by_id: int | None
    was: State


def refusals_to_look_back(at: datetime, begins: datetime, now: datetime) -> list[str]:
    """Only what has been, and since it is kept."""
    if at > now:
        return ["This instant is still to come."]
    return ["What was before this began to be kept is not known."] if at < begins else []


def as_it_stood(
    at: datetime, now: Mapping[Row, State], changes: Sequence[Change], births: Mapping[Row, datetime]
) -> dict[Row, State]:
    """Each row of a file as it was at an instant: what the first change after it left, or what still is.

    changes: all there were, in their order. A row without a birth was there before any was kept.
    """
    then = dict(now)
    for change in reversed(changes):
        if change.at > at:
            then[change.row] = change.was
    return {row: state for row, state in then.items() if births.get(row, at) <= at}


def made_of(now: Mapping[Row, State], changes: Sequence[Change]) -> list[tuple[Change, State | None]]:
    """Each change with what it made of the row, the latest first; None: it was removed."""
    later = dict(now)
    made = []
    for change in reversed(changes):
        made.append((change, later.get(change.row)))
        later[change.row] = change.was
    return made
