"""Clocks in working days, and the table of states."""

from datetime import date

import pytest

from suspicion import rules
from suspicion.rules import Decision, State

FIGURES = {"calendar": "CH-BE", "answer_days": 5, "urgent_answer_days": 1, "warn_days": 2, "take_up_days": 1}


def test_the_fiu_waits_five_days_or_as_long_as_it_says():
    assert rules.answer_due_on(date(2027, 3, 1), False, FIGURES) == date(2027, 3, 8)
    assert rules.answer_due_on(date(2027, 3, 1), True, FIGURES) == date(2027, 3, 2)


@pytest.mark.parametrize(
    ("due", "tone"),
    [
        (date(2027, 2, 26), "late"),
        (date(2027, 3, 1), "warn"),
        (date(2027, 3, 3), "warn"),
        (date(2027, 3, 4), "neutral"),
    ],
)
def test_a_clock_warns_before_it_ends(due, tone):
    assert rules.tone(due, date(2027, 3, 1), FIGURES) == tone


def test_every_state_has_its_decisions_and_every_decision_leads_to_a_state():
    assert set(rules.DECISIONS) == set(State)
    assert {each for possible in rules.DECISIONS.values() for each in possible} == set(Decision)
    reached = {state for possible in rules.DECISIONS.values() for state in possible.values()}
    assert reached == set(State) - {State.RECEIVED, State.REPORTED}  # handed over; filed


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("decision", list(Decision))
def test_only_what_the_table_names_can_be_decided(state, decision):
    refused = rules.refusals_to_decide(state, decision, "Because", 0)
    assert bool(refused) == (decision not in rules.DECISIONS[state])
