"""Numbers that check themselves: a wrong digit or two swapped ones are named."""

import pytest

from clients.rules.numbers import (
    refusals_to_iban,
    refusals_to_lei,
    refusals_to_register_number,
    refusals_to_tax_number,
)

IBANS = [
    "CH93 0076 2011 6238 5295 7",
    "GB82WEST12345698765432",
    "DE89370400440532013000",
    "FR1420041010050500013M02606",
]
TAX_NUMBERS = [
    ("CH", "756.9217.0769.85", "person"),
    ("CH", "CHE-100.155.212", "organisation"),
    ("DE", "86 095 742 719", "person"),
    ("DE", "65929970489", "person"),
    ("ES", "54362315-K", "person"),
    ("ES", "X2482300W", "person"),
    ("FR", "30 23 217 600 053", "person"),
    ("FR", "552 008 443", "organisation"),
    ("GB", "1955839661", "person"),
    ("IT", "RCCMNL83S18D969H", "person"),
    ("IT", "00743110157", "organisation"),
]  # fmt: skip


@pytest.mark.parametrize("iban", IBANS)
def test_an_iban_is_taken_and_one_with_two_swapped_digits_is_not(iban):
    assert refusals_to_iban(iban) == []
    tidy = iban.replace(" ", "")
    at = next(n for n in range(len(tidy) - 2, 4, -1) if tidy[n] != tidy[n + 1])
    swapped = tidy[:at] + tidy[at + 1] + tidy[at] + tidy[at + 2 :]
    assert "check digits" in refusals_to_iban(swapped)[0]


@pytest.mark.parametrize(
    ("iban", "words"),
    [
        ("", "begins with a country"),
        ("12", "begins"),
        ("CH93 0076 2011 6238 5295", "has 21 signs, this one 20"),
    ],
)
def test_what_is_no_iban_says_why(iban, words):
    assert words in refusals_to_iban(iban)[0]


def test_an_lei_has_check_digits():
    assert refusals_to_lei("213800KUD8LAJWSQ9D15") == []
    assert "do not fit" in refusals_to_lei("213800KUD8LAJWSQ9D16")[0]
    assert "20 signs" in refusals_to_lei("213800")[0]


def test_a_swiss_register_number_checks_itself_and_others_are_taken_as_they_are():
    assert refusals_to_register_number("CH", "CHE-100.155.212") == []
    assert "check digit" in refusals_to_register_number("CH", "CHE-100.155.213")[0]
    assert refusals_to_register_number("CH", "CH-020.3.020.910-7") == []  # as registers wrote it before
    assert refusals_to_register_number("GB", "09446231") == []


@pytest.mark.parametrize(("country", "number", "kind"), TAX_NUMBERS)
def test_a_tax_number_is_taken_and_with_another_last_sign_it_is_not(country, number, kind):
    assert refusals_to_tax_number(country, number, kind) == []
    last = number[-1]
    other = chr(ord(last) + 1) if last not in "9Z" else chr(ord(last) - 1)
    assert refusals_to_tax_number(country, number[:-1] + other, kind)


@pytest.mark.parametrize(
    ("number", "kind", "taken"),
    [
        ("536-90-4399", "person", True),
        ("666-12-3456", "person", False),
        ("000-12-3456", "person", False),
        ("900-70-0000", "person", True),  # an ITIN
        ("900-65-0000", "person", True),
        ("900-67-0000", "person", False),
        ("900-69-0000", "person", False),
        ("91-1144442", "organisation", True),
        ("07-1144442", "organisation", False),
    ],
)
def test_american_numbers_have_no_check_digit_but_gaps(number, kind, taken):
    assert (refusals_to_tax_number("US", number, kind) == []) is taken


@pytest.mark.parametrize(
    ("number", "taken"),
    [
        ("86095742719", True),  # the 7 twice
        ("95299170480", True),  # the 9 thrice
        ("99952170484", False),  # in a row
        ("11223456785", False),  # two digits twice
        ("01234567891", False),
    ],
)
def test_a_german_number_repeats_one_digit_and_no_other(number, taken):
    assert (refusals_to_tax_number("DE", number, "person") == []) is taken


@pytest.mark.parametrize("first", "KLM")
def test_a_spaniard_abroad_has_a_number_of_its_own(first):
    assert refusals_to_tax_number("ES", f"{first}1234567L", "person") == []
    assert refusals_to_tax_number("ES", f"{first}123456", "person")


def test_what_cannot_be_checked_is_not_refused():
    assert refusals_to_tax_number("VN", "8001234567", "person") == []
    assert refusals_to_tax_number("CH", "", "person") == []
    assert refusals_to_tax_number("GB", "AB 12 34 56 C", "person") == []
