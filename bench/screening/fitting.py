"""How well the scorer judges pairs of names that it was not fitted to: out of sample, beside in sample.

The points of `comparing.POINTS` are code, and were fitted by people who saw all the labelled pairs. So they
are fitted once more here, from points that are all the same, to some of the pairs, and judge the others; and
so is the threshold alone. The tables of words and the way names are laid together stay as they are: they were
made in sight of the pairs too, and no figure here is free of that.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import exp, log1p
from random import Random

from bench.screening.names import THRESHOLD
from compliance.rules.screening import may_match, readings
from compliance.rules.screening.comparing import POINTS, measured

START = 25.0  # each line's points, before anything is known
STEPS = (0.25, 0.5, 0.8, 0.9, 1.1, 1.25, 2.0, 4.0)
NEVER = 0.1  # what a line costs at least: what differs never speaks for two names
SLOPE = 4.0  # points beside the threshold at which a pair is nearly sure

Points = dict[str, float]


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled pair: for each way of comparing it how much of each line of the points there is."""

    ways: tuple[tuple[tuple[str, float], ...], ...]
    match: bool
    source: str

    @classmethod
    def of(cls, one: str, other: str, match: bool, source: str) -> "Judged":
        ways = [
            tuple((why, float(much)) for why, much in way.items() if much)
            for ours in readings(one)
            for theirs in readings(other)
            if may_match(ours, theirs)
            for way in measured(ours, theirs)
        ]
        return cls(tuple(ways), match, source)

    def score(self, points: Points) -> float:
        best = 0.0
        for way in self.ways:
            lost = sum(points[why] * much for why, much in way if why != "not_the_same")
            best = max(best, 100 - lost - points["not_the_same"] * (lost >= 1))
        return best


@dataclass
class Counted:
    """True and false hits, and misses, of pairs or of several runs over them."""

    found: int = 0
    false: int = 0
    missed: int = 0

    def add(self, pairs: Iterable[Judged], points: Points, threshold: float) -> None:
        for pair in pairs:
            hit = round(pair.score(points)) >= threshold
            self.found += hit and pair.match
            self.false += hit and not pair.match
            self.missed += pair.match and not hit

    def __iadd__(self, other: "Counted") -> "Counted":
        self.found, self.false = self.found + other.found, self.false + other.false
        self.missed += other.missed
        return self

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.false or 1)

    @property
    def recall(self) -> float:
        return self.found / (self.found + self.missed or 1)

    @property
    def f1(self) -> float:
        return 2 * self.found / (2 * self.found + self.false + self.missed or 1)


def fitted_points(pairs: Sequence[Judged]) -> Points:
    """Points that put most of these pairs on their side of the threshold: from all the same, one line after
    the other as long as it helps."""
    points = dict.fromkeys(POINTS, START)
    least = _loss(pairs, points)
    better = True
    while better:
        better = False
        for why in POINTS:
            here = [pair for pair in pairs if any(why == each for way in pair.ways for each, _ in way)]
            if not here:
                continue
            others = least - _loss(here, points)
            was = points[why]
            for step in STEPS:
                tried = points | {why: max(NEVER, was * step)}
                loss = others + _loss(here, tried)
                if loss < least - 1e-3:
                    least, points, better = loss, tried, True
    return points


def _loss(pairs: Iterable[Judged], points: Points) -> float:
    lost = 0.0
    for pair in pairs:
        margin = (pair.score(points) - THRESHOLD + 0.5) / SLOPE
        lost += log1p(exp(-margin if pair.match else margin))
    return lost


def fitted_threshold(pairs: Sequence[Judged]) -> float:
    """Of the thresholds with the best F1 the one in the middle."""
    by_f1: dict[float, list[float]] = {}
    for threshold in range(70, 97):
        counted = Counted()
        counted.add(pairs, POINTS, threshold)
        by_f1.setdefault(round(counted.f1, 4), []).append(threshold)
    best = by_f1[max(by_f1)]
    return best[len(best) // 2]


Fit = Callable[[Sequence[Judged]], tuple[Points, float]]


def the_points(pairs: Sequence[Judged]) -> tuple[Points, float]:
    return fitted_points(pairs), THRESHOLD


def the_threshold(pairs: Sequence[Judged]) -> tuple[Points, float]:
    return POINTS, fitted_threshold(pairs)


def folds(pairs: Sequence[Judged], many: int, seed: int) -> list[list[Judged]]:
    """Parts of about one size, each with its share of matches."""
    mixed = list(pairs)
    Random(seed).shuffle(mixed)
    mixed.sort(key=lambda pair: pair.match)
    return [mixed[place::many] for place in range(many)]


def by_source(pairs: Iterable[Judged]) -> list[list[Judged]]:
    parts: dict[str, list[Judged]] = {}
    for pair in pairs:
        parts.setdefault(pair.source, []).append(pair)
    return list(parts.values())


def crossed(parts: Sequence[Sequence[Judged]], fit: Fit) -> Counted:
    """Each part judged by what was fitted to the others."""
    counted = Counted()
    for part in parts:
        points, threshold = fit([pair for other in parts if other is not part for pair in other])
        counted.add(part, points, threshold)
    return counted


def as_it_stands(pairs: Iterable[Judged]) -> Counted:
    counted = Counted()
    counted.add(pairs, POINTS, THRESHOLD)
    return counted


def interval(pairs: Sequence[Judged], times: int = 1000, seed: int = 1) -> tuple[float, float]:
    """Where F1 of as many other pairs of the kind lies in 95 of a hundred times, by drawing from these."""
    chance = Random(seed)
    found = sorted(as_it_stands(chance.choices(pairs, k=len(pairs))).f1 for _ in range(times))
    return found[int(times * 0.025)], found[int(times * 0.975)]
