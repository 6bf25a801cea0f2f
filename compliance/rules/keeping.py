"""How long a client's file is kept, what holds it, and when it may be deleted.

EU AMLR (2024/1624) Art. 77: five years from the end of the relationship, or from its refusal, then deleted;
an authority may ask for up to five more, file by file. A hold goes before the years, and the years before a
wish to be forgotten (GDPR Art. 17(3)(b) and (e)). The figures are in the rule pack "keeping".
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rulebook.days import add_months

JOB = "compliance.delete_file"


def years_after(day: date, years: int) -> date:
    """The last day of a period of years: of 29 February the 28th, where there is none (§ 188(3) BGB;
    Regulation 1182/71 Art. 3(2)(c)). The same for a client's file and for a case of suspicion."""
    return add_months(day, 12 * years)


def ended_before(today: date, years: int) -> date:
    """The years are over of what ended before this day: years_after, asked of the whole bank at once."""
    try:
        return today.replace(year=today.year - years)
    except ValueError:
        return date(today.year - years, 3, 1)


def kept_until(closed_on: date, left_on: date | None, figures: Mapping[str, Any]) -> tuple[date, date]:
    """(when the relationship ended, the last day of its file)."""
    ended = ended_on(closed_on, left_on)
    return ended, years_after(ended, figures["years"])


def ended_on(closed_on: date, left_on: date | None) -> date:
    """When a relationship ended: its file and its last account are closed."""
    return max(closed_on, left_on or closed_on)


def day(when: date) -> str:
    return f"{when.day} {when:%b %Y}"


def refusals_to_delete(
    *, state: str, open_accounts: int, until: date | None, holds: int, today: date
) -> list[str]:
    """A file is deleted when its years are over and nothing holds it. `until`: None of who is not closed."""
    if state != "closed" or until is None:
        return ["The client is with the bank: the years begin when the relationship ends."]
    found = []
    if open_accounts:
        found.append("An account is still open: the relationship has not ended.")
    if until >= today:
        found.append(f"The file is kept until {day(until)} (AMLR Art. 77).")
    if holds:
        found.append("A hold is on the file: nothing of it is deleted.")
    return found


def refusals_to_ask_deletion(refusals: Sequence[str], waits: bool) -> list[str]:
    if waits:
        return ["Its deletion was asked for already, and waits for a second officer."]
    return [*refusals]


def refusals_to_hold(
    *,
    kind: str,
    reason: str,
    until_on: date | None,
    until: date | None,
    figures: Mapping[str, Any],
    today: date,
) -> list[str]:
    """A legal hold needs a reason. An authority's has an end, a few years behind the file's own at most."""
    found = [] if reason.strip() else ["Say why: whoever lifts the hold must understand it years from now."]
    if kind != "authority":
        return found if until_on is None else [*found, "A legal hold has no last day: two officers lift it."]
    if until is None:
        return [*found, "The client is with the bank: an authority adds to years that have begun."]
    longest = years_after(until, figures["extension_years"])
    if until_on is None or not max(until, today) < until_on <= longest:
        found.append(
            f"An authority adds at most {figures['extension_years']} years: "
            f"a day after {day(max(until, today))}, up to {day(longest)} (AMLR Art. 77)."
        )
    return found


def refusals_to_ask_lift(*, in_force: bool, waits: bool, reason: str) -> list[str]:
    if not in_force:
        return ["This hold is over."]
    if waits:
        return ["Its lifting was asked for already, and waits for a second officer."]
    return [] if reason.strip() else ["Say why it is no longer needed: the second officer decides by it."]


def certificate(told: Mapping[str, Any]) -> str:
    """Of what was deleted, when and by whom: whoever changes the row of it is found out."""
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
