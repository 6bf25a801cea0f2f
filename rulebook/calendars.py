"""Working days of a country: its weekend and its public holidays. Pure: days are arguments.

A calendar is named as a team's is: an ISO 3166 country, "CH", or one of its parts, "CH-ZH".
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays


@dataclass(frozen=True)
class WorkingDays:
    """The days on which people work there. A country nobody knows is an error: clocks would run too fast."""

    calendar: str

    def includes(self, day: date) -> bool:
        weekend, free = _calendar(self.calendar, day.year)
        return day.weekday() not in weekend and day not in free

    def first_from(self, day: date) -> date:
        """`day` itself when it is a working day, else the next one."""
        while not self.includes(day):
            day += timedelta(days=1)
        return day

    def after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which is not counted; with 0 itself or the next one."""
        for _ in range(count):
            day = self.first_from(day + timedelta(days=1))
        return self.first_from(day)

    def between(self, first: date, last: date) -> int:
        """How many working days after `first` up to and with `last`; negative when `last` is earlier."""
        if last < first:
            return -self.between(last, first)
        days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
        return sum(self.includes(day) for day in days)


def refusals_to_calendar(name: str) -> list[str]:
    """Of a country nobody knows nobody can say when people work there."""
    country, dash, part = name.partition("-")
    parts = _known().get(country)
    if parts is None:
        return ["No calendar is known by this name: give a country as CH, or a part of it as CH-ZH."]
    return ["This country's calendar has no part of that name."] if dash and part not in parts else []


@lru_cache(maxsize=1)
def _known() -> dict[str, list[str]]:
    """Countries and their parts."""
    known: dict[str, list[str]] = holidays.list_supported_countries()
    return known


def working_days(calendar: str) -> WorkingDays:
    return WorkingDays(calendar)


@lru_cache(maxsize=256)
def _calendar(calendar: str, year: int) -> tuple[frozenset[int], Container[date]]:
    """(weekdays that are free, holidays of that year)."""
    country, _, part = calendar.partition("-")
    found = holidays.country_holidays(country, subdiv=part or None, years=year)
    return frozenset(found.weekend), frozenset(found)
