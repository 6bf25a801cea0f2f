"""Who holds how much of whom: persons, companies and trusts, and what leads from one to the other.

Shares are Fractions of 1: a third of a third is exactly a ninth, and no circle is missed by a rounding.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias

Node: TypeAlias = Any  # a name in a file of edges, an id on the file of a client
PERSON, COMPANY, TRUST = "person", "company", "trust"


@dataclass(frozen=True)
class Edge:
    """`owner` holds `share` of `owned`; or, of a trust, has a role in it, with or without a share."""

    owner: Node
    owned: Node
    share: Fraction
    role: str = ""  # "settlor", "trustee", "protector", "beneficiary"


@dataclass(frozen=True)
class Graph:
    """Edges of one day. `kinds` says of each node what it is; who is not in it is a company."""

    edges: tuple[Edge, ...]
    kinds: Mapping[Node, str] = field(default_factory=dict)
    blocked: frozenset[Node] = frozenset()  # found on a sanctions list themselves

    def kind(self, node: Node) -> str:
        return self.kinds.get(node, COMPANY)

    @cached_property
    def nodes(self) -> list[Node]:
        """Everyone, in the order of their first mention."""
        named = [node for edge in self.edges for node in (edge.owner, edge.owned)]
        return list(dict.fromkeys([*named, *self.kinds]))

    @cached_property
    def owners(self) -> dict[Node, dict[Node, Fraction]]:
        """owned -> owner -> share. Several lines between the same two add up; roles have no share."""
        found: dict[Node, dict[Node, Fraction]] = defaultdict(dict)
        for edge in self.edges:
            if edge.share:
                held = found[edge.owned]
                held[edge.owner] = held.get(edge.owner, Fraction(0)) + edge.share
        return dict(found)

    @cached_property
    def below(self) -> dict[Node, dict[Node, Fraction]]:
        """owner -> owned -> share: the same seen from above."""
        found: dict[Node, dict[Node, Fraction]] = defaultdict(dict)
        for owned, owners in self.owners.items():
            for owner, share in owners.items():
                found[owner][owned] = share
        return dict(found)

    @cached_property
    def entities(self) -> list[Node]:
        """Everyone who is owned, or in whom somebody has a role."""
        return list(dict.fromkeys(edge.owned for edge in self.edges))

    def around(self, node: Node) -> "Graph":
        """What owns `node`, or what it owns, at any level. What leads to neither any more is left out."""
        below = self._led_to({node}, down=True)
        known = self._led_to(below, down=False)
        edges = tuple(edge for edge in self.edges if edge.owned in known)
        kinds = {each: kind for each, kind in self.kinds.items() if each in known}
        return replace(self, edges=edges, kinds=kinds)

    def _led_to(self, start: set[Node], *, down: bool) -> set[Node]:
        """`start` and all that stand below or above it, by shares and by roles."""
        beside: dict[Node, list[Node]] = defaultdict(list)
        for edge in self.edges:
            one, other = (edge.owner, edge.owned) if down else (edge.owned, edge.owner)
            beside[one].append(other)
        found, ahead = set(start), list(start)
        while ahead:
            new = [node for node in beside[ahead.pop()] if node not in found]
            found.update(new)
            ahead += new
        return found

    @cached_property
    def groups(self) -> list[list[Node]]:
        """Strongly connected groups, owners before owned. A group of more than one is a circle.

        Tarjan's walk, without recursion: a chain may be longer than Python's stack.
        """
        order: dict[Node, int] = {}
        low: dict[Node, int] = {}
        stack: list[Node] = []
        waiting: set[Node] = set()
        found: list[list[Node]] = []
        for start in self.nodes:
            if start in order:
                continue
            walk = [(start, iter(self.owners.get(start, ())))]
            order[start] = low[start] = len(order)
            stack.append(start)
            waiting.add(start)
            while walk:
                node, ahead = walk[-1]
                owner = next(ahead, _END)
                if owner is not _END:
                    if owner not in order:
                        order[owner] = low[owner] = len(order)
                        stack.append(owner)
                        waiting.add(owner)
                        walk.append((owner, iter(self.owners.get(owner, ()))))
                    elif owner in waiting:
                        low[node] = min(low[node], order[owner])
                    continue
                walk.pop()
                if walk:
                    low[walk[-1][0]] = min(low[walk[-1][0]], low[node])
                if low[node] == order[node]:
                    group: list[Node] = []
                    while not group or group[-1] != node:
                        group.append(stack.pop())
                        waiting.discard(group[-1])
                    found.append(group)
        return found

    @property
    def circles(self) -> list[list[Node]]:
        """Groups that own each other, in the order of their first mention."""
        place = {node: at for at, node in enumerate(self.nodes)}
        return [sorted(group, key=place.__getitem__) for group in self.groups if len(group) > 1]


_END = object()


def over_whole(edges: Iterable[Edge]) -> dict[Node, Fraction]:
    """Who is owned to more than the whole, and how much."""
    sums: dict[Node, Fraction] = defaultdict(Fraction)
    for edge in edges:
        sums[edge.owned] += edge.share
    return {node: total for node, total in sums.items() if total > 1}


def percent(share: Fraction) -> str:
    """ "29.4 %", "33.3333 %": four places, more where four would show a round figure that it is not."""
    exact = share * 100
    for places in (4, 8, 12):
        text = f"{Decimal(exact.numerator) / Decimal(exact.denominator):.{places}f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        if "." in text or Fraction(text) == exact:
            break
    return f"{text} %"
