"""Passwords that are long and known all the same: made of what everybody takes, or of the bank's words, or
breached elsewhere.

Lists of common passwords hold next to none of fifteen signs; people reach the length by putting two together.
What was breached is looked up in a list that the bank keeps itself (RMCRM_BREACHED_LIST): nothing about
a password leaves the house, and no package ships such a list.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Set

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils.translation import gettext as _

FEWEST = 3  # common words of which a password must not be made
SHORTEST = 4  # signs; below that nearly everything is made of "words"
LONGEST = 128  # signs that are looked at
OF_THE_PERSON = ("login", "name", "email")
OF_THE_BANK = ("rmcrm", "bank", "client", "compliance", "portfolio", "winter", "spring", "summer", "autumn")


def plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def unit_of(text: str) -> str:
    """What a text repeats from its first to its last sign; the text itself when it repeats nothing."""
    return text[: (text + text).find(text, 1)] if text else text


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
    """A validator of Django's kind; the bank's own name is among the words, and the person's."""

    def __init__(self, words: Iterable[str] = OF_THE_BANK) -> None:
        of_the_bank = [plain(word) for word in settings.BANK_NAME.split()]
        common = {plain(each) for each in CommonPasswordValidator().passwords}
        self.words = {each for each in (*common, *words, *of_the_bank) if len(each) >= SHORTEST}

    def validate(self, password: str, user: object = None) -> None:
        own = " ".join(str(getattr(user, name, "") or "") for name in OF_THE_PERSON)
        words = self.words | {each for each in map(plain, re.split(r"[\s@.]+", own)) if len(each) >= SHORTEST}
        # Four times the same word is no more than the word.
        fewest = [pieces_of(text, words) for text in (password, unit_of(plain(password)))]
        if plain(password).isdigit() or any(0 < pieces <= FEWEST for pieces in fewest):
            raise ValidationError(self.get_help_text(), code="password_put_together")

    def get_help_text(self) -> str:
        return _(
            "Not two or three words that everybody takes, nor the bank's name or yours with a year: four of "
            "your own."
        )


class NotBreached:
    """A validator of Django's kind: not one that stands in the bank's list of breached passwords.

    The list is what "Pwned Passwords" gives out, or any other of its form: a line a password, its SHA-1 in
    hexadecimal digits and whatever follows them, in their order. It may be larger than all memory.
    """

    def __init__(self) -> None:
        self.path = settings.BREACHED_LIST
        if self.path and not os.path.isfile(self.path):
            raise ImproperlyConfigured(f"RMCRM_BREACHED_LIST: there is no file {self.path}.")

    def validate(self, password: str, user: object = None) -> None:
        if self.path and is_listed(self.path, password):
            raise ValidationError(
                _("This password is in a list of stolen ones, wherever it was stolen. Take another one."),
                code="password_breached",
            )

    def get_help_text(self) -> str:
        return _("Not one that was stolen anywhere.")


def is_listed(path: str, password: str) -> bool:
    """Halve the file until one line is left: about forty looks at a thousand million of them."""
    # SHA-1 as the lists have it, of what is thrown away at once: passwords are kept by Argon2 alone.
    listed = hashlib.sha1(password.encode(), usedforsecurity=False)
    wanted = listed.hexdigest().upper().encode()
    with open(path, "rb") as file:
        low, high = 0, file.seek(0, os.SEEK_END)
        while low < high:  # the line that is looked for begins in [low, high)
            middle = (low + high) // 2
            file.seek(max(middle - 1, low))
            if middle > low:
                file.readline()  # to the first line that begins at the middle or after it
            begins = file.tell()
            line = file.readline() if begins < high else b""
            if not line:  # nothing begins in the upper half
                high = middle
                continue
            found = line[: len(wanted)].upper()
            if found == wanted:
                return True
            low, high = (begins + len(line), high) if found < wanted else (low, middle)
    return False
