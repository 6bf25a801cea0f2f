"""The scores of an assessment: separate, explained, monotone; and what contradicts what."""

from datetime import date
from decimal import Decimal
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from needs import questions, rules
from tests.needs.make import ANSWERS

FIGURES = import_module("needs.migrations.0002_the_first_questionnaire").FIGURES
BANDS = [0, 20, 40, 60, 80]
BOLD = {"goal": "most", "loss": "forty", "reaction": "buy"}


def judge(**changes):
    return rules.judge(ANSWERS | changes, FIGURES, BANDS, questions.KNOWLEDGE)


answers = st.fixed_dictionaries(
    {
        code: st.sampled_from([choice for choice, _ in question.choices])
        if question.choices
        else st.integers(0, 10_000_000).map(str)
        for code, question in questions.QUESTIONS.items()
    }
)


def test_the_three_scores_are_separate_and_the_band_is_of_the_lower():
    result = judge()
    # 3 x 50 + 4 x 65 + 3 x 45 of 10; 3 x 75 + 3 x 80 + 2 x 100 + 1 x 80 + 1 x 60 (5 years) of 10
    assert (result.tolerance.value, result.capacity.value, result.knowledge_score) == (55, 81, 30)
    assert result.band == 3
    assert result.knowledge["equity"] == "experienced"


@given(answers)
def test_what_each_answer_gave_adds_up_to_the_score(given_answers):
    result = rules.judge(given_answers, FIGURES, BANDS, questions.KNOWLEDGE)
    for score in (result.tolerance, result.capacity):
        assert 0 <= score.value <= 100
        assert abs(sum(part.gained for part in score.parts) - score.value) <= Decimal("0.5")
        assert abs(sum(part.most for part in score.parts) - 100) < Decimal("1e-20")
    assert result.band == max(1, min(5, min(result.tolerance.value, result.capacity.value) // 20 + 1))


@given(answers, st.sampled_from(["goal", "reaction", "loss"]))
def test_a_bolder_answer_never_lowers_the_tolerance_nor_touches_the_capacity(given_answers, code):
    choices = [choice for choice, _ in questions.QUESTIONS[code].choices]
    results = [
        rules.judge(given_answers | {code: choice}, FIGURES, BANDS, questions.KNOWLEDGE) for choice in choices
    ]
    tolerances = [result.tolerance.value for result in results]
    assert tolerances == sorted(tolerances)
    assert len({result.capacity.value for result in results}) == 1


@given(answers, st.integers(1, 10_000_000))
def test_more_debt_never_raises_the_capacity(given_answers, more):
    deeper = given_answers | {"debts": str(int(given_answers["debts"]) + more)}
    before, after = (
        rules.judge(each, FIGURES, BANDS, questions.KNOWLEDGE).capacity.value
        for each in (given_answers, deeper)
    )
    assert after <= before


@pytest.mark.parametrize(
    "code", [*FIGURES["tolerance"], "horizon", "liquidity", "income", "debts", "security"]
)
def test_without_an_answer_there_is_no_score_and_no_band(code):
    result = judge(**{code: ""})
    assert None in (result.tolerance.value, result.capacity.value)
    assert result.band is None


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"horizon": "under_3", "goal": "most", "loss": "forty", "reaction": "buy"}, "within 3 years"),
        ({"goal": "preserve", "loss": "twenty"}, "keep its value"),
        ({"goal": "growth", "loss": "none"}, "no loss at all"),
        ({"goal": "growth", "liquidity": "half"}, "at hand within two years"),
        ({"reaction": "sell_all", "loss": "forty"}, "everything would be sold"),
        ({"reaction": "buy", "loss": "none", "goal": "balanced"}, "more would be bought"),
        ({"goal": "most", "know_equity": "none", "know_bonds": "none"}, "without knowledge"),
        (
            BOLD | {"security": "unsure", "assets": "10000", "horizon": "3_to_5", "liquidity": "quarter"},
            "than the means can bear",
        ),
    ],
)
def test_what_cannot_both_be_meant_is_said(changes, word):
    found = judge(**changes).contradictions
    assert [sentence for sentence in found if word in sentence], found


def test_consistent_answers_contradict_nothing():
    assert judge().contradictions == []


@pytest.mark.parametrize(
    ("state", "unanswered", "found", "refusals"),
    [
        ("draft", 0, [], 0),
        ("draft", 2, [], 1),
        ("draft", 0, ["A", "B"], 2),
        ("signed", 0, [], 1),
        ("signed", 1, ["A"], 3),
    ],
)
def test_only_a_complete_draft_without_contradictions_is_signed(state, unanswered, found, refusals):
    assert len(rules.refusals_to_sign(state, unanswered, found)) == refusals


@pytest.mark.parametrize(
    ("signed", "months", "until"),
    [
        (date(2026, 3, 6), 12, date(2027, 3, 6)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
    ],
)
def test_an_assessment_holds_for_whole_months(signed, months, until):
    assert rules.valid_until(signed, months) == until


@pytest.mark.parametrize(
    ("until", "standing"),
    [
        (None, "missing"),
        (date(2026, 3, 5), "expired"),
        (date(2026, 3, 6), "expiring"),
        (date(2026, 5, 5), "expiring"),
        (date(2026, 5, 6), "valid"),
    ],
)
def test_an_assessment_expires_after_its_last_day(until, standing):
    assert rules.standing(until, date(2026, 3, 6), 60) == standing


def test_the_kind_of_sustainability_is_asked_only_of_those_who_want_it():
    assert "sustainability_how" not in {question.code for question in questions.asked(ANSWERS)}
    wanting = ANSWERS | {"sustainability": "some"}
    assert [question.code for question in questions.unanswered(wanting)] == ["sustainability_how"]
