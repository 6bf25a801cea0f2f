"""The risk rating: a sum of named factors, and floors that no sum undercuts."""

import importlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.rules.rating import LEVELS, Facts, rate, sentence_of

KYC = importlib.import_module("rulebook.migrations.0002_first_packs").PACKS["kyc"]
FIGURES = KYC | {
    "rating": importlib.import_module("compliance.migrations.0003_the_figures_of_the_rating").RATING
}


def facts(**changes):
    return Facts(**({"kind": "person", "countries": frozenset({"CH"})} | changes))


@pytest.mark.parametrize(
    ("changes", "level", "reasons"),
    [
        ({}, "low", ()),
        ({"source_of_funds": "salary", "purpose": "savings"}, "low", ()),
        ({"countries": frozenset({"CH", "VN"})}, "low", ("country:VN",)),
        ({"countries": frozenset({"VN", "YE"})}, "low", ("country:VN",)),  # the same group counts once
        ({"source_of_funds": "crypto"}, "low", ("source_of_funds:crypto",)),
        (
            {"source_of_funds": "crypto", "purpose": "cross_border"},
            "medium",
            ("source_of_funds:crypto", "purpose:cross_border"),
        ),
        (
            {"source_of_funds": "crypto", "purpose": "cross_border", "countries": frozenset({"VN"})},
            "high",
            ("source_of_funds:crypto", "country:VN", "purpose:cross_border"),
        ),
        (
            {"kind": "organisation", "products": frozenset({"fx", "payments"})},
            "low",
            ("kind:organisation", "product:fx"),
        ),
        # floors
        ({"pep": True}, "high", ("pep",)),
        ({"countries": frozenset({"CH", "IR"})}, "high", ("country:IR",)),
        ({"confirmed_match": True}, "high", ("sanctions_match",)),
        ({"pep": True, "source_of_funds": "salary", "purpose": "savings"}, "high", ("pep",)),
    ],
)
def test_the_level_follows_from_the_factors(changes, level, reasons):
    rating = rate(facts(**changes), FIGURES)
    assert (rating.level, rating.reasons) == (level, reasons)


ANY = st.builds(
    Facts,
    kind=st.sampled_from(["person", "organisation"]),
    countries=st.frozensets(st.sampled_from(["CH", "IR", "KP", "VN", "US"])),
    pep=st.booleans(),
    source_of_funds=st.sampled_from(["", "salary", "crypto", "gift"]),
    purpose=st.sampled_from(["", "savings", "cross_border"]),
    products=st.frozensets(st.sampled_from(["fund", "fx", "trade_finance"])),
)


@given(ANY)
def test_a_pep_or_a_high_risk_country_is_high_whatever_the_sum(given_facts):
    rating = rate(given_facts, FIGURES)
    if given_facts.pep or given_facts.countries & {"IR", "KP", "MM"}:
        assert rating.level == "high"
    else:
        assert rating.level == ("high" if rating.points >= 51 else "medium" if rating.points >= 26 else "low")


@given(ANY)
def test_one_more_thing_never_lowers_the_level(given_facts):
    before = rate(given_facts, FIGURES)
    worse = Facts(**{**given_facts.__dict__, "pep": True, "source_of_funds": "crypto"})
    assert LEVELS.index(rate(worse, FIGURES).level) >= LEVELS.index(before.level)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("pep", "politically exposed"),
        ("country:IR", "high-risk country"),
        ("country:VN", "(20 points)"),
        ("source_of_funds:crypto", "(22 points)"),
        ("kind:organisation", "(8 points)"),
        ("of_an_older_version:x", "Of an older version: x."),
    ],
)
def test_every_reason_has_a_sentence(code, words):
    assert words in sentence_of(code, FIGURES)
