"""The columns of the desk leave no day out and count none twice; working days are those of the calendar."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.rules import desk
from rulebook.calendars import working_days

DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


def test_each_column_begins_where_the_one_before_ends():
    windows = list(desk.COLUMNS.values())
    assert windows[0][0] is None
    assert all(before[1] + 1 == after[0] for before, after in pairwise(windows))
    assert windows[-1][1] + 1 == desk.HORIZON


@pytest.mark.parametrize(
    ("clock", "first", "end"),
    [
        ("overdue", desk.BEGINNING, date(2026, 11, 30)),
        ("today", date(2026, 11, 30), date(2026, 12, 1)),
        ("week", date(2026, 12, 1), date(2026, 12, 8)),
        ("month", date(2026, 12, 8), date(2026, 12, 31)),
        ("late_long", desk.BEGINNING, date(2026, 9, 1)),
        ("late", date(2026, 9, 1), date(2026, 11, 30)),
        ("due_30", date(2026, 11, 30), date(2026, 12, 31)),
    ],
)
def test_the_last_day_of_a_column_is_in_it(clock, first, end):
    assert desk.due_window(clock, date(2026, 11, 30)) == (first, end)


@given(DAYS, st.integers(0, 120), st.integers(1, 15), st.sampled_from(list(desk.COLUMNS)))
def test_what_began_in_a_window_is_due_in_its_column_and_nothing_else(today, ago, within, column):
    after = working_days("CH").after
    opened = today - timedelta(days=ago)
    first, end = desk.begun_window(column, today, within, after)
    due_first, due_end = desk.due_window(column, today)
    assert (first <= opened < end) == (due_first <= after(opened, within) < due_end)


@pytest.mark.parametrize(
    ("lacks", "askable", "asked_on", "owner", "words"),
    [
        (True, True, None, True, []),
        (True, False, None, True, ["No relationship manager"]),
        (False, True, None, True, ["lacks this no more"]),
        (True, True, date(2026, 11, 2), True, ["Asked already on 2 Nov 2026"]),
        (True, True, None, False, ["Nobody owns"]),
        (False, True, date(2026, 11, 2), False, ["lacks this no more", "Asked already", "Nobody owns"]),
    ],
)
def test_a_reminder_is_refused_with_every_reason(lacks, askable, asked_on, owner, words):
    told = desk.refusals_to_remind(lacks, askable, asked_on, owner)
    assert len(told) == len(words)
    assert all(word in sentence for word, sentence in zip(words, told, strict=True))


@pytest.mark.parametrize(
    ("act", "undone", "finished", "done", "refused"),
    [
        ("review", False, True, 3, False),
        ("remind", False, True, 3, False),
        ("undo review", False, True, 3, True),
        ("review", True, True, 3, True),
        ("review", False, False, 3, True),
        ("review", False, True, 0, True),
    ],
)
def test_only_finished_work_that_did_something_is_taken_back_once(act, undone, finished, done, refused):
    assert bool(desk.refusals_to_undo(act, finished, done, 0 if undone else done, under_way=False)) is refused
