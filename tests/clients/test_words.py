"""Names, phones, addresses and numbers, folded as the search compares them."""

import pytest

from clients.words import fold, key_of, words_of


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Zoë Müller-Øre", "zoe muller ore"),
        ("O'Brien d’Arcy", "obrien darcy"),
        ("王伟", "wangwei"),
        ("Людмила Яковлева", "lyudmila yakovleva"),
        ("Müller & Söhne GmbH.", "muller sohne gmbh"),
        ("  Łódź\tÇelik ", "lodz celik"),
        ("محمد", fold("محمد")),
        ("", ""),
        ("—", ""),
    ],
)
def test_a_name_of_any_script_becomes_small_latin_words(text, folded):
    assert fold(text) == folded
    assert fold(folded) == folded
    assert folded.isascii()


def test_the_words_of_all_names_on_a_file_are_told_once_and_in_order():
    assert words_of("Anna-Lena Keller", "Keller AG", "", "王伟") == [
        "ag",
        "anna",
        "keller",
        "lena",
        "wangwei",
    ]
    assert words_of() == []


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("+41 44 555 01 23", "41445550123"),
        ("(020) 7946-0123", "02079460123"),
        ("CH93 0076 2011 6238 5295 7", "ch9300762011623852957"),
        ("C-0000123", "c0000123"),
        (" Anna.Keller@Example.COM ", "anna.keller@example.com"),
        ("", ""),
    ],
)
def test_a_key_is_what_counts_of_a_phone_an_account_or_an_address(value, key):
    assert key_of(value) == key
