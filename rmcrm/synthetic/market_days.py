"""A synthetic bank's market goes on after the day it was made as of: without prices nothing can be valued."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from portfolios.models import FxRate, Price
from rmcrm.synthetic.bank import SOURCE
from rmcrm.synthetic.days import is_working_day
from rmcrm.synthetic.dice import dice
from rmcrm.synthetic.products import INSTRUMENTS, RATES, normal, rounded

MOST_DAYS = 1000  # a bank left alone for longer than this starts its market anew from there


def go_on(until: date) -> int:
    """Add the closes and rates of every working day that is missing up to `until`; the number of rows.

    A day's step depends on the instrument and the day alone, and goes on from the close as it was kept: so it
    does not matter when it is added.
    """
    prices = [
        Price(product_id=row.product_id, on=day, close=close, source=SOURCE)
        for row in Price.objects.filter(source=SOURCE).order_by("product", "-on").distinct("product")
        for day, close in _steps(row.product_id, row.on, row.close, until)
    ]
    rates = [
        FxRate(currency=row.currency, on=day, per_euro=rate, source=SOURCE)
        for row in FxRate.objects.filter(source=SOURCE).order_by("currency", "-on").distinct("currency")
        for day, rate in _drawn_back(row.currency, row.on, row.per_euro, until)
    ]
    Price.objects.bulk_create(prices, batch_size=2000, ignore_conflicts=True)
    FxRate.objects.bulk_create(rates, batch_size=2000, ignore_conflicts=True)
    return len(prices) + len(rates)


def _missing(last: date, until: date) -> Iterator[date]:
    days = min((until - last).days, MOST_DAYS)
    return (day for day in (last + timedelta(days=n) for n in range(1, days + 1)) if is_working_day(day))


_BY_ID = {instrument.id: instrument for instrument in INSTRUMENTS}


def _steps(product_id: int, last: date, close: Decimal, until: date) -> Iterator[tuple[date, Decimal]]:
    instrument = _BY_ID[product_id]
    for day in _missing(last, until):
        chance = dice(day.toordinal(), "market day", product_id).random
        close = rounded(float(close) * (1 + instrument.drift + instrument.swing * normal(chance)), "0.0001")
        yield day, close


def _drawn_back(currency: str, last: date, per_euro: Decimal, until: date) -> Iterator[tuple[date, Decimal]]:
    level = RATES[currency]
    for day in _missing(last, until):
        chance = dice(day.toordinal(), "market day", list(RATES).index(currency) + 1000).random
        rate = float(per_euro)
        per_euro = rounded(rate + (level - rate) * 0.01 + level * 0.004 * normal(chance), "0.0001")
        yield day, per_euro
