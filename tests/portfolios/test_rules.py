"""The calculator of portfolios: what must hold for any figures, and truth tables for the findings."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolios import rules
from portfolios.rules import Item, Money, Quote, Rate, Target

DAY = date(2026, 3, 6)
POLICY = {"issuer_max": 10, "single_fund_max": 25, "cash_min": 2, "cash_max": 40, "stale_price_days": 5}
MAX_RISK = {"1": 2, "2": 3, "3": 4, "4": 6, "5": 7}
RATES = {
    "USD": Rate(Decimal("1.1172"), DAY, "ECB"),
    "CHF": Rate(Decimal("0.9194"), DAY, "ECB"),
    "CZK": Rate(Decimal("24.353"), DAY, "ECB"),
    "JPY": Rate(Decimal("175.68"), DAY, "ECB"),
}
MODEL = [
    Target("equity", Decimal(60), Decimal(5)),
    Target("bonds", Decimal(35), Decimal(5)),
    Target("cash", Decimal(5), Decimal(5)),
]
currencies = st.sampled_from(["EUR", *RATES])
amounts = st.decimals(Decimal("0.01"), Decimal("1000000000"), places=2)


def item(
    quantity="10",
    close="10",
    currency="EUR",
    asset_class="equity",
    kind="share",
    risk_class=4,
    cost="90",
    on=DAY,
    code="X",
):
    quote = Quote(Decimal(close), on, "Exchange") if close is not None else None
    return Item(
        holding_id=1,
        account="C-1",
        product_id=1,
        code=code,
        name=code,
        kind=kind,
        asset_class=asset_class,
        currency=currency,
        risk_class=risk_class,
        quantity=Decimal(quantity),
        cost=None if cost is None else Decimal(cost),
        quote=quote,
    )


def money(balance, currency="EUR", kind="current"):
    return Money(1, "A-1", kind, currency, Decimal(balance), DAY)


def value(items, moneys=(), currency="EUR", on=DAY, rates=RATES, **more):
    return rules.value_portfolio(
        items, moneys, on=on, currency=currency, rates=rates, policy=POLICY, max_risk_class=MAX_RISK, **more
    )


items = st.builds(
    item,
    quantity=st.decimals(Decimal("0.001"), Decimal("100000"), places=3),
    close=st.decimals(Decimal("0.01"), Decimal("10000"), places=4),
    currency=currencies,
    asset_class=st.sampled_from(["equity", "bonds", "real_estate", "cash"]),
)
moneys = st.builds(money, st.decimals(Decimal("-100000"), Decimal("100000"), places=2), currencies)
portfolios = st.tuples(st.lists(items, max_size=8), st.lists(moneys, max_size=4))


@given(portfolios, currencies)
def test_weights_are_a_hundred_percent_or_there_is_nothing(portfolio, currency):
    valued = value(*portfolio, currency=currency)
    weights = sum((share.weight for share in valued.allocation), Decimal(0))
    assert (abs(weights - 100) < Decimal("1e-20")) if valued.invested else weights == 0
    assert valued.invested == sum((share.value for share in valued.allocation), Decimal(0))
    assert valued.total == valued.invested + valued.cash


@given(portfolios, st.randoms())
def test_the_order_of_holdings_changes_nothing(portfolio, random):
    holdings, accounts = portfolio
    mixed = random.sample(holdings, len(holdings)), random.sample(accounts, len(accounts))
    one, other = value(holdings, accounts, targets=MODEL), value(*mixed, targets=MODEL)
    assert (one.total, one.debts, one.allocation) == (other.total, other.debts, other.allocation)
    assert sorted(map(repr, one.findings)) == sorted(map(repr, other.findings))


@given(st.lists(items, min_size=1, max_size=6), st.integers(2, 1000))
def test_ten_times_as_much_of_everything_is_spread_alike(holdings, times):
    grown = [
        Item(**{**each.__dict__, "quantity": each.quantity * times, "cost": each.cost * times})
        for each in holdings
    ]
    one, other = value(holdings), value(grown)
    # The cent that a value is rounded to is all that may differ.
    room = Decimal(len(holdings)) / max(one.total, Decimal("0.01"))
    for small, large in zip(one.allocation, other.allocation, strict=True):
        assert abs(small.weight - large.weight) <= room
    assert abs(one.total * times - other.total) <= Decimal("0.005") * len(holdings) * (times + 1)
    assert [each.gain for each in one.positions] == pytest.approx([each.gain for each in other.positions])


@given(amounts, currencies, currencies)
def test_there_and_back_again_is_the_same_money(amount, given_currency, wanted):
    there, _ = rules.cross(given_currency, wanted, DAY, RATES, 5)
    back, _ = rules.cross(wanted, given_currency, DAY, RATES, 5)
    returned = rules.converted(rules.converted(amount, there), back)
    assert abs(returned - amount) <= Decimal("0.005") * (back.rate + 1)


@given(amounts, currencies)
def test_a_currency_is_worth_itself(amount, currency):
    same, refused = rules.cross(currency, currency, DAY, {}, 5)
    assert refused == ""
    assert rules.converted(amount, same) == amount


@pytest.mark.parametrize(
    ("days_before", "sentence"),
    [
        (0, ""),
        (5, ""),
        (6, "The latest exchange rate for CZK is of 28 Feb 2026: too old for 6 Mar 2026 (at most 5 days)."),
        (-1, "No exchange rate for CZK on 6 Mar 2026, nor in the 5 days before."),
    ],
)
def test_a_rate_holds_for_some_days_and_never_for_the_past(days_before, sentence):
    rates = {"CZK": Rate(Decimal(24), DAY - timedelta(days=days_before), "ECB")}
    assert rules.missing_rate("CZK", DAY, 5, rates) == sentence
    assert rules.missing_rate("EUR", DAY, 5, {}) == ""


def test_one_missing_rate_leaves_no_total_at_all():
    valued = value([item(), item(currency="SEK")], [money("100")])
    assert (valued.total, valued.debts, valued.allocation) == (None, None, [])
    assert [position.value for position in valued.positions] == [Decimal("100.00"), None]
    assert [finding.code for finding in valued.findings] == ["missing"]


@pytest.mark.parametrize(
    ("weight", "outside"), [("54.99", True), ("55", False), ("60", False), ("65", False), ("65.01", True)]
)
def test_drift_is_a_matter_of_the_band_and_its_edges_are_inside(weight, outside):
    share = rules.Share("equity", Decimal(1), Decimal(weight), MODEL[0])
    assert share.outside is outside
    assert share.drift == Decimal(weight) - 60


def test_a_class_the_model_does_not_know_is_a_drift():
    model = [Target("equity", Decimal(100), Decimal(5))]
    odd = value([item("94"), item("6", asset_class="commodities")], targets=model)
    assert [(each.code, each.subject) for each in odd.findings if each.code == "drift"] == [
        ("drift", "equity"),
        ("drift", "commodities"),
    ]


def test_money_on_accounts_stands_beside_the_portfolio_and_moves_no_weight():
    one, other = value([item()], targets=MODEL), value([item()], [money("1000")], targets=MODEL)
    assert one.allocation == other.allocation
    assert (one.total, other.total) == (Decimal("100.00"), Decimal("1100.00"))


@pytest.mark.parametrize(
    ("kind", "held", "rest", "found"),
    [
        ("share", "10", "90", False),
        ("share", "11", "89", True),
        ("fund", "25", "75", False),
        ("fund", "26", "74", True),
    ],
)
def test_one_issuer_or_fund_may_weigh_only_so_much(kind, held, rest, found):
    valued = value([item(held, "1", kind=kind), item(rest, "1", kind="fund", code="REST")])
    valued.findings[:] = [finding for finding in valued.findings if finding.subject == "X"]
    assert ("concentration" in {finding.code for finding in valued.findings}) is found


def test_the_same_paper_in_two_accounts_weighs_together():
    valued = value([item("8", kind="share"), item("8", kind="share"), item("84", kind="fund", code="REST")])
    found = [each for each in valued.findings if (each.code, each.subject) == ("concentration", "X")]
    assert [each.sentence for each in found] == ["X alone is 16.0 % of the portfolio."]


@pytest.mark.parametrize(
    ("band", "model_band", "risk_class", "found"),
    [
        (1, None, 2, False),
        (1, None, 3, True),
        (None, 4, 6, False),
        (None, 4, 7, True),
        (5, 1, 7, False),
        (None, None, 7, False),
    ],
)
def test_the_signed_band_decides_what_is_suitable_and_else_the_models(band, model_band, risk_class, found):
    valued = value([item(risk_class=risk_class)], band=band, model_band=model_band)
    assert ("unsuitable" in {finding.code for finding in valued.findings}) is found


@pytest.mark.parametrize(("days", "found"), [(5, False), (6, True)])
def test_an_old_price_blocks_a_report_and_is_still_shown(days, found):
    valued = value([item(on=DAY - timedelta(days=days))])
    assert [finding.code for finding in valued.findings if finding.blocks] == (
        ["stale_price"] if found else []
    )
    assert valued.total == 100


@pytest.mark.parametrize(
    ("cash", "found"), [("1", True), ("3", False), ("60", False), ("70", True), ("0", True)]
)
def test_cash_has_a_band_of_its_own_for_those_who_invest(cash, found):
    assert ("cash" in {each.code for each in value([item()], [money(cash)]).findings}) is found
    assert value([], [money(cash)]).findings == []


@pytest.mark.parametrize(
    ("now", "steps"), [("101", 0), ("90.01", 0), ("90", 1), ("80.5", 1), ("80", 2), ("0", 10)]
)
def test_each_full_tenth_lost_is_told(now, steps):
    assert rules.loss_steps(rules.Change(DAY, Decimal(100), Decimal(now)), 10) == steps
