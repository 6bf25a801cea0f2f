"""The page /portfolios/<client>/: what Rita reads there, and what Otto does not."""

from datetime import date

import time_machine
from django.urls import reverse

from audit.models import AuditEvent
from portfolios.selectors import portfolio
from tests.portfolios.make import FRIDAY, account, holding, mandate, product, rate


def invested(client):
    client.currency = "CHF"
    client.save()
    rate("CHF", "0.95")
    holding(account(client), product("ACME", currency="EUR", on_2026_03_06="100"), "10", "800")
    account(client, "current", "CHF", "50.00", FRIDAY)
    mandate(client)


def test_rita_reads_value_weights_findings_and_where_each_figure_comes_from(
    page_of, rita, anna, django_assert_max_num_queries
):
    invested(anna)
    browser = page_of(rita)
    with time_machine.travel("2026-03-07T10:00:00Z", tick=False), django_assert_max_num_queries(25):
        answer = browser.get(reverse("portfolios:client", args=[anna.pk]))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "ACME Inc" in text
    assert "100 EUR on 6 Mar 2026 (Exchange). 1 EUR = 0.95 (by way of the euro, ECB, 6 Mar 2026)." in text
    assert "Equity is 100.0 % of the portfolio, 40.0 points above the model." in text
    assert "A single issuer may be 10 % at most (rule pack portfolio)." in text
    assert AuditEvent.objects.filter(verb="file opened", client_id=anna.pk, why="portfolio").exists()


def test_the_page_asks_nine_things(anna, django_assert_num_queries):
    invested(anna)
    with django_assert_num_queries(9):
        assert not portfolio(anna, FRIDAY).valued.missing
    with django_assert_num_queries(8):  # no comparison with the quarter's start, but the last good day
        assert portfolio(anna, date(2026, 4, 1)).latest == FRIDAY


def test_a_portfolio_without_a_rate_shows_why_and_offers_the_last_good_day(page_of, rita, anna):
    invested(anna)
    with time_machine.travel("2026-04-01T10:00:00Z", tick=False):
        text = page_of(rita).get(reverse("portfolios:client", args=[anna.pk])).content.decode()
    assert "No exchange rate for CHF on 1 Apr 2026" in text
    assert "?on=2026-03-06" in text


def test_the_api_gives_the_same_valuation_and_otto_gets_404(page_of, cast):
    invested(cast.anna)
    url = f"/api/v1/clients/{cast.anna.pk}/holdings/"
    got = page_of(cast.rita).get(url, {"on": "2026-03-06"}).json()
    assert (got["currency"], got["total"], got["positions"][0]["value"]) == ("CHF", "1000.00", "950.00")
    assert got["findings"][0]["code"] == "drift"
    late = page_of(cast.rita).get(url, {"on": "2026-04-01"}).json()
    assert (late["total"], late["positions"][0]["value"]) == (None, None)
    assert late["missing"]
    assert page_of(cast.rita).get(url, {"on": "1999-01-01"}).status_code == 400
    assert page_of(cast.otto).get(url).status_code == 404


def test_a_day_of_the_past_is_asked_in_the_address_and_nonsense_is_today(page_of, rita, anna):
    invested(anna)
    url = reverse("portfolios:client", args=[anna.pk])
    with time_machine.travel("2026-04-01T10:00:00Z", tick=False):
        assert page_of(rita).get(url, {"on": "2026-03-06"}).context["on"] == FRIDAY
        for nonsense in ("soon", "0001-01-01"):
            assert page_of(rita).get(url, {"on": nonsense}).context["on"] == date(2026, 4, 1)
        assert page_of(rita).get(url, {"on": "2036-01-01"}).context["on"] == date(2026, 4, 1)


def test_an_empty_portfolio_says_so(page_of, rita, anna):
    text = page_of(rita).get(reverse("portfolios:client", args=[anna.pk])).content.decode()
    assert "No securities are held." in text


def test_otto_gets_the_same_404_for_a_foreign_and_a_missing_client(page_of, otto, anna):
    for client_id in (anna.pk, 999_999):
        assert page_of(otto).get(reverse("portfolios:client", args=[client_id])).status_code == 404
