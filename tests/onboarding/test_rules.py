"""States, required documents and what is missing."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding import rules
from onboarding.management.commands.draw_states import (
    PAGE,
    RELATIONSHIP,
    page,
    page_of_a_relationship,
)
from onboarding.models import Onboarding, RequiredDocument
from onboarding.rules import DocumentFact, Facts

FIGURES = {
    "documents": {
        "person": ["identity", "address", "tax"],
        "organisation": ["register", "owners", "tax", "identity"],
    },
    "high_risk_documents": ["funds"],
}
READY = Facts(
    facts_known=True,
    products=("current",),
    documents=(DocumentFact("Identity document", "approved", 1, "a", 7),),
    facts_by=7,
    started_by=7,
)


def test_the_tables_speak_of_every_state_and_of_no_other():
    for table, model in (
        (rules.VALID_TRANSITIONS, Onboarding),
        (rules.DOCUMENT_TRANSITIONS, RequiredDocument),
    ):
        assert set(table) == set(model.State.values)
        assert {to for ways in table.values() for to in ways} <= set(table)


@pytest.mark.parametrize("state", ["approved", "rejected"])
def test_what_is_decided_stays_decided(state):
    assert rules.VALID_TRANSITIONS[state] == {}
    assert rules.refusals_to_change(state)


def test_nobody_is_approved_who_was_not_submitted():
    assert [state for state, ways in rules.VALID_TRANSITIONS.items() if "approved" in ways] == ["in_review"]


def test_the_drawing_is_not_stale():
    assert PAGE.read_text() == page(), "run: manage.py draw_states"
    assert RELATIONSHIP.read_text() == page_of_a_relationship(), "run: manage.py draw_states"


@pytest.mark.parametrize(
    ("kind", "rating", "documents"),
    [
        ("person", "unrated", ["identity", "address", "tax"]),
        ("person", "medium", ["identity", "address", "tax"]),
        ("person", "high", ["identity", "address", "tax", "funds"]),
        ("organisation", "low", ["register", "owners", "tax", "identity"]),
        ("organisation", "high", ["register", "owners", "tax", "identity", "funds"]),
    ],
)
def test_what_is_needed_follows_from_who_it_is_and_every_why_has_a_sentence(kind, rating, documents):
    needed = rules.needs(kind, rating, FIGURES)
    assert [need.document for need in needed] == documents
    assert all(need.why in rules.WHYS for need in needed)


def test_nothing_is_missing_from_a_whole_one():
    assert rules.missing(READY) == []
    assert rules.refusals_to_submit(READY) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reached": False}, "No phone"),
        ({"kind": "organisation"}, "Nobody who owns"),
        ({"facts_known": False}, "not recorded"),
        ({"products": ()}, "No product"),
        ({"documents": (DocumentFact("Proof of address", "missing"),)}, "Not uploaded yet: Proof of address"),
        ({"documents": (DocumentFact("Proof of address", "to_revise"),)}, "must be revised"),
        ({"documents": (DocumentFact("Proof of address", "rejected"),)}, "was rejected"),
        ({"state": "in_review"}, "submitted already"),
        ({"state": "approved"}, "is decided"),
        ({"state": "rejected"}, "is decided"),
    ],
)
def test_each_thing_that_is_missing_refuses_the_submission_with_a_sentence(changes, words):
    refusals = rules.refusals_to_submit(replace(READY, **changes))
    assert len(refusals) == 1
    assert words in refusals[0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"state": "collecting"}, "not submitted"),
        ({"state": "approved"}, "A colleague has decided"),
        ({"state": "rejected"}, "A colleague has decided"),
        ({"documents": (DocumentFact("Identity document", "in_review"),)}, "not reviewed yet"),
        ({"check_open": True}, "compliance check"),
        ({"facts_known": False}, "not recorded"),
    ],
)
def test_what_refuses_the_approval(changes, words):
    refusals = rules.refusals_to_approve(replace(READY, **({"state": "in_review"} | changes)))
    assert (words in " ".join(refusals)) if words else refusals == []


@pytest.mark.parametrize(
    ("state", "own", "verdict", "reason", "refused"),
    [
        ("in_review", False, "approved", "", False),
        ("in_review", False, "to_revise", "bad_image", False),
        ("in_review", False, "rejected", "altered", False),
        ("in_review", False, "to_revise", "altered", True),  # a reason of the other list
        ("in_review", False, "rejected", "", True),
        ("in_review", True, "approved", "", True),  # the reviewer uploaded it
        ("missing", False, "approved", "", True),
        ("approved", False, "approved", "", True),
        ("to_revise", False, "approved", "", True),
        ("in_review", False, "in_review", "", True),
    ],
)
def test_who_may_say_what_of_a_document(state, own, verdict, reason, refused):
    refusals = rules.refusals_to_review_document("collecting", state, verdict, reason, own=own)
    assert bool(refusals) is refused


@pytest.mark.parametrize(
    ("rating", "pep", "senior"),
    [("low", False, False), ("medium", False, False), ("high", False, True), ("low", True, True)],
)
def test_high_risk_and_pep_go_to_compliance(rating, pep, senior):
    assert replace(READY, rating=rating, pep=pep).senior is senior


CHANGES = st.sampled_from(
    [
        {"rating": "high"},
        {"pep": True},
        {"products": ("current", "fund")},
        {"documents": (DocumentFact("Identity document", "approved", 2, "b", 7),)},
        {"documents": ()},
        {"told": ("Another name",)},
        {"signatories": 1},
    ]
)


@given(CHANGES)
def test_whatever_is_approved_is_in_the_fingerprint(change):
    assert rules.fingerprint(replace(READY, **change)) != rules.fingerprint(READY)


@given(st.sampled_from([{"state": "in_review"}, {"check_open": True}, {"facts_by": 9}, {"reached": True}]))
def test_what_is_not_approved_is_not(change):
    assert rules.fingerprint(replace(READY, **change)) == rules.fingerprint(READY)
