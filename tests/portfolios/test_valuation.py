"""A client's portfolio valued from the database: at which price, at which rate, in how many queries."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from portfolios.selectors import change_since, valued_holdings
from tests.portfolios.make import FRIDAY, account, holding, mandate, price, product, rate

SATURDAY = FRIDAY + timedelta(days=1)


@pytest.fixture
def invested(anna):
    """Anna thinks in francs and holds a dollar share, a euro fund, and francs on an account."""
    anna.currency = "CHF"
    anna.save()
    rate("USD", "1.25")
    rate("CHF", "0.95")
    custody = account(anna)
    holding(custody, product("ACME", on_2026_03_05="99", on_2026_03_06="100"), "10", "800")
    bonds = product("BONDS", "fund", "bonds", "EUR", 2, on_2026_03_06="50")
    holding(custody, bonds, "20", "1100")
    account(anna, "current", "CHF", "90.00", FRIDAY)
    mandate(anna)
    return anna


def test_each_position_says_its_price_its_day_its_rate_and_its_value(invested, django_assert_num_queries):
    with django_assert_num_queries(6):
        valued = valued_holdings(invested, SATURDAY)
    share, fund = valued.positions
    assert (share.item.quote.close, share.item.quote.on, share.item.quote.source) == (100, FRIDAY, "Exchange")
    assert (share.value, share.cross.rate, share.cross.on) == (Decimal("760.00"), Decimal("0.76"), FRIDAY)
    assert share.gain == 25
    assert (fund.value, fund.gain.quantize(Decimal("0.1"))) == (Decimal("950.00"), Decimal("-9.1"))
    assert (valued.total, valued.cash, valued.debts) == (Decimal("1800.00"), Decimal("90.00"), 0)
    assert {row.asset_class: row.weight.quantize(Decimal("0.1")) for row in valued.allocation} == {
        "equity": Decimal("44.4"),
        "bonds": Decimal("55.6"),
        "cash": Decimal("0.0"),
    }


def test_what_there_is_to_say_names_its_rule(invested):
    found = {
        (finding.code, finding.subject): finding for finding in valued_holdings(invested, FRIDAY).findings
    }
    assert set(found) == {
        ("drift", "equity"),
        ("drift", "bonds"),
        ("concentration", "ACME"),
        ("concentration", "BONDS"),
    }
    assert (
        found["drift", "equity"].sentence == "Equity is 44.4 % of the portfolio, 15.6 points below the model."
    )
    assert found["drift", "equity"].rule == "Model Model 3: 60 %, from 50 % to 70 %."


def test_the_signed_band_is_stricter_than_the_mandate(invested):
    assert not [each for each in valued_holdings(invested, FRIDAY).findings if each.code == "unsuitable"]
    strict = valued_holdings(invested, FRIDAY, band=1)
    assert [each.subject for each in strict.findings if each.code == "unsuitable"] == ["ACME"]


def test_a_missing_rate_is_a_sentence_and_no_total(invested):
    monday_week = FRIDAY + timedelta(days=10)
    valued = valued_holdings(invested, monday_week)
    assert valued.total is None
    assert valued.allocation == []
    assert "No exchange rate for USD on 16 Mar 2026, nor in the 5 days before." in valued.missing
    assert {finding.code for finding in valued.findings if finding.blocks} == {"missing", "stale_price"}


def test_a_price_of_tomorrow_is_not_known_today(invested):
    price(invested.holdings.get(product__code="ACME").product, SATURDAY, "500")
    assert valued_holdings(invested, FRIDAY).positions[0].item.quote.close == 100


def test_a_holding_that_never_had_a_price_is_named(invested):
    holding(account(invested), product("NEW"), "1", None)
    valued = valued_holdings(invested, FRIDAY)
    assert valued.missing == ["No price for NEW Inc (NEW, USD) on 6 Mar 2026 or before."]
    assert [finding.code for finding in valued.findings if finding.subject == "NEW"] == ["missing_cost"]


def test_a_balance_of_a_later_day_is_not_the_balance_of_that_day(invested):
    valued = valued_holdings(invested, FRIDAY - timedelta(days=1))
    assert valued.total is None
    assert any("later than 5 Mar 2026" in sentence for sentence in valued.missing)


def test_a_loan_is_owed_and_not_owned(invested):
    account(invested, "loan", "CHF", "-500.00", FRIDAY)
    valued = valued_holdings(invested, FRIDAY)
    assert (valued.total, valued.debts) == (Decimal("1800.00"), Decimal("500.00"))


def test_a_client_with_nothing_has_nothing_and_nothing_to_say(anna):
    valued = valued_holdings(anna, FRIDAY)
    assert (valued.total, valued.positions, valued.findings) == (0, [], [])


def test_todays_positions_on_an_earlier_day_are_a_comparison_and_no_return(
    invested, django_assert_num_queries
):
    valued = valued_holdings(invested, FRIDAY)
    day_before = date(2026, 3, 5)
    assert change_since(valued, day_before, 5) is None  # no rates of that day
    for currency, per_euro in (("USD", "1.25"), ("CHF", "0.95")):
        rate(currency, per_euro, day_before)
    price(invested.holdings.get(product__code="BONDS").product, day_before, "49")
    with django_assert_num_queries(2):
        change = change_since(valued, day_before, 5)
    assert (change.then, change.now) == (Decimal("752.40") + Decimal("931.00"), Decimal("1710.00"))
