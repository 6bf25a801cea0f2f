"""What may be so about contacts and tasks. Pure: no Django, dates are arguments."""

from datetime import date, datetime, timedelta
from typing import Any

LATE_AFTER = timedelta(hours=24)  # an interaction logged later is marked so


def refusals_to_log_interaction(state: str, at: datetime, now: datetime) -> list[str]:
    """A contact that took place, with a client whose file is open. MiFID II 2017/565 Art. 76."""
    refusals = []
    if state == "closed":
        refusals.append("The file is closed: nothing more can be logged.")
    if at > now + timedelta(minutes=5):
        refusals.append("A contact in the future is a meeting to plan, not one to log.")
    return refusals


def is_late_entry(at: datetime, logged_at: datetime) -> bool:
    return logged_at - at > LATE_AFTER


def refusals_to_finish_task(done_at: datetime | None) -> list[str]:
    return ["This task is done already."] if done_at else []


def is_contact_overdue(segment: str, last_contact_on: date, today: date, cadence: dict[str, Any]) -> bool:
    """`cadence`: days between two contacts by segment (rule pack "contact")."""
    return (today - last_contact_on).days > int(cadence[segment])
