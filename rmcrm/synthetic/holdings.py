"""A client's portfolio: near its model, or planted off it, or with something unsuitable inside."""

from decimal import Decimal
from typing import NamedTuple

from rmcrm.synthetic.names import Chance
from rmcrm.synthetic.products import CLASSES, INSTRUMENTS, MODELS, TOLERANCE, Instrument, Market, allowed_risk


class Position(NamedTuple):
    product: Instrument
    thousandths: int  # the quantity
    cost: int  # in cents of the product's currency
    euros: float


def _choice(band: int) -> dict[str, list[Instrument]]:
    """What suits a band, by class; of each class the riskiest two levels come first in the list."""
    highest = allowed_risk(band)
    return {
        asset_class: [one for one in INSTRUMENTS if one.asset_class == asset_class and one.risk_class <= highest]
        for asset_class in CLASSES
    }


CHOICE = {band: _choice(band) for band in MODELS}
UNSUITABLE = {
    band: [one for one in INSTRUMENTS if one.asset_class == "equity" and one.risk_class > allowed_risk(band)]
    for band in MODELS
}
_HOW_MANY = {"cash": 1, "bonds": 2, "equity": 3, "real_estate": 1, "commodities": 1, "alternatives": 1}


def portfolio(
    euros: float, band: int, currency: str, market: Market, chance: Chance, *, drifting: bool, unsuitable: bool
) -> list[Position]:
    """Positions worth about `euros`; within 3 of the 5 points of tolerance unless `drifting`."""
    weights = [float(target) for target in MODELS[band][1]]
    for place, target in enumerate(MODELS[band][1]):
        if target >= 4:
            weights[place] += (chance() - 0.5) * min(5.0, target * 0.6)
    if drifting:
        # Shares were left to run, or money was never put to work.
        away, into = (1, 2) if chance() < 0.7 else (2, 0)
        shift = 9 + chance() * 6
        shift = min(shift, weights[away] - 1)
        weights[away] -= shift
        weights[into] += shift
    total = sum(weights)
    positions: list[Position] = []
    for asset_class, weight in zip(CLASSES, weights, strict=True):
        if weight < 0.5:
            continue
        suits = CHOICE[band][asset_class]
        count = min(_HOW_MANY[asset_class] + (chance() < 0.35), len(suits))
        start = int(chance() * len(suits))
        picked = [suits[(start + n) % len(suits)] for n in range(count)]
        if asset_class == "cash" and currency in {"CHF", "EUR", "GBP", "USD"}:
            picked = [one for one in suits if one.currency == currency][:1]
        if unsuitable and asset_class == "equity":
            picked[0] = UNSUITABLE[band][int(chance() * len(UNSUITABLE[band]))]
        amount = euros * weight / total / len(picked)
        positions.extend(_position(one, amount, market, chance) for one in picked)
    return positions


def _position(product: Instrument, euros: float, market: Market, chance: Chance) -> Position:
    rate, price = market.per_euro[product.currency], market.price_micros[product.id]
    thousandths = int(euros * rate * 10**9 / price)
    if product.kind in {"share", "bond", "structured"} and thousandths > 60_000:
        thousandths -= thousandths % 1000  # whole pieces, where rounding does not move the allocation
    thousandths = max(thousandths, 1)
    in_currency = thousandths * price / 10**9
    cost = int(in_currency * (0.72 + chance() * 0.5) * 100)
    return Position(product, thousandths, max(cost, 1), in_currency / rate)


def drifts(positions: list[Position], band: int) -> bool:
    """The truth: some class is further from its target than the tolerance. Judged on the holdings' values."""
    total = sum(position.euros for position in positions)
    if not total:
        return False
    share = dict.fromkeys(CLASSES, 0.0)
    for position in positions:
        share[position.product.asset_class] += position.euros * 100 / total
    return any(
        abs(share[asset_class] - target) > TOLERANCE
        for asset_class, target in zip(CLASSES, MODELS[band][1], strict=True)
    )


def unsuitable(positions: list[Position], band: int) -> list[int]:
    """The truth: products riskier than the client's band allows."""
    return [one.product.id for one in positions if one.product.risk_class > allowed_risk(band)]


def value_in_euro(per_currency: dict[str, int], market: Market) -> Decimal:
    """Exact sum of amounts in billionths of each currency, each at its last rate, rounded once to cents."""
    total = sum((Decimal(amount) / market.rate_e8[currency] for currency, amount in per_currency.items()), Decimal())
    return (total / 10).quantize(Decimal("0.01"))
