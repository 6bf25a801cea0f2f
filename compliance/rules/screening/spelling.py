"""How alike two words are spelled, and which words may be the same at all. Pure.

Shared keys (`keys`) are the coarse question, asked of millions of words; `alike` is the fine one, asked of
the few that are left. Both are symmetric and know nothing but the two words.
"""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from compliance.rules.screening.words import SPELLINGS

VOWELS = frozenset("aeiouy")
# Letters that one sound is written with, in Latin or on the way from another script.
_SOUND = str.maketrans("cqgxzdwfb", "kkkkstvvp")
_PAIRS = (
    ("sch", "s"), ("tch", "s"), ("dzh", "j"), ("sh", "s"), ("ch", "s"), ("zh", "s"), ("ts", "s"),
    ("tz", "s"), ("dj", "j"),
    ("kh", "h"), ("gh", "k"), ("ph", "f"), ("th", "t"), ("dh", "d"), ("ck", "k"), ("ks", "x"),
)  # fmt: skip
_WRITTEN = dict(_PAIRS)
_HEARD = re.compile("|".join(sorted(_WRITTEN, key=len, reverse=True)))
_SILENT = str.maketrans("", "", "aeiouy")


@lru_cache(maxsize=500_000)
def sound(word: str) -> str:
    """The consonants as they sound, a first vowel as "a": Volodymyr and Wolodymyr are both "vltmr"."""
    heard = _HEARD.sub(lambda found: _WRITTEN[found[0]], word).translate(_SOUND)
    if len(heard) > 2 and heard[-1] in "vj" and heard[-2] in VOWELS:
        heard = heard[:-1]
    first = "a" if heard[:1] in VOWELS and len(heard) > 1 and heard[1] not in VOWELS else ""
    return first + _once(heard[:1].translate(_SILENT) + heard[1:].replace("h", "").translate(_SILENT))


@lru_cache(maxsize=500_000)
def joined_sound(one: str, two: str) -> str:
    """The sound of two words read as one."""
    return _once(sound(one) + sound(two).lstrip("ah"))


@lru_cache(maxsize=500_000)
def firm_keys(word: str) -> frozenset[str]:
    """Two words are as good as the same when they share one of these: a known variant, or the sound."""
    found = {"=" + SPELLINGS.get(word, word)}
    heard = sound(word)
    if len(heard) > 2:
        found.add("~" + heard)
    elif len(word) > 2:
        found.add("+" + _once(word.replace("ou", "u").translate(_VOWEL)))
    if len(bones := _bones(word)) > 2:
        found.add("-" + bones)
    return frozenset(found)


@lru_cache(maxsize=500_000)
def keys(word: str) -> frozenset[str]:
    """Two words may be the same when they share one of these: besides the firm ones, the consonants, and the
    word with one letter left out on either side (a letter more, less, changed, or two that changed
    places)."""
    found = {word, *firm_keys(word)}
    if len(bones := _bones(word)) > 1:
        found.add("-" + bones)
    if len(word) > 3:
        found.update(_shorter(word))
    elif len(word) == 3:
        found.add("*" + "".join(sorted(word)))
    if len(heard := sound(word)) > 4:
        found.update("~" + shorter for shorter in _shorter(heard))
    return frozenset(found)


def _shorter(word: str) -> list[str]:
    return [word[:place] + word[place + 1 :] for place in range(len(word))]


_VOWEL = str.maketrans("eyo", "iiu")


def _bones(word: str) -> str:
    """The consonants as written: what scripts without vowels leave."""
    return _once(word.translate(_BARE))


_BARE = str.maketrans("", "", "aeiouyw")


def _once(word: str) -> str:
    return _TWICE.sub(r"\1", word)


_TWICE = re.compile(r"(.)\1+")


_NEAR = frozenset(
    frozenset(pair)
    for pair in [
        "bp",
        "dt",
        "gk",
        "kq",
        "ck",
        "cq",
        "sz",
        "cs",
        "vw",
        "fv",
        "wu",
        "mn",
        "ij",
        "jy",
        "jg",
        "cz",
        "jz",
        "hx",
        "xk",
        "gq",
        "pf",
        "sx",
        "lr",
    ]
)


def _change(one: str, other: str) -> float:
    if one in VOWELS and other in VOWELS:
        return 0.5
    return 0.6 if frozenset((one, other)) in _NEAR else 1.0


def _lone(word: str, place: int) -> float:
    """What a letter costs that only one side has."""
    letter = word[place]
    if place and word[place - 1] == letter:
        return 0.3
    if letter == "h" and place:
        return 0.4
    return 0.6 if letter in VOWELS and place else 1.0


@lru_cache(maxsize=500_000)
def _plain(word: str) -> str:
    """One sign for what scripts write with one and Latin with several."""
    for written, plain in _SIGNS:
        word = word.replace(written, plain)
    return word


_SIGNS = (
    ("dzh", "j"), ("dj", "j"), ("tch", "ch"), ("sch", "sh"), ("kh", "h"), ("ou", "u"),
    ("oo", "u"), ("ee", "i"),
    ("ck", "k"), ("ph", "f"), ("th", "t"), ("iy", "i"), ("ij", "i"), ("yy", "i"),
)  # fmt: skip


def _no_vowels(word: str) -> bool:
    """From a script that leaves them out."""
    return len(word) > 2 and not any(letter in "aeiou" for letter in word)


def _alike_without_vowels(bare: str, full: str) -> float:
    """Arabic and Hebrew write no short vowels, and "y" and "w" for long ones: "hsyn" is Hussein, not
    Hassan.
    """
    most = max(len(bare), 3)
    row = [0.0]
    for place in range(len(full)):
        row.append(row[-1] + _vowel_more(full, place))
    for letter in bare:
        before, row = row, [row[0] + (0.6 if letter in "ywh" else 1.0)]
        for across, against in enumerate(full):
            if letter == against:
                change = 0.0
            elif against in _LONG.get(letter, ""):
                change = 0.05
            else:
                change = _change(letter, against)
            row.append(
                min(
                    before[across] + change,
                    before[across + 1] + (0.6 if letter in "ywh" else 1.0),
                    row[across] + _vowel_more(full, across),
                )
            )
    return max(0.0, 0.95 - row[-1] / most)


_LONG = {"y": "ie", "w": "ouv"}


def _vowel_more(full: str, place: int) -> float:
    letter = full[place]
    if letter in VOWELS:
        return 0.05
    if place and full[place - 1] == letter:
        return 0.0
    return 0.4 if letter == "h" else 1.0


def _distance(one: str, other: str) -> float:
    """Letters more, less, changed or swapped, each by how easily a pen or an ear confuses them."""
    before: list[float] = []
    row = [0.0]
    for place in range(len(other)):
        row.append(row[-1] + _lone(other, place))
    for up, letter in enumerate(one):
        last, before, row = before, row, [row[0] + _lone(one, up)]
        for across, against in enumerate(other):
            if letter == against:
                best = before[across]
            else:
                best = before[across] + _change(letter, against)
                if up and across and letter == other[across - 1] and one[up - 1] == against:
                    best = min(best, last[across - 1] + 0.7)
            row.append(min(best, before[across + 1] + _lone(one, up), row[across] + _lone(other, across)))
    return row[-1]


@lru_cache(maxsize=1_000_000)
def alike(one: str, other: str) -> float:
    """0 (nothing in common) to 1 (the same)."""
    if one == other:
        return 1.0
    same_sound = sound(one) == sound(other)
    if SPELLINGS.get(one, one) == SPELLINGS.get(other, other):
        return 0.97 if same_sound else 0.92
    if (bare := _no_vowels(one)) != _no_vowels(other):
        return _alike_without_vowels(one, other) if bare else _alike_without_vowels(other, one)
    if not same_sound and OSA.distance(one, other) > (max(len(one), len(other)) + 1) // 2:
        return 0.0
    length = (len(one) + len(other)) / 2
    cost = _distance(one, other)
    if (plain := _plain(one)) != one or _plain(other) != other:
        cost = min(cost, 0.3 + _distance(plain, _plain(other)))
    if one[0] != other[0] and sound(one)[:1] != sound(other)[:1]:
        cost += 0.3
    if same_sound and len(sound(one)) > 3:
        cost *= 0.6
    return max(0.0, 1 - cost / max(length, 3.0))


def is_syllable(word: str) -> bool:
    """One run of vowels: a Chinese or Korean syllable, or as little."""
    if len(word) > 5:
        return False
    runs = sum(
        letter in VOWELS and (not place or word[place - 1] not in VOWELS) for place, letter in enumerate(word)
    )
    return runs == 1
