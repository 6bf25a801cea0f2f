"""How a relationship ends, or a lead comes to nothing: why, what stands in the way, who decides. Pure."""

import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from staff.rules import refusals_of_another_reason, refusals_to_be_second, refusals_to_end

# From -> to -> what makes it so, of a client (ADR 0026). docs/states/relationship.md is drawn from it.
RELATIONSHIP: dict[str, dict[str, str]] = {
    "lead": {
        "onboarding": "an opening is begun",
        "closed": "set aside by whoever works the book",
    },
    "onboarding": {
        "active": "approved by a second person",
        "closed": "rejected by a second person, or set aside by whoever works the book",
    },
    "active": {
        "periodic_review": "its KYC review is due",
        "dormant": "the bank's own systems say so",
        "offboarding": "its end is asked for",
    },
    "periodic_review": {"active": "reviewed by an officer", "offboarding": "its end is asked for"},
    "dormant": {"active": "the bank's own systems say so", "offboarding": "its end is asked for"},
    "offboarding": {
        "active": "returned, taken back, or void after its last day",
        "closed": "approved by a second person",
    },
    "closed": {
        "lead": "taken up again, of a lead that was set aside",
        "onboarding": "taken up again, of an opening that was set aside",
        "[*]": "its years are over, deleted by two officers",
    },
}
# Of these no column says that a client is in them.
DERIVED = {
    "periodic_review": "served, and the day of the next KYC review has come",
    "offboarding": "served, and a request to end the relationship waits for a second person",
}
ENDING = ("active", "dormant")  # whose relationship may end

CAUSES = ("wish", "other_bank", "deceased", "risk_appetite", "inactive", "other")
LEAD_CAUSES = ("no_interest", "unreached", "other_bank", "not_ours", "twice", "mistake", "other")
OF_COMPLIANCE = frozenset({"risk_appetite"})  # an officer decides, as on a client of high risk


class Stops(StrEnum):
    """What it is that must be seen to first."""

    NOTHING = "nothing"  # worth knowing: whoever asks, and whoever confirms, has read it
    END = "end"  # it may be asked for, and is confirmed once this is done
    ASKING = "asking"


@dataclass(frozen=True)
class EndRule:
    """What is to be seen to before a relationship ends, declared in a room's endings.py.

    rmcrm/schedule.py lists them. Never of what the reader may not know: an officer's hold, a suspicion.

    find      (who reads, the client) -> how many of it there are. What stops is the same for every reader.
    sentence  how many -> what is there and what to do, in words
    url       the page where it is seen to, by URL name
    of        the id that page wants: "client", or "" for none
    part      where on that page
    """

    kind: str
    find: Callable[[Any, Any], int]
    sentence: Callable[[int], str]
    url: str
    label: Any
    stops: Stops = Stops.NOTHING
    of: str = "client"
    part: str = ""


@dataclass(frozen=True)
class Found:
    """One rule and what it says of one client."""

    rule: EndRule
    sentence: str


def that_stop(found: Sequence[Found], *levels: Stops) -> list[str]:
    return [each.sentence for each in found if each.rule.stops in levels]


def fingerprint(
    client: int, state: str, book: int, accounts: Collection[int], holders: Collection[int]
) -> str:
    """Of what an end is asked for on. An account that closes changes nothing of it, a new one does."""
    told = [client, state, book, sorted(accounts), sorted(holders)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def refusals_of_a_guest(by_glass: bool) -> list[str]:
    """Break-glass is for what cannot wait: whether a file ends is said by those who serve it."""
    return ["Who opened the file by break-glass does not end it: its owner does."] if by_glass else []


def refusals_to_ask_end(client_state: str, waits: bool, stops: Sequence[str]) -> list[str]:
    """To ask that it ends: of whom the bank serves, once at a time."""
    if client_state == "closed":
        return ["The relationship has ended already."]
    if client_state == "onboarding":
        return ["The opening is not decided yet: set it aside, or let it be rejected there."]
    if client_state not in ENDING:
        return ["A lead is no client yet: there is no relationship that could end. Set it aside instead."]
    if waits:
        return ["Its end was asked for already, and waits for a second person."]
    return [*stops]


def refusals_to_give_cause(cause: str, reason: str) -> list[str]:
    if cause not in CAUSES:
        return ["Choose a reason from the list."]
    return [] if reason.strip() else ["Say it in words too: the second person decides by them."]


def refusals_to_decide_end(
    state: str, *, own: bool, cause: str, by_is_officer: bool, stale: bool = False
) -> list[str]:
    """Who may be the second person, for a yes and for a no. What compliance asked for an officer decides."""
    refusals = refusals_to_be_second(state, own=own, stale=stale)
    if not refusals and cause in OF_COMPLIANCE and not by_is_officer:
        return ["The risk that the bank takes is the reason: an officer of compliance decides."]
    return refusals


def refusals_to_return_end(refusals: Sequence[str], answer: str) -> list[str]:
    if refusals:
        return [*refusals]
    return [] if answer.strip() else ["Say why: whoever asked must know what to do."]


def refusals_to_take_back_end(state: str, *, own: bool) -> list[str]:
    if refusals := refusals_to_end(state):
        return refusals
    return [] if own else ["Only who asked takes it back. A second person returns it with a reason."]


# --- a lead that comes to nothing ------------------------------------------------------------------------
def refusals_to_set_aside(client_state: str, stops: Sequence[str]) -> list[str]:
    """Of a lead alone: nothing ends by it, so one person says so."""
    if client_state == "closed":
        return ["The file is closed already."]
    if client_state == "onboarding":
        return ["Its opening has begun: set that aside."]
    if client_state != "lead":
        return ["Only a lead is set aside: ask for the end of the relationship instead."]
    return [*stops]


def refusals_to_say_why_aside(cause: str, reason: str) -> list[str]:
    if cause not in LEAD_CAUSES:
        return ["Choose a reason from the list."]
    return refusals_of_another_reason(cause, reason)


def refusals_to_take_up(
    client_state: str, *, taken_up: bool, set_aside_on: date, closed_on: date | None
) -> list[str]:
    """By whoever works the book now: whoever set it aside may have left. The days are of UTC."""
    if taken_up or client_state != "closed":
        return ["It was taken up again already."]
    if closed_on is None or closed_on > set_aside_on:
        return ["The file was closed anew since, and not as a lead: nobody reopens it."]
    return []
