"""Working days follow the weekend and the holidays of the place."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulebook.calendars import refusals_to_calendar, working_days

CHRISTMAS_EVE = date(2026, 12, 24)  # a Thursday


@pytest.mark.parametrize(
    ("calendar", "day", "works"),
    [
        ("CH", date(2026, 12, 25), False),
        ("CH-ZH", date(2026, 12, 26), False),  # Saint Stephen's, a Saturday this year
        ("CH", date(2026, 8, 1), False),
        ("CH", date(2026, 8, 3), True),
        ("DE", date(2026, 10, 3), False),
        ("US", date(2026, 11, 26), False),  # Thanksgiving
        ("US", date(2026, 11, 27), True),
        ("CH", date(2026, 11, 26), True),
        ("SA", date(2026, 11, 27), False),  # Friday is its weekend
        ("SA", date(2026, 11, 29), True),  # and Sunday is not
    ],
)
def test_who_works_on_a_day(calendar, day, works):
    assert working_days(calendar).includes(day) is works


@pytest.mark.parametrize("calendar", ["XX", "CH-XX", ""])
def test_who_works_where_nobody_knows_is_not_guessed(calendar):
    assert refusals_to_calendar(calendar)
    with pytest.raises(NotImplementedError):
        working_days(calendar).includes(CHRISTMAS_EVE)


@pytest.mark.parametrize(
    ("calendar", "day", "count", "last"),
    [
        ("CH", date(2026, 11, 30), 1, date(2026, 12, 1)),  # Monday to Tuesday
        ("CH", date(2026, 11, 27), 1, date(2026, 11, 30)),  # Friday to Monday
        ("CH", date(2026, 11, 28), 1, date(2026, 11, 30)),  # and so from Saturday
        ("CH", date(2026, 11, 29), 1, date(2026, 11, 30)),  # and from Sunday
        ("CH", date(2026, 11, 29), 5, date(2026, 12, 4)),
        ("CH", date(2026, 11, 30), 0, date(2026, 11, 30)),
        ("CH", date(2026, 11, 29), 0, date(2026, 11, 30)),
        ("CH", CHRISTMAS_EVE, 1, date(2026, 12, 28)),
        ("CH", date(2026, 12, 25), 1, date(2026, 12, 28)),  # from a holiday
        ("CH", date(2026, 12, 25), 0, date(2026, 12, 28)),
        ("GB", CHRISTMAS_EVE, 1, date(2026, 12, 29)),  # Boxing Day is made up for
        ("CH", date(2026, 12, 31), 1, date(2027, 1, 4)),  # over New Year and a weekend
        ("CH-BE", date(2026, 12, 31), 1, date(2027, 1, 4)),
        ("CH-BE", date(2027, 3, 25), 1, date(2027, 3, 30)),  # over Easter
        ("CH", date(2028, 2, 28), 1, date(2028, 2, 29)),
        ("CH", date(2028, 2, 29), 1, date(2028, 3, 1)),
        ("SA", date(2026, 11, 26), 1, date(2026, 11, 29)),  # Thursday to Sunday
        ("SA", date(2026, 11, 27), 1, date(2026, 11, 29)),  # its weekend is Friday and Saturday
        ("SA", date(2026, 11, 27), 2, date(2026, 11, 30)),
    ],
)
def test_the_last_day_of_a_period(calendar, day, count, last):
    assert working_days(calendar).after(day, count) == last


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(1, 30))
def test_a_period_ends_on_a_working_day_and_never_early(day, count):
    days = working_days("DE")
    last = days.after(day, count)
    assert days.includes(last)
    assert days.between(day, last) == count
    assert days.after(day, count + 1) > last


def test_counting_is_the_way_back_of_adding():
    for calendar in ("CH", "DE", "GB", "US", "AE"):
        days = working_days(calendar)
        for count in range(0, 40, 7):
            last = days.after(CHRISTMAS_EVE, count)
            assert days.between(days.first_from(CHRISTMAS_EVE), last) == count
            assert days.between(last, days.first_from(CHRISTMAS_EVE)) == -count
