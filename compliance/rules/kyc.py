"""When a client is reviewed again, and what must be true of a file. Pure: no Django, dates are arguments."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from rulebook.days import add_months

CONSENTS = ("data_processing", "recording", "marketing", "profiling")
NEEDED_CONSENTS = ("data_processing", "recording")


def next_review_on(reviewed_on: date, rating: str, figures: Mapping[str, Any]) -> date:
    """The last day of the cycle. EU AMLR Art. 26(2): at most one year for high risk, five for others."""
    return add_months(reviewed_on, int(figures["review_months"][rating]))


# --- what must be true -----------------------------------------------------------------------------------


class Stand(StrEnum):
    OK = "ok"
    SOON = "soon"
    LATE = "late"
    MISSING = "missing"


@dataclass(frozen=True)
class Check:
    """One thing that must be true of a client, how it stands, and where it is mended."""

    code: str
    label: str
    stand: Stand
    sentence: str
    link: str = ""  # a URL name that takes the client's id


@dataclass(frozen=True)
class FileFacts:
    """What is known of one file, as far as the checks need it."""

    state: str
    rating: str
    facts_known: bool
    reviewed_on: date | None
    next_review_on: date | None
    identity_expires_on: tuple[date | None, ...]  # of the main party's identity papers; None: no expiry
    tax_residences: int
    consents: frozenset[str]  # purposes given today
    screened_at: datetime | None
    list_imported_at: datetime | None  # of the newest active list; None: no list at all
    undecided_hits: bool
    to_be_screened: bool = False  # somebody on the file is new or has changed, and is not compared yet
    frozen_on: date | None = None  # a match was confirmed; told to who may know of hits
    measures: tuple[str, ...] | None = None  # enhanced ones that are missing or too old; None: none needed


def checks(facts: FileFacts, today: date, figures: Mapping[str, Any]) -> list[Check]:
    """All that must be true of this client, each ok, soon, late or missing. What is absent is never clean."""
    found = [
        _facts_check(facts),
        _review_check(facts, today, int(figures["warn_days"])),
        _identity_check(facts, today, int(figures["document_warn_days"])),
        _tax_check(facts),
        _consent_check(facts),
        _screening_check(facts),
    ]
    return found if facts.measures is None else [*found, _measures_check(facts.measures)]


def _measures_check(missing: tuple[str, ...]) -> Check:
    """EU AMLR Art. 34 and 42: what a high risk asks for."""
    link, label = "compliance:client", "Enhanced measures"
    if missing:
        return Check("measures", label, Stand.MISSING, f"Missing: {', '.join(missing)}.", link)
    return Check("measures", label, Stand.OK, "All are done.", link)


def _facts_check(facts: FileFacts) -> Check:
    link, label = "compliance:facts", "Source of funds, purpose, PEP"
    if facts.facts_known:
        return Check("facts", label, Stand.OK, "Asked and recorded.", link)
    return Check("facts", label, Stand.MISSING, "Nobody has asked yet: record them.", link)


def _review_check(facts: FileFacts, today: date, warn_days: int) -> Check:
    link, label = "compliance:client", "KYC review"
    if facts.reviewed_on is None or facts.next_review_on is None:
        return Check("review", label, Stand.MISSING, "This file was never reviewed.", link)
    days = (facts.next_review_on - today).days
    if days < 0:
        return Check("review", label, Stand.LATE, f"The review is {_days(-days)} late.", link)
    if days <= warn_days:
        return Check("review", label, Stand.SOON, f"The review is due in {_days(days)}.", link)
    return Check("review", label, Stand.OK, f"Reviewed on {_day(facts.reviewed_on)}.", link)


def _identity_check(facts: FileFacts, today: date, warn_days: int) -> Check:
    link, label = "client", "Identity paper"
    if not facts.identity_expires_on:
        return Check("identity", label, Stand.MISSING, "No passport, identity card or register number.", link)
    if None in facts.identity_expires_on:
        return Check("identity", label, Stand.OK, "On file, without an end.", link)
    last = max(day for day in facts.identity_expires_on if day)
    days = (last - today).days
    if days < 0:
        return Check("identity", label, Stand.LATE, f"Expired {_days(-days)} ago: ask for a new one.", link)
    if days <= warn_days:
        return Check("identity", label, Stand.SOON, f"Expires in {_days(days)}: ask for a new one.", link)
    return Check("identity", label, Stand.OK, f"Valid until {_day(last)}.", link)


def _tax_check(facts: FileFacts) -> Check:
    """CRS: a self-certification, with a number or the reason why there is none."""
    if facts.tax_residences:
        return Check("tax", "Tax residence", Stand.OK, "Declared.", "client")
    return Check("tax", "Tax residence", Stand.MISSING, "No tax residence is declared (CRS).", "client")


def _consent_check(facts: FileFacts) -> Check:
    """MiFID II 2017/565 Art. 76: clients are told beforehand that they are recorded."""
    link, label = "compliance:client", "Consents"
    if missing := [name for name in NEEDED_CONSENTS if name not in facts.consents]:
        words = " and ".join(name.replace("_", " ") for name in missing)
        return Check("consents", label, Stand.MISSING, f"No consent to {words}.", link)
    return Check("consents", label, Stand.OK, "Data processing and recording are agreed to.", link)


def _screening_check(facts: FileFacts) -> Check:
    """Regulation (EU) 260/2012 Art. 5d: at once after a list changes and at least once a day."""
    link, label = "compliance:client", "Compliance check"
    if facts.frozen_on:
        since = f"Frozen since {_day(facts.frozen_on)}: two officers confirmed a match with a list."
        return Check("screening", label, Stand.LATE, since, link)
    if facts.undecided_hits:
        return Check("screening", label, Stand.SOON, "A compliance check is open.", link)
    if facts.list_imported_at is None:
        return Check("screening", label, Stand.MISSING, "No sanctions list is loaded.", link)
    if facts.screened_at is None:
        return Check("screening", label, Stand.MISSING, "This client was never screened.", link)
    if facts.to_be_screened:
        return Check("screening", label, Stand.SOON, "Somebody on this file is still to be compared.", link)
    if facts.screened_at < facts.list_imported_at:
        return Check("screening", label, Stand.LATE, "The list has changed since the last screening.", link)
    return Check("screening", label, Stand.OK, f"Screened on {_day(facts.screened_at)}.", link)


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"


# --- refusals --------------------------------------------------------------------------------------------


def refusals_to_be_born_on(day: date | None, today: date) -> list[str]:
    """Nobody is born, and no company founded, on a day that is still to come."""
    return ["This day is in the future."] if day is not None and day > today else []


def refusals_to_record_facts(client_state: str) -> list[str]:
    return ["The file is closed: nothing more can be recorded."] if client_state == "closed" else []


def refusals_to_review(client_state: str, facts_known: bool, undecided_hits: bool, *, own: bool) -> list[str]:
    """A review judges facts that somebody else recorded, of a client whose hits are decided.

    own: the same person recorded them, under whichever login.
    """
    refusals = []
    if client_state not in ("active", "dormant"):
        refusals.append("Only a client the bank serves is reviewed; one who joins is approved.")
    if not facts_known:
        refusals.append("Source of funds, purpose and PEP status are not recorded yet.")
    if own:
        refusals.append("You recorded these facts: another officer reviews them.")
    if undecided_hits:
        refusals.append("A screening hit of this client is not decided yet.")
    return refusals


def refusals_to_ask_review(
    client_state: str,
    reviewed: bool,
    asked: bool = False,
    due_on: date | None = None,
    sooner: date | None = None,
) -> list[str]:
    """`due_on`: of the file as it stands; `sooner`: by when a request would have it reviewed."""
    if client_state not in ("active", "dormant"):
        return ["Only a client the bank serves is reviewed; one who joins is approved."]
    if not reviewed:
        return ["This file was never reviewed: its review is due already."]
    if asked:
        return ["Compliance has asked for this review already."]
    if due_on and sooner and due_on <= sooner:
        return [f"The review is due on {_day(due_on)} already: a request would not bring it sooner."]
    return []


def refusals_to_give_consent(client_state: str, given_already: bool) -> list[str]:
    refusals = refusals_to_record_facts(client_state)
    if given_already:
        refusals.append("This consent is given already.")
    return refusals


def refusals_to_withdraw_consent(withdrawn_on: date | None) -> list[str]:
    return ["This consent is withdrawn already."] if withdrawn_on else []
