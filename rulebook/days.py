"""Days on a plain calendar, counted alike everywhere. Pure: no Django, days are arguments."""

from datetime import date, timedelta


def due_before(today: date, days: int) -> date:
    """The first day that is no longer due within so many days: the last of them still is; -1: overdue."""
    return today + timedelta(days=days + 1)
