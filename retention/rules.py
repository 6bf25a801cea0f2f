"""Who waits too long and who may leave. Pure: no Django, dates are arguments, figures from rule packs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from rulebook.days import quarter_end_before


def contact_due_on(segment: str, last_contact_on: date, days: Mapping[str, int]) -> date:
    """The last day on which the next contact is in time. `days`: between two contacts, by segment."""
    return last_contact_on + timedelta(days=int(days[segment]))


def is_contact_overdue(
    state: str, segment: str, last_contact_on: date, today: date, days: Mapping[str, int]
) -> bool:
    """Served clients only: a lead has no cadence yet, a closed file none any more."""
    return (
        state in ("active", "dormant")
        and segment in days
        and today > contact_due_on(segment, last_contact_on, days)
    )


MARK_WITHIN_DAYS = 10  # today's value still says what a client was worth at the end of the quarter


def compared_on(today: date) -> date:
    """The end of the last quarter but one: a client's assets are compared with those of 3 to 6 months ago."""
    return quarter_end_before(quarter_end_before(today))


@dataclass(frozen=True)
class Signals:
    """What the bank sees of one client on one day."""

    state: str
    segment: str
    last_contact_on: date
    complaints: int  # logged within the window of days
    accounts_closed: int  # within theirs
    value: Decimal  # now, in the reporting currency; never negative
    value_before: Decimal | None  # at the day compared with; None: not known


@dataclass(frozen=True)
class Reason:
    """One signal that counts, and its points."""

    code: str  # "money_left", "account_closed", "complaint", "silent", "dormant"
    points: int


def reasons_to_leave(
    seen: Signals, today: date, days: Mapping[str, int], figures: Mapping[str, Any]
) -> list[Reason]:
    """Each signal with its points, most first. A sum of named signals, so that the RM can say why.

    `figures`: rule pack "retention". Twin in SQL: retention.alerts.AT_RISK.
    """
    points = figures["points"]
    reasons = []
    fallen = fallen_percent(seen.value, seen.value_before)
    if fallen is not None and fallen >= figures["fall_percent"]:
        reasons.append(Reason("money_left", points["money_left"]))
    if seen.accounts_closed:
        reasons.append(Reason("account_closed", points["account_closed"]))
    if seen.complaints:
        reasons.append(Reason("complaint", points["complaint"]))
    if seen.segment in days and today > seen.last_contact_on + timedelta(
        days=int(days[seen.segment]) * figures["silent_times"]
    ):
        reasons.append(Reason("silent", points["silent"]))
    if seen.state == "dormant":
        reasons.append(Reason("dormant", points["dormant"]))
    return sorted(reasons, key=lambda reason: (-reason.points, reason.code))


def fallen_percent(value: Decimal, before: Decimal | None) -> int | None:
    """By how many whole percent the value fell (0 when it rose), None when there was none before."""
    if before is None or before <= 0:
        return None
    return max(0, int((before - value) * 100 / before))


def is_at_risk(state: str, reasons: list[Reason], figures: Mapping[str, Any]) -> bool:
    """A served client whose signals sum to the threshold."""
    return state in ("active", "dormant") and sum(reason.points for reason in reasons) >= figures["at_risk"]


def refusals_to_plan_call(state: str, planned_on: date | None) -> list[str]:
    """One open call at a time, with a client whose file is open."""
    refusals = []
    if state == "closed":
        refusals.append("The file is closed: there is nobody to call.")
    if planned_on is not None:
        refusals.append("A call is planned already.")
    return refusals
