"""Relationships that are being ended, what is to be seen to first, and how one has ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from clients.access import Person, reach
from clients.models import Client, RelationKind, Relationship
from onboarding.models import Ending, Onboarding, SetAside
from onboarding.rules import endings as rules
from onboarding.rules import refusals_to_set_opening_aside as refusals_of_opening
from onboarding.rules.endings import EndRule, Found, Stops
from onboarding.selectors.openings import is_frozen
from portfolios.models import Account, AccountParty
from staff.models import User
from staff.roles import May
from ui.paging import Page, keyset

_ORDER = list(Stops)[::-1]  # what stops it stands first


@cache
def end_rules() -> list[EndRule]:
    """Of every room that has some, in the order of rmcrm/schedule.py (settings.END_RULES names the list)."""
    return sorted(import_string(settings.END_RULES), key=lambda rule: _ORDER.index(rule.stops))


def to_see_to(person: Person, client: Client) -> list[Found]:
    """What is to be seen to before the relationship ends, as this reader may know of it. A query a rule."""
    found: dict[str, Found] = {}  # two rules may say the same: the stricter one stands for both
    for rule in end_rules():
        if many := rule.find(person, client):
            sentence = rule.sentence(many)
            found.setdefault(sentence, Found(rule, sentence))
    return list(found.values())


def accounts_of(client: Client) -> Any:
    return Account.objects.filter(client=client)


def holders_of(client: Client, today: date) -> set[int]:
    """Ids of the people beside the client who hold it too, or may dispose of its accounts. 2 queries."""
    joint = Relationship.objects.on(today).filter(client=client, kind=RelationKind.HOLDER)
    disposing = AccountParty.objects.filter(client=client, party__is_client=False)
    return {*joint.values_list("party", flat=True), *disposing.values_list("party", flat=True)}


def fingerprint_of(client: Client) -> str:
    """3 queries."""
    accounts = list(accounts_of(client).values_list("pk", flat=True))
    holders = holders_of(client, timezone.localdate())
    return rules.fingerprint(client.pk, client.state, client.book_id, accounts, holders)


def waits(client: Client) -> bool:
    found: bool = Ending.objects.waiting().filter(client=client).exists()
    return found


def refusals_to_ask(by: Person, client: Client, found: list[Found], waiting: bool) -> list[str]:
    """One answer for the page and for the guard."""
    stops = rules.that_stop(found, Stops.ASKING)
    return _of_a_guest(by, client) or rules.refusals_to_ask_end(client.state, waiting, stops)


def refusals_to_set_aside(by: Person, client: Client, found: list[Found]) -> list[str]:
    """One answer for the page and for the guard."""
    stops = rules.that_stop(found, Stops.ASKING)
    return _of_a_guest(by, client) or rules.refusals_to_set_aside(client.state, stops)


def refusals_to_set_opening_aside(by: Person, onboarding: Onboarding, found: list[Found]) -> list[str]:
    """One answer for the page and for the guard."""
    stops = rules.that_stop(found, Stops.ASKING, Stops.END)
    frozen = is_frozen(onboarding)
    return _of_a_guest(by, onboarding.client) or refusals_of_opening(onboarding.state, frozen, stops)


def _of_a_guest(by: Person, client: Client) -> list[str]:
    return rules.refusals_of_a_guest(client.pk in reach(by).glass)


def refusals_to_decide(ending: Ending, by: User, stale: bool = False) -> list[str]:
    """Why this person may not be the second one. 1 query at most."""
    return rules.refusals_to_decide_end(
        ending.stands,
        own=by.is_same_person(ending.asked_by_id),
        cause=ending.cause,
        by_is_officer=by.may(May.APPROVALS_DECIDE),
        stale=stale,
    )


def refusals_to_confirm(ending: Ending, by: User, found: list[Found]) -> list[str]:
    """A second person, that the client is still who it was, and what must be done before. 4 queries."""
    stale = ending.stands == Ending.State.WAITING and ending.fingerprint != fingerprint_of(ending.client)
    return refusals_to_decide(ending, by, stale) or rules.that_stop(found, Stops.ASKING, Stops.END)


# --- pages -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class EndingPage:
    """One client's end: how it ended, or the request that waits, or what it takes to ask."""

    found: list[Found]
    waiting: Ending | None
    ended: Ending | None  # the request by which it has ended; None of who is closed by other ways
    before: list[Ending]  # earlier requests that came to nothing, the latest first
    asides: list[SetAside]  # when it was set aside as a lead, the latest first
    aside: SetAside | None  # by which it is closed
    opening: Onboarding | None  # of who is joining
    ask_refusals: list[str]
    aside_refusals: list[str]
    confirm_refusals: list[str]
    decide_refusals: list[str]
    mine: bool

    @property
    def of_opening(self) -> bool:
        """It was set aside while it joined, not as a lead."""
        return self.aside is not None and getattr(self.aside.client, "onboarding", None) is not None

    @property
    def is_held_up(self) -> bool:
        """It may be asked for, and something is to be done before it is confirmed."""
        return any(each.rule.stops == Stops.END for each in self.found)


def ending_page(person: User, client: Client) -> EndingPage:
    """At most 20 queries, however much there is to see to."""
    known = Ending.objects.visible_to(person).filter(client=client).select_related("asked_by", "decided_by")
    requests = list(known.order_by("-pk")[:20])
    waiting = next((each for each in requests if each.state == Ending.State.WAITING), None)
    left = SetAside.objects.visible_to(person).filter(client=client)
    left = left.select_related("by", "taken_up_by", "client__onboarding")
    asides = list(left.order_by("-pk")[:20])
    opening = _opening(client)
    is_open = client.state in (*rules.ENDING, "lead", "onboarding")
    found = to_see_to(person, client) if is_open else []
    if waiting is not None:
        waiting.client = client
    return EndingPage(
        found=found,
        waiting=waiting,
        ended=next((each for each in requests if each.state == Ending.State.CONFIRMED), None)
        if client.state == "closed"
        else None,
        before=[each for each in requests if each.state not in ("waiting", "confirmed")],
        asides=asides,
        aside=next((each for each in asides if each.taken_up_at is None), None)
        if client.state == "closed"
        else None,
        opening=opening,
        ask_refusals=refusals_to_ask(person, client, found, waiting is not None),
        aside_refusals=refusals_to_set_opening_aside(person, opening, found)
        if opening is not None
        else refusals_to_set_aside(person, client, found),
        confirm_refusals=refusals_to_confirm(waiting, person, found) if waiting else [],
        decide_refusals=refusals_to_decide(waiting, person) if waiting else [],
        mine=waiting is not None and person.is_same_person(waiting.asked_by_id),
    )


def _opening(client: Client) -> Onboarding | None:
    """That may be set aside. 1 query of who is joining, else none."""
    if client.state != "onboarding":
        return None
    found: Onboarding | None = Onboarding.objects.filter(client=client).select_related("held_by").first()
    if found is not None:
        found.client = client
    return found


def find_ending(person: Person, ending_id: int) -> Ending | None:
    found: Ending | None = Ending.objects.visible_to(person).with_id(ending_id)
    return found


@dataclass(frozen=True)
class AskedEnd:
    """A request on a list, and whether the reader may be the second person."""

    ending: Ending
    mine: bool
    refusals: list[str]


def endings_waiting(person: User, limit: int) -> list[AskedEnd]:
    """Requests that wait for a second person, the oldest first. 1 query, 2 where somebody else asked."""
    waiting = Ending.objects.visible_to(person).waiting().select_related("client", "asked_by")
    return [
        AskedEnd(each, person.is_same_person(each.asked_by_id), refusals_to_decide(each, person))
        for each in waiting.order_by("asked_at", "pk")[:limit]
    ]


def ending_list(person: User, asked: Mapping[str, Any]) -> Page[Ending]:
    """What was decided, the latest first. 2 queries, 3 beyond page one."""
    over = Ending.objects.visible_to(person).exclude(state=Ending.State.WAITING)
    over = over.select_related("client", "asked_by", "decided_by")
    return keyset(over, "-id", after=asked.get("after"), before=asked.get("before"))
