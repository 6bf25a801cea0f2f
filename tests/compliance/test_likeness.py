"""How alike two names are, and the sentence that says why."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from compliance.rules.screening import Listed, NameIndex, Someone, born_agrees, folded_name, judge

IRAN = frozenset({"IR"})


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("SIDOROV, Ivan", "ivan sidorov"),
        ("Ivan Sidorov", "ivan sidorov"),
        ("Müller-Øre", "muller ore"),
        ("ALFA Trading LLC", "alfa trading"),
        ("Alfa Trading Co., Ltd", "alfa trading"),
        ("LLC", "llc"),  # nothing else is left
        ("Иван Сидоров", "ivan sidorov"),
    ],
)
def test_a_name_is_folded_to_what_is_compared(written, folded):
    assert folded_name(written) == folded


@pytest.mark.parametrize(
    ("own", "listed", "born"),
    [
        (date(1964, 9, 18), "18 Sep 1964", "same"),
        (date(1964, 9, 18), "01 Jan 1960; 18 Sep 1964", "same"),
        (date(1964, 9, 18), "19 Sep 1964", "year"),
        (date(1964, 9, 18), "1964", "year"),
        (date(1964, 9, 18), "circa 1965", "year"),
        (date(1964, 9, 18), "1960 to 1966", "year"),
        (date(1964, 9, 18), "01 Jan 1963 to 31 Dec 1963", "differs"),
        (date(1964, 9, 18), "1965", "differs"),
        (date(1964, 9, 18), "", "unknown"),
        (None, "18 Sep 1964", "unknown"),
    ],
)
def test_dates_of_birth_agree_or_not(own, listed, born):
    assert born_agrees(own, listed) == born


def likeness(
    own="Ivan Petrovich Sidorov",
    name=100,
    *,
    born_on=None,
    listed_born="",
    strong=True,
    listed="Sidorov, Ivan Petrovich",
    own_kind="person",
):
    someone = Someone(own_kind, (own,), born_on, IRAN)
    return judge(someone, own, Listed("person", listed_born, IRAN), listed, name, strong=strong, threshold=85)


def test_a_differing_date_of_birth_lowers_the_rank_says_so_and_hides_nothing():
    same = likeness(born_on=date(1967, 3, 2), listed_born="02 Mar 1967")
    other = likeness(born_on=date(1967, 3, 2), listed_born="02 Mar 1971")
    unknown = likeness()
    assert same.score > unknown.score > other.score > 0
    assert "the date of birth differs: 2 Mar 1967 / 02 Mar 1971" in other.sentence
    assert other.sentence.startswith("All 3 words of the name agree with the name “Sidorov, Ivan Petrovich”")


def test_a_weak_alias_and_another_kind_rank_lower():
    assert likeness().score > likeness(strong=False).score
    assert likeness().score > likeness(own_kind="organisation").score
    assert "a weak alias" in likeness(strong=False).sentence
    assert "the list means a person" in likeness(own_kind="organisation").sentence


@pytest.mark.parametrize(
    ("name", "born", "found"),
    [(85, "", True), (84, "", False), (80, "02 Mar 1967", True), (80, "1967", False)],
)
def test_below_the_threshold_only_the_day_of_birth_makes_a_hit(name, born, found):
    assert (likeness(name=name, born_on=date(1967, 3, 2), listed_born=born) is not None) is found


def index_of(*names):
    return NameIndex([(place, name, folded_name(name), True) for place, name in enumerate(names)])


def found_in(index, name, threshold=85):
    places = index.alike(folded_name(name), threshold)
    return {index.rows[place][1]: score for place, score in places.items()}


@pytest.mark.parametrize(
    ("asked", "listed", "found"),
    [
        ("Joseph Kony", "KONY, Joseph", True),
        ("Josef Kony", "Joseph KONY", True),
        ("Ivan Petrovich Sidorov", "Ivan SIDOROV", True),  # one word more: kept for the birth date to decide
        ("Abu Bakr Ali Hassan", "Abu Bakr HASSAN", True),
        ("Ivan", "Ivan SIDOROV", False),
        ("Emma Daniels", "EMMA LLC", False),
        ("George Bush", "George HABBASH", False),
    ],
)
def test_which_names_are_candidates(asked, listed, found):
    assert (listed in found_in(index_of(listed, "Completely Other"), asked)) is found


WORDS = st.lists(
    st.sampled_from(["ivan", "ivanov", "petr", "li", "ali", "hassan", "maria", "mariya"]),
    min_size=1,
    max_size=4,
)


@given(WORDS, st.lists(WORDS, min_size=1, max_size=12))
def test_pruning_by_length_loses_nothing(asked, listed):
    """Against the plain comparison of everything with everything."""
    names = [" ".join(words) for words in listed]
    index, name = index_of(*names), " ".join(asked)
    found = found_in(index, name)
    for other in names:
        if int(fuzz.ratio(folded_name(name), folded_name(other))) >= 85:
            assert other in found


@given(WORDS)
def test_every_name_is_like_itself_in_any_order(words):
    assert found_in(index_of(" ".join(words)), " ".join(reversed(words)))[" ".join(words)] == 100
