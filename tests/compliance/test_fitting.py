"""The figure out of sample: no pair is judged by what was fitted to it; fitting learns from pairs alone."""

from bench.screening.fitting import (
    START,
    Judged,
    as_it_stands,
    by_source,
    crossed,
    fitted_points,
    fitted_threshold,
    folds,
    interval,
    the_points,
)
from bench.screening.names import THRESHOLD
from compliance.rules.screening import points_between
from compliance.rules.screening.comparing import POINTS

PAIRS = [
    Judged.of(one, other, match, source)
    for source, pairs in {
        "typos": [
            ("Ruslan Zamulko", "Tuslan Zamulko", True),
            ("Jihad Barakat", "Jihad Baraket", True),
            ("Leonid Vasilev", "Leonid Vasiliev", True),
            ("Leonid Vasilev", "Leonid Barabanov", False),
            ("Ruslan Zamulko", "Rashid Zamulko", False),
            ("Jihad Barakat", "Jamila Barakat", False),
        ],
        "companies": [
            ("Sarylakh Surma JSC", "Joint Stock Company Sarylakh Surma", True),
            ("Nico Engineering Ltd", "Nico Engineering Limited", True),
            ("Nico Engineering Ltd", "Nico Shipping Limited", False),
            ("Sarylakh Surma JSC", "Sarylakh Trading JSC", False),
        ],
    }.items()
    for one, other, match in pairs
]


def test_a_pair_is_scored_as_screening_scores_it():
    for one, other in (
        ("Ruslan Zamulko", "Tuslan Zsmulko"),
        ("Viktor Sokolov", "Viktor Pavlovich SOKOLOV"),
        ("بشار الأسد", "Bashar AL-ASSAD"),
        ("Emma Daniels", "Otto Berg"),
    ):
        assert round(Judged.of(one, other, True, "").score(POINTS)) == points_between(one, other)


def test_each_pair_is_judged_once_and_never_by_what_was_fitted_to_it():
    seen = []

    def fit(pairs):
        seen.append(list(pairs))
        return POINTS, THRESHOLD

    for parts in (folds(PAIRS, 3, seed=1), by_source(PAIRS)):
        seen.clear()
        counted = crossed(parts, fit)
        assert sum(map(len, parts)) == len(PAIRS)
        for part, others in zip(parts, seen, strict=True):
            assert not {id(pair) for pair in part} & {id(pair) for pair in others}
            assert len(part) + len(others) == len(PAIRS)
        assert counted == as_it_stands(PAIRS)


def test_fitting_learns_what_differs_from_pairs_alone():
    points = fitted_points(PAIRS)
    assert (
        points["other_word"] > points["spelled_otherwise"] / 4
    )  # another word is another name, a typo is not
    assert points["child_and_father"] == START  # no pair says anything of it
    alike, otherwise = (
        [pair.score(points) for pair in PAIRS if pair.match is which] for which in (True, False)
    )
    assert min(alike) > max(otherwise)
    assert 70 <= fitted_threshold(PAIRS) <= 96
    assert crossed(folds(PAIRS, 5, seed=1), the_points).f1 > 0.7


def test_the_interval_holds_the_figure():
    low, high = interval(PAIRS, times=200)
    assert low <= as_it_stands(PAIRS).f1 <= high
