"""How alike two names are, and the sentence that says why."""

import re
from datetime import date
from itertools import pairwise
from random import Random

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bench.screening.mangling import arabic_by_letter, greek_by_key, hebrew, one_edit, two_edits
from compliance.rules.screening import (
    Listed,
    NameIndex,
    Nearness,
    Someone,
    born_agrees,
    compare,
    judge,
    may_match,
    read,
    readings,
)
from compliance.rules.screening.evidence import PENALTIES, sum_words

IRAN = frozenset({"IR"})


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
    *,
    born_on=None,
    listed_born="",
    strong=True,
    listed="Sidorov, Ivan Petrovich",
    own_kind="person",
    papers=(),
    listed_papers=(),
    threshold=85,
):
    someone = Someone(own_kind, (own,), born_on, IRAN, frozenset(papers))
    entry = Listed("person", listed_born, IRAN, frozenset(listed_papers))
    return judge(someone, entry, compare(read(own), read(listed)), strong=strong, threshold=threshold)


def test_a_differing_date_of_birth_lowers_the_rank_says_so_and_hides_nothing():
    same = likeness(born_on=date(1967, 3, 2), listed_born="02 Mar 1967")
    other = likeness(born_on=date(1967, 3, 2), listed_born="02 Mar 1971")
    unknown = likeness()
    assert same.score > unknown.score > other.score > 0
    assert "the date of birth differs: 2 Mar 1967 / 02 Mar 1971" in other.sentence
    assert other.sentence.startswith("All 3 words of the name agree with the name “Sidorov, Ivan Petrovich”")


def test_a_weak_alias_another_kind_and_a_common_name_rank_lower():
    assert likeness().score > likeness(strong=False).score
    assert likeness().score > likeness(own_kind="organisation").score
    assert likeness().score > likeness("Mohamed Ali", listed="Muhammad ALI").score
    assert (
        "a weak alias" in likeness(strong=False).sentence or "weak alias" in likeness(strong=False).sentence
    )
    assert "the list means a person" in likeness(own_kind="organisation").sentence


def test_the_same_paper_ranks_higher_and_is_told():
    same = likeness(papers=["P1234567"], listed_papers=["P1234567"])
    assert same.score > likeness().score
    assert "a paper has the same number" in same.sentence
    assert "P1234567" not in same.sentence  # it is readable in the database, and the paper is not


@pytest.mark.parametrize(("born", "found"), [("02 Mar 1967", True), ("1967", False), ("", False)])
def test_below_the_threshold_only_the_day_of_birth_makes_a_hit(born, found):
    points = compare(read("Ivan Sidorov"), read("Ivan Petrovich Sidorov")).points
    hit = likeness(
        "Ivan Sidorov",
        listed="Ivan Petrovich Sidorov",
        born_on=date(1967, 3, 2),
        listed_born=born,
        threshold=points + 1,
    )
    assert (hit is not None) is found


@pytest.mark.parametrize(
    ("own", "listed", "said"),
    [
        ("Jusuf Baranov", "Baranov, Yusuf", "“baranov” agrees with the name “Baranov, Yusuf”"),
        ("Elon Mosk", "Elon Musk", "“mosk” is another spelling of “musk”"),
        ("Ivan Sidorov", "Ivan Petrovich Sidorov", "only the list has “petrovich”"),
        ("J.-C. Juncker", "Jean-Claude Juncker", "“jc” may stand for “jean claude”"),
        ("SergeiLavrov", "Sergei Lavrov", "“sergei lavrov” is “sergeilavrov” written apart"),
        ("Basha rAL-ASSAD", "Bashar AL-ASSAD", "All letters of the name agree with the name “Bashar AL"),
        ("BerkrTURKEN", "Berk TURKEN", "All letters of the name but one agree with"),
        ("Salman bin Muhammad Rawi", "Muhammad bin Salman Rawi", "child and father are the other way round"),
    ],
)  # fmt: skip
def test_the_sentence_says_which_words_agree_and_how(own, listed, said):
    assert said in likeness(own, listed=listed, threshold=0).sentence


@pytest.mark.parametrize(
    ("own", "listed", "alike"),
    [
        ("Wolodymyr Selenskyj", "Volodymyr Zelenskyy", True),
        ("Абдул Рахман Халаф", "ABD-AL-RAHMAN KHALAF", True),
        ("محمد علي", "Mohamed Ali", True),
        ("김정은", "Kim Jong Un", True),
        ("Volkswagen Gesellschaft mit beschränkter Haftung", "Volkswagen GmbH", True),
        ("1st International Bank", "First International Bank", True),
        ("George Bush", "George HABBASH", False),
        ("Emma Daniels", "EMMA LLC", False),
        ("CRYSTALORD SYSTEMS LIMITED", "CRYSTALORD LTD", False),
        ("Pekka Orpo", "Petteri Orpo", False),
    ],
)
def test_which_names_are_alike(own, listed, alike):
    assert (compare(read(own), read(listed)).points >= 85) is alike


WORDS = st.lists(
    st.sampled_from(
        [
            "ivan",
            "ivanov",
            "iwan",
            "petr",
            "li",
            "ali",
            "hassan",
            "hasan",
            "maria",
            "abdul",
            "hai",
            "abdulhai",
            "j",
            "al",
            "allah",
            "abdallah",
            "limited",
            "ii",
            "Ивановна",
            "Άντερσον",
            "anderson",
            "عبدالله",
            "اليكسندر",
            "хайяй",
            "حسن",
            "hassan-ali",
            "rosoboronexport",
            "trading",
            "haji",
            "pao",
            "kim",
            "a",
            "jc",
            "ולדימירוויח",
            "פיצ'וגינ",
            "vladimirovich",
            "mirza",
            "میرضا",
            "الدین",
            "سدن",
            "김정은",
            "習近平",
            "习恶李",  # "xi e li": a number, a lone letter
        ]
    ),
    min_size=1,
    max_size=4,
)


@given(WORDS, st.lists(WORDS, min_size=1, max_size=12))
def test_the_index_finds_what_the_law_of_two_names_finds(asked, listed):
    """No pruning loses a pair, and no other name of the index makes one."""
    name = read(" ".join(asked))
    names = list(dict.fromkeys(" ".join(words) for words in listed))
    found = {each.written for each in NameIndex(names).candidates(name)}
    assert found == {each for each in names if may_match(name, read(each))}


@given(st.lists(WORDS, max_size=4), st.lists(WORDS, min_size=1, max_size=4))
@example([["limited", "ii"]], [["limited", "ii"]])  # a numeral beside a company's form
@example([["besloten", "vennootschap", "maria"]], [["maria"]])  # a company's form written out
@example([[""], ["maria\n", "anna"], ["Maria-Anna"]], [["maria", "anna"]])  # blanks of every kind
def test_whoever_has_a_candidate_is_near_and_nobody_else(asked, listed):
    index, names = NameIndex(" ".join(words) for words in listed), [" ".join(words) for words in asked]
    near = Nearness(index)
    has_candidate = [any(map(index.candidates, readings(name))) for name in names]
    for _ in range(2):  # the second time all pieces are known
        assert near.among(names) == [place for place, found in enumerate(has_candidate) if found]


@given(
    WORDS,
    st.integers(0, 10**6),
    st.sampled_from([one_edit, two_edits, arabic_by_letter, greek_by_key, hebrew]),
)
def test_no_slip_and_no_script_is_lost_by_pruning(words, seed, mangler):
    """What is mangled as a whole is found as the law of two names says, by the index and by nearness."""
    name = " ".join(words)
    wrong = mangler(name, Random(seed))
    assume(wrong)
    index = NameIndex([name])
    candidates = [any(index.candidates(reading)) for reading in readings(wrong)]
    assert candidates == [may_match(reading, read(name)) for reading in readings(wrong)]
    assert bool(Nearness(index).among([wrong])) == any(candidates)


@pytest.mark.parametrize(
    ("own", "listed", "points"),
    [
        ("BerkrTURKEN", "Berk TURKEN", 91),  # a letter for a blank
        ("Basha rAL-ASSAD", "Bashar AL-ASSAD", 97),  # the blank a letter too late
        ("Triq TASMINA", "Tariq YASMINA", 85),
        ("SINSMS PTE. LDT.", "SINSMS PTE. LTD.", 91),
        ("U Aung aw Win", "U Aung Saw Win", 91),
    ],
)
def test_slips_of_the_pen_are_forgiven_wherever_they_are(own, listed, points):
    assert compare(read(own), read(listed)).points >= points
    assert may_match(read(own), read(listed))


@pytest.mark.parametrize(
    ("own", "listed"),
    [
        ("Mahmud Karimi Hasan", "Mahmud Karimi Husan"),  # known names of their own
        ("Vodokanal Plant 15", "Vodokanal Plant 16"),
        ("Limited Liability Company Alfa", "Limited Liability Company Alba"),
        ("정수 김", "Yong Su KIM"),  # a sign is a syllable
    ],
)
def test_where_a_letter_makes_another_name_a_slip_is_not_forgiven(own, listed):
    assert compare(read(own), read(listed)).slips is None


@pytest.mark.parametrize(
    ("own", "listed", "alike"),
    [
        ("Rosoboronexport", "JSC Rosoboronexport Trading", True),
        ("Alfa", "Alfa Shipping", False),
        ("Gallion Marindustrie", "Gallion Marindustrie Leasing Ltd", True),
        ("Banco Santander", "Banco Santander Chile S.A.", False),  # a sister of it
        ("Abdul Zahed", "Abdul Rahman Zahed", True),  # both are servants of God
        ("Abdul Rahman", "Abdul Rahman Baasyir", False),  # so are many
    ],
)
def test_what_is_left_out_counts_by_what_the_rest_tells(own, listed, alike):
    found = may_match(read(own), read(listed)) and compare(read(own), read(listed)).points >= 85
    assert found is alike


@given(WORDS)
def test_every_name_is_like_itself_in_any_order(words):
    assume("allah" not in words)  # it belongs to the word before: "Abdul Allah" is Abdallah
    # Letters beside each other are one abbreviation: "J A" is JA, not AJ.
    assume(all(len(one) > 1 or len(other) > 1 for one, other in pairwise(words)))
    assume(words.count("jc") < 3)  # initials where the name begins in Latin letters, words where it does not
    one, other = read(" ".join(words)), read(" ".join(words[::-1]))
    assert may_match(one, other)


@given(
    name=st.integers(0, 100),
    found=st.fixed_dictionaries({what: st.sampled_from(sorted(table)) for what, table in PENALTIES.items()}),
)
def test_the_sum_of_a_score_adds_up_and_names_whatever_weighs(name, found):
    score = max(0, min(100, name - sum(PENALTIES[what][each] for what, each in found.items())))
    told = sum_words(name, found, score)
    terms, _, total = told.partition(" = ")
    figures = [
        int(f"{sign.strip()}{points}") for sign, points in re.findall(r"([+-] |)(\d+) for", minus(terms))
    ]
    assert sum(figures) == (int(minus(total).split(",")[0]) if total else score)
    assert len(figures) - 1 == sum(PENALTIES[what][each] != 0 for what, each in found.items())
    assert (score in (0, 100)) or told.endswith(f" = {score}") or told == f"{score} for the name"


def minus(told):
    return told.replace("−", "-")
