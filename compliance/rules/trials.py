"""Whom a draft of figures moves, as the rooms that judge by it tell it. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

LISTED = 5000  # clients that a dry run lists of each way; it counts them all


@dataclass(frozen=True)
class Way:
    """What becomes of a client: a column of the table by book, and a filter of the list."""

    code: str
    words: str
    of_screening: bool = False  # it tells that there is a hit: not for everybody


@dataclass(frozen=True)
class Move:
    """One client: what it is now, what it would be, and which figures do it, in words without a name."""

    way: Way
    client_id: int
    now: str
    then: str
    why: list[str] = field(default_factory=list)


class Moves:
    """Counted to the end, listed up to `LISTED` of each way. A client moves once in each way."""

    def __init__(self, *ways: Way) -> None:
        self.ways = ways
        self.clients: dict[str, list[int]] = {way.code: [] for way in ways}
        self.listed: list[Move] = []

    def add(self, way: Way, client_id: int, words: Iterable[str], why: Iterable[str] = ()) -> None:
        """words: what it is now, and what it would be."""
        now, then = words
        known = self.clients[way.code]
        if len(known) < LISTED:
            self.listed.append(Move(way, client_id, now, then, list(why)))
        known.append(client_id)

    def count(self, way: Way) -> int:
        return len(self.clients[way.code])


@dataclass(frozen=True)
class Turn:
    """The ways of what a client has several of: one comes, one goes, or both."""

    more: Way
    fewer: Way
    other: Way

    @property
    def ways(self) -> tuple[Way, Way, Way]:
        return self.more, self.fewer, self.other

    def of(self, come: Collection[Any], gone: Collection[Any]) -> Way:
        return self.other if come and gone else self.more if come else self.fewer


def come_and_gone(come: Iterable[str], gone: Iterable[str]) -> list[str]:
    return [*(f"Also: {each}" for each in sorted(come)), *(f"No longer: {each}" for each in sorted(gone))]
