"""Chance that can be repeated: a generator a subject, seeded from the bank's seed and the subject's number.

Only `random()` and `getrandbits()` are used: Python promises that they give the same on every version and
machine. So every client can be made alone, by any process, in any order, and comes out the same.
"""
# ruff: noqa: S311 - a synthetic bank needs repeatable chance, not secret chance

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")

_SUBJECTS = {"client": 1, "person": 2, "book": 3, "market": 4, "staff": 5, "figure": 6, "market day": 7}


def seed_of(seed: int, subject: str, number: int) -> int:
    """One integer for one subject; distinct subjects and numbers never meet."""
    return ((seed & 0xFFFF_FFFF) << 48) | (_SUBJECTS[subject] << 44) | number


def dice(seed: int, subject: str, number: int) -> Random:
    return Random(seed_of(seed, subject, number))


class Weighted(Generic[T]):
    """Things with weights, to be picked by a number in [0, 1)."""

    def __init__(self, pairs: Sequence[tuple[T, float]]):
        self.things = [thing for thing, _ in pairs]
        total = sum(weight for _, weight in pairs)
        self.edges = [edge / total for edge in accumulate(weight for _, weight in pairs)][:-1]

    def pick(self, chance: float) -> T:
        return self.things[bisect_right(self.edges, chance)]


def shares(text: str) -> Weighted[str]:
    """ "german=56 french=19": what is drawn, and how often."""
    pairs = (item.split("=") for item in text.split())
    return Weighted([(name, float(weight)) for name, weight in pairs])


def between(points: Sequence[float], chance: float) -> float:
    """A value of the distribution with these evenly spaced quantiles; without exp(): the same everywhere."""
    place = chance * (len(points) - 1)
    left = int(place)
    return points[left] + (points[left + 1] - points[left]) * (place - left)
