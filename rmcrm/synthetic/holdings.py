"""A client's portfolio: near its model, or planted off it, or with something unsuitable inside."""

from collections.abc import Iterable
from math import ceil
from typing import NamedTuple

from rmcrm.synthetic.names import Chance
from rmcrm.synthetic.products import CLASSES, INSTRUMENTS, MAX_RISK, MODELS, TOLERANCE, Instrument, Market

CASH = 0  # its place in CLASSES
_FUND, _SINGLE = (
    16.0,
    7.0,
)  # percent of the whole: no single fund or issuer much above, so nothing is concentrated


class Position(NamedTuple):
    product: Instrument
    thousandths: int  # the quantity
    cost: int  # in cents of the product's currency
    cents: int  # its value in euro cents


class Choice(NamedTuple):
    """What a band may hold of one class."""

    funds: list[Instrument]
    singles: list[Instrument]  # shares, bonds, structured products: one issuer each


def _choice(band: int, asset_class: str) -> Choice:
    suits = [
        one for one in INSTRUMENTS if one.asset_class == asset_class and one.risk_class <= MAX_RISK[band]
    ]
    return Choice([one for one in suits if one.kind == "fund"], [one for one in suits if one.kind != "fund"])


CHOICE = {band: [_choice(band, asset_class) for asset_class in CLASSES] for band in MODELS}
UNSUITABLE = {
    band: [one for one in INSTRUMENTS if one.asset_class == "equity" and one.risk_class > band + 2]
    for band in MODELS
}


def weights(band: int, chance: Chance, *, drifting: bool) -> list[float]:
    """Percent of each class: within 4 of the 5 points of tolerance unless `drifting`."""
    target = MODELS[band][1]
    found = [float(share) for share in target]
    held = [place for place, share in enumerate(target) if share]
    for _ in range(3):
        away, into = held[int(chance() * len(held))], held[int(chance() * len(held))]
        step = chance() * 1.6
        less, more = found[away] - step, found[into] + step
        if away != into and less > 2.2 and abs(less - target[away]) < 4 and abs(more - target[into]) < 4:
            found[away], found[into] = less, more
    if drifting:
        # Shares were left to run, or money came in and was never put to work.
        away, into = (1, 2) if band in {2, 3} and chance() < 0.6 else (2 if band > 1 else 1, CASH)
        step = 10 + chance() * 5
        found[away] -= step
        found[into] += step
    return found


def portfolio(
    cents: int,
    band: int,
    shares: list[float],
    currency: str,
    market: Market,
    chance: Chance,
    *,
    unsuitable: bool,
) -> list[Position]:
    """What is held of a portfolio of so many euro cents; its cash is in money market funds."""
    positions: list[Position] = []
    for place in range(len(shares)):
        share = shares[place]
        if share < 0.5:
            continue
        funds, singles = CHOICE[band][place]
        if unsuitable and place == 2:
            risky = UNSUITABLE[band][int(chance() * len(UNSUITABLE[band]))]
            positions.append(_position(risky, cents * 0.07, market, chance))
            share -= 7
        alone = 0.0
        if singles and chance() < 0.6:
            alone = min(share * 0.35, _SINGLE * len(singles))
            positions.extend(_spread(singles, alone, ceil(alone / _SINGLE), cents, currency, market, chance))
        rest = share - alone
        positions.extend(_spread(funds, rest, ceil(rest / _FUND), cents, currency, market, chance))
    return positions


def _spread(
    choice: list[Instrument],
    share: float,
    count: int,
    cents: int,
    currency: str,
    market: Market,
    chance: Chance,
) -> Iterable[Position]:
    """The share in equal parts, mostly beginning with a product in the client's own currency."""
    count = min(count + (count == 1 and share > 6 and chance() < 0.5), len(choice))
    start = int(chance() * len(choice))
    if chance() < 0.7:
        own = [place for place, one in enumerate(choice) if one.currency == currency]
        start = own[0] if own else start
    amount = cents * share / 100 / count
    return [_position(choice[(start + n) % len(choice)], amount, market, chance) for n in range(count)]


def _position(product: Instrument, cents: float, market: Market, chance: Chance) -> Position:
    price, rate = market.price_micros[product.id], market.rate_e8[product.currency]
    thousandths = int(cents * rate / price / 10)
    if product.kind != "fund" and thousandths > 60_000:
        thousandths -= thousandths % 1000  # whole pieces, where rounding does not move the allocation
    thousandths = max(thousandths, 1)
    amount = thousandths * price
    cost = int(amount * (0.72 + chance() * 0.5) / 10**7)
    return Position(product, thousandths, max(cost, 1), euro_cents(amount * 10, rate))


def euro_cents(amount: int, rate_e8: int) -> int:
    """An amount, as `cents × 10^8` of its currency, in euro cents: divided once, halves rounded up."""
    return (2 * amount + rate_e8) // (2 * rate_e8)


def drifts(positions: list[Position], band: int) -> bool:
    """The truth: of what is held, some class is further from its target than the tolerance."""
    worth = [0] * len(CLASSES)
    for position in positions:
        worth[CLASSES.index(position.product.asset_class)] += position.cents
    total = sum(worth)
    # In whole numbers, so that a tie is a tie: |worth/total - target/100| > tolerance/100.
    return any(
        abs(100 * one - target * total) > TOLERANCE * total
        for one, target in zip(worth, MODELS[band][1], strict=True)
    )


def unsuitable(positions: list[Position], band: int) -> list[int]:
    """The truth: products riskier than the client's band allows."""
    return [one.product.id for one in positions if one.product.risk_class > MAX_RISK[band]]
