"""Names, phones, addresses and numbers folded to what a search compares: pure text, no database.

Of an account's number the blind index (ADR 20): only the keys of this process are asked beside the text.
"""

import re
from functools import lru_cache

from anyascii import anyascii

from vault.cipher import box

# After anyascii only ASCII is left: letters small, an apostrophe joins, everything else parts words.
_PLAIN = {
    code: (chr(code).lower() if chr(code).isalnum() else None if chr(code) in "'`" else " ")
    for code in range(128)
}


_NO_KEY = re.compile("[^0-9A-Za-z]+")


def fold(text: str) -> str:
    """Latin letters and digits, lower case, a blank between words: "Müller-Øre" -> "muller ore"."""
    return " ".join(filter(None, map(_fold_word, text.split())))


@lru_cache(
    maxsize=200_000
)  # a bank's names are made of few words; folding a word of Han costs 2 microseconds
def _fold_word(word: str) -> str:
    return " ".join(anyascii(word).translate(_PLAIN).split())


def words_of(*names: str) -> list[str]:
    """The distinct folded words of all these names, sorted."""
    folded = map(_fold_word, " ".join(names).split())
    return sorted({*" ".join(folded).split()})


def key_of(value: str) -> str:
    """A key as it is looked up: of phones the digits, of account numbers what counts, e-mails in small."""
    value = value.strip()
    if "@" in value:
        return value.lower()
    return _NO_KEY.sub("", value).lower()


def account_key(number: str) -> str:
    """The key of an account: of its whole number, however it is written. No other key begins like it."""
    return f"={box().index_of('clients_searchkey.key', number)}"
