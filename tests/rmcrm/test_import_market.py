"""ECB rates and daily prices come in whole or not at all; on them a Czech client's portfolio is reviewed."""

import json
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, Max, Min
from pypdf import PdfReader

from needs.models import Assessment
from portfolios.models import FxRate, Price, Product
from portfolios.selectors import valued_holdings
from reviews.actions import hold_review, prepare_review
from tests.cast import make_client
from tests.portfolios.make import account, holding, mandate
from tests.rmcrm.shared import shared_data
from ui.refusals import Refused

pytestmark = pytest.mark.django_db

RATES = """Date,USD,CZK,CYP,
2026-03-06,1.1172,24.353,N/A,
2026-03-05,1.1130,24.336,N/A,
"""
PRICES = """Date,ACME,BRK.B
2026-03-05,10.5,300
2026-03-06,11,
"""


@pytest.fixture
def file(tmp_path):
    def write(text, name="file.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def imported(command, path, *more):
    out = StringIO()
    call_command(command, path, "--json", *more, stdout=out)
    return json.loads(out.getvalue())


def counts(report):
    (each,) = report["files"].values()
    return each["read"], each["added"], each["changed"], each["unchanged"], each["gaps"]


def test_rates_come_in_and_a_gap_stays_a_gap(file):
    assert counts(imported("import_rates", file(RATES))) == (2, 4, 0, 0, 2)
    rate = FxRate.objects.get(currency="CZK", on=date(2026, 3, 6))
    assert (rate.per_euro, rate.source) == (Decimal("24.353"), "ECB")
    assert not FxRate.objects.filter(currency="CYP").exists()


def test_the_second_run_changes_nothing_and_a_correction_changes_one(file):
    imported("import_rates", file(RATES))
    assert counts(imported("import_rates", file(RATES))) == (2, 0, 0, 4, 2)
    corrected = RATES.replace("24.353", "24.999").replace("N/A", "0.58", 1)
    assert counts(imported("import_rates", file(corrected))) == (2, 1, 1, 3, 1)
    assert FxRate.objects.get(currency="CZK", on=date(2026, 3, 6)).per_euro == Decimal("24.999")


def test_unknown_tickers_become_products_and_known_ones_stay(file):
    Product.objects.create(code="ACME", name="Acme Works", kind="share", asset_class="equity", currency="USD")
    report = imported("import_prices", file(PRICES, "exchange.csv"))
    assert counts(report) == (2, 3, 0, 0, 1)
    assert Product.objects.get(code="ACME").name == "Acme Works"
    made = Product.objects.get(code="BRK.B")
    assert (made.kind, made.asset_class, made.currency, made.risk_class) == ("share", "equity", "USD", 5)
    assert Price.objects.get(product=made).source == "exchange.csv"
    assert counts(imported("import_prices", file(PRICES, "exchange.csv"))) == (2, 0, 0, 3, 1)


@pytest.mark.parametrize(
    ("command", "text", "said"),
    [
        ("import_rates", RATES.replace("24.336", "-1"), "line 3, column CZK: '-1': is not more than nought"),
        ("import_rates", RATES.replace("1.1172", "n/a"), "line 2, column USD: 'n/a': is not a number"),
        ("import_rates", RATES.replace("1.1172", "NaN"), "line 2, column USD: 'NaN': is not a number"),
        ("import_rates", RATES.replace("1.1172", "1e3"), "line 2, column USD: '1e3': is not a number"),
        ("import_rates", RATES.replace("1.1172", "99999999999"), "column USD: '99999999999': is too large"),
        ("import_rates", RATES.replace("2026-03-05", "5.3.2026"), "column Date: '5.3.2026': is not a day"),
        ("import_rates", RATES.replace("2026-03-05", "2026-03-06"), "this day stands in line 2 already"),
        ("import_rates", RATES.replace("2026-03-06", "2999-03-06"), "'2999-03-06': lies in the future"),
        ("import_rates", RATES.replace("1.1130,", "1.1130,,"), "line 3, column all: "),
        ("import_rates", RATES.replace("Date,USD,CZK", "Date,USD,USD"), "names a column twice"),
        ("import_rates", PRICES, "this is no file of ECB rates"),
        ("import_rates", "", "this is no file of ECB rates"),
        ("import_rates", "%PDF-1.7\n", "this is no file of ECB rates"),
        ("import_prices", PRICES.replace("10.5", "0"), "line 2, column ACME: '0': is not more than nought"),
        ("import_prices", PRICES.replace("10.5", "0.0000001"), "'0.0000001': is too large or too small"),
        ("import_prices", PRICES.replace("10.5", "10,5"), "line 2, column all: "),
        ("import_prices", RATES, "this is no file of prices"),
    ],
)
def test_what_is_wrong_is_named_by_line_column_value_and_reason_and_nothing_is_loaded(
    file, command, text, said
):
    with pytest.raises(CommandError) as refused:
        imported(command, file(text))
    assert "Nothing was imported." in str(refused.value)
    assert said in str(refused.value)
    assert not FxRate.objects.exists()
    assert not Price.objects.exists()
    assert not Product.objects.exists()


def test_all_that_is_wrong_is_said_at_once(file):
    with pytest.raises(CommandError) as refused:
        imported("import_rates", file(RATES.replace("24.353", "x").replace("24.336", "y")))
    assert "line 2, column CZK: 'x'" in str(refused.value)
    assert "line 3, column CZK: 'y'" in str(refused.value)


def test_a_ticker_in_another_currency_is_not_priced_in_dollars(file):
    Product.objects.create(code="ACME", name="Acme Works", kind="share", asset_class="equity", currency="CHF")
    with pytest.raises(CommandError, match="ACME: known with prices in another currency than USD"):
        imported("import_prices", file(PRICES))
    assert not Price.objects.exists()


@pytest.mark.slow
def test_the_whole_history_of_the_ecb_and_of_twenty_shares():
    rates = imported("import_rates", shared_data("market/eurofxref-hist.csv"))
    assert counts(rates) == (7_126, 221_702, 0, 0, 70_464)
    assert FxRate.objects.aggregate(
        first=Min("on"), last=Max("on"), currencies=Count("currency", distinct=True)
    ) == {"first": date(1999, 1, 4), "last": date(2026, 10, 30), "currencies": 41}
    prices = imported("import_prices", shared_data("market/sp500_dataset.csv"))
    assert counts(prices)[:2] == (8_313, 166_260)
    assert Product.objects.count() == 20
    assert (
        counts(imported("import_prices", shared_data("market/sp500_index.csv"), "--kind", "fund"))[1] == 8_313
    )


def of_december_2022(path, tmp_path):
    """The header and the last days of 2022 of a real file."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    short = tmp_path / path.name
    short.write_text(
        "".join([lines[0], *(line for line in lines if line.startswith("2022-12"))]), encoding="utf-8"
    )
    return short


def test_a_czech_clients_portfolio_of_imported_shares_is_reviewed_in_crowns(cast, tmp_path):
    for command, name in (("import_rates", "eurofxref-hist.csv"), ("import_prices", "sp500_dataset.csv")):
        imported(command, of_december_2022(shared_data(f"market/{name}"), tmp_path))
    on = date(2022, 12, 28)
    client = make_client("Marie Nováková", cast.rita_book, currency="CZK", language="cs", domicile="CZ")
    custody = account(client, currency="CZK")
    for code, quantity, cost in (("AAPL", "100", "9000"), ("MSFT", "40", "11000"), ("XOM", "75", "5000")):
        holding(custody, Product.objects.get(code=code), quantity, cost)
    account(client, "current", "CZK", "25000.00", date(1994, 3, 31))
    mandate(client)
    scores = {"tolerance": 70, "capacity": 70, "band": 4, "valid_until": date(2099, 1, 1)}
    Assessment.objects.create(client=client, state="signed", made_by=cast.rita, **scores)
    valued = valued_holdings(client, on)
    usd, czk = (FxRate.objects.get(currency=code, on=on).per_euro for code in ("USD", "CZK"))
    apple = next(position for position in valued.positions if position.item.code == "AAPL")
    assert apple.item.quote.close == Decimal("125.674")
    assert apple.value == (100 * Decimal("125.674") * czk / usd).quantize(Decimal("0.01"))
    review = prepare_review(client, by=cast.rita, as_of=on)
    review = hold_review(
        review, by=cast.rita, talk="Prices of 2022.", recommendation="", decision="none", held_on=on
    )
    with review.report.file.open("rb") as paper:
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(paper.read())).pages)
    assert "Marie Nováková" in text
    assert "125.67 USD" in text
    assert "Prices: sp500_dataset.csv, close of 28 Dec 2022." in text
    assert f"1 USD = {czk / usd:.6g} CZK: ECB, 28 Dec 2022." in text
    assert (review.currency, review.value) == ("CZK", valued.total)
    with pytest.raises(Refused, match="No exchange rate for USD on 20 Jan 2023"):
        prepare_review(client, by=cast.rita, as_of=date(2023, 1, 20))
