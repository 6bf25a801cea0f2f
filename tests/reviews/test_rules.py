"""When a review is due and when it may be held."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews import rules
from rulebook.days import add_months

TODAY = date(2026, 3, 6)
GOOD = {
    "state": "prepared",
    "findings": [],
    "held_on": TODAY,
    "as_of": TODAY,
    "today": TODAY,
    "talk": "We spoke.",
    "recommendation": "Buy bonds.",
    "decision": "accepted",
}
STALE = {"sentence": "The latest price of ACME is 9 days old.", "blocks": True}


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.sampled_from([1, 3, 6, 12]), st.integers(-400, 400))
def test_the_databases_twin_agrees_with_the_rule(horizon, months, off):
    reviewed = rules.reviewed_at_latest(horizon, months) + timedelta(days=off)
    assert (add_months(reviewed, months) <= horizon) is (off <= 0)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"state": "held"}, "held already"),
        ({"findings": [STALE]}, "report is blocked: The latest price of ACME"),
        ({"talk": "  "}, "what was said"),
        ({"decision": ""}, "what the client decided"),
        ({"recommendation": ""}, "decided on a recommendation"),
        ({"decision": "none"}, "There is a recommendation"),
        ({"held_on": None}, "on which day"),
        ({"held_on": TODAY + timedelta(days=1)}, "in the future"),
        ({"held_on": TODAY - timedelta(days=1)}, "valued after the day of the talk"),
    ],
)
def test_what_forbids_to_hold_a_review_is_said_in_a_sentence(changes, word):
    refusals = rules.refusals_to_hold(**GOOD | changes)
    assert len(refusals) == 1
    assert word in refusals[0]


@pytest.mark.parametrize(
    "changes", [{}, {"recommendation": "", "decision": "none"}, {"decision": "declined"}]
)
def test_a_complete_record_may_be_held(changes):
    assert rules.refusals_to_hold(**GOOD | changes) == []


@pytest.mark.parametrize(
    ("state", "has_mandate", "as_of", "count"),
    [
        ("active", True, TODAY, 0),
        ("active", True, date(2020, 1, 1), 0),
        ("closed", True, TODAY, 1),
        ("active", False, TODAY, 1),
        ("closed", False, TODAY + timedelta(days=1), 3),
    ],
)
def test_what_forbids_to_prepare_a_review(state, has_mandate, as_of, count):
    assert len(rules.refusals_to_prepare(state, has_mandate, as_of, TODAY)) == count


@pytest.mark.parametrize(
    ("standing", "mandate", "blocks"),
    [
        ("valid", "advisory", False),
        ("expiring", "advisory", False),
        ("expired", "advisory", True),
        ("missing", "discretionary", True),
        ("missing", "execution", False),
    ],
)
def test_without_a_valid_profile_there_is_no_report_unless_we_judge_nothing(standing, mandate, blocks):
    assert bool(rules.profile_findings(standing, mandate)) is blocks
