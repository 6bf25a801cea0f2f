"""The night shift keeps the value of each client: the same as the page says, and only when it is whole."""

from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import AuditEvent
from clients.models import Client
from portfolios.actions import revalue_clients
from portfolios.models import Price
from portfolios.selectors import valued_holdings
from portfolios.tasks import revalue
from tests.cast import make_client
from tests.portfolios.make import FRIDAY, account, holding, price, product, rate
from ui.refusals import NotPermitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_a_friday():
    with time_machine.travel(f"{FRIDAY}T20:00:00Z"):
        yield


@pytest.fixture
def acme(anna):
    rate("USD", "1.25")
    made = product("ACME", on_2026_03_06="100")
    holding(account(anna), made, "10")
    account(anna, "current", "EUR", "200.00", FRIDAY)
    account(anna, "loan", "EUR", "-5000.00", FRIDAY)
    return made


def of(client):
    client.refresh_from_db()
    return client.value, client.value_on


def test_a_client_is_worth_positions_and_cash_in_the_banks_currency(anna, acme):
    revalue()
    assert of(anna) == (Decimal("1000.00"), FRIDAY)


def test_the_second_run_changes_nothing_and_a_newer_price_does(anna, acme):
    revalue()
    revalue()
    assert AuditEvent.objects.filter(verb="clients valued").count() == 1
    with time_machine.travel("2026-03-09T20:00:00Z"):
        price(acme, FRIDAY.replace(day=9), "200")
        revalue()
    assert of(anna) == (Decimal("1800.00"), FRIDAY.replace(day=9))
    assert AuditEvent.objects.filter(verb="clients valued").count() == 2


def test_who_lacks_a_price_or_a_rate_keeps_the_old_value(anna, acme, omar):
    Client.objects.update(value=7)
    holding(account(anna), product("UNPRICED"))
    account(omar, "current", "CZK", "100.00", FRIDAY)
    revalue()
    assert of(anna) == of(omar) == (7, None)


def test_a_colleague_may_not(rita, anna):
    with pytest.raises(NotPermitted):
        revalue_clients(None, by=rita, client_ids=[anna.pk], on=FRIDAY, currency="EUR", max_days=5)


quantities = st.decimals(Decimal("0.001"), Decimal("99999"), places=3)
closes = st.decimals(Decimal("0.01"), Decimal("9999"), places=4)
balances = st.decimals(Decimal("-99999"), Decimal("99999"), places=2)
held = st.lists(st.tuples(quantities, closes, st.sampled_from(["EUR", "USD", "CZK", "JPY"])), max_size=4)
kept = st.lists(st.tuples(balances, st.sampled_from(["EUR", "USD", "JPY"])), max_size=3)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held, kept)
def test_the_set_based_twin_says_what_the_rule_says(rita, holdings_, balances_):
    from django.db import transaction

    with transaction.atomic():
        rate("USD", "1.1172")
        rate("JPY", "175.68")
        client = make_client("Twin", rita.memberships.get().book)
        custody = account(client)
        for number, (quantity, close, currency) in enumerate(holdings_):
            made = product(f"P{number}", currency=currency)
            Price.objects.create(product=made, on=FRIDAY, close=close, source="Exchange")
            holding(custody, made, quantity)
        for balance, currency in balances_:
            account(client, "current", currency, balance, FRIDAY)
        expected = valued_holdings(client, FRIDAY, "EUR").total
        revalue()
        client.refresh_from_db()
        assert client.value == (expected or 0)
        assert (client.value_on is None) is (expected is None or not (holdings_ or balances_))
        transaction.set_rollback(True)
    assert connection.is_usable()
