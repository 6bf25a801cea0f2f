"""Politically exposed persons: who counts, and for how long. Pure. EU AMLR Art. 2(34) and 42 to 46."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rulebook.days import add_months

FUNCTIONS = {
    "head": "Head of state or government, minister",
    "parliament": "Member of parliament",
    "party": "Leader of a political party",
    "court": "Judge of a supreme court",
    "bank": "Board of a central bank or court of auditors",
    "ambassador": "Ambassador or high-ranking officer",
    "state_company": "Management of a state-owned company",
    "international": "Head of an international organisation",
    "regional": "Head of a region or a large city",
    "other": "Another high public office",
}
LEVELS = {
    "national": "National",
    "regional": "Regional",
    "foreign": "Foreign",
    "international": "International",
}
CAPACITIES = {
    "holder": "Holds or held the office",
    "family": "Family of the holder",
    "associate": "Close associate of the holder",
}


@dataclass(frozen=True)
class Role:
    """One office, as far as the clock needs it; `until_on` None: still held.

    gone: its holder stands on the file no more. The tail of EU AMLR Art. 45 is of who left the office and is
    a client or owner still; of who is neither any more, Art. 42 asks nothing (ADR 21).
    """

    until_on: date | None
    recorded_at: datetime
    gone: bool = False


def tail_of(figures: Mapping[str, Any]) -> int:
    """How many months a former office still counts; the law's twelve where an older version is silent."""
    return int(figures.get("pep_tail_months", 12))


def stand_of(until_on: date | None, on: date, tail_months: int) -> str:
    """ "holds", "tail" (left, but still counts; EU AMLR Art. 45), or "over"."""
    if until_on is None or until_on >= on:
        return "holds"
    return "tail" if counts_until(until_on, tail_months) > on else "over"


def counts_until(until_on: date, tail_months: int) -> date:
    """The first day on which a former office no longer counts."""
    return add_months(until_on, tail_months)


def is_exposed(said: bool, said_at: datetime | None, roles: list[Role], on: date, tail_months: int) -> bool:
    """An office that counts, or the client's own yes to which no office was recorded since."""
    if any(not role.gone and stand_of(role.until_on, on, tail_months) != "over" for role in roles):
        return True
    return said and not any(said_at is None or role.recorded_at >= said_at for role in roles)


def refusals_to_record_role(
    client_state: str, since_on: date | None, until_on: date | None, today: date
) -> list[str]:
    refusals = []
    if client_state == "closed":
        refusals.append("The file is closed: nothing more can be recorded.")
    if since_on and since_on > today:
        refusals.append("The office begins in the future: record it when it does.")
    if since_on and until_on and until_on < since_on:
        refusals.append("The last day lies before the first.")
    return refusals


def refusals_to_end_role(
    since_on: date | None, until_on: date | None, new_until: date, *, kept: bool = False
) -> list[str]:
    """`kept`: compliance recorded it, and who ends it is not of compliance."""
    refusals = ["The last day in office is recorded already."] if until_on else []
    if kept:
        refusals.append("Compliance recorded this office: only compliance ends it.")
    if since_on and new_until < since_on:
        refusals.append("The last day lies before the first.")
    return refusals


def refusals_to_note(client_state: str, source_on: date, today: date) -> list[str]:
    """Adverse information has a date of its own: when its source appeared."""
    refusals = []
    if client_state == "closed":
        refusals.append("The file is closed: nothing more can be recorded.")
    if source_on > today:
        refusals.append("The source cannot be of a later day than today.")
    return refusals
