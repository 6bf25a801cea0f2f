"""What a portfolio is worth, how it is spread, and what about it deserves a word. Pure: no Django.

Dates are arguments, money is Decimal. Rates count as at the ECB: units of a currency that one euro buys.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
HUNDRED = Decimal(100)
CASH = "cash"


@dataclass(frozen=True)
class Quote:
    """A price: what one unit cost at the end of a day, and who says so."""

    close: Decimal
    on: date
    source: str


@dataclass(frozen=True)
class Rate:
    """Units of a currency for one euro on a day."""

    per_euro: Decimal
    on: date
    source: str


@dataclass(frozen=True)
class Cross:
    """What one unit of a currency was worth in another, by way of the euro."""

    multiply: Decimal
    divide: Decimal
    on: date | None  # the older of the two days; None where nothing was converted
    source: str

    @property
    def rate(self) -> Decimal:
        return self.multiply / self.divide


@dataclass(frozen=True)
class Item:
    """A holding as it stands in the books: what a valuation starts from."""

    holding_id: int
    account: str
    product_id: int
    code: str
    name: str
    kind: str
    asset_class: str
    currency: str
    risk_class: int
    quantity: Decimal
    cost: Decimal | None
    quote: Quote | None


@dataclass(frozen=True)
class Money:
    """An account and its balance; a loan's is negative."""

    account_id: int
    number: str
    kind: str
    currency: str
    balance: Decimal
    balance_on: date | None
    label: str = ""  # the kind in words


@dataclass(frozen=True)
class Position:
    """A holding valued: `value` and `weight` are None when a price or a rate is missing, never guessed."""

    item: Item
    cross: Cross | None
    value: Decimal | None  # in the client's currency
    weight: Decimal | None  # percent of all that is held
    gain: Decimal | None  # percent of cost, in the product's own currency
    missing: str = ""  # the sentence that says what is missing

    @property
    def why(self) -> str:
        """Where the value comes from: which price of which day, by which rate of which day."""
        if self.item.quote is None:
            return self.missing
        quote = self.item.quote
        said = (
            f"{plain(quote.close)} {self.item.currency} on {quote.on.day} {quote.on:%b %Y} ({quote.source})."
        )
        return f"{said} {self.missing or rate_said(self.item.currency, self.cross)}".strip()


@dataclass(frozen=True)
class Balance:
    """An account's balance valued; what is owed counts in `debts` and not in the total."""

    money: Money
    cross: Cross | None
    value: Decimal | None
    missing: str = ""

    @property
    def why(self) -> str:
        day = self.money.balance_on
        said = f"Balance of {day.day} {day:%b %Y}." if day else "Balance as the core system gave it."
        return f"{said} {self.missing or rate_said(self.money.currency, self.cross)}".strip()


@dataclass(frozen=True)
class Target:
    """What the model says of one asset class: percent, and percentage points it may stray."""

    asset_class: str
    target: Decimal
    tolerance: Decimal

    @property
    def low(self) -> Decimal:
        return max(self.target - self.tolerance, Decimal(0))

    @property
    def high(self) -> Decimal:
        return min(self.target + self.tolerance, HUNDRED)


@dataclass(frozen=True)
class Share:
    """One asset class: what it is worth, its weight, and how far that is from the model."""

    asset_class: str
    value: Decimal
    weight: Decimal
    target: Target | None = None

    @property
    def drift(self) -> Decimal | None:
        """Percentage points above (+) or below (-) the target."""
        return None if self.target is None else self.weight - self.target.target

    @property
    def outside(self) -> bool:
        return self.target is not None and not self.target.low <= self.weight <= self.target.high


@dataclass(frozen=True)
class Finding:
    """Something about a portfolio that deserves a word, and the rule that says so."""

    code: str  # drift, cash, concentration, unsuitable, stale_price, missing_cost, missing, loss
    subject: str  # an asset class or a product's code
    sentence: str
    rule: str
    blocks: bool = False  # a report on this would mislead the client


@dataclass(frozen=True)
class Valuation:
    """A client's wealth with us on one day, in one currency. `total` is None when a figure is missing."""

    on: date
    currency: str
    positions: list[Position] = field(default_factory=list)
    balances: list[Balance] = field(default_factory=list)
    total: Decimal | None = None  # positions and cash
    debts: Decimal | None = None  # loans and overdrafts, a positive amount
    allocation: list[Share] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)  # sentences: why there is no total
    model: str = ""
    model_band: int | None = None
    mandate: str = ""
    policy_version: int = 0

    @property
    def invested(self) -> Decimal | None:
        return _sum(position.value for position in self.positions)

    @property
    def cash(self) -> Decimal | None:
        if any(balance.value is None for balance in self.balances):
            return None
        return _sum(max(balance.value or Decimal(0), Decimal(0)) for balance in self.balances)


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum, or None when one of them is not known."""
    total = Decimal(0)
    for value in values:
        if value is None:
            return None
        total += value
    return total


# --- money of one currency in another ----------------------------------------------------------------------


def missing_rate(currency: str, on: date, max_days: int, rates: Mapping[str, Rate]) -> str:
    """ "" or the sentence that refuses. The rate of the latest day before counts, for `max_days` days."""
    if currency == "EUR":
        return ""
    rate = rates.get(currency)
    if rate is None or rate.on > on:
        return f"No exchange rate for {currency} on {on.day} {on:%b %Y}, nor in the {max_days} days before."
    if (on - rate.on).days > max_days:
        return (
            f"The latest exchange rate for {currency} is of {rate.on.day} {rate.on:%b %Y}: "
            f"too old for {on.day} {on:%b %Y} (at most {max_days} days)."
        )
    return ""


def cross(
    given: str, wanted: str, on: date, rates: Mapping[str, Rate], max_days: int
) -> tuple[Cross | None, str]:
    """(the rate from one currency to another by way of the euro, "") or (None, the sentence that refuses)."""
    if given == wanted:
        return Cross(Decimal(1), Decimal(1), None, ""), ""
    for currency in (given, wanted):
        if sentence := missing_rate(currency, on, max_days, rates):
            return None, sentence
    legs = [rates[currency] for currency in (given, wanted) if currency != "EUR"]
    return (
        Cross(
            multiply=rates[wanted].per_euro if wanted != "EUR" else Decimal(1),
            divide=rates[given].per_euro if given != "EUR" else Decimal(1),
            on=min(leg.on for leg in legs),
            source=" and ".join(sorted({leg.source for leg in legs})),
        ),
        "",
    )


def converted(amount: Decimal, by: Cross) -> Decimal:
    """Multiply first, divide once, round halves up as PostgreSQL does (VALUED in portfolios/selectors.py)."""
    return (amount * by.multiply / by.divide).quantize(CENT, ROUND_HALF_UP)


def plain(value: Decimal) -> str:
    """Without the noughts at its end."""
    return f"{value.normalize():f}"


def rate_said(currency: str, by: Cross | None) -> str:
    """The rate and its day in words; "" where nothing was converted."""
    if by is None or by.on is None:
        return ""
    rate = plain(Decimal(f"{by.rate:.6g}"))
    return f"1 {currency} = {rate} (by way of the euro, {by.source}, {by.on.day} {by.on:%b %Y})."


# --- the valuation -----------------------------------------------------------------------------------------


def value_portfolio(
    items: Iterable[Item],
    moneys: Iterable[Money],
    *,
    on: date,
    currency: str,
    rates: Mapping[str, Rate],
    targets: Iterable[Target] = (),
    model: str = "",
    model_band: int | None = None,
    mandate: str = "",
    band: int | None = None,
    policy: Mapping[str, Any],
    max_risk_class: Mapping[str, int],
    policy_version: int = 0,
) -> Valuation:
    """Quantity × close × cross rate for each holding, balances beside them, and what there is to say.

    What is held is the portfolio that is weighed and judged against the model; money on accounts is for daily
    life, stands beside it and counts in the total. `band` is that of the client's signed assessment; without
    one the band of the mandate's model speaks. `policy` is the rule pack "portfolio", `max_risk_class` comes
    from the pack "suitability".
    """
    max_days = int(policy["stale_price_days"])
    positions = [_valued(item, on, currency, rates, max_days) for item in items]
    balances = [_balance(money, on, currency, rates, max_days) for money in moneys]
    said = [position.missing for position in positions] + [balance.missing for balance in balances]
    missing = list(dict.fromkeys(sentence for sentence in said if sentence))
    total = debts = None
    allocation: list[Share] = []
    if not missing:
        held = sum((position.value or Decimal(0) for position in positions), Decimal(0))
        cash = sum((max(balance.value or Decimal(0), Decimal(0)) for balance in balances), Decimal(0))
        total = held + cash
        debts = -sum((min(balance.value or Decimal(0), Decimal(0)) for balance in balances), Decimal(0))
        positions = [_weighed(position, held) for position in positions]
        allocation = allocate(positions, list(targets))
    valuation = Valuation(
        on=on,
        currency=currency,
        positions=positions,
        balances=balances,
        total=total,
        debts=debts,
        allocation=allocation,
        missing=missing,
        model=model,
        model_band=model_band,
        mandate=mandate,
        policy_version=policy_version,
    )
    valuation.findings.extend(findings(valuation, band, policy, max_risk_class))
    return valuation


def _valued(item: Item, on: date, currency: str, rates: Mapping[str, Rate], max_days: int) -> Position:
    if item.quote is None or item.quote.on > on:
        missing = f"No price for {item.name} ({item.code}, {item.currency}) on {on.day} {on:%b %Y} or before."
        return Position(item, None, None, None, None, missing)
    by, missing = cross(item.currency, currency, on, rates, max_days)
    worth = item.quantity * item.quote.close
    gain = (worth - item.cost) / item.cost * HUNDRED if item.cost else None
    return Position(item, by, converted(worth, by) if by else None, None, gain, missing)


def _balance(money: Money, on: date, currency: str, rates: Mapping[str, Rate], max_days: int) -> Balance:
    if money.balance_on and money.balance_on > on:
        sentence = (
            f"The balance of account {money.number} is of {money.balance_on.day} {money.balance_on:%b %Y}, "
            f"later than {on.day} {on:%b %Y}."
        )
        return Balance(money, None, None, sentence)
    if money.balance == 0:
        return Balance(money, None, Decimal(0))
    by, missing = cross(money.currency, currency, on, rates, max_days)
    return Balance(money, by, converted(money.balance, by) if by else None, missing)


def _weighed(position: Position, held: Decimal) -> Position:
    weight = (position.value or Decimal(0)) / held * HUNDRED if held else Decimal(0)
    return Position(position.item, position.cross, position.value, weight, position.gain)


def allocate(positions: list[Position], targets: list[Target]) -> list[Share]:
    """Value and weight of each asset class, beside the model's target. Classes of the model come first."""
    worth: dict[str, Decimal] = {target.asset_class: Decimal(0) for target in targets}
    for position in positions:
        worth[position.item.asset_class] = worth.get(position.item.asset_class, Decimal(0)) + (
            position.value or Decimal(0)
        )
    total = sum(worth.values(), Decimal(0))
    judged = _targets(targets, worth)
    order = {target.asset_class: number for number, target in enumerate(targets)}
    return [
        Share(name, value, value / total * HUNDRED if total else Decimal(0), judged.get(name))
        for name, value in sorted(worth.items(), key=lambda row: (order.get(row[0], len(order)), row[0]))
    ]


def _targets(targets: list[Target], worth: Mapping[str, Decimal]) -> dict[str, Target]:
    """The model's targets; of a class it does not know there should be nothing."""
    known = {target.asset_class: target for target in targets}
    if known:
        narrowest = min(target.tolerance for target in targets)
        for name in worth:
            if name not in known:
                known[name] = Target(name, Decimal(0), narrowest)
    return known


# --- findings ----------------------------------------------------------------------------------------------


def findings(
    valuation: Valuation, band: int | None, policy: Mapping[str, Any], max_risk_class: Mapping[str, int]
) -> list[Finding]:
    """All there is to say, what blocks a report first."""
    found = [
        *incomplete(valuation),
        *stale_prices(valuation, int(policy["stale_price_days"])),
        *missing_costs(valuation),
        *unsuitable(valuation, band, max_risk_class),
        *drifts(valuation),
        *concentrations(valuation, policy),
        *cash_bands(valuation, policy),
    ]
    return sorted(found, key=lambda finding: not finding.blocks)


def incomplete(valuation: Valuation) -> list[Finding]:
    """A price or a rate that is not there: no total, and no guess instead of it."""
    rule = "A portfolio is valued whole or not at all."
    return [Finding("missing", "", sentence, rule, True) for sentence in valuation.missing]


def stale_prices(valuation: Valuation, max_days: int) -> list[Finding]:
    """A price older than the bank allows."""
    return [
        Finding(
            "stale_price",
            position.item.code,
            f"The latest price of {position.item.name} is of "
            f"{position.item.quote.on.day} {position.item.quote.on:%b %Y}, "
            f"{(valuation.on - position.item.quote.on).days} days old.",
            f"A price holds for {max_days} days (rule pack portfolio).",
            True,
        )
        for position in valuation.positions
        if position.item.quote and (valuation.on - position.item.quote.on).days > max_days
    ]


def missing_costs(valuation: Valuation) -> list[Finding]:
    """Without the cost a report cannot say what was gained or lost."""
    return [
        Finding(
            "missing_cost",
            position.item.code,
            f"What {position.item.name} cost is not recorded.",
            "A report says what was gained or lost.",
            True,
        )
        for position in valuation.positions
        if position.item.cost is None
    ]


def unsuitable(valuation: Valuation, band: int | None, max_risk_class: Mapping[str, int]) -> list[Finding]:
    """A product riskier than the client's band allows. MiFID II 2017/565 Art. 54."""
    band = band or valuation.model_band
    if band is None:
        return []
    highest = int(max_risk_class[str(band)])
    return [
        Finding(
            "unsuitable",
            position.item.code,
            f"{position.item.name} has risk class {position.item.risk_class}, above what band {band} allows.",
            f"Band {band} allows risk classes up to {highest} (rule pack suitability).",
        )
        for position in valuation.positions
        if position.item.risk_class > highest
    ]


def drifts(valuation: Valuation) -> list[Finding]:
    """Asset classes outside the band the model gives them."""
    return [
        Finding(
            "drift",
            share.asset_class,
            f"{_words(share.asset_class)} is {share.weight:.1f} % of the portfolio, "
            f"{abs(share.drift or 0):.1f} points {'above' if (share.drift or 0) > 0 else 'below'} the model.",
            f"Model {valuation.model}: {share.target.target:.0f} %, from {share.target.low:.0f} % "
            f"to {share.target.high:.0f} %.",
        )
        for share in valuation.allocation
        if valuation.invested and share.target and share.outside
    ]


def concentrations(valuation: Valuation, policy: Mapping[str, Any]) -> list[Finding]:
    """A paper or fund that weighs too much, all accounts together; a fund spreads, so it may weigh more.

    Papers of one issuer are not added up: who issued what is not known here.
    """
    found = []
    weights: dict[str, Decimal] = {}
    for position in valuation.positions:
        weights[position.item.code] = weights.get(position.item.code, Decimal(0)) + (position.weight or 0)
    items = {position.item.code: position.item for position in valuation.positions}
    for code, weight in weights.items():
        is_fund = items[code].kind == "fund"
        limit = Decimal(str(policy["single_fund_max" if is_fund else "issuer_max"]))
        if weight > limit:
            found.append(
                Finding(
                    "concentration",
                    code,
                    f"{items[code].name} alone is {weight:.1f} % of the portfolio.",
                    f"A single {'fund' if is_fund else 'issuer'} may be {limit:f} % at most "
                    "(rule pack portfolio).",
                )
            )
    return found


def cash_bands(valuation: Valuation, policy: Mapping[str, Any]) -> list[Finding]:
    """Too little money at hand, or too much that does nothing; of all there is, asked of those who invest."""
    if not valuation.total or not valuation.positions:
        return []
    low, high = Decimal(str(policy["cash_min"])), Decimal(str(policy["cash_max"]))
    held = sum((share.value for share in valuation.allocation if share.asset_class == CASH), Decimal(0))
    weight = (held + (valuation.cash or Decimal(0))) / valuation.total * HUNDRED
    if low <= weight <= high:
        return []
    return [
        Finding(
            "cash",
            CASH,
            f"Cash, with the accounts, is {weight:.1f} % of the total.",
            f"Cash should be between {low:f} % and {high:f} % (rule pack portfolio).",
        )
    ]


def _words(asset_class: str) -> str:
    return asset_class.replace("_", " ").capitalize()


# --- the same positions on an earlier day ------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """Today's positions, valued on an earlier day: no return of the client's, who may have bought since."""

    since: date
    then: Decimal
    now: Decimal

    @property
    def percent(self) -> Decimal:
        return (self.now - self.then) / self.then * HUNDRED if self.then else Decimal(0)


def loss_steps(change: Change, step: int) -> int:
    """How many times a full `step` percent was lost since the period began. MiFID II 2017/565 Art. 62."""
    return max(0, int(-change.percent // step)) if change.percent < 0 else 0
