"""What may be so about contacts and tasks. Pure: no Django, dates are arguments."""

from datetime import date, datetime, timedelta
from typing import Any

SOON = timedelta(hours=1)  # no bank's figure is less, so what is logged sooner needs no look at it


def refusals_to_log_interaction(state: str, at: datetime, now: datetime) -> list[str]:
    """A contact that took place, with a client whose file is open. MiFID II 2017/565 Art. 76."""
    refusals = []
    if state == "closed":
        refusals.append("The file is closed: nothing more can be logged.")
    if at > now + timedelta(minutes=5):
        refusals.append("A contact in the future is a meeting to plan, not one to log.")
    if at.year < 1900:  # the first day of the calendar is, elsewhere on earth, before it
        refusals.append("Look at the date: it lies before 1900.")
    return refusals


def is_late_entry(at: datetime, logged_at: datetime, late_hours: int | None) -> bool:
    """late_hours: the bank's figure; None: it was logged sooner than any figure."""
    return late_hours is not None and logged_at - at > timedelta(hours=late_hours)


def refusals_to_log_late(at: datetime, logged_at: datetime, late_hours: int | None, reason: str) -> list[str]:
    """A late entry is marked, and says why."""
    if reason.strip() or not is_late_entry(at, logged_at, late_hours):
        return []
    return [f"It took place more than {late_hours} hours ago: say why it is logged late."]


def refusals_to_correct(author: int, by: int, locks_at: datetime, now: datetime) -> list[str]:
    """A record is corrected by its author until it is locked; only locked ones are drawn for an audit."""
    refusals = []
    if author != by:
        refusals.append("Only who logged it may correct it.")
    if now >= locks_at:
        refusals.append("The record is locked: say what is to be said in an addendum.")
    return refusals


def refusals_to_unmark(off_channel: bool, then: bool) -> list[str]:
    """What was said to have been on an unrecorded channel is reviewed for that, whatever is corrected."""
    if off_channel and not then:
        return ["It stays marked as on a channel that is not recorded: say in the notes what was wrong."]
    return []


def refusals_to_add_addendum(author: int, by: int, locks_at: datetime, now: datetime) -> list[str]:
    """After the lock its author adds to a record; before it the record itself is corrected."""
    refusals = []
    if author != by:
        refusals.append("Only who logged it adds to it; colleagues answer when compliance asks.")
    if now < locks_at:
        refusals.append("The record is not locked yet: correct it instead.")
    return refusals


def refusals_to_finish_task(done_at: datetime | None) -> list[str]:
    return ["This task is done already."] if done_at else []


def is_contact_overdue(segment: str, last_contact_on: date, today: date, cadence: dict[str, Any]) -> bool:
    """`cadence`: days between two contacts by segment (rule pack "contact")."""
    return (today - last_contact_on).days > int(cadence[segment])
