"""What the bank offers, its prices and rates, and the model portfolios: the market of the synthetic bank."""

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from rmcrm.synthetic.days import Days
from rmcrm.synthetic.dice import dice

CLASSES = ["cash", "bonds", "equity", "real_estate", "commodities", "alternatives"]
PRICE_DAYS = 400


class Instrument(NamedTuple):
    """Something to hold. `start` is its price at the beginning, `drift` and `swing` per working day."""

    id: int
    name: str
    kind: str
    asset_class: str
    currency: str
    risk_class: int
    start: float
    drift: float
    swing: float


def _instruments() -> list[Instrument]:
    rows = [
        ("Helvion Money Market Fund CHF", "fund", "cash", "CHF", 1, 104.2, 0.00003, 0.0001),
        ("Nordmark Euro Liquidity Fund", "fund", "cash", "EUR", 1, 1012.6, 0.00008, 0.0001),
        ("Castellan Sterling Cash Fund", "fund", "cash", "GBP", 1, 131.9, 0.00014, 0.0001),
        ("Meridian US Dollar Reserve Fund", "fund", "cash", "USD", 1, 118.3, 0.00015, 0.0001),
        ("Nordmark Euro Government Bond Fund", "fund", "bonds", "EUR", 2, 96.4, 0.0001, 0.0022),
        ("Helvion Swiss Franc Bond Fund", "fund", "bonds", "CHF", 2, 101.8, 0.00006, 0.0016),
        ("Castellan Gilt Income Fund", "fund", "bonds", "GBP", 2, 88.7, 0.0001, 0.0026),
        ("Meridian Global Aggregate Bond Fund", "fund", "bonds", "USD", 3, 52.1, 0.00012, 0.0024),
        ("Aurelia Corporate Bond Fund", "fund", "bonds", "EUR", 3, 143.5, 0.00016, 0.0025),
        ("Meridian Short Duration Dollar Bond Fund", "fund", "bonds", "USD", 2, 109.4, 0.00012, 0.0012),
        ("Aurelia Euro Inflation-Linked Bond Fund", "fund", "bonds", "EUR", 2, 131.6, 0.00009, 0.0024),
        ("Helvion Ultra Short Bond Fund", "fund", "bonds", "CHF", 1, 100.6, 0.00004, 0.0004),
        ("Port of Elbingen 2.75% 2031", "bond", "bonds", "EUR", 2, 98.6, 0.00004, 0.0014),
        ("Kanton Falkenried 1.125% 2034", "bond", "bonds", "CHF", 1, 97.9, 0.00003, 0.0012),
        ("Lowland Rail 3.5% 2029", "bond", "bonds", "EUR", 2, 100.9, 0.00003, 0.0013),
        ("Borealis High Yield Bond Fund", "fund", "bonds", "EUR", 4, 76.3, 0.0002, 0.0042),
        ("Meridian Emerging Markets Debt Fund", "fund", "bonds", "USD", 4, 64.8, 0.0002, 0.0046),
        ("Helvion Defensive Equity Income Fund", "fund", "equity", "CHF", 3, 212.4, 0.0002, 0.0058),
        ("Nordmark Low Volatility Equity Fund", "fund", "equity", "EUR", 3, 168.0, 0.00022, 0.006),
        ("Nordmark Europe Equity Index Fund", "fund", "equity", "EUR", 4, 84.6, 0.0003, 0.0085),
        ("Meridian World Equity Index Fund", "fund", "equity", "USD", 4, 311.7, 0.0004, 0.0088),
        ("Castellan UK Leaders Fund", "fund", "equity", "GBP", 4, 57.2, 0.00025, 0.0083),
        ("Helvion Swiss Equity Fund", "fund", "equity", "CHF", 4, 148.9, 0.00028, 0.0081),
        ("Alpenkraft Holding", "share", "equity", "CHF", 5, 74.3, 0.0003, 0.013),
        ("Medisola Pharma", "share", "equity", "CHF", 5, 98.5, 0.0002, 0.0122),
        ("Rheintal Maschinenbau", "share", "equity", "EUR", 5, 142.6, 0.0002, 0.0147),
        ("Lusitan Telecom", "share", "equity", "EUR", 5, 18.4, 0.0001, 0.0128),
        ("Ardenne Chemicals", "share", "equity", "EUR", 5, 61.7, 0.0001, 0.0151),
        ("Northgate Retail Group", "share", "equity", "GBP", 5, 22.8, 0.0002, 0.0139),
        ("Cobalt Harbor Software", "share", "equity", "USD", 6, 187.2, 0.0006, 0.0192),
        ("Sierra Vista Semiconductors", "share", "equity", "USD", 6, 243.9, 0.0007, 0.0224),
        ("Meridian Emerging Markets Equity Fund", "fund", "equity", "USD", 5, 41.6, 0.0003, 0.0104),
        ("Aurelia Small Companies Fund", "fund", "equity", "EUR", 5, 96.2, 0.0003, 0.0112),
        ("Borealis Biotech Fund", "fund", "equity", "USD", 6, 133.3, 0.0004, 0.0171),
        (
            "Castellan 3x Leveraged Technology Certificate",
            "structured",
            "equity",
            "USD",
            7,
            38.5,
            0.0006,
            0.0395,
        ),
        (
            "Aurelia Barrier Reverse Convertible on Sierra Vista",
            "structured",
            "equity",
            "EUR",
            6,
            99.1,
            0.0001,
            0.0155,
        ),
        ("Helvion Swiss Property Fund", "fund", "real_estate", "CHF", 3, 132.5, 0.00012, 0.0047),
        ("Nordmark European Real Estate Fund", "fund", "real_estate", "EUR", 3, 71.4, 0.0001, 0.005),
        ("Castellan Global REIT Fund", "fund", "real_estate", "USD", 4, 45.9, 0.0002, 0.0095),
        ("Tessin Physical Gold", "fund", "commodities", "USD", 4, 224.6, 0.0004, 0.0084),
        ("Borealis Broad Commodities Fund", "fund", "commodities", "EUR", 4, 63.8, 0.0001, 0.0091),
        ("Aurelia Market Neutral Fund", "fund", "alternatives", "EUR", 3, 118.2, 0.00012, 0.0027),
        ("Castellan Private Markets Fund", "fund", "alternatives", "EUR", 6, 1043.0, 0.0004, 0.0065),
        ("Meridian Infrastructure Fund", "fund", "alternatives", "USD", 5, 81.0, 0.0003, 0.0072),
        ("Tessin Global Macro Fund", "fund", "alternatives", "CHF", 5, 156.7, 0.0002, 0.0068),
    ]
    return [Instrument(number, *row) for number, row in enumerate(rows, start=1)]


INSTRUMENTS = _instruments()
# (code, name, kind, currency, risk class, target market)
SERVICES: list[tuple[str, str, str, str, int, list[str]]] = [
    ("CUR-BASIC", "Everyday account", "current", "EUR", 1, ["mass"]),
    ("CUR-PREMIUM", "Premium account", "current", "EUR", 1, ["affluent", "hnw"]),
    ("CUR-BUSINESS", "Business account", "current", "EUR", 1, ["sme", "corporate"]),
    ("SAV-FLEX", "Flexible savings account", "savings", "EUR", 1, []),
    ("SAV-GOAL", "Goal savings account", "savings", "EUR", 1, ["mass", "affluent"]),
    ("DEP-12", "Term deposit 12 months", "deposit", "EUR", 1, []),
    ("DEP-36", "Term deposit 36 months", "deposit", "EUR", 1, ["affluent", "hnw", "corporate"]),
    ("CARD-GOLD", "Gold credit card", "card", "EUR", 1, ["affluent", "hnw"]),
    ("CARD-CLASSIC", "Classic credit card", "card", "EUR", 1, ["mass"]),
    ("MORT-FIX10", "Fixed-rate mortgage 10 years", "mortgage", "EUR", 1, ["mass", "affluent", "hnw"]),
    ("LOAN-PERSONAL", "Personal loan", "loan", "EUR", 1, ["mass", "affluent"]),
    ("LOAN-INVEST", "Investment loan for companies", "loan", "EUR", 1, ["sme", "corporate"]),
    ("MAND-BALANCED", "Discretionary mandate", "mandate", "EUR", 4, ["hnw", "affluent"]),
    ("PENS-PLAN", "Pension savings plan", "pension", "EUR", 2, ["mass", "affluent"]),
    ("INS-LIFE", "Life insurance", "insurance", "EUR", 1, ["mass", "affluent", "hnw"]),
    ("PAY-CASH", "Cash management and payments", "payments", "EUR", 1, ["sme", "corporate"]),
    ("TRADE-LC", "Letters of credit and guarantees", "trade_finance", "EUR", 1, ["sme", "corporate"]),
    ("FX-FORWARD", "Currency forwards", "fx", "EUR", 5, ["sme", "corporate"]),
]

# Around the levels of the year, per euro.
RATES = {
    "USD": 1.13,
    "GBP": 0.865,
    "CHF": 0.94,
    "JPY": 171.0,
    "SEK": 11.05,
    "NOK": 11.6,
    "DKK": 7.46,
    "PLN": 4.26,
    "CZK": 24.6,
    "HUF": 396.0,
    "RON": 5.06,
    "TRY": 46.5,
    "AED": 4.15,
    "INR": 97.5,
    "CNY": 8.1,
    "HKD": 8.85,
    "KRW": 1610.0,
    "SGD": 1.48,
    "IDR": 18700.0,
    "BRL": 6.25,
    "MXN": 21.2,
    "ILS": 3.95,
    "ZAR": 20.4,
    "UAH": 47.6,
}

MODELS = {
    1: ("Conservative", [20, 80, 0, 0, 0, 0]),
    2: ("Moderately conservative", [15, 50, 25, 5, 0, 5]),
    3: ("Moderate", [10, 35, 42, 6, 4, 3]),
    4: ("Moderately aggressive", [7, 20, 58, 5, 5, 5]),
    5: ("Aggressive", [5, 8, 70, 6, 5, 6]),
}
TOLERANCE = 5  # percentage points a class may stray from its target


# The highest product risk class for a band in the first rule pack "suitability"; the bank sells within it.
# What is planted as unsuitable is beyond band + 2 as well, so that it stays so should the pack grow milder.
MAX_RISK = {1: 2, 2: 3, 3: 4, 4: 6, 5: 7}


def isin(number: int) -> str:
    """A number with a right check digit under ZZ, which no country has."""
    body = f"ZZ{number * 7919 % 10**9:09d}"
    digits = "".join(str(int(sign, 36)) for sign in body)
    doubled = [int(sign) * (2 if place % 2 == 0 else 1) for place, sign in enumerate(reversed(digits))]
    return body + str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def normal(chance) -> float:
    """Near enough to a normal deviate, by sums alone, so that every machine gets the same digits."""
    return sum(chance() for _ in range(12)) - 6.0


class Market:
    """Prices and rates of the last 400 working days, and the last of each as whole numbers for exact sums."""

    def __init__(self, days: Days, seed: int):
        self.days = days.working[-PRICE_DAYS:]
        self.prices: dict[int, list[Decimal]] = {}
        for instrument in INSTRUMENTS:
            chance = dice(seed, "market", instrument.id).random
            price, series = instrument.start, []
            for _ in self.days:
                price *= 1 + instrument.drift + instrument.swing * normal(chance)
                series.append(rounded(price, "0.0001"))
            self.prices[instrument.id] = series
        self.rates: dict[str, list[Decimal]] = {}
        for number, (currency, level) in enumerate(RATES.items()):
            chance = dice(seed, "market", 1000 + number).random
            rate, series = level, []
            for _ in self.days:
                # A rate wanders but is drawn back, so that it stays at its level in every seed.
                rate += (level - rate) * 0.01 + level * 0.004 * normal(chance)
                series.append(rounded(rate, "0.0001"))
            self.rates[currency] = series
        self.price_micros = {key: int(series[-1] * 10**6) for key, series in self.prices.items()}
        self.rate_e8 = {key: int(series[-1] * 10**8) for key, series in self.rates.items()} | {"EUR": 10**8}
        self.per_euro = {key: value / 10**8 for key, value in self.rate_e8.items()}


def rounded(value: float, step: str) -> Decimal:
    return Decimal(value).quantize(Decimal(step), ROUND_HALF_UP)
