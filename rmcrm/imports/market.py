"""Market data: the ECB's euro reference rates and daily closing prices, each a wide table of days."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from audit.record import record
from portfolios.models import AssetClass, Price, Product, ProductKind
from rmcrm.imports.loading import add, put
from rmcrm.imports.reading import NotImported, Reader, Report, Wrong, iso_day, positive

SMALLEST = Decimal("0.000001")
GAPS = {"N/A", ""}  # the ECB writes N/A where a currency was not quoted


def import_rates(path: Path) -> Report:
    """eurofxref-hist.csv of the ECB into FxRate: units for one euro, weekdays only, gaps left gaps."""
    report = Report()
    reader = Reader(path, report)
    # The ECB ends each line with a comma, so there is a last column without a name.
    currencies = [name for name in reader.columns[1:] if name]
    if reader.columns[:1] != ["Date"] or not currencies or not all(map(_is_currency, currencies)):
        raise NotImported(
            _header(reader, "Date and then currencies such as USD: this is no file of ECB rates")
        )
    cells = _cells(reader, currencies, limit=Decimal(10) ** 10)
    with transaction.atomic(), connection.cursor() as cursor:
        added, changed, unchanged = put(
            cursor,
            "portfolios_fxrate",
            ["currency", "on", "per_euro", "source"],
            ((currency, day, rate, "ECB") for day, currency, rate in cells),
            unique=["currency", "on"],
            compared="per_euro",
        )
        reader.check()
        _note(report, path, added, changed, unchanged)
        record("rates imported", by=None, payload={"added": added, "changed": changed})
    return report


def import_prices(
    path: Path, *, currency: str = "USD", kind: str = ProductKind.SHARE, risk_class: int = 5
) -> Report:
    """A table of days and tickers into Price; a ticker that is not known yet becomes a product."""
    report = Report()
    reader = Reader(path, report)
    tickers = reader.columns[1:]
    if reader.columns[:1] != ["Date"] or not tickers or not all(map(_is_ticker, tickers)):
        raise NotImported(_header(reader, "Date and then tickers such as AAPL: this is no file of prices"))
    cells = _cells(reader, tickers, limit=Decimal(10) ** 12)
    with transaction.atomic(), connection.cursor() as cursor:
        products = add(
            cursor,
            "portfolios_product",
            ["code", "name", "kind", "asset_class", "currency", "risk_class", "isin", "segments"],
            ((code, code, kind, AssetClass.EQUITY, currency, risk_class, "", "[]") for code in tickers),
            unique="code",
        )
        ids = dict(Product.objects.filter(code__in=tickers, currency=currency).values_list("code", "id"))
        other = sorted(set(tickers) - set(ids))
        if other:
            raise NotImported(f"{', '.join(other)}: known with prices in another currency than {currency}.")
        added, changed, unchanged = put(
            cursor,
            Price._meta.db_table,
            ["product_id", "on", "close", "source"],
            ((ids[code], day, close, path.name[:40]) for day, code, close in cells),
            unique=["product_id", "on"],
            compared="close",
        )
        reader.check()
        _note(report, path, added, changed, unchanged)
        report.notes.append(f"{products} new products of {len(tickers)}.")
        record("prices imported", by=None, payload={"added": added, "changed": changed, "products": products})
    return report


def _cells(reader: Reader, names: list[str], limit: Decimal) -> Iterator[tuple[date, str, Decimal]]:
    """Every value of the table, streaming: (day, name, value)."""
    seen: dict[date, int] = {}
    today = timezone.localdate()
    for row in reader:
        day: Any = row.take("Date", iso_day)
        if day is None:
            continue
        if day in seen:
            row.refuse("Date", f"this day stands in line {seen[day]} already")
            continue
        if day > today:
            row.refuse("Date", "lies in the future")
            continue
        seen[day] = row.line
        for name in names:
            if row.values[name] in GAPS:
                reader.counts.gaps += 1
                continue
            value: Any = row.take(name, positive)
            if value is not None and not SMALLEST <= value < limit:
                row.refuse(name, "is too large or too small to be kept")
            elif value is not None:
                yield day, name, value


def _note(report: Report, path: Path, added: int, changed: int, unchanged: int) -> None:
    counts = report.of(path.name)
    counts.added, counts.changed, counts.unchanged = added, changed, unchanged
    report.notes.append(
        f"{counts.read:,} days, {added + changed + unchanged:,} values, {counts.gaps:,} gaps."
    )


def _header(reader: Reader, wanted: str) -> Wrong:
    return Wrong(reader.path.name, 1, "header", ",".join(reader.columns)[:80], f"is not {wanted}")


def _is_currency(name: str) -> bool:
    return len(name) == 3 and name.isascii() and name.isalpha() and name.isupper()


def _is_ticker(name: str) -> bool:
    return 0 < len(name) <= 30 and name.isascii() and name.replace(".", "").replace("-", "").isalnum()
