"""The names that are screened in a drill: of the lists, mangled, and of people who are on none."""

import csv
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bench.screening.mangling import KINDS, latin
from compliance.lists import READERS
from compliance.lists.reading import Entry
from compliance.rules.screening import NameIndex, compare, readings

UNSEEN = -1  # points of a name that was compared with none
THRESHOLD = 85  # of the rule pack a bank begins with


@dataclass
class Lists:
    """Entries of several lists, and an index of all their names."""

    entries: list[Entry]
    bearers: dict[str, set[int]] = field(
        default_factory=lambda: defaultdict(set)
    )  # name -> places of entries

    def __post_init__(self) -> None:
        for place, entry in enumerate(self.entries):
            for name in entry.names:
                self.bearers[name.name].add(place)
        self.index = NameIndex(self.bearers)

    @classmethod
    def of(cls, files: Iterable[str]) -> "Lists":
        """`files`: each as SOURCE=PATH."""
        entries: list[Entry] = []
        for each in files:
            source, _, path = each.partition("=")
            with open(path, "rb") as file:
                entries += READERS[source](file).entries
        return cls(entries)

    def points(self, written: str, place: int | None = None) -> int:
        """Of the name that is most like this one; `place`: among those of this entry."""
        return max(
            (
                compare(name, listed).points
                for name in readings(written)
                for listed in self.index.candidates(name)
                if place is None or place in self.bearers[listed.written]
            ),
            default=UNSEEN,
        )


def mangled(lists: Lists, kind: str, of: str, many: int, seed: int) -> Iterator[tuple[int, str, str]]:
    """(entry, its name, the same mangled), drawn among all entries of this kind."""
    chance = Random(f"{seed} {kind} {of}")
    places = [
        place for place, entry in enumerate(lists.entries) if entry.kind == of and latin(entry.names[0].name)
    ]
    chance.shuffle(places)
    for place in places:
        name = lists.entries[place].names[0].name
        if many and (wrong := KINDS[kind](name, chance)) is not None:
            many -= 1
            yield place, name, wrong


def of_other_scripts(lists: Lists) -> Iterator[tuple[str, str, list[str]]]:
    """(script, a person's name in it, the person's names in Latin letters), as the lists themselves write
    them."""
    for entry in lists.entries:
        names = [name.name for name in entry.names]
        plain = [name for name in names if latin(name)]
        if entry.kind == "person" and plain:
            for name in names:
                if name not in plain:
                    first = next(sign for sign in name if sign.isalpha() and not latin(sign))
                    yield unicodedata.name(first).split()[0].title(), name, plain


def with_other_word(lists: Lists, many: int, seed: int) -> Iterator[tuple[str, str]]:
    """(a person's name, the same with one word for which another listed person's word stands)."""
    chance = Random(f"{seed} other word")
    names = [e.names[0].name for e in lists.entries if e.kind == "person" and latin(e.names[0].name)]
    words = sorted({word for name in names for word in name.replace(",", " ").split() if len(word) > 3})
    chance.shuffle(names)
    for name in names:
        own = name.replace(",", " ").split()
        places = [place for place, word in enumerate(own) if len(word) > 3]
        if len(own) > 1 and places and many:
            many -= 1
            place = chance.choice(places)
            yield name, " ".join([*own[:place], chance.choice(words), *own[place + 1 :]])


def column(file: Path, name: str) -> list[str]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return [row[name] for row in csv.DictReader(opened) if row[name]]


def generated(many: int, seed: int) -> Iterator[str]:
    """Names as the synthetic bank has them, every culture as often, in Latin letters and in their own."""
    from rmcrm.synthetic.names import CULTURES, person

    chance = Random(seed)
    cultures = [CULTURES[code] for code in sorted(CULTURES)]
    while many > 0:
        made = person(chance.choice(cultures), chance.choice("mf"), chance.random)
        for name in filter(None, (made.full, made.native)):
            many -= 1
            yield name
