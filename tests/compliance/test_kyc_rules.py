"""When a client is reviewed again, and the list of what must be true."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from compliance.rules import kyc
from compliance.rules.kyc import FileFacts, Stand

FIGURES = {
    "review_months": {"high": 12, "medium": 36, "low": 60, "unrated": 0},
    "warn_days": 60,
    "document_warn_days": 60,
}
TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reviewed_on", "rating", "due_on"),
    [
        (date(2026, 11, 21), "high", date(2027, 11, 21)),
        (date(2026, 11, 21), "medium", date(2029, 11, 21)),
        (date(2026, 11, 21), "low", date(2031, 11, 21)),
        (date(2024, 2, 29), "high", date(2025, 2, 28)),
        (date(2026, 11, 21), "unrated", date(2026, 11, 21)),
    ],
)
def test_the_cycle_follows_from_the_rating(reviewed_on, rating, due_on):
    assert kyc.next_review_on(reviewed_on, rating, FIGURES) == due_on


FINE = FileFacts(
    state="active",
    rating="low",
    facts_known=True,
    reviewed_on=date(2025, 1, 1),
    next_review_on=date(2030, 1, 1),
    identity_expires_on=(date(2030, 1, 1),),
    tax_residences=1,
    consents=frozenset({"data_processing", "recording"}),
    screened_at=NOW,
    list_imported_at=NOW - timedelta(days=1),
    undecided_hits=False,
)


def stands(**changes):
    return {check.code: check.stand for check in kyc.checks(replace(FINE, **changes), TODAY, FIGURES)}


def test_what_is_still_to_be_compared_is_not_clean_and_a_confirmed_match_says_so():
    assert stands(to_be_screened=True)["screening"] == Stand.SOON
    assert stands(frozen_on=TODAY, undecided_hits=True)["screening"] == Stand.LATE


def test_a_file_in_order_is_in_order():
    assert set(stands().values()) == {Stand.OK}


@pytest.mark.parametrize(
    ("changes", "code", "stand"),
    [
        ({"facts_known": False}, "facts", Stand.MISSING),
        ({"reviewed_on": None}, "review", Stand.MISSING),
        ({"next_review_on": TODAY - timedelta(days=1)}, "review", Stand.LATE),
        ({"next_review_on": TODAY}, "review", Stand.SOON),
        ({"next_review_on": TODAY + timedelta(days=60)}, "review", Stand.SOON),
        ({"next_review_on": TODAY + timedelta(days=61)}, "review", Stand.OK),
        ({"identity_expires_on": ()}, "identity", Stand.MISSING),
        ({"identity_expires_on": (date(2020, 1, 1),)}, "identity", Stand.LATE),
        ({"identity_expires_on": (date(2020, 1, 1), TODAY + timedelta(days=9))}, "identity", Stand.SOON),
        ({"identity_expires_on": (date(2020, 1, 1), None)}, "identity", Stand.OK),
        ({"tax_residences": 0}, "tax", Stand.MISSING),
        ({"consents": frozenset({"recording", "marketing"})}, "consents", Stand.MISSING),
        ({"undecided_hits": True}, "screening", Stand.SOON),
        ({"screened_at": None}, "screening", Stand.MISSING),  # absent is never clean
        ({"list_imported_at": None}, "screening", Stand.MISSING),
        ({"list_imported_at": NOW + timedelta(hours=1)}, "screening", Stand.LATE),
    ],
)
def test_what_is_not_true_is_told(changes, code, stand):
    found = stands(**changes)
    assert found[code] == stand
    assert {other for other in found if found[other] != Stand.OK} == (
        {code} - {None} if stand != Stand.OK else set()
    )


@pytest.mark.parametrize(
    ("state", "known", "own", "hits", "refused"),
    [
        ("active", True, False, False, False),
        ("dormant", True, False, False, False),
        ("onboarding", True, False, False, True),
        ("closed", True, False, False, True),
        ("active", False, False, False, True),
        ("active", True, True, False, True),  # the reviewer recorded the facts
        ("active", True, False, True, True),
    ],
)
def test_who_may_review_what(state, known, own, hits, refused):
    assert bool(kyc.refusals_to_review(state, known, hits, own=own)) is refused
