"""How well and how fast names are screened, on lists, labelled pairs and innocent names given by path.

bin/drill screening --list ofac=sdn.xml --list eu=fsf.xml --list un=un.xml --pairs pairs.csv --innocents
persons.csv

Pairs: CSV with the columns query, candidate, expected (match or nomatch), source; alone they are judged in
seconds, in sample and out of it (`fitting`). Innocents: CSV with the column full_name, of people who are on
no list. `--million` adds a million names in memory, `--clients N` a bank of N clients in PostgreSQL, screened
by the product's own commands (the bank is made once and kept; a million takes ten minutes to make).
"""

import argparse
import csv
import time
from collections import defaultdict
from pathlib import Path
from random import Random

from bench.screening import fitting
from bench.screening import names as drawn
from bench.screening.mangling import KINDS
from bench.screening.names import THRESHOLD, UNSEEN, Lists
from compliance.rules.screening import SCORER, NameIndex, Nearness, points_between

FOLDS, FOLDINGS = 5, 5
A_DAY = 11  # entities that change on an average day


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    if options.pairs and not options.list:
        _pairs(options.pairs)
        return 0
    lists = Lists.of(options.list)
    print(
        f"Scorer {SCORER}, threshold {THRESHOLD}: "
        f"{len(lists.index):,} names of {len(lists.entries):,} entities"
    )
    if options.pairs:
        _pairs(options.pairs)
    _recall(lists, options.each, options.seed, options.show)
    _innocents(lists, options.innocents, options.people, options.seed)
    _speed(lists, 10_000, options.seed)
    if options.million:
        _speed(lists, 1_000_000, options.seed)
    if options.clients:
        from bench.screening import bank

        bank.measure(options.clients, options.list, _changed(lists, options.seed))
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/drill screening", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--list", action="append", metavar="SOURCE=FILE", help="left out: the pairs alone")
    parser.add_argument("--pairs", type=Path)
    parser.add_argument("--innocents", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=500, help="names of each kind of mangling")
    parser.add_argument("--show", type=int, default=0, help="of each kind, so many that were missed, and why")
    parser.add_argument("--people", type=int, default=10_000, help="innocents of each source")
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--clients", type=int, default=0)
    options = parser.parse_args(arguments)
    if not options.list and not options.pairs:
        parser.error("--list or --pairs is needed")
    return options


def _pairs(file: Path) -> None:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        pairs = [
            fitting.Judged.of(
                row["query"], row["candidate"], row["expected"] == "match", row.get("source") or "(no source)"
            )
            for row in csv.DictReader(opened)
            if row["expected"] in ("match", "nomatch")
        ]
    sources = fitting.by_source(pairs)
    print(f"\n{'labelled pairs':46} {'pairs':>6} {'precision':>9} {'recall':>7} {'F1':>6}")
    for name, part in (("all", pairs), *((part[0].source, part) for part in sources)):
        _told(name, len(part), fitting.as_it_stands(part))
    low, high = fitting.interval(pairs)
    print(f"F1 of other pairs of this kind, drawn from these: {low:.3f} to {high:.3f} in 95 of 100")
    print("\nout of sample: pairs judged by what was fitted to the others")
    for what, fit in (("threshold", fitting.the_threshold), ("points", fitting.the_points)):
        counted = fitting.Counted()
        for seed in range(FOLDINGS):
            counted += fitting.crossed(fitting.folds(pairs, FOLDS, seed), fit)
        _told(f"{what}, of {FOLDS} parts four, {FOLDINGS} times", len(pairs), counted)
        _told(f"{what}, of the other sources", len(pairs), fitting.crossed(sources, fit))
    print("", end="", flush=True)


def _told(name: str, many: int, counted: fitting.Counted) -> None:
    print(f"{name:46} {many:6} {counted.precision:9.3f} {counted.recall:7.3f} {counted.f1:6.3f}")


def _recall(lists: Lists, each: int, seed: int, show: int) -> None:
    print(f"\n{'mangled list names found':40} {'persons':>16} {'unseen':>8} {'organisations':>16}   unseen")
    whole: dict[str, list[int]] = {"person": [0, 0], "organisation": [0, 0]}
    for kind in KINDS:
        told, missed = "", []
        for of, sums in whole.items():
            names = [
                (lists.points(wrong, place), name, wrong)
                for place, name, wrong in drawn.mangled(lists, kind, of, each, seed)
            ]
            found = sum(points >= THRESHOLD for points, _, _ in names)
            sums[0], sums[1] = sums[0] + found, sums[1] + len(names)
            # Names the first stage left out were never compared: the scorer had no say.
            told += f"{found / (len(names) or 1):8.3f} of {len(names):4}"
            told += f"{sum(points == UNSEEN for points, _, _ in names):9}"
            missed += sorted(each for each in names if each[0] < THRESHOLD)[:show]
        print(f"{kind:40} {told}", flush=True)
        for points, name, wrong in missed:
            print(f"    {'unseen' if points == UNSEEN else points:>6}  {name}: {wrong}")
    print(
        f"{'all':40} " + "".join(f"{found / (many or 1):8.3f} of {many:4}" for found, many in whole.values())
    )
    scripts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for script, name, plain in drawn.of_other_scripts(lists):
        scripts[script][0] += max(points_between(name, other) for other in plain) >= THRESHOLD
        scripts[script][1] += 1
    print("\na list's own spelling in another script, found by its Latin ones alone")
    for script, (found, many) in sorted(scripts.items()):
        print(f"{script:40} {found / many:8.3f} of {many:4}")
    others = [points_between(*pair) >= THRESHOLD for pair in drawn.with_other_word(lists, each, seed)]
    print(
        f"{'wrongly alike: one word is another name':40} {sum(others) / len(others):8.3f} of {len(others):4}"
    )


def _innocents(lists: Lists, file: Path | None, people: int, seed: int) -> None:
    print("\nalerts per 1,000 innocents, by the name alone")
    sources: dict[str, list[str]] = {"the product's own generator": list(drawn.generated(people, seed))}
    if file:
        innocents = drawn.column(file, "full_name")
        Random(seed).shuffle(innocents)
        sources[file.name] = innocents[:people]
    for source, names in sources.items():
        alerts = sum(lists.points(name) >= THRESHOLD for name in names)
        print(f"{source:40} {1000 * alerts / len(names):8.2f} of {len(names):,}", flush=True)


def _speed(lists: Lists, many: int, seed: int) -> None:
    names = list(drawn.generated(many, seed))
    begun = time.process_time()
    _ = sum(lists.points(name) >= THRESHOLD for name in names)
    taken = time.process_time() - begun
    print(f"\n{many:,} names, {len(set(names)):,} distinct, against all: {taken:.1f} CPU s")
    changed = [name.name for entry in _changed(lists, seed) for name in entry.names]
    begun = time.process_time()
    near = Nearness(NameIndex(changed))
    found = len(near.among(names))
    print(
        f"the same against a day's change ({A_DAY} entities, {len(changed)} names): "
        f"{time.process_time() - begun:.1f} CPU s, {found:,} to be compared",
        flush=True,
    )


def _changed(lists: Lists, seed: int) -> list:
    return Random(seed).sample(lists.entries, A_DAY)
