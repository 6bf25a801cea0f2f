"""Which word of one name stands for which of the other. Pure.

Words are laid together in pairs, the most alike first. Two or three neighbours may stand for one word of the
other side ("abdul hai" for "abdulhai"), and letters for the words they begin ("J.-C." for "Jean-Claude").
"""

from collections.abc import Callable
from dataclasses import dataclass

from compliance.rules.screening.names import Name
from compliance.rules.screening.spelling import (
    VOWELS,
    alike,
    alike_without_vowels,
    firm_keys,
    is_syllable,
)

ENOUGH = 0.62  # less alike than this, two words are two words


@dataclass(frozen=True, slots=True)
class Pair:
    """Places in the one and in the other name, how alike they are, and what they weigh."""

    ours: tuple[int, ...]
    theirs: tuple[int, ...]
    alike: float
    weight: float
    initials: bool = False


@dataclass(frozen=True, slots=True)
class Alignment:
    pairs: tuple[Pair, ...]  # by place in the one name
    only_ours: tuple[int, ...]
    only_theirs: tuple[int, ...]


def align(ours: Name, theirs: Name) -> Alignment:
    options = _options(ours, theirs)
    options.sort(key=lambda pair: (-pair.alike, -pair.weight, pair.ours, pair.theirs))
    free_ours, free_theirs = set(range(len(ours.words))), set(range(len(theirs.words)))
    taken = []
    for pair in options:
        if free_ours.issuperset(pair.ours) and free_theirs.issuperset(pair.theirs):
            free_ours.difference_update(pair.ours)
            free_theirs.difference_update(pair.theirs)
            taken.append(pair)
    return Alignment(
        tuple(sorted(taken, key=lambda pair: pair.ours)),
        tuple(sorted(free_ours)),
        tuple(sorted(free_theirs)),
    )


def _likeness(ours: Name, theirs: Name) -> Callable[[str, str], float]:
    """How words of these two are compared: as their scripts ask for."""
    if ours.bare != theirs.bare:
        return alike_without_vowels if ours.bare else _alike_with_vowels
    if ours.signs != theirs.signs:
        return _alike_in_signs
    return alike


def _alike_with_vowels(full: str, bare: str) -> float:
    return alike_without_vowels(bare, full)


def _alike_in_signs(one: str, other: str) -> float:
    """A syllable is never a longer word."""
    return alike(one, other) if is_syllable(one) == is_syllable(other) else 0.0


def _is_vowel(word: str) -> bool:
    """Nothing else is heard: "Oo" is written with one letter where vowels are not."""
    return len(word) < 3 and VOWELS.issuperset(word.replace("w", "u"))


def _options(ours: Name, theirs: Name) -> list[Pair]:
    options = []
    alike, bare = _likeness(ours, theirs), ours.bare != theirs.bare
    for place, word in enumerate(ours.words):
        for against, other in enumerate(theirs.words):
            weight = (ours.weights[place] + theirs.weights[against]) / 2
            if word == other:
                options.append(Pair((place,), (against,), 1.0, weight))
            elif len(word) == 1 or len(other) == 1:
                if bare and _is_vowel(word) and _is_vowel(other):
                    options.append(Pair((place,), (against,), 0.9, weight))
                elif word[0] == other[0]:
                    options.append(Pair((place,), (against,), 0.85, weight, initials=True))
            elif (like := alike(word, other)) >= ENOUGH:
                options.append(Pair((place,), (against,), like, weight))
    ours_met = {pair.ours[0] for pair in options if pair.alike > 0.9}
    theirs_met = {pair.theirs[0] for pair in options if pair.alike > 0.9}
    if len(theirs_met) < len(theirs.words):
        options += [
            Pair(one, two, like, weight) for one, two, like, weight in _joined(ours, theirs, theirs_met)
        ]
        options += [
            Pair(one, two, 0.9, weight, True) for two, one, weight in _letters(theirs, ours, theirs_met)
        ]
    if len(ours_met) < len(ours.words):
        options += [
            Pair(one, two, like, weight) for two, one, like, weight in _joined(theirs, ours, ours_met)
        ]
        options += [
            Pair(one, two, 0.9, weight, True) for one, two, weight in _letters(ours, theirs, ours_met)
        ]
    return options


def _joined(
    parted: Name, whole: Name, met: set[int]
) -> list[tuple[tuple[int, ...], tuple[int, ...], float, float]]:
    """Two or three neighbours that read like one word of the other side."""
    found: list[tuple[tuple[int, ...], tuple[int, ...], float, float]] = []
    alike = _likeness(parted, whole)
    bare, signs = parted.bare != whole.bare, parted.signs or whole.signs
    slack, enough = (8, 0.85) if bare else (3, 0.95 if signs else 0.92)
    others = [(place, word) for place, word in enumerate(whole.words) if place not in met and len(word) > 4]
    if not others:
        return found
    for many in (2, 3):
        for place in range(len(parted.words) - many + 1):
            places = tuple(range(place, place + many))
            word = "".join(parted.words[place : place + many])
            for against, other in others:
                if (
                    abs(len(word) - len(other)) < slack
                    and (bare or not firm_keys(word).isdisjoint(firm_keys(other)))
                    and (like := alike(word, other)) > enough
                ):
                    weight = max(whole.weights[against], sum(parted.weights[each] for each in places) / many)
                    found.append((places, (against,), like * 0.99, weight))
    return found


def _letters(short: Name, long: Name, met: set[int]) -> list[tuple[tuple[int, ...], tuple[int, ...], float]]:
    """Letters that are the beginnings of neighbours: "jc" of "jean claude"."""
    found: list[tuple[tuple[int, ...], tuple[int, ...], float]] = []
    for place, word in enumerate(short.words):
        if place not in met and 1 < len(word) < 5 and short.weights[place] != 0.1:
            for begin in range(len(long.words) - len(word) + 1):
                theirs = tuple(range(begin, begin + len(word)))
                if word == "".join(long.words[each][0] for each in theirs):
                    found.append(((place,), theirs, sum(long.weights[each] for each in theirs) / 2))
    return found
