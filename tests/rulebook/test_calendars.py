"""Working days follow the weekend and the holidays of the place."""

from datetime import date

import pytest

from rulebook.calendars import working_days

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
        ("XX", date(2026, 12, 25), True),  # nobody knows its holidays
        ("XX", date(2026, 12, 26), False),
    ],
)
def test_who_works_on_a_day(calendar, day, works):
    assert working_days(calendar).includes(day) is works


def test_a_clock_jumps_over_christmas():
    assert working_days("CH").after(CHRISTMAS_EVE, 1) == date(2026, 12, 28)
    assert working_days("GB").after(CHRISTMAS_EVE, 1) == date(2026, 12, 29)  # Boxing Day is made up for
    assert working_days("CH").after(date(2026, 12, 25), 0) == date(2026, 12, 28)


def test_counting_is_the_way_back_of_adding():
    for calendar in ("CH", "DE", "GB", "US", "AE"):
        days = working_days(calendar)
        for count in range(0, 40, 7):
            last = days.after(CHRISTMAS_EVE, count)
            assert days.between(days.first_from(CHRISTMAS_EVE), last) == count
            assert days.between(last, days.first_from(CHRISTMAS_EVE)) == -count
