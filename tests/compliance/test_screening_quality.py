"""What the scorer finds of mangled list names, whom it troubles in vain, and that two readings are read.

Floors under what `bin/drill screening` measures on all lists; here the UN's and the EU's, to be quick.
"""

import pytest

from bench.screening import names as drawn
from bench.screening.mangling import KINDS
from bench.screening.names import THRESHOLD, Lists
from compliance.rules.screening import NameIndex, points_between, readings
from tests.rmcrm.shared import shared_data

FLOORS = {
    "one typo": 0.98, "two typos in a long name": 0.97, "one edit anywhere": 0.97, "two edits anywhere": 0.96,
    "swapped parts": 0.99, "dropped part": 0.97, "dropped word": 0.97, "lost diacritics": 1.0,
    "one word more": 0.94,
    "Cyrillic": 0.98,
    "Greek": 0.96, "Greek by letter": 0.96, "Greek by a table of keys": 0.98, "Cyrillic by letter": 0.97,
    "Arabic": 0.90, "Arabic by letter": 0.94, "Arabic without vowels": 0.92, "Hebrew by letter": 0.94,
    "initial": 0.96, "run together": 0.98,
}  # fmt: skip


@pytest.fixture(scope="module")
def lists():
    files = {"un": "un_consolidated_2026-02-27.xml", "eu": "eu_fsf_2024-05-13.xml"}
    return Lists.of(f"{source}={shared_data(f'sanctions/{file}')}" for source, file in files.items())


def share(found):
    found = list(found)
    return sum(points >= THRESHOLD for points in found) / len(found)


@pytest.mark.slow
def test_mangled_names_of_persons_on_the_lists_are_found(lists):
    found = {
        kind: share(
            lists.points(wrong, place) for place, _, wrong in drawn.mangled(lists, kind, "person", 200, 7)
        )
        for kind in KINDS
    }
    assert {kind: part for kind, part in found.items() if part < FLOORS[kind]} == {}
    usual = (
        "one typo",
        "two typos in a long name",
        "one edit anywhere",
        "two edits anywhere",
        "swapped parts",
        "dropped part",
        "lost diacritics",
        "Cyrillic",
        "Greek",
        "Greek by letter",
    )
    assert sum(found[kind] for kind in usual) / len(usual) >= 0.98


@pytest.mark.slow
def test_names_in_the_scripts_of_the_lists_are_found_by_their_latin_ones(lists):
    spelled = list(drawn.of_other_scripts(lists))
    floors = {"Cyrillic": 0.98, "Arabic": 0.87, "Hangul": 0.65}
    for script, floor in floors.items():
        own = [(name, plain) for which, name, plain in spelled if which == script][:400]
        assert share(max(points_between(name, other) for other in plain) for name, plain in own) >= floor


@pytest.mark.slow
def test_few_innocent_people_are_troubled(lists):
    innocents = drawn.column(shared_data("clients/persons_global.csv"), "full_name")[-2000:]
    assert share(map(lists.points, innocents)) <= 0.005
    assert share(map(lists.points, drawn.generated(2000, 3))) <= 0.005


@pytest.mark.slow
def test_a_name_with_another_persons_word_is_another_name(lists):
    assert share(points_between(*pair) for pair in drawn.with_other_word(lists, 400, 3)) <= 0.02


@pytest.mark.parametrize(
    ("own", "listed"),
    [
        ("Μπασάρ αλ-Άσαντ", "Bashar al-Assad"),  # μπ and ντ are b and d
        ("Αντώνης Παπαδόπουλος", "Antonis Papadopoulos"),  # and here nt
        ("Λεωνίδας Βασιλείου", "Leonidas Vasileiou"),
        ("Вахид Хусайн", "Wahid HUSAYN"),
        ("بشار الأسد", "Bashar AL-ASSAD"),
        ("رحمت الله شاه نواز", "Rahmatullah Shah Nawaz"),
        ("STOCK COMPANY JOINT Sarylakh Surma", "Joint Stock Company Sarylakh Surma"),
        ("Nico Engineering Limite", "Nico Engineering Limited"),
        ("Ruslan Zamulko", "Tuslan Zsmulko"),  # a slip in every word
        ("Dmitrijvinnikov", "Dmitrij Vinnikov"),
        ("Μυχαμμαδ Συρι", "Muhammad SURI"),  # letter by letter
        ("Ηασσαν Φιροθζαβαδι", "Hassan FIROUZABADI"),  # as keys lie
        ("Йихад Баракат", "Jihad BARAKAT"),
        ("سيرجيي يورييفيتش جلازييف", "Sergey Yurievich GLAZYEV"),
        ("جلجر بوتروف", "Gulger Butrov"),
        ("האמיד מוראדי", "Hamid MORADI"),
        ("ויקטור איוונוביץ' צ'ולקוב", "Viktor Ivanovich CHULKOV"),  # ו is v and o; a stroke makes ch
        ("שמעון פרידמן", "Shimon FRIEDMAN"),
        ("רפאל ברקוביץ", "Rafael BERKOVITZ"),  # one letter is p and f, one b and v
        ("אביגיל שושן", "Avigail SHOSHAN"),
        ("مرتضی وحیدی", "Morteza VAHIDI"),  # as Persians say it
        ("شمس الدين كريم", "Shamsuddin KARIM"),  # "al" before d, and no blank
        ("محمدباقر کاظمی", "Mohammad Baqir KAZEMI"),
        ("سلمان كستنك", "Salman KOSTENKO"),  # k and s, not x
        ("سل بز لبز", "Saul PAEZ LOPEZ"),  # without vowels "sl" is no company's form
        ("A. Gaddari", "Ahmad GADDARI"),
        ("JC Marchand", "Jean-Claude MARCHAND"),
        ("Ivan Petrov", "Ivan Dimitrov PETROV"),  # the client leaves a word out
    ],
)
def test_names_are_alike_whatever_the_script_and_the_slips(own, listed):
    assert points_between(own, listed) >= THRESHOLD
    assert any(NameIndex([listed]).candidates(name) for name in readings(own))


@pytest.mark.parametrize(
    ("own", "listed"),
    [
        ("Karen Smith", "SMT-K"),  # a name without vowels is no abbreviation in Arabic
        ("Mahmud Karimi", "Muhammad Karimi"),  # known names of their own
        ("Pavel Ivanovich Orlov", "Pavel Petrovich Orlov"),  # not alike for the ending
        ("赵德伟", "Zhao WEI"),  # no syllable is left out
        ("健 周", "Jianshu ZHOU"),
        ("Ren Ito", "RENATO"),
        ("Musil Invest AG", "M-Invest"),
        ("Nils Ten", "Nils Berg"),  # a family, not a particle
        ("Ivan Petrov Dimitrov", "Ivan PETROV"),  # one of very many who have these and a word more
        ("Aleksandra Sergeevna Orlova", "Aleksandr Sergeevich ORLOV"),  # a daughter is no son
        ("Martin Kowalkar", "Martin Kowalbert"),  # alike as far as they begin
        ("Yu Li Min", "Yu Li PAO"),  # a syllable among syllables, not a company's form
        ("Li Pao", "Li Zao"),
    ],
)
def test_names_that_only_look_alike_are_not(own, listed):
    assert points_between(own, listed) < THRESHOLD
