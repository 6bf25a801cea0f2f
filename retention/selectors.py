"""What the at-risk page shows, and what books were worth at the ends of quarters."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import IntegerField, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone

from alerts.models import Alert
from clients.access import Person
from clients.models import Client, Task, TaskKind
from compliance.rules.trials import Moves, Way
from retention import alerts
from retention.alerts import reason_words
from retention.models import QuarterValue
from rulebook.selectors import pack

SHOWN = 100


@dataclass(frozen=True)
class AtRisk:
    """A client who may leave, with the reasons in words, and whether a call is planned."""

    client: Client
    alert: Alert
    points: int
    reasons: list[str]
    call_on: date | None


def at_risk(person: Person) -> list[AtRisk]:
    """Clients who may leave, the most points first, then the most assets; 100 at most. 2 queries."""
    alerts = list(
        Alert.objects.visible_to(person)
        .filter(rule="retention.at_risk", closed_at__isnull=True)
        .annotate(points=Cast(KT("facts__points"), IntegerField()))
        .select_related("client")
        .order_by("-points", "-client__value", "pk")[:SHOWN]
    )
    calls: dict[int, date] = dict(
        Task.objects.open()
        .filter(client_id__in=[alert.client_id for alert in alerts], kind=TaskKind.CALL)
        .order_by("-due_on")
        .values_list("client_id", "due_on")
    )
    return [
        AtRisk(
            client=alert.client,
            alert=alert,
            points=alert.facts["points"],
            reasons=[reason_words(code, alert.facts) for code in alert.facts["codes"]],
            call_on=calls.get(alert.client_id),
        )
        for alert in alerts
    ]


def worth_by_book(person: Person, books: Collection[int], since: date) -> list[tuple[int, date, Decimal]]:
    """(book, the end of a quarter, what its clients of today were worth then), the oldest first. 1 query.

    Client by client, and so without the same files as any sum of today: a sum of the whole book, compared
    with one that leaves a file behind a barrier out, would tell what that file holds.
    """
    return list(
        QuarterValue.objects.unwalled(person)
        .filter(client__book_id__in=list(books), on__gte=since)
        .values_list("client__book_id", "on")
        .annotate(total=Sum("value"))
        .order_by("on")
    )


# --- what other figures would change ----------------------------------------------------------------------

Figures = Mapping[str, Any]
Packs = dict[str, Figures]  # "contact", "retention", "portfolio": the one that is tried, the others in force


@dataclass(frozen=True)
class Look:
    """A rule of attention by other figures, by its own SQL: whom it finds, and what it says of each."""

    find: str
    given: Callable[[Packs, date], dict[str, Any]]  # the parameters of `find`
    finds: Callable[[Mapping[str, Any], Packs], bool]  # of what SQL found: does the rule?
    words: Callable[[Mapping[str, Any] | None], str]  # what it is with a client; None: nothing was found
    why: Callable[[str, Any, Any, Packs, Packs], list[str]]  # segment, facts now, then, figures now, then
    total: str
    comes: Way
    goes: Way


def figures_tried(
    name: str, now: Figures, then: Figures, progress: Callable[[int, int], None]
) -> tuple[dict[str, Any], Moves]:
    """For a dry run of pack "contact", "retention" or "portfolio": whom the rules of alerts.py would find.

    1 query for each `TRIED` clients, and 2 for each rule.
    """
    today = timezone.localdate()
    in_force: Packs = {each: pack(each, today).body for each in ("contact", "retention", "portfolio")}
    sides = [in_force | {name: figures} for figures in (now, then)]
    looks = _LOOKS[name]
    moves = Moves(*(look.comes for look in looks), *(look.goes for look in looks))
    lines: list[list[Any]] = [[look.total, 0, 0] for look in looks]
    served = Client.objects.served().order_by("pk").values_list("pk", "segment")
    whole, done, last = served.count(), 0, 0
    while clients := dict(served.filter(pk__gt=last)[:TRIED]):
        first, last = last, max(clients)
        for look, line in zip(looks, lines, strict=True):
            found = [_found(look, packs, today, first, last) for packs in sides]
            there = [
                {pk for pk, facts in each.items() if look.finds(facts, packs)}
                for each, packs in zip(found, sides, strict=True)
            ]
            line[1] += len(there[0])
            line[2] += len(there[1])
            for pk in sorted(there[0] ^ there[1]):
                facts = (found[0].get(pk), found[1].get(pk))
                way = look.comes if pk in there[1] else look.goes
                moves.add(way, pk, map(look.words, facts), look.why(clients[pk], *facts, sides[0], sides[1]))
        done += len(clients)
        progress(done, max(whole, done))
    return {"judged": done, "lines": lines if done else []}, moves


TRIED = 10_000


def _found(look: Look, packs: Packs, today: date, first: int, last: int) -> dict[int, dict[str, Any]]:
    """client -> facts. 1 query."""
    given = {"today": today, "first": first, "last": last, **look.given(packs, today)}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT client_id, facts::text FROM ({look.find}) found", given)  # noqa: S608
        return {pk: json.loads(facts) for pk, facts in cursor.fetchall()}


def _contact_words(facts: Mapping[str, Any] | None) -> str:
    return alerts.contact_overdue(facts) if facts else "Not overdue"


def _review_words(facts: Mapping[str, Any] | None) -> str:
    return alerts.review_due(facts) if facts else "Not due yet"


def _risk_words(facts: Mapping[str, Any] | None) -> str:
    if not facts:
        return "No signal"
    return f"{facts['points']} points: {', '.join(reason_words(code, facts) for code in facts['codes'])}"


def _why_contact(segment: str, _now: Any, _then: Any, before: Packs, after: Packs) -> list[str]:
    days = [packs["contact"]["days"][segment] for packs in (before, after)]
    return [f"Days between contacts: {days[1]}, now {days[0]}"]


def _why_review(segment: str, _now: Any, _then: Any, before: Packs, after: Packs) -> list[str]:
    every = [alerts.every_words(packs["portfolio"]["review_months"][segment]) for packs in (before, after)]
    return [f"A review {every[1]}, now {every[0]}"]


def _why_risk(segment: str, now: Any, then: Any, before: Packs, after: Packs) -> list[str]:
    """Which signals count otherwise, and from which sum on a client is listed."""
    told = []
    sides = [(now or {"codes": []}, before), (then or {"codes": []}, after)]
    for code in sorted({*sides[0][0]["codes"], *sides[1][0]["codes"]}):
        was, would_be = (
            packs["retention"]["points"][code] if code in facts["codes"] else 0 for facts, packs in sides
        )
        if was != would_be:
            facts = then if then and code in then["codes"] else now
            told.append(f"{reason_words(code, facts).capitalize()}: {would_be} points, now {was}")
    least = [packs["retention"]["at_risk"] for packs in (before, after)]
    if least[0] != least[1]:
        told.append(f"At risk from {least[1]} points on, now from {least[0]}")
    return told


_CONTACT = Look(
    alerts.CONTACT_OVERDUE,
    lambda packs, on: alerts.cadence_by(packs["contact"]),
    lambda facts, packs: True,
    _contact_words,
    _why_contact,
    "Clients whose contact is overdue",
    Way("overdue", "Contact becomes overdue"),
    Way("in_time", "Contact in time again"),
)
_RISK = Look(
    alerts.AT_RISK,
    # Each client with a signal, so that the words tell the points of who is not at risk, too.
    lambda packs, on: {
        **alerts.cadence_by(packs["contact"]),
        **alerts.leaving_by({**packs["retention"], "at_risk": 0}, on),
    },
    lambda facts, packs: bool(facts["points"] >= packs["retention"]["at_risk"]),
    _risk_words,
    _why_risk,
    "Clients at risk of leaving",
    Way("at_risk", "Comes to be at risk"),
    Way("safe", "At risk no more"),
)
_REVIEW = Look(
    alerts.REVIEW_DUE,
    lambda packs, on: alerts.months_by(packs["portfolio"]),
    lambda facts, packs: True,
    _review_words,
    _why_review,
    "Portfolio reviews that are due within 14 days, or late",
    Way("review", "Portfolio review becomes due"),
    Way("no_review", "Portfolio review not due yet"),
)
_LOOKS = {"contact": (_CONTACT, _RISK), "retention": (_RISK,), "portfolio": (_REVIEW,)}
