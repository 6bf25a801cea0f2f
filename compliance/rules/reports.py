"""Sums of the reports. Pure."""

from collections.abc import Mapping
from datetime import date


def first_month(today: date, months: int) -> date:
    """The first day of the period that ends with this month."""
    at = today.year * 12 + today.month - months
    return date(at // 12, at % 12 + 1, 1)


def months_between(first: date, last: date) -> list[date]:
    """The first day of each month from `first` to `last`."""
    count = (last.year - first.year) * 12 + last.month - first.month
    places = (first.year * 12 + first.month - 1 + step for step in range(count + 1))
    return [date(place // 12, place % 12 + 1, 1) for place in places]


def median_of(bars: Mapping[int, int]) -> int | None:
    """The lower median of the days of late ones. `bars`: days late -> how many; 0, in time, counts not."""
    late = sorted((days, count) for days, count in bars.items() if days > 0)
    half = (sum(count for _days, count in late) + 1) // 2
    for days, count in late:
        half -= count
        if half <= 0:
            return days
    return None
