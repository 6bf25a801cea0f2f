"""FATCA and CRS: how long a form holds, what contradicts it, what is refused."""

from datetime import date

import pytest

from onboarding.rules import tax
from onboarding.rules.tax import Certification, Known, Residence
from tests.onboarding.stage import figures_of_an_opening

FIGURES = figures_of_an_opening()
SWISS = Residence("CH", "7569217076985")
LEA = Known("person", "Lea Lind", "CH", "CH", frozenset({"CH"}))


@pytest.mark.parametrize(
    ("certification", "until"),
    [
        (Certification("w8ben", date(2026, 1, 2)), date(2029, 12, 31)),
        (Certification("w8ben", date(2026, 12, 31)), date(2029, 12, 31)),
        (Certification("w8bene", date(2027, 1, 1)), date(2030, 12, 31)),
        (Certification("w9", date(2010, 1, 1), (Residence("US", "536904399"),)), None),
        (Certification("crs", date(2010, 1, 1), (SWISS,)), None),
        (Certification("crs", date(2026, 2, 28), (Residence("AE", "", "not_issued"),)), date(2027, 2, 28)),
        (Certification("crs", date(2028, 2, 29), (Residence("AE", "", "not_issued"),)), date(2029, 2, 28)),
        # A change: CRS by the later of 90 days and the end of the year, the others in 90 days.
        (Certification("crs", date(2020, 1, 1), (SWISS,), changed_on=date(2026, 3, 1)), date(2026, 12, 31)),
        (Certification("crs", date(2020, 1, 1), (SWISS,), changed_on=date(2026, 12, 1)), date(2027, 3, 1)),
        (Certification("w9", date(2020, 1, 1), changed_on=date(2026, 12, 1)), date(2027, 3, 1)),
        # The earlier of two ends counts.
        (Certification("w8ben", date(2023, 5, 1), changed_on=date(2026, 12, 1)), date(2026, 12, 31)),
    ],
)
def test_how_long_a_form_holds(certification, until):
    assert tax.valid_until(certification, FIGURES) == until
    if until:
        assert tax.is_valid(certification, until, FIGURES)
        assert not tax.is_valid(certification, date(until.year + 1, 1, 1), FIGURES)


@pytest.mark.parametrize(
    ("known", "products", "forms"),
    [
        (LEA, ["current"], ["crs"]),
        (LEA, ["current", "fund"], ["crs", "w8ben"]),
        (Known("person", "Sam", "US", "CH"), ["current"], ["crs", "w9"]),
        (Known("person", "Sam", "CH", "US"), ["share"], ["crs", "w9"]),
        (Known("organisation", "Lind Ltd", "CH", "CH"), ["current"], ["crs", "w8bene"]),
    ],
)
def test_which_forms_are_needed(known, products, forms):
    assert tax.forms_needed(known, products, FIGURES) == forms
    assert tax.forms_needed(known, products, {}) == []  # the figures of an older version


@pytest.mark.parametrize(
    ("certification", "known", "words"),
    [
        (Certification("crs", date(2026, 1, 1), (SWISS,)), LEA, []),
        (
            Certification("crs", date(2026, 1, 1), (SWISS,)),
            Known("person", "Lea Lind", "CH", "DE", frozenset({"FR"})),
            ["lives in Germany and declares no", "a phone in France"],
        ),
        (
            Certification("w8ben", date(2026, 1, 1)),
            Known("person", "Sam", "US", "CH"),
            ["signed a W-8BEN and is American"],
        ),
        (Certification("w9", date(2026, 1, 1), (SWISS,)), LEA, ["nothing on the file is American"]),
    ],
)
def test_the_reasonableness_test_names_what_contradicts(certification, known, words):
    found = tax.contradictions(certification, known)
    assert len(found) == len(words)
    assert all(word in sentence for word, sentence in zip(words, found, strict=True))


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        ({}, "person", ""),
        ({"form": "x"}, "person", "Choose a form"),
        ({"form": "w8ben"}, "organisation", "an organisation signs a W-8BEN-E"),
        ({"form": "w8bene"}, "person", "a person signs a W-8BEN"),
        ({"residences": ()}, "person", "in which country"),
        ({"residences": (SWISS, SWISS)}, "person", "twice"),
        ({"form": "w9"}, "person", "of the United States"),
        ({"residences": (Residence("AE"),)}, "person", "the reason why there is none"),
        ({"residences": (Residence("AE", "", "no idea"),)}, "person", "the reason why there is none"),
        ({"residences": (Residence("AE", "", "not_issued"),)}, "person", ""),
        ({"residences": (Residence("CH", "", "not_obtained"),)}, "person", ""),
        ({"residences": (Residence("CH", "", "not_issued"),)}, "person", "Switzerland gives tax numbers"),
        ({"residences": (Residence("DE", "1"),)}, "person", "Germany: no number"),
    ],
)
def test_what_is_refused(changes, kind, words):
    said = {"form": "crs", "signed_on": date(2026, 11, 1), "residences": (SWISS,)} | changes
    refusals = tax.refusals_to_certify(Certification(**said), kind, {"DE": ["no number"]})
    assert (words in " ".join(refusals)) if words else refusals == []


@pytest.mark.parametrize(
    ("form", "signed_on", "residences", "words"),
    [
        ("w8ben", date(2026, 11, 24), (SWISS,), ""),
        ("w8ben", date(2023, 1, 1), (SWISS,), ""),
        ("w8ben", date(2022, 12, 31), (SWISS,), "to the end of calendar year 3 after its signature"),
        ("w8ben", date(1999, 5, 1), (SWISS,), "this one held until 31 Dec 2002"),
        ("w8bene", date(1999, 5, 1), (SWISS,), "W-8BEN-E"),
        ("crs", date(2020, 1, 1), (SWISS,), ""),
        ("crs", date(2025, 11, 24), (Residence("CH", "", "not_obtained"),), ""),
        ("crs", date(2025, 11, 23), (Residence("CH", "", "not_obtained"),), "holds for 12 months"),
        ("crs", date(2014, 7, 14), (SWISS,), "Nobody signed for the CRS before 15 Jul 2014"),
        ("w9", date(1999, 5, 1), (Residence("US", "536904399"),), ""),
        ("w9", date(1980, 4, 30), (Residence("US", "536904399"),), "before the birth"),
        ("w9", date(2026, 11, 25), (), "in the future"),
    ],
)
def test_a_form_is_dated_within_what_it_holds_for(form, signed_on, residences, words):
    signed = Certification(form, signed_on, residences)
    told = tax.refusals_of_the_day(signed, date(1980, 5, 1), date(2026, 11, 24), FIGURES)
    assert (words in " ".join(told)) if words else told == []


def test_a_change_is_reported_once_it_happened():
    signed, today = date(2026, 1, 1), date(2026, 11, 24)
    assert tax.refusals_to_report_change(today, signed, today, superseded=False) == []
    assert tax.refusals_to_report_change(date(2026, 11, 25), signed, today, superseded=False)
    assert tax.refusals_to_report_change(date(2025, 12, 31), signed, today, superseded=False)
    assert tax.refusals_to_report_change(today, signed, today, superseded=True)
