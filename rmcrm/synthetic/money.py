"""Accounts, loans, cards and portfolios, and what they are worth together."""

from typing import NamedTuple

from rmcrm.synthetic import assessments
from rmcrm.synthetic.client import ACCOUNT, HOLDING, KEY, NULL, SERVED, ClientFile
from rmcrm.synthetic.dice import Weighted, between
from rmcrm.synthetic.hidden import ACCOUNT as ACCOUNT_KEY
from rmcrm.synthetic.holdings import drifts, euro_cents, portfolio, unsuitable, weights
from rmcrm.synthetic.places import ACCOUNT_NUMBERS

# Evenly spaced quantiles in euro.
CURRENT = {
    "mass": [25, 310, 780, 1_450, 2_300, 3_400, 5_100, 8_600, 31_000],
    "affluent": [900, 4_500, 8_200, 13_000, 19_000, 28_000, 41_000, 66_000, 190_000],
    "hnw": [8_000, 31_000, 62_000, 105_000, 170_000, 280_000, 460_000, 900_000, 4_800_000],
    "sme": [1_500, 9_000, 21_000, 38_000, 64_000, 105_000, 180_000, 340_000, 1_600_000],
    "corporate": [
        60_000,
        310_000,
        700_000,
        1_300_000,
        2_200_000,
        3_700_000,
        6_400_000,
        12_000_000,
        55_000_000,
    ],
}
SAVINGS = {
    "mass": [10, 400, 1_900, 4_600, 8_800, 14_500, 23_000, 41_000, 120_000],
    "affluent": [4_000, 18_000, 33_000, 52_000, 76_000, 108_000, 155_000, 230_000, 600_000],
    "hnw": [20_000, 90_000, 190_000, 330_000, 540_000, 860_000, 1_500_000, 2_900_000, 12_000_000],
    "sme": [500, 6_000, 14_000, 27_000, 46_000, 78_000, 140_000, 270_000, 1_100_000],
    "corporate": [20_000, 160_000, 420_000, 900_000, 1_700_000, 3_000_000, 5_600_000, 11_000_000, 48_000_000],
}
# What an investor holds; beside it lies money on accounts, a twentieth to a fifth of all.
_WEALTH = {
    "mass": [6_000, 11_000, 16_000, 22_000, 30_000, 40_000, 54_000, 78_000, 140_000],
    "affluent": [60_000, 115_000, 160_000, 210_000, 270_000, 350_000, 460_000, 640_000, 1_000_000],
    "hnw": [
        780_000,
        1_150_000,
        1_500_000,
        2_000_000,
        2_800_000,
        4_000_000,
        6_500_000,
        12_000_000,
        60_000_000,
    ],
    "sme": [120_000, 190_000, 260_000, 340_000, 440_000, 580_000, 790_000, 1_100_000, 2_600_000],
    "corporate": [
        2_000_000,
        3_600_000,
        5_400_000,
        8_000_000,
        11_000_000,
        16_000_000,
        24_000_000,
        40_000_000,
        90_000_000,
    ],
}
_LOAN = {
    "mass": [3_000, 7_000, 12_000, 25_000, 90_000, 180_000, 260_000, 360_000, 520_000],
    "affluent": [60_000, 140_000, 210_000, 280_000, 350_000, 430_000, 520_000, 680_000, 1_200_000],
    "hnw": [200_000, 400_000, 650_000, 900_000, 1_300_000, 1_900_000, 2_800_000, 4_500_000, 12_000_000],
    "sme": [15_000, 40_000, 75_000, 120_000, 190_000, 290_000, 450_000, 750_000, 2_000_000],
    "corporate": [
        300_000,
        900_000,
        1_800_000,
        3_200_000,
        5_000_000,
        8_000_000,
        13_000_000,
        22_000_000,
        60_000_000,
    ],
}
PRICE_LEVEL = {
    "CZ": 0.6, "PL": 0.55, "HU": 0.5, "RO": 0.45, "BG": 0.4, "TR": 0.35, "UA": 0.25, "IN": 0.25, "CN": 0.7,
    "BR": 0.4, "MX": 0.4, "ID": 0.25, "NG": 0.2, "ZA": 0.4, "GR": 0.6, "PT": 0.65, "LT": 0.6, "CH": 1.6,
    "NO": 1.2, "DK": 1.2,
    "US": 1.3, "SG": 1.3, "HK": 1.2, "AE": 1.2,
}  # fmt: skip
_INVESTS = {"mass": 0.08, "affluent": 0.94, "hnw": 1.0, "sme": 0.12, "corporate": 0.3}
_BORROWS = {"mass": 0.12, "affluent": 0.28, "hnw": 0.18, "sme": 0.45, "corporate": 0.5}
_HAS_CARD = {"mass": 0.4, "affluent": 0.75, "hnw": 0.8, "sme": 0.3, "corporate": 0.35}
_BAND = {
    "mass": Weighted([(1, 12), (2, 33), (3, 35), (4, 16), (5, 4)]),
    "affluent": Weighted([(1, 9), (2, 26), (3, 37), (4, 21), (5, 7)]),
    "hnw": Weighted([(1, 6), (2, 22), (3, 38), (4, 25), (5, 9)]),
    "sme": Weighted([(1, 30), (2, 40), (3, 25), (4, 5)]),
    "corporate": Weighted([(1, 30), (2, 40), (3, 25), (4, 5)]),
}
_STATEMENTS = Weighted([("monthly", 45), ("quarterly", 25), ("yearly", 20), ("", 10)])
_REVIEW_DAYS = {"mass": 365, "affluent": 181, "hnw": 90, "sme": 365, "corporate": 181}
_DEPOSITS = {"EUR", "USD", "CHF", "GBP"}  # currencies in which the bank keeps savings of foreigners
_LEFT = 0.15  # of a churner's money is still here


class _Planned(NamedTuple):
    kind: str
    currency: str
    euros: float
    opened: int


def draw_investor(file: ClientFile) -> None:
    """Whether the client invests, how much, at which risk, and how that is spread."""
    chance, segment = file.chance, file.segment
    file.band = file.invested_cents = 0
    wanted = file.planted in {"drifting_portfolios", "unsuitable_holdings"}
    if not wanted and (file.state not in SERVED or chance() >= _INVESTS[segment]):
        return
    band = _BAND[segment].pick(chance())
    if file.planted == "unsuitable_holdings":
        band = min(max(band, 2), 3)
    level = file.level if segment in {"mass", "affluent"} else 1.0
    if file.planted == "churners":
        level *= _LEFT
    file.band = band
    file.invested_cents = int(between(_WEALTH[segment], chance()) * level * 100)
    file.shares = weights(band, chance, drifting=file.planted == "drifting_portfolios")


def write_accounts(file: ClientFile) -> None:
    """At least two for everyone who is a client already; a lead has none yet."""
    chance, segment, home = file.chance, file.segment, file.home_currency
    file.cash_cents = file.value_cents = 0
    file.has_loan = False
    if file.state == "lead":
        return
    level = file.level if segment in {"mass", "affluent", "sme"} else 1.0
    if file.state == "onboarding":
        level = 0.0  # opened, not yet used
    elif file.state == "dormant":
        level *= 0.25
    elif file.planted == "churners":
        level *= _LEFT
    leaving = file.planted == "churners"
    since = file.since
    later = min(since + int(chance() * 700), -200 if leaving else -40)
    second = (
        "deposit" if segment == "corporate" or (segment in {"hnw", "sme"} and chance() < 0.5) else "savings"
    )
    draw = between(CURRENT[segment], chance()) * level
    plan = [_Planned("current", home, draw, since)]
    currency = file.currency if file.currency in _DEPOSITS and chance() < 0.5 else home
    plan.append(_Planned(second, currency, between(SAVINGS[segment], chance()) * level, later))
    if segment in {"hnw", "corporate"} and chance() < 0.55:
        currency = "USD" if chance() < 0.6 else "EUR"
        plan.append(_Planned("current", currency, between(CURRENT[segment], chance()) * level * 0.5, later))
    if segment in {"affluent", "sme"} and chance() < 0.25:
        currency = "EUR" if home != "EUR" else "USD"
        plan.append(_Planned("current", currency, between(CURRENT[segment], chance()) * level * 0.4, later))
    scale = 1.0
    if file.band:
        # An investor leaves a twentieth to a fifth of all on accounts, in the proportions drawn.
        drawn = sum(one.euros for place, one in enumerate(plan) if not (leaving and place == 1))
        part = 0.05 + chance() * 0.15
        scale = file.invested_cents / 100 * part / (1 - part) / (drawn or 1.0)
    leaves = -(5 + int(chance() * 80)) if leaving else 0
    first = 0
    for place, one in enumerate(plan):
        closed = leaves if place == 1 else 0
        number = _account(file, one.kind, one.currency, one.euros * scale, one.opened, closed)
        first = first or number
    if file.state == "active" and chance() < _BORROWS[segment]:
        _borrow(file, home, later)
    if file.state == "active" and chance() < _HAS_CARD[segment]:
        kind = (
            "gold" if segment in {"affluent", "hnw"} else "classic" if file.kind == "person" else "business"
        )
        issued = file.days.iso(max(since, -1200 + int(chance() * 1100)))
        file.out["portfolios_card"](
            f"{file.id}\t{file.id}\t{file.main_party}\t{first}\tCARD-{file.id:08d}\t{kind}\t{issued}\n"
        )
    file.value_cents = file.cash_cents


def _account(file: ClientFile, kind: str, currency: str, euros: float, opened: int, closed: int = 0) -> int:
    number = file.id * ACCOUNT + file.accounts
    file.accounts += 1
    text = ACCOUNT_NUMBERS[file.book.market.country].number(number)
    closed = file.closed or closed
    rate = file.market.rate_e8[currency]
    cents = 0 if closed else int(euros * rate / 10**6)
    iso = file.days.iso
    if cents > 0:
        file.cash_cents += euro_cents(cents * 10**8, rate)
    minus, whole = ("-" if cents < 0 else ""), abs(cents)
    file.out["portfolios_account"](
        f"{number}\t{file.id}\t{text}\t{kind}\t{currency}\t{iso(opened)}\t{iso(closed) if closed else NULL}\t"
        f"{minus}{whole // 100}.{whole % 100:02d}\t{iso(0)}\t"
        f"{_STATEMENTS.pick(file.chance())}\n"
    )
    line = f"{number * 2}\t{file.id}\t{number}\t{file.main_party}\towner\n"
    may = 0
    if kind == "current":
        if file.kind == "organisation":
            may = file.signatory
        elif file.spouse and file.chance() < 0.4:
            may = file.spouse
    if may:
        line += f"{number * 2 + 1}\t{file.id}\t{number}\t{may}\tdisponent\n"
    file.out["portfolios_accountparty"](line)
    file.out["clients_searchkey"](
        f"{file.id * KEY + 2 + file.accounts}\t{file.id}\t{ACCOUNT_KEY}{text.lower()}\n"
    )
    return number


def _borrow(file: ClientFile, currency: str, opened: int) -> None:
    chance, per_euro = file.chance, file.market.per_euro[currency]
    euros = between(_LOAN[file.segment], chance()) * (file.level if file.segment != "hnw" else 1.0)
    amount = float(round(euros * per_euro / 1000) * 1000 + 1000)
    months = (36, 48, 60, 120, 180, 240)[int(chance() * 6)]
    opened = max(opened, -months * 30 + 100)
    passed = min(-opened / 30.4 / months, 0.97)
    account = _account(file, "loan", currency, -amount * (1 - passed) / per_euro, opened)
    state = "arrears" if chance() < 0.03 else "running"
    file.has_loan = True
    file.out["portfolios_loan"](
        f"{file.id}\t{file.id}\t{account}\tLN-{file.id:08d}\t{file.days.iso(opened)}\t{amount:.2f}\t{months}\t"
        f"{amount / months * 1.12:.2f}\t{state}\n"
    )


def write_portfolio(file: ClientFile) -> None:
    """Custody account, holdings, mandate and assessment of an investor."""
    band = file.band
    if not band:
        return
    chance, days = file.chance, file.days
    opened = min(file.since + int(chance() * 500), -200)
    account = _account(file, "custody", file.currency, 0, opened)
    positions = portfolio(
        file.invested_cents,
        band,
        file.shares,
        file.home_currency,
        file.market,
        chance,
        unsuitable=file.planted == "unsuitable_holdings",
    )
    lines = []
    for place, one in enumerate(positions):
        lines.append(
            f"{file.id * HOLDING + place}\t{file.id}\t{account}\t{one.product.id}\t"
            f"{one.thousandths // 1000}.{one.thousandths % 1000:03d}\t"
            f"{one.cost // 100}.{one.cost % 100:02d}\n"
        )
        file.value_cents += one.cents
    file.out["portfolios_holding"]("".join(lines))
    kind = "advisory" if chance() < 0.7 else "discretionary" if file.segment != "mass" else "execution"
    every = _REVIEW_DAYS[file.segment]
    ago = int(chance() * every * 0.95) + 1
    if chance() < 0.06:
        ago = every + 3 + int(chance() * 40)
    review = days.iso(max(-ago, opened))
    file.out["portfolios_mandate"](f"{file.id}\t{file.id}\t{kind}\t{band}\t{days.iso(opened)}\t{review}\n")
    assessments.write(file, opened)
    if drifts(positions, band):
        file.truth("drifting_portfolios", band=band)
    if products := unsuitable(positions, band):
        file.truth("unsuitable_holdings", band=band, products=products)


def write_quarters(file: ClientFile) -> None:
    """What the client was worth at the ends of the last two whole quarters."""
    if file.state not in SERVED:
        return
    chance = file.chance
    for place, day in enumerate(file.days.quarter_ends):
        if file.since > day:
            continue
        before = 0.93 + chance() * 0.14
        if file.planted == "churners":
            before = (1 / _LEFT, 0.8 / _LEFT)[place]
        cents = int(file.value_cents * before)
        file.out["retention_quartervalue"](
            f"{file.id * 2 + place}\t{file.id}\t{file.days.iso(day)}\t{cents // 100}.{cents % 100:02d}\n"
        )
