"""Days relative to the bank's as-of date, ready as text: a date costs a list index, not a strftime."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

PAST, AHEAD = 37_000, 12_000  # days kept ready: a founding a century ago, a pension goal in 30 years
HISTORY = 1_460  # days in which contacts lie; most within the last 1,096
# Banks write and call most around the turn of the year and least in August.
SEASON = {
    1: 1.35,
    2: 1.05,
    3: 1.1,
    4: 1.0,
    5: 0.95,
    6: 1.0,
    7: 0.8,
    8: 0.55,
    9: 1.05,
    10: 1.1,
    11: 1.15,
    12: 1.3,
}


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and (day.month, day.day) not in {(1, 1), (5, 1), (12, 25), (12, 26)}


def _ahead(moment: datetime) -> float:
    """Hours ahead of UTC."""
    offset = moment.utcoffset()
    return offset.total_seconds() / 3600 if offset else 0.0


class Days:
    """All calendar knowledge of one bank. Days are whole numbers: 0 is the as-of date, -1 the day before."""

    def __init__(self, as_of: date):
        self.as_of = as_of
        # Days from 0 on come first and the past last, so that a negative day counts from the end of the list.
        days = [*range(AHEAD), *range(-PAST, 0)]
        self.iso: Callable[[int], str] = [(as_of + timedelta(days=n)).isoformat() for n in days].__getitem__
        self.working = [n for n in range(-HISTORY, 1) if is_working_day(self.day(n))]
        self.working_ahead = [n for n in range(1, 60) if is_working_day(self.day(n))]
        # Every working day as often as its season says, in order: a slice of this list is a period.
        self.seasonal = [n for n in self.working for _ in range(round(SEASON[self.day(n).month] * 20))]

    def day(self, n: int) -> date:
        return self.as_of + timedelta(days=n)

    def n(self, day: date) -> int:
        return (day - self.as_of).days

    def season_place(self, n: int) -> int:
        """Where in `seasonal` the days from n on begin."""
        return bisect_left(self.seasonal, n)

    def working_day(self, n: int) -> int:
        """The last working day at or before n; n itself outside the kept history."""
        place = bisect_right(self.working, n)
        return self.working[place - 1] if place else n

    @cached_property
    def quarter_ends(self) -> list[int]:
        """The ends of the last two whole quarters, older first."""
        day = self.as_of
        last = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1) - timedelta(days=1)
        before = date(last.year, last.month - 2, 1) - timedelta(days=1)
        return [self.n(before), self.n(last)]

    def offsets(self, zone: str) -> list[str]:
        """The zone's offset at noon for the days of the history and a little beyond: "+01", "+05:30".

        Indexed by n + HISTORY.
        """
        place = ZoneInfo(zone)
        found = []
        for n in range(-HISTORY, 61):
            day = self.day(n)
            noon = datetime(day.year, day.month, day.day, 12, tzinfo=place)
            minutes = round(_ahead(noon) * 60)
            sign, rest = ("-" if minutes < 0 else "+"), abs(minutes)
            found.append(f"{sign}{rest // 60:02d}" + (f":{rest % 60:02d}" if rest % 60 else ""))
        return found

    def hours_ahead(self, zone: str) -> float:
        """How far the zone is ahead of UTC in winter."""
        day = datetime(self.as_of.year, 1, 15, 12, tzinfo=ZoneInfo(zone))
        return min(_ahead(day), _ahead(day.replace(month=7)))

    def midnight(self, n: int) -> str:
        return datetime.combine(self.day(n), datetime.min.time(), UTC).isoformat()
