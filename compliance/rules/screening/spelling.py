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
def joined_keys(one: str, two: str) -> frozenset[str]:
    """What two words read as one share with that word: all of it, or the sound when it says enough.

    Each begins with what `one` is spelled or sounds like and ends with `ending_sound` of `two`: `Nearness`
    asks for it.
    """
    heard = _once(sound(one) + ending_sound(two))
    return frozenset(["=" + one + two, "~" + heard] if len(heard) > 3 else ["=" + one + two])


def ending_sound(word: str) -> str:
    """The sound of a word that ends another: its first vowel is none any more."""
    return sound(word).lstrip("ah")


@lru_cache(maxsize=500_000)
def firm_keys(word: str) -> frozenset[str]:
    """Two words are as good as the same when they share one of these: a known variant, or the sound."""
    found = {"=" + SPELLINGS.get(word, word)}
    heard = sound(word)
    if len(heard) > 2:
        found.add("~" + heard)
    elif len(word) > 1:
        found.add("+" + _short_sound(word))
    if len(skeleton := bones(word)) > 2:
        found.add("-" + skeleton)
    return frozenset(found)


@lru_cache(maxsize=500_000)
def keys(word: str) -> frozenset[str]:
    """Two words may be the same when they share one of these: the firm ones, the consonants, and the word or
    its sound with one letter left out (so a letter may be more, less, another, or two have changed
    places)."""
    found = {word, *firm_keys(word)}
    if len(skeleton := bones(word)) > 1:
        found.add("-" + skeleton)
    if len(word) > 3:
        found.update(_shorter(word))
    elif len(word) == 3:
        found.add("*" + "".join(sorted(word)))
    if len(heard := sound(word)) > 4:
        found.update("~" + shorter for shorter in _shorter(heard))
    return frozenset(found)


@lru_cache(maxsize=500_000)
def slip_keys(word: str) -> frozenset[str]:
    """Two long words share one of these when a slip of the pen is all that lies between them."""
    return frozenset([word, *_shorter(word)]) if len(word) > 4 else frozenset()


def letter_keys(letters: str) -> tuple[str, ...]:
    """Of two names within the slips that `slips_between` forgives one has one of these of the other: how it
    begins, how it ends, or four letters between."""
    return ("<" + letters[:4], ">" + letters[-4:], letters[3:7], letters[4:8], letters[5:9])


def slips_between(one: str, other: str) -> int | None:
    """How many slips of the pen lie between two names without blanks: none for a short one, one, or in eleven
    letters two. None: more. So a blank may be anywhere, or be a letter."""
    shorter = min(len(one), len(other))
    if shorter < 6:
        return None
    forgiven = (shorter > 7) + (shorter > 10)
    slips = OSA.distance(one, other, score_cutoff=forgiven)
    return slips if slips <= forgiven else None


def _shorter(word: str) -> list[str]:
    return [word[:place] + word[place + 1 :] for place in range(len(word))]


_VOWEL = str.maketrans("eyo", "iiu")


def _short_sound(word: str) -> str:
    """The sound with its vowels: "Wahid" and "Vakhid" are both "vahit"."""
    heard = _HEARD.sub(lambda found: _WRITTEN[found[0]], word.replace("ou", "u").replace("w", "v"))
    return _once(heard.translate(_SOUND).translate(_VOWEL))


@lru_cache(maxsize=500_000)
def bones(word: str) -> str:
    """The consonants that scripts without vowels leave, as they sound: there "w" may be a vowel, one letter
    is j or g, and "-ov" ends like "-off"."""
    if word[-1:] == "j" and word[-2:-1] in VOWELS:
        word = word[:-1]  # Nikolaj
    silent = word.translate(_SILENT).replace("w", "").replace("g", "j")
    heard = _HEARD.sub(lambda found: _WRITTEN[found[0]], silent).translate(_SOUND)
    heard = _once((heard[:1] + heard[1:].replace("h", "")).replace("j", "k"))
    return heard[:-1] if len(heard) > 2 and heard[-1] == "v" else heard


def _once(word: str) -> str:
    return _TWICE.sub(r"\1", word)


_TWICE = re.compile(r"(.)\1+")


_NEAR = frozenset(
    frozenset(pair)
    for pair in (
        "bp",
        "bv",
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
    )
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
def plain(word: str) -> str:
    """One sign for what scripts write with one and Latin with several."""
    for written, plain in _SIGNS:
        word = word.replace(written, plain)
    return word


_SIGNS = (
    ("dzh", "j"), ("dj", "j"), ("tch", "ch"), ("sch", "sh"), ("kh", "h"), ("ou", "u"),
    ("oo", "u"), ("ee", "i"),
    ("ck", "k"), ("ph", "f"), ("th", "t"), ("iy", "i"), ("ij", "i"), ("yy", "i"),
)  # fmt: skip


@lru_cache(maxsize=500_000)
def alike_without_vowels(bare: str, full: str) -> float:
    """As `alike`, of a word in Arabic or Hebrew and one in another script. There no short vowel is written,
    and "a", "y" and "w" for long ones: "hsyn" is Hussein, not Hassan."""
    if SPELLINGS.get(bare, bare) == SPELLINGS.get(full, full):
        return 0.97
    if bare in SPELLINGS and full in SPELLINGS:
        return 0.0
    skeleton, other = bones(bare), bones(full)
    if OSA.distance(skeleton, other) > max(1, (max(len(skeleton), len(other)) + 1) // 3):
        return 0.0  # one consonant may be another, of five two
    bare, full = _without_pairs(bare, full), plain(full if "gh" in bare else full.replace("gh", "g"))
    most, last = max(len(bare), 3), len(bare) - 1
    row = [0.0]
    for place in range(len(full)):
        row.append(row[-1] + _vowel_more(full, place))
    for up, letter in enumerate(bare):
        lone = 0.4 if letter in "ao" else 0.6 if letter in "ywh" else 1.0
        before, row = row, [row[0] + lone]
        for across, against in enumerate(full):
            if letter == against:
                change = 0.0
            elif against in _LONG.get(letter, "") or against in _AT_EDGE.get(
                (letter, up in (0, last), not up), ""
            ):
                change = 0.05
            else:
                change = _change(letter, against)
            row.append(
                min(
                    before[across] + change,
                    before[across + 1] + lone,
                    row[across] + _vowel_more(full, across),
                )
            )
    return max(0.0, 0.97 - row[-1] / most)


def _without_pairs(bare: str, full: str) -> str:
    """As `plain`. Two letters that only stand beside each other because no vowel is written are no pair."""
    if "ch" in full:
        bare = bare.replace("tsh", "ch")
    if "x" in full:
        bare = bare.replace("ks", "x")
    return plain(bare) if "dj" not in bare else "dj".join(map(plain, bare.split("dj")))


# The first letter of a word for a vowel that begins it, the last for one that ends it.
_AT_EDGE = {
    ("a", True, True): "aeiou", ("a", True, False): "aeiouy", ("y", True, False): "aeiouy",
    ("h", True, False): "ae",
}  # fmt: skip
# What else a letter of Arabic or Hebrew may stand for: a long vowel, or a sound that has no other letter.
_LONG = {
    "a": "e", "y": "ie", "w": "ouv", "o": "u", "z": "d", "d": "z", "s": "t", "j": "g", "g": "j", "f": "pv",
    "b": "pv", "v": "bw", "p": "f", "k": "cq", "q": "kcg",
}  # fmt: skip


def _vowel_more(full: str, place: int) -> float:
    letter = full[place]
    if letter in VOWELS:
        return 0.03 if place else 0.6
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
    if one in SPELLINGS and other in SPELLINGS:
        return 0.0  # Hasan is not Husain
    if one.endswith(_OF_A_SON) and other.endswith(_OF_A_DAUGHTER):
        return 0.0
    if one.endswith(_OF_A_DAUGHTER) and other.endswith(_OF_A_SON):
        return 0.0
    if not same_sound and OSA.distance(one, other) > (max(len(one), len(other)) + 1) // 2:
        return 0.0
    length = (len(one) + len(other)) / 2
    cost = _distance(one, other)
    plain_one, plain_other = plain(one), plain(other)
    if (plain_one, plain_other) != (one, other):
        cost = min(cost, 0.3 + _distance(plain_one, plain_other))
    if one[0] != other[0] and sound(one)[:1] != sound(other)[:1]:
        cost += 0.3
    if same_sound and len(sound(one)) > 3:
        cost *= 0.6
    return max(0.0, 1 - cost / max(length - _shared_ending(one, other), min(length, 5.0), 3.0))


def _shared_ending(one: str, other: str) -> int:
    """The letters both end with that many names end with: Ivanovich and Petrovich are not alike for them."""
    for ending in _ENDINGS:
        if one.endswith(ending) and other.endswith(ending):
            return len(ending)
    return 0


_ENDINGS = (
    "ovich", "evich", "ovych", "ovna", "evna", "ivna", "uddin", "ullah", "ashvili", "enko", "zadeh", "zada",
    "poor", "pour", "yan", "nejad", "sson", "ovic", "evic", "berg", "mann", "stein", "skaya",
    "skiy", "ski", "sky", "ska", "iani", "ova", "eva", "ina", "ov", "ev",
)  # fmt: skip


_OF_A_SON = ("ovich", "evich", "ovych", "evych", "ovic", "evic")  # Aleksandrovich is no Aleksandrovna
_OF_A_DAUGHTER = ("ovna", "evna", "ivna")


def is_syllable(word: str) -> bool:
    """One run of vowels: a Chinese or Korean syllable, or as little."""
    if len(word) > 5:
        return False
    runs = sum(
        letter in VOWELS and (not place or word[place - 1] not in VOWELS) for place, letter in enumerate(word)
    )
    return runs == 1
