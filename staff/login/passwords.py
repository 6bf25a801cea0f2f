"""Passwords that are long and common all the same: made of what everybody takes, or of the bank's words.

Lists of common passwords hold next to none of fifteen signs; people reach the length by putting two together.
"""

import re
from collections.abc import Iterable, Set

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FEWEST = 3  # common words of which a password must not be made
SHORTEST = 4  # signs; below that nearly everything is made of "words"
LONGEST = 128  # signs that are looked at
OF_THE_BANK = ("rmcrm", "bank", "client", "compliance", "portfolio", "winter", "spring", "summer", "autumn")


def plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def pieces_of(password: str, words: Set[str]) -> int:
    """Of how few words it is made from its first to its last sign, digits between them counting as nothing.

    0: it is made of something else.
    """
    typed = plain(password)[:LONGEST]
    fewest = [0] + [LONGEST] * len(typed)
    for end in range(1, len(typed) + 1):
        if typed[end - 1].isdigit():
            fewest[end] = fewest[end - 1]
        for begin in range(max(0, end - 40), end - SHORTEST + 1):
            if fewest[begin] + 1 < fewest[end] and typed[begin:end] in words:
                fewest[end] = fewest[begin] + 1
    return fewest[-1] % LONGEST


class NotPutTogetherOfCommonOnes:
    """A validator of Django's kind; the bank's own name is among the words."""

    def __init__(self, words: Iterable[str] = OF_THE_BANK) -> None:
        of_the_bank = [plain(word) for word in settings.BANK_NAME.split()]
        common = {plain(each) for each in CommonPasswordValidator().passwords}
        self.words = {each for each in (*common, *words, *of_the_bank) if len(each) >= SHORTEST}

    def validate(self, password: str, user: object = None) -> None:
        if plain(password).isdigit() or 0 < pieces_of(password, self.words) <= FEWEST:
            raise ValidationError(self.get_help_text(), code="password_put_together")

    def get_help_text(self) -> str:
        return _(
            "Not two or three words that everybody takes, nor the bank's name with a year: four of your own."
        )
