"""What would help a client and why, what forbids to propose it, and how an opportunity may move.

Pure: no Django, dates are arguments. First comes the need, then the product: nothing is suggested because it
sells (MiFID II Art. 24(1), and the target market of Art. 24(2)).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from rulebook.days import whole_years
from staff.rules import refusals_of_another_reason

INVESTMENTS = frozenset({"fund", "share", "bond", "structured", "mandate"})

# What an event in a client's life asks for, the best answer first.
EVENT_NEEDS: dict[str, tuple[str, ...]] = {
    "marriage": ("insurance", "savings"),
    "birth": ("savings", "insurance"),
    "education": ("savings",),
    "employment": ("pension", "card"),
    "home": ("mortgage", "insurance"),
    "retirement": ("pension", "mandate"),
    "inheritance": ("mandate", "fund"),
    "founded": ("payments",),
    "expansion": ("loan", "trade_finance"),
    "succession": ("mandate", "insurance"),
}

# Reason -> (rank: the lower the more pressing, the sentence). Facts are codes, dates and percentages.
REASONS: dict[str, tuple[int, str]] = {
    "goal_without_product": (1, "A goal for {by} has no product that serves it."),
    "life_event": (2, "{event_label} on {on} changes what this client needs."),
    "company_without_payments": (3, "A company without payments and cash management with us."),
    "fx_exposure": (4, "{share}% of the cash is in other currencies than {currency}, and nothing hedges it."),
    "cash_above_band": (5, "Cash is {share}% of the assets, above the {most}% the bank recommends at most."),
    "loan_ending": (6, "A loan is paid off on {on}: the instalment becomes free."),
    "single_product": (7, "One product only, for {years} years."),
}

EVENT_LABELS = {
    "marriage": "A marriage",
    "birth": "The birth of a child",
    "education": "An education",
    "employment": "A new employment",
    "home": "A new home",
    "retirement": "Retirement",
    "inheritance": "An inheritance",
    "founded": "The founding of a company",
    "expansion": "An expansion",
    "succession": "A succession",
}


@dataclass(frozen=True)
class GoalFact:
    id: int
    product_kind: str
    amount: Decimal
    currency: str
    by_on: date


@dataclass(frozen=True)
class EventFact:
    id: int
    kind: str
    on: date


@dataclass(frozen=True)
class Offer:
    """One kind of product as the bank offers it to a segment, at its lowest risk class."""

    risk_class: int


@dataclass(frozen=True)
class ClientFacts:
    """What is known of one client, as far as a suggestion needs it. Money is in the reporting currency."""

    kind: str = "person"
    segment: str = "affluent"
    state: str = "active"
    currency: str = "EUR"
    since_on: date = date(2020, 1, 1)
    held: frozenset[str] = frozenset()  # product kinds in use
    in_pipeline: frozenset[str] = frozenset()  # product kinds with an open opportunity
    declined: frozenset[str] = frozenset()  # product kinds the client said no to lately
    wealth: Decimal = Decimal(0)  # cash and holdings
    cash: Decimal | None = None  # None: a rate is missing, so nobody knows
    foreign_cash: Decimal | None = None  # the part of it in other currencies than the client's own
    goals: tuple[GoalFact, ...] = ()
    events: tuple[EventFact, ...] = ()
    loans_end_on: tuple[date, ...] = ()
    marketing_consent: bool = False
    complained_on: date | None = None
    kyc_due_on: date = date.max
    open_hits: int = 0
    band: int | None = None  # of a valid assessment; None: there is none
    offers: dict[str, Offer] = field(default_factory=dict)


@dataclass(frozen=True)
class Suggestion:
    """One kind of product, the reason code, and the facts its sentence needs."""

    product_kind: str
    reason: str
    facts: dict[str, Any]
    value: Decimal = Decimal(0)
    currency: str = ""

    @property
    def rank(self) -> tuple[int, Decimal, str]:
        """The most pressing reason first, then the larger amount."""
        return REASONS[self.reason][0], -self.value, self.product_kind


def sentence(reason: str, facts: dict[str, Any]) -> str:
    """The reason in words. An unknown reason (an older version's) is told by its code."""
    if reason not in REASONS:
        return reason.replace("_", " ").capitalize() + "."
    known = {**facts, "on": _said(facts["on"])} if facts.get("on") else dict(facts)
    known |= {"event_label": EVENT_LABELS.get(str(facts.get("event")), "A life event")}
    return REASONS[reason][1].format_map(_Blank(known))


def _said(day: str) -> str:
    """A day of the stored facts as people read it: 17 Jun 2026."""
    return f"{date.fromisoformat(day):%d %b %Y}".lstrip("0")


class _Blank(dict[str, Any]):
    """A fact that is missing shows as an ellipsis instead of failing the page."""

    def __missing__(self, key: str) -> str:
        return "…"


# --- needs -----------------------------------------------------------------------------------------------


def needs(facts: ClientFacts, today: date, pack: dict[str, Any]) -> list[Suggestion]:
    """Every need that no product serves, the most pressing first, one a product kind."""
    taken = facts.held | facts.in_pipeline | facts.declined
    best: dict[str, Suggestion] = {}
    for found in sorted(_all_needs(facts, today, pack), key=lambda need: need.rank):
        if found.product_kind not in taken:
            best.setdefault(found.product_kind, found)
    return list(best.values())


def _all_needs(facts: ClientFacts, today: date, pack: dict[str, Any]) -> Iterator[Suggestion]:
    told: dict[str, Any]
    for goal in facts.goals:
        if goal.product_kind:
            told = {"goal_id": goal.id, "by": goal.by_on.year}
            yield Suggestion(goal.product_kind, "goal_without_product", told, goal.amount, goal.currency)
    settled = facts.held | facts.declined  # the next best answer is looked for
    for event in facts.events:
        if 0 <= (today - event.on).days <= int(pack["event_days"]):
            answers = [kind for kind in EVENT_NEEDS.get(event.kind, ()) if kind not in settled]
            if answers:
                told = {"event_id": event.id, "event": event.kind, "on": event.on.isoformat()}
                yield Suggestion(answers[0], "life_event", told)
    if facts.kind == "organisation":
        yield Suggestion("payments", "company_without_payments", {})
    yield from _cash_needs(facts, pack)
    for ends_on in facts.loans_end_on:
        if 0 <= (ends_on - today).days <= int(pack["loan_ending_days"]):
            kind = "pension" if facts.kind == "person" else "deposit"
            yield Suggestion(kind, "loan_ending", {"on": ends_on.isoformat()})
    years = whole_years(facts.since_on, today)
    if len(facts.held) == 1 and years >= int(pack["single_product_years"]):
        kind = "card" if facts.kind == "person" else "deposit"
        yield Suggestion(kind, "single_product", {"years": years})


def _cash_needs(facts: ClientFacts, pack: dict[str, Any]) -> Iterator[Suggestion]:
    if facts.cash is None or facts.cash < Decimal(pack["cash_from"]):
        return
    told: dict[str, Any]
    most = Decimal(pack["cash_max"])
    share = 100 * facts.cash / max(facts.wealth, facts.cash)
    if share > most:
        surplus = (facts.cash * (share - most) / share).quantize(Decimal("0.01"))
        # What is above the most is not told as the most itself, however little it is above.
        told = {"share": max(round(share), int(most) + 1), "most": int(most)}
        suits = facts.kind == "person" and facts.band is not None and facts.band > 1
        yield Suggestion("fund" if suits else "deposit", "cash_above_band", told, surplus)
    if facts.kind == "organisation" and facts.foreign_cash is not None:
        foreign = 100 * facts.foreign_cash / facts.cash
        if foreign >= Decimal(pack["fx_share"]):
            told = {"share": int(foreign), "currency": facts.currency}
            yield Suggestion("fx", "fx_exposure", told, facts.foreign_cash)


# --- what forbids to propose -----------------------------------------------------------------------------


def refusals_to_propose_anything(facts: ClientFacts, today: date, pack: dict[str, Any]) -> list[str]:
    """Why nothing at all may be proposed to this client now."""
    refusals = []
    if facts.state != "active":
        refusals.append("Only an active client is offered something new.")
    if not facts.marketing_consent:
        refusals.append("The client has not consented to offers: ask for consent first (GDPR Art. 6 and 21).")
    if facts.kyc_due_on < today:
        refusals.append("The KYC review is overdue: finish it first.")
    if facts.open_hits:
        refusals.append("A compliance check is open: compliance decides first.")
    if facts.complained_on and (today - facts.complained_on).days <= int(pack["complaint_quiet_days"]):
        refusals.append("The client complained lately: settle that first.")
    return refusals


def refusals_to_propose(
    facts: ClientFacts, product_kind: str, today: date, pack: dict[str, Any], max_risk: dict[str, int]
) -> list[str]:
    """Why this product may not be proposed to this client now. `max_risk`: risk class by band."""
    refusals = refusals_to_propose_anything(facts, today, pack)
    offer = facts.offers.get(product_kind)
    if offer is None:
        refusals.append("The bank does not offer this product to this client's segment (target market).")
    if product_kind in INVESTMENTS:
        if facts.band is None:
            refusals.append("There is no valid needs assessment: without one no investment is suitable.")
        elif offer is not None and offer.risk_class > int(max_risk[str(facts.band)]):
            refusals.append("Even the safest product of this kind is too risky for the client's risk band.")
    return refusals


@dataclass(frozen=True)
class Judged:
    """A need, and why it must wait (empty: propose it)."""

    suggestion: Suggestion
    refusals: tuple[str, ...]


def judge(
    facts: ClientFacts, today: date, pack: dict[str, Any], max_risk: dict[str, int]
) -> tuple[list[Suggestion], list[Judged]]:
    """(what may be suggested, what is needed but held back and why)."""
    free, held_back = [], []
    for need in needs(facts, today, pack):
        refusals = refusals_to_propose(facts, need.product_kind, today, pack, max_risk)
        if refusals:
            held_back.append(Judged(need, tuple(refusals)))
        else:
            free.append(need)
    return free, held_back


def suggestions(
    facts: ClientFacts, today: date, pack: dict[str, Any], max_risk: dict[str, int]
) -> list[Suggestion]:
    """What would help, where need, consent, target market and suitability all allow it."""
    return judge(facts, today, pack, max_risk)[0]


def refusals_to_take_up(in_pipeline: frozenset[str], product_kind: str, need_found: bool) -> list[str]:
    """A need becomes an opportunity once at a time, and only while its reason holds."""
    if product_kind in in_pipeline:
        return ["An opportunity for this product is open already."]
    if not need_found:
        return ["The reason for this suggestion no longer holds. Reload the page."]
    return []


# --- stages ----------------------------------------------------------------------------------------------

STAGES = ("identified", "need_confirmed", "proposed", "accepted", "in_use")
OPEN = STAGES[:-1]
# No step is skipped: what was never proposed cannot be accepted. A step back is a correction.
MOVES: dict[str, tuple[str, ...]] = {
    "identified": ("need_confirmed",),
    "need_confirmed": ("identified", "proposed"),
    "proposed": ("need_confirmed", "accepted"),
    "accepted": ("proposed", "in_use"),
    "in_use": (),
    "declined": (),
}
STAGE_WORDS = {
    "identified": "Identified",
    "need_confirmed": "Need confirmed",
    "proposed": "Proposed",
    "accepted": "Accepted",
    "in_use": "In use",
    "declined": "Declined",
}
DECLINE_REASONS = ("no_need", "price", "elsewhere", "later", "not_suitable", "no_answer", "other")


def refusals_to_move(stage: str, to: str, expected: str) -> list[str]:
    """`expected`: the stage the mover saw. Had a colleague moved it meanwhile, nothing is overwritten."""
    if expected and expected != stage:
        return [
            f"A colleague has moved this card to “{STAGE_WORDS[stage]}” meanwhile. Reload to see it as it is."
        ]
    if to == stage:
        return [f"This card is in “{STAGE_WORDS[stage]}” already."]
    if stage not in OPEN:
        return [f"“{STAGE_WORDS[stage]}” is final. A new need starts a new opportunity."]
    if to not in MOVES[stage]:
        ways = " or ".join(f"“{STAGE_WORDS[way]}”" for way in MOVES[stage])
        return [f"From “{STAGE_WORDS[stage]}” a card moves to {ways}: no step is skipped."]
    return []


def refusals_to_decline(stage: str, reason: str, words: str = "") -> list[str]:
    if stage not in OPEN:
        return [f"“{STAGE_WORDS[stage]}” is final already."]
    if reason not in DECLINE_REASONS:
        return ["Say why, in one of the words of the list."]
    return refusals_of_another_reason(reason, words)
