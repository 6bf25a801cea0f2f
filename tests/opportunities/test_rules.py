"""When a need becomes a suggestion, what holds it back, and how a card may move: truth tables."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opportunities import rules
from opportunities.rules import ClientFacts, EventFact, GoalFact, Offer

TODAY = date(2026, 11, 21)
PACK = {
    "event_days": 180, "loan_ending_days": 180, "single_product_years": 2, "cash_max": 40, "cash_from": 20000,
    "fx_share": 25, "complaint_quiet_days": 60,
}  # fmt: skip
MAX_RISK = {"1": 2, "2": 3, "3": 4, "4": 6, "5": 7}
KINDS = [
    "current", "savings", "deposit", "card", "mortgage", "fund", "pension", "insurance", "payments", "fx",
    "loan", "mandate",
]  # fmt: skip
SHELF = dict.fromkeys(KINDS, Offer(1)) | {"fund": Offer(3)}
FREE = ClientFacts(marketing_consent=True, offers=SHELF, band=3, held=frozenset({"current", "card"}))


def reasons(facts):
    return {(found.product_kind, found.reason) for found in rules.suggestions(facts, TODAY, PACK, MAX_RISK)}


def a_goal(kind="pension"):
    return GoalFact(1, kind, Decimal(50000), "EUR", TODAY + timedelta(days=3000))


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (FREE, set()),
        (replace(FREE, goals=(a_goal(),)), {("pension", "goal_without_product")}),
        (replace(FREE, goals=(a_goal(),), held=frozenset({"pension", "current"})), set()),
        (replace(FREE, goals=(a_goal(""),)), set()),
        (replace(FREE, goals=(a_goal(),), in_pipeline=frozenset({"pension"})), set()),
        (replace(FREE, goals=(a_goal(),), declined=frozenset({"pension"})), set()),
        (replace(FREE, events=(EventFact(1, "home", TODAY),)), {("mortgage", "life_event")}),
        (
            replace(
                FREE, events=(EventFact(1, "home", TODAY),), held=FREE.held | {"mortgage"}
            ),
            {("insurance", "life_event")},
        ),
        (
            replace(FREE, events=(EventFact(1, "home", TODAY),), declined=frozenset({"mortgage"})),
            {("insurance", "life_event")},
        ),
        (replace(FREE, events=(EventFact(1, "home", TODAY),), in_pipeline=frozenset({"mortgage"})), set()),
        (replace(FREE, events=(EventFact(1, "home", TODAY - timedelta(days=181)),)), set()),
        (replace(FREE, events=(EventFact(1, "home", TODAY + timedelta(days=1)),)), set()),
        (replace(FREE, kind="organisation"), {("payments", "company_without_payments")}),
        (replace(FREE, wealth=Decimal(100000), cash=Decimal(41000)), {("fund", "cash_above_band")}),
        (replace(FREE, wealth=Decimal(100000), cash=Decimal(40000)), set()),
        (replace(FREE, wealth=Decimal(100000), cash=None), set()),
        (replace(FREE, wealth=Decimal(20000), cash=Decimal(19999)), set()),
        (
            replace(FREE, band=1, wealth=Decimal(100000), cash=Decimal(90000)),
            {("deposit", "cash_above_band")},
        ),
        (replace(FREE, loans_end_on=(TODAY + timedelta(days=90),)), {("pension", "loan_ending")}),
        (replace(FREE, loans_end_on=(TODAY + timedelta(days=181),)), set()),
        (replace(FREE, loans_end_on=(TODAY - timedelta(days=1),)), set()),
        (replace(FREE, held=frozenset({"current"})), {("card", "single_product")}),
        (replace(FREE, held=frozenset({"current"}), since_on=TODAY - timedelta(days=700)), set()),
        (
            replace(
                FREE, kind="organisation", held=frozenset({"payments", "loan"}), wealth=Decimal(100000),
                cash=Decimal(30000), foreign_cash=Decimal(8000),
            ),
            {("fx", "fx_exposure")},
        ),
    ],
)  # fmt: skip
def test_a_need_is_found_from_the_facts_alone(facts, found):
    assert reasons(facts) == found


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"marketing_consent": False}, "consented"),
        ({"kyc_due_on": TODAY - timedelta(days=1)}, "KYC"),
        ({"open_hits": 1}, "compliance check"),
        ({"complained_on": TODAY - timedelta(days=60)}, "complained"),
        ({"state": "lead"}, "active"),
        ({"offers": {}}, "target market"),
    ],
)
def test_nothing_is_suggested_where_something_forbids_it_and_the_reason_is_said(change, word):
    facts = replace(FREE, goals=(a_goal(),), **change)
    free, held_back = rules.judge(facts, TODAY, PACK, MAX_RISK)
    assert free == []
    assert [word.lower() in " ".join(judged.refusals).lower() for judged in held_back] == [True]


def test_the_last_day_of_what_holds_back_is_included_and_the_next_is_free():
    assert reasons(replace(FREE, goals=(a_goal(),), kyc_due_on=TODAY))
    assert reasons(replace(FREE, goals=(a_goal(),), complained_on=TODAY - timedelta(days=61)))


@pytest.mark.parametrize(
    ("band", "risk", "free"),
    [(None, 1, False), (1, 3, False), (2, 3, True), (5, 7, True), (4, 7, False)],
)
def test_an_investment_needs_a_valid_assessment_whose_band_allows_it(band, risk, free):
    facts = replace(FREE, band=band, goals=(a_goal("fund"),), offers=SHELF | {"fund": Offer(risk)})
    assert bool(reasons(facts)) is free


def test_one_product_is_suggested_once_for_its_most_pressing_reason():
    facts = replace(FREE, goals=(a_goal(), a_goal()), loans_end_on=(TODAY,))
    assert reasons(facts) == {("pension", "goal_without_product")}


@given(
    held=st.frozensets(st.sampled_from(KINDS)), pipeline=st.frozensets(st.sampled_from(KINDS)),
    events=st.lists(st.sampled_from(sorted(rules.EVENT_NEEDS)), max_size=4), wanted=st.sampled_from(KINDS),
    consent=st.booleans(), band=st.none() | st.integers(1, 5), organisation=st.booleans(),
    cash=st.none() | st.decimals(0, 10**7, places=2), wealth=st.decimals(0, 10**7, places=2),
)  # fmt: skip
def test_whatever_the_facts_a_suggestion_is_new_allowed_and_readable(
    held, pipeline, events, wanted, consent, band, organisation, cash, wealth
):
    facts = ClientFacts(
        kind="organisation" if organisation else "person", held=held, in_pipeline=pipeline,
        events=tuple(EventFact(1, kind, TODAY) for kind in events), goals=(a_goal(wanted),),
        marketing_consent=consent, band=band, cash=cash, foreign_cash=cash, wealth=wealth, offers=SHELF,
    )  # fmt: skip
    found = rules.suggestions(facts, TODAY, PACK, MAX_RISK)
    kinds = [one.product_kind for one in found]
    assert len(kinds) == len(set(kinds))
    assert not set(kinds) & (held | pipeline)
    assert consent or not found
    for one in found:
        assert "…" not in rules.sentence(one.reason, one.facts)
        assert not rules.refusals_to_propose(facts, one.product_kind, TODAY, PACK, MAX_RISK)


def said(facts, today=TODAY):
    return [rules.sentence(one.reason, one.facts) for one in rules.suggestions(facts, today, PACK, MAX_RISK)]


@pytest.mark.parametrize(
    ("cash", "share"), [("40.01", 41), ("40.4", 41), ("41.4", 41), ("41.6", 42), ("100", 100)]
)
def test_a_share_above_the_most_never_reads_as_the_most(cash, share):
    facts = replace(FREE, wealth=Decimal(100_000), cash=Decimal(cash) * 1000)
    assert said(facts) == [f"Cash is {share}% of the assets, above the 40% the bank recommends at most."]


@pytest.mark.parametrize(
    ("since_on", "today", "years"),
    [
        (date(2019, 12, 2), date(2026, 11, 30), 6),
        (date(2019, 12, 2), date(2026, 12, 1), 6),
        (date(2019, 12, 2), date(2026, 12, 2), 7),
        (date(2020, 2, 29), date(2026, 2, 28), 5),
        (date(2020, 2, 29), date(2026, 3, 1), 6),
    ],
)
def test_years_are_full_years(since_on, today, years):
    facts = replace(FREE, held=frozenset({"current"}), since_on=since_on)
    assert said(facts, today) == [f"One product only, for {years} years."]


def test_a_sentence_survives_facts_of_another_version():
    assert rules.sentence("loan_ending", {}) == "A loan is paid off on …: the instalment becomes free."
    assert rules.sentence("loan_ending", {"on": "2027-03-06"}).startswith("A loan is paid off on 6 Mar 2027:")
    assert rules.sentence("gone_reason", {"x": 1}) == "Gone reason."


@pytest.mark.parametrize("stage", [*rules.STAGES, "declined"])
@pytest.mark.parametrize("to", [*rules.STAGES, "declined", "", "nonsense"])
def test_a_card_moves_along_the_table_and_nowhere_else(stage, to):
    allowed = {
        ("identified", "need_confirmed"), ("need_confirmed", "identified"), ("need_confirmed", "proposed"),
        ("proposed", "need_confirmed"), ("proposed", "accepted"),
        ("accepted", "proposed"), ("accepted", "in_use"),
    }  # fmt: skip
    assert (rules.refusals_to_move(stage, to, stage) == []) is ((stage, to) in allowed)


def test_who_saw_another_stage_is_told_and_moves_nothing():
    (sentence,) = rules.refusals_to_move("proposed", "accepted", "need_confirmed")
    assert "colleague" in sentence
    assert "Proposed" in sentence


@pytest.mark.parametrize(
    ("stage", "reason", "refused"),
    [
        ("identified", "price", False), ("in_use", "price", True), ("declined", "price", True),
        ("proposed", "", True), ("proposed", "bored", True),
    ],
)  # fmt: skip
def test_declining_needs_an_open_card_and_a_reason_of_the_list(stage, reason, refused):
    assert bool(rules.refusals_to_decline(stage, reason)) is refused
