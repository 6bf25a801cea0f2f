"""Days on a plain calendar, counted alike everywhere. Pure: no Django, days are arguments."""

from calendar import monthrange
from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last; at most the last day there is."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def whole_years(since: date, today: date) -> int:
    """How many years are full, as people count their age."""
    return today.year - since.year - ((today.month, today.day) < (since.month, since.day))


def quarter_end_before(day: date) -> date:
    """The last day of the quarter before the one of `day`: the close with which that one begins."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1) - timedelta(days=1)


def due_before(today: date, days: int) -> date:
    """The first day that is no longer due within so many days: the last of them still is; -1: overdue."""
    return today + timedelta(days=days + 1)
