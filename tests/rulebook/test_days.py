"""Months and quarters are counted alike everywhere, and the last day of a span belongs to it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook.days import add_months, due_before, quarter_end_before

DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 1, 31), 12, date(2025, 1, 31)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 11, 30), 0, date(2026, 11, 30)),
        (date(9999, 6, 1), 12, date.max),
    ],
)
def test_the_same_day_of_a_later_month_or_its_last(day, months, later):
    assert add_months(day, months) == later


@given(DAYS, st.integers(-120, 120))
def test_months_are_added_as_people_count_them(day, months):
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 1, 1), date(2025, 12, 31)),
        (date(2026, 3, 31), date(2025, 12, 31)),
        (date(2026, 4, 1), date(2026, 3, 31)),
        (date(2026, 9, 30), date(2026, 6, 30)),
        (date(2026, 11, 30), date(2026, 9, 30)),
    ],
)
def test_a_quarter_begins_with_the_close_of_the_one_before(day, end):
    assert quarter_end_before(day) == end


@pytest.mark.parametrize(
    ("days", "end"), [(-1, date(2026, 11, 30)), (0, date(2026, 12, 1)), (30, date(2026, 12, 31))]
)
def test_the_last_day_of_a_span_belongs_to_it(days, end):
    assert due_before(date(2026, 11, 30), days) == end
