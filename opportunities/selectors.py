"""What the pages about opportunities show, and the facts the rules judge."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Sum, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from clients.access import Person
from clients.models import Client, Interaction, LifeEvent, Purpose, State
from compliance.models import Consent, ScreeningHit
from compliance.rules.trials import Moves, Turn, Way, come_and_gone
from needs.models import Assessment, Goal
from opportunities import alerts, rules
from opportunities.models import OPEN_STAGES, Opportunity, Stage
from portfolios.models import Account, FxRate, Loan, Product
from portfolios.selectors import products_held
from rulebook.days import add_months
from rulebook.selectors import Pack, pack
from staff.models import User
from ui.formats import midnight
from ui.paging import Page, keyset

CANDIDATES = 400  # clients judged for one list of suggestions: the largest first
LISTED = 60  # suggestions on that list
PER_COLUMN = 50  # cards drawn in one column; its figures count all
STALE_RATE_DAYS = 10
IN_USE_SHOWN_DAYS = 90


# --- facts: a fixed number of queries for any number of clients ------------------------------------------


@dataclass(frozen=True)
class Packs:
    """The figures in force that judge suggestions."""

    opportunities: Pack
    max_risk: dict[str, int]


def packs(on: date) -> Packs:
    """2 queries."""
    return Packs(pack("opportunities", on), pack("suitability", on)["max_risk_class"])


def facts_of(clients: Iterable[Client], today: date, figures: Pack) -> dict[int, rules.ClientFacts]:
    """What is known of each client, by id. 11 queries, however many clients."""
    clients = list(clients)
    ids = [client.pk for client in clients]
    rates, offers = rates_to_reporting(today), _offers()
    held = products_held(ids)
    cash = _cash(ids)
    taken = _taken(ids, today, figures)
    goals = _grouped(
        (goal.client_id, rules.GoalFact(goal.pk, goal.product_kind, goal.amount, goal.currency, goal.by_on))
        for goal in Goal.objects.filter(client__in=ids, reached_on__isnull=True, by_on__gte=today)
    )
    since = today - timedelta(days=int(figures["event_days"]))
    events = _grouped(
        (event.client_id, rules.EventFact(event.pk, event.kind, event.on))
        for event in LifeEvent.objects.filter(client__in=ids, on__gte=since, on__lte=today)
    )
    loans = _grouped(
        (loan.client_id, add_months(loan.granted_on, loan.months))
        for loan in Loan.objects.filter(client__in=ids, state=Loan.State.RUNNING)
    )
    consents = set(marketing_consents(today).filter(client__in=ids).values_list("client_id", flat=True))
    quiet_since = timezone.now() - timedelta(days=int(figures["complaint_quiet_days"]) + 1)
    complaints = dict(
        Interaction.objects.filter(client__in=ids, purpose=Purpose.COMPLAINT, at__gte=quiet_since)
        .values("client_id")
        .annotate(last=Max("at"))
        .values_list("client_id", "last")
    )
    hits = dict(
        ScreeningHit.objects.unresolved()
        .filter(client__in=ids)
        .values("client_id")
        .annotate(many=Count("id"))
        .values_list("client_id", "many")
    )
    bands = dict(
        Assessment.objects.filter(
            client__in=ids, state=Assessment.State.SIGNED, valid_until__gte=today
        ).values_list("client_id", "band")
    )
    found = {}
    for client in clients:
        own_cash, foreign = _converted(cash[client.pk], client.currency, rates)
        complained_at = complaints.get(client.pk)
        found[client.pk] = rules.ClientFacts(
            kind=client.kind,
            segment=client.segment,
            state=client.state,
            currency=client.currency,
            since_on=client.since_on,
            held=frozenset({*held.get(client.pk, ()), *taken["in_use"][client.pk]}),
            in_pipeline=frozenset(taken["open"][client.pk]),
            declined=frozenset(taken["declined"][client.pk]),
            wealth=client.value,
            cash=own_cash,
            foreign_cash=foreign,
            goals=tuple(goals[client.pk]),
            events=tuple(events[client.pk]),
            loans_end_on=tuple(loans[client.pk]),
            marketing_consent=client.pk in consents,
            complained_on=timezone.localdate(complained_at) if complained_at else None,
            kyc_due_on=client.kyc_due_on,
            open_hits=hits.get(client.pk, 0),
            band=bands.get(client.pk),
            offers=_for_segment(offers, client.segment),
        )
    return found


def marketing_consents(today: date) -> Any:
    """Consents to be offered something, in force today."""
    return Consent.objects.filter(purpose="marketing", given_on__lte=today, withdrawn_on__isnull=True)


def rates_to_reporting(today: date) -> dict[str, Decimal]:
    """What one unit is worth in the reporting currency, by currency (if there is a recent rate)."""
    recent = FxRate.objects.filter(on__lte=today, on__gte=today - timedelta(days=STALE_RATE_DAYS))
    per_euro = dict(
        recent.order_by("currency", "-on").distinct("currency").values_list("currency", "per_euro")
    )
    per_euro["EUR"] = Decimal(1)
    reporting = per_euro.get(settings.REPORTING_CURRENCY)
    if reporting is None:
        return {settings.REPORTING_CURRENCY: Decimal(1)}
    return {currency: reporting / rate for currency, rate in per_euro.items()}


def _cash(ids: list[int]) -> defaultdict[int, dict[str, Decimal]]:
    """Money on current and savings accounts by currency, by client. 1 query."""
    cash: defaultdict[int, dict[str, Decimal]] = defaultdict(dict)
    rows = (
        Account.objects.filter(client__in=ids, kind__in=["current", "savings"], closed_on__isnull=True)
        .values("client_id", "currency")
        .annotate(total=Sum("balance"))
        .values_list("client_id", "currency", "total")
    )
    for client_id, currency, total in rows:
        cash[client_id][currency] = total
    return cash


def _converted(
    cash: dict[str, Decimal], own: str, rates: dict[str, Decimal]
) -> tuple[Decimal | None, Decimal | None]:
    """(all cash, that in other currencies), in the reporting currency; None when a rate is missing."""
    if any(currency not in rates for currency in cash):
        return None, None
    worth = {currency: total * rates[currency] for currency, total in cash.items() if total > 0}
    foreign = sum((value for currency, value in worth.items() if currency != own), Decimal(0))
    return sum(worth.values(), Decimal(0)), foreign


def _taken(ids: list[int], today: date, figures: Pack) -> dict[str, defaultdict[int, set[str]]]:
    """Kinds in the pipeline, in use out of it, and declined too lately to ask again. 1 query."""
    taken: dict[str, defaultdict[int, set[str]]] = {
        word: defaultdict(set) for word in ("open", "in_use", "declined")
    }
    again_from = timezone.now() - timedelta(days=int(figures["new_after_days"]))
    rows = Opportunity.objects.filter(client__in=ids).exclude(stage=Stage.DECLINED, moved_at__lt=again_from)
    for client_id, kind, stage in rows.values_list("client_id", "product_kind", "stage"):
        taken[stage if stage in taken else "open"][client_id].add(kind)
    return taken


def _offers() -> list[tuple[str, list[str], int]]:
    """(kind, segments, risk class) of the catalogue. 1 query."""
    return list(Product.objects.values_list("kind", "segments", "risk_class").distinct())


def _for_segment(offers: list[tuple[str, list[str], int]], segment: str) -> dict[str, rules.Offer]:
    found: dict[str, rules.Offer] = {}
    for kind, segments, risk_class in offers:
        if not segments or segment in segments:
            lowest = min(risk_class, found[kind].risk_class) if kind in found else risk_class
            found[kind] = rules.Offer(lowest)
    return found


def _grouped(pairs: Iterable[tuple[int, Any]]) -> defaultdict[int, list[Any]]:
    groups: defaultdict[int, list[Any]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


# --- pages -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ForClient:
    """What would help one client: free to propose, held back and why, in the pipeline and done."""

    free: list[rules.Suggestion]
    held_back: list[rules.Judged]
    refusals: list[str]
    opportunities: list[Opportunity]


def for_client(client: Client, today: date) -> ForClient:
    """Of a file that was opened. 14 queries."""
    figures = packs(today)
    facts = facts_of([client], today, figures.opportunities)[client.pk]
    free, held_back = rules.judge(facts, today, figures.opportunities.body, figures.max_risk)
    known = Opportunity.objects.filter(client=client).select_related("owner").order_by("-moved_at", "-id")
    return ForClient(
        free=free,
        held_back=held_back,
        refusals=rules.refusals_to_propose_anything(facts, today, figures.opportunities.body),
        opportunities=list(known[:30]),
    )


def refusals_to_propose(opportunity: Opportunity, today: date) -> list[str]:
    """Why the product of this card may not be proposed today. 13 queries."""
    figures = packs(today)
    facts = facts_of([opportunity.client], today, figures.opportunities)[opportunity.client_id]
    return rules.refusals_to_propose(
        facts, opportunity.product_kind, today, figures.opportunities.body, figures.max_risk
    )


@dataclass(frozen=True)
class ClientSuggestion:
    client: Client
    suggestion: rules.Suggestion


def suggestions(person: Person, today: date) -> list[ClientSuggestion]:
    """What would help the largest CANDIDATES clients `person` sees, the most pressing first. 14 queries."""
    figures = packs(today)
    clients = list(
        _to_be_asked(Client.objects.visible_to(person), today).order_by("-value", "-id")[:CANDIDATES]
    )
    facts = facts_of(clients, today, figures.opportunities)
    found = [
        ClientSuggestion(client, suggestion)
        for client in clients
        for suggestion in rules.suggestions(
            facts[client.pk], today, figures.opportunities.body, figures.max_risk
        )[:2]
    ]
    return sorted(found, key=lambda one: (*one.suggestion.rank, one.client.pk))[:LISTED]


def _to_be_asked(clients: Any, today: date) -> Any:
    """Those whom anything may be suggested at all (rules.refusals_to_propose_anything)."""
    consents = Exists(marketing_consents(today).filter(client=OuterRef("pk")))
    return clients.filter(consents, state=State.ACTIVE, kyc_due_on__gte=today)


@dataclass
class Column:
    """One stage: all its cards counted and summed in the reporting currency, the latest of them drawn."""

    key: str
    label: str
    count: int
    total: Decimal | None  # None: a rate is missing
    cards: list[Opportunity]
    currency: str = settings.REPORTING_CURRENCY


def board(person: Person, today: date, owner: int | None = None) -> list[Column]:
    """The pipeline by stage. 3 queries."""
    cards = _on_board(person, owner)
    rates = rates_to_reporting(today)
    counts: defaultdict[str, int] = defaultdict(int)
    totals: defaultdict[str, Decimal | None] = defaultdict(lambda: Decimal(0))
    groups = cards.order_by().values("stage", "currency").annotate(many=Count("id"), sum=Sum("value"))
    for group in groups:
        stage, so_far = group["stage"], totals[group["stage"]]
        counts[stage] += group["many"]
        known = so_far is not None and (group["currency"] in rates or not group["sum"])
        totals[stage] = so_far + group["sum"] * rates.get(group["currency"], 0) if known else None
    drawn: defaultdict[str, list[Opportunity]] = defaultdict(list)
    place = Window(RowNumber(), partition_by=F("stage"), order_by=[F("moved_at").desc(), F("id").desc()])
    for card in cards.annotate(place=place).filter(place__lte=PER_COLUMN).order_by("-moved_at", "-id"):
        drawn[card.stage].append(card)
    return [
        Column(stage, str(Stage(stage).label), counts[stage], totals[stage], drawn[stage])
        for stage in rules.STAGES
    ]


def _on_board(person: Person, owner: int | None) -> Any:
    lately = timezone.now() - timedelta(days=IN_USE_SHOWN_DAYS)
    cards = Opportunity.objects.visible_to(person).select_related("client", "owner")
    cards = cards.filter(Q(stage__in=OPEN_STAGES) | Q(stage=Stage.IN_USE, moved_at__gte=lately))
    return cards.filter(owner=owner) if owner else cards


def opportunity_list(person: Person, asked: dict[str, Any], today: date) -> Page[Opportunity]:
    """The open pipeline as a list. 2 queries, 3 beyond the first page."""
    rows = Opportunity.objects.visible_to(person).open().select_related("client", "owner")
    if owner := asked.get("owner"):
        rows = rows.filter(owner=owner)
    if stage := asked.get("stage"):
        rows = rows.filter(stage=stage)
    if asked.get("stale"):
        rows = rows.filter(moved_at__lt=stale_before(today))
    return keyset(rows, asked.get("sort", "moved_at"), after=asked.get("after"), before=asked.get("before"))


def stale_before(today: date) -> datetime:
    """An open card that moved last before this instant is stale. 1 query."""
    days = int(pack("opportunities", today)["stage_days"])
    return midnight(today - timedelta(days=days))


def owners(person: Person) -> list[User]:
    """Whose open cards `person` sees, for the filter. 1 query."""
    seen = Opportunity.objects.visible_to(person).open().filter(owner=OuterRef("pk"))
    return list(User.objects.filter(Exists(seen)).order_by("name", "id")[:200])


def opportunity(person: Person, opportunity_id: int) -> Opportunity | None:
    """One card with its client. 1 query."""
    seen = Opportunity.objects.visible_to(person).select_related("client", "owner")
    found: Opportunity | None = seen.filter(pk=opportunity_id).first()
    return found


# --- what other figures would change ----------------------------------------------------------------------

Figures = Mapping[str, Any]
TRIED = 500  # clients judged together
SUGGESTED = Turn(
    Way("more", "A further suggestion"), Way("fewer", "A suggestion less"), Way("other", "Other suggestions")
)
STALE = Turn(
    Way("stale", "A card becomes stale"),
    Way("not_stale", "A card is stale no more"),
    Way("other_stale", "Other cards are stale"),
)


def figures_tried(
    now: Figures, then: Figures, progress: Callable[[int, int], None]
) -> tuple[dict[str, Any], Moves]:
    """For a dry run of pack "opportunities": what may be suggested to whom, and which cards are stale.

    25 queries for each `TRIED` clients who may be asked, and 2 for the cards.
    """
    today = timezone.localdate()
    max_risk = pack("suitability", today)["max_risk_class"]
    moves, counts = Moves(*SUGGESTED.ways, *STALE.ways), [0, 0]
    asked = _to_be_asked(Client.objects.order_by("pk"), today)
    whole, done, last = asked.count(), 0, 0
    while clients := list(asked.filter(pk__gt=last)[:TRIED]):
        sides = [_suggested(clients, today, figures, max_risk) for figures in (now, then)]
        for pk in (client.pk for client in clients):
            before, after = (side[pk] for side in sides)
            counts = [counts[0] + len(before), counts[1] + len(after)]
            come = [words for key, words in after.items() if key not in before]
            gone = [words for key, words in before.items() if key not in after]
            if come or gone:
                words = (f"Suggestions: {len(each)}" for each in (before, after))
                moves.add(SUGGESTED.of(come, gone), pk, words, come_and_gone(come, gone))
        last, done = clients[-1].pk, done + len(clients)
        progress(done, max(whole, done))
    cards = _add_stale(moves, now, then, today)
    lines = [["Suggestions", *counts], ["Cards that are stale", *cards]]
    return {"judged": done, "lines": lines if done or any(cards) else []}, moves


def _suggested(
    clients: list[Client], today: date, figures: Figures, max_risk: dict[str, int]
) -> dict[int, dict[tuple[str, str], str]]:
    """client -> (product, reason) -> in words."""
    facts = facts_of(clients, today, Pack("opportunities", 0, dict(figures)))
    return {
        client.pk: {
            (each.product_kind, each.reason): rules.sentence(each.reason, each.facts)
            for each in rules.suggestions(facts[client.pk], today, dict(figures), max_risk)
        }
        for client in clients
    }


def _add_stale(moves: Moves, now: Figures, then: Figures, today: date) -> list[int]:
    """How many cards are stale by the one, and by the other. 2 queries."""
    sides = [_stale_cards(figures, today) for figures in (now, then)]
    counts = [Counter(client_id for client_id, _card in side) for side in sides]
    turned = defaultdict[int, tuple[list[str], list[str]]](
        lambda: ([], [])
    )  # client: cards that come, and go
    for place in (0, 1):
        these, others = sides[1 - place], sides[place]
        for client_id, card in sorted(these.keys() - others.keys()):
            turned[client_id][place].append(alerts.STALE.sentence(these[client_id, card]))
    for client_id, (come, gone) in turned.items():
        words = (f"Stale cards: {each[client_id]}" for each in counts)
        moves.add(STALE.of(come, gone), client_id, words, [*come, *gone])
    return [len(side) for side in sides]


def _stale_cards(figures: Figures, today: date) -> dict[tuple[int, int], dict[str, Any]]:
    """(client, card) -> facts, by the SQL of the rule of attention. 1 query."""
    find = f"SELECT client_id, subject_id, facts::text FROM ({alerts.STALE.find}) found"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            find, {"today": today, "first": 0, "last": 2**62, "stage_days": int(figures["stage_days"])}
        )
        return {(client_id, card): json.loads(facts) for client_id, card, facts in cursor.fetchall()}
