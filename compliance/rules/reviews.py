"""Reviews outside the cycle, and what a high rating asks for. Pure. EU AMLR Art. 26(3), 34, 42."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from compliance.rules.kyc import Stand
from compliance.rules.rating import LEVELS
from rulebook.days import add_months
from rulebook.rules.words import MEASURES, TRIGGERS

SERVED = ("active", "dormant")
# Who may not know of hits reads the neutral reason, which officers also give without any (EU AMLR Art. 73).
CONFIDENTIAL = frozenset({"hit_confirmed", "adverse_information"})
ALIKE = CONFIDENTIAL | {"officer"}  # what reads alike is due alike: else the day tells which of them it is


def trigger_words(code: str, *, with_hits: bool) -> str:
    shown = code if with_hits or code not in CONFIDENTIAL else "officer"
    return TRIGGERS.get(shown, shown.replace("_", " "))


def trigger_due(code: str, today: date, figures: Mapping[str, Any]) -> date:
    """By when the file is reviewed after this happened; of those that read alike, the soonest counts."""
    days, codes = figures.get("triggers", {}), ALIKE if code in ALIKE else {code}
    return today + timedelta(days=min(int(days.get(each, 30)) for each in codes))


def happened(before: str, after: str, old_reasons: Iterable[str], new_reasons: Iterable[str]) -> list[str]:
    """What a rating by other figures or facts sets off: a risen level, a country that counts now."""
    codes = []
    if before in LEVELS and LEVELS.index(after) > LEVELS.index(before):
        codes.append("rating_raised")
    known = {code for code in old_reasons if code.startswith("country:")}
    if any(code.startswith("country:") and code not in known for code in new_reasons):
        codes.append("country_listed")
    return codes


def due_after(
    *,
    due_on: date,
    reviewed_on: date | None,
    months_before: int,
    months_after: int,
    open_due: date | None,
    set_off: Iterable[str],
    today: date,
    figures: Mapping[str, Any],
) -> date:
    """When the file is due once it is rated anew: by its new cycle, earlier where something was set off."""
    if reviewed_on is None:
        return due_on
    due = due_on if months_before == months_after else add_months(reviewed_on, months_after)
    earlier = [trigger_due(code, today, figures) for code in set_off]
    return min([due, *earlier, *([open_due] if open_due else [])])


# --- enhanced due diligence ------------------------------------------------------------------------------

UNDONE = (Stand.MISSING, Stand.LATE)


@dataclass(frozen=True)
class Needed:
    """One measure, how it stands, and why it is needed."""

    code: str
    label: str
    stand: Stand
    sentence: str


def measures(
    rating: str, pep: bool, done: Mapping[str, date], today: date, figures: Mapping[str, Any]
) -> list[Needed]:
    """What this risk asks for, each done, soon to be done anew, or missing. `done`: code -> last day."""
    edd, days = figures.get("edd", {}), figures.get("edd_valid_days", {})
    wanted = [*(edd.get("pep", []) if pep else []), *(edd.get("high", []) if rating == "high" else [])]
    why = "a politically exposed person is on the file" if pep else "the risk is high"
    return [
        _measure(code, done.get(code), int(days.get(code, 365)), why, today)
        for code in MEASURES
        if code in wanted
    ]


def _measure(code: str, done_on: date | None, valid_days: int, why: str, today: date) -> Needed:
    label = MEASURES[code]
    if done_on is None:
        return Needed(code, label, Stand.MISSING, f"Needed, for {why}.")
    until = done_on + timedelta(days=valid_days)
    text = f"Done on {done_on.day} {done_on:%b %Y}, holds until {until.day} {until:%b %Y}."
    if until < today:
        return Needed(code, label, Stand.LATE, f"Held until {until.day} {until:%b %Y}: do it anew.")
    return Needed(code, label, Stand.SOON if (until - today).days <= 30 else Stand.OK, text)


def refusals_to_measure(
    code: str, needed: Iterable[str], done_on: date, today: date, *, own: bool
) -> list[str]:
    """own: the same person recorded the facts, under whichever login."""
    refusals = []
    if code not in needed:
        refusals.append("This client's risk does not ask for it.")
    if done_on > today:
        refusals.append("It cannot have been done later than today.")
    return refusals + refusals_to_approve_oneself(code, own=own)


def refusals_to_approve_oneself(code: str, *, own: bool) -> list[str]:
    """Of the measures one is a decision; the others are work, and anybody's. own: as above."""
    if code == "senior_approval" and own:
        return ["You recorded these facts: another officer approves."]
    return []
