"""Beneficial owners: multiply along a chain, add across chains, over all levels (EU AMLR Art. 51, 52).

The part of an entity that comes to a person in the end is x = A x + b: what the person holds of it directly,
and of what others hold of it the part of these others that is the person's. Where owners own each other the
equation counts every round of the circle, exactly as the endless sum over all chains does. A circle that
nobody outside owns belongs to nobody: its part is reported as such and never given to anyone.

Trusts: settlor, trustee, protector and beneficiaries are beneficial owners by their role, whatever their
share (EU AMLR Art. 58), of the trust and of what the trust holds at or above the threshold. Kept simple: all
of them count alike, classes of beneficiaries and discretionary powers are not told apart.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from compliance.rules.ownership.graph import PERSON, TRUST, Graph, Node, percent

NOBODY = ("nobody named",)  # holds what no line tells of; a tuple, so that no name can be the same


@dataclass(frozen=True)
class Threshold:
    share: Fraction
    or_more: bool = True
    country: str = ""  # whose rule it is; "" the default

    def is_reached(self, share: Fraction) -> bool:
        return share >= self.share if self.or_more else share > self.share

    @property
    def words(self) -> str:
        figure = percent(self.share)
        return f"{figure} or more" if self.or_more else f"more than {figure}"


def threshold_of(figures: Mapping[str, Any], countries: Iterable[str] = ()) -> Threshold:
    """The strictest of the default and of these countries' own. `figures`: rule pack "ownership"."""
    rules = [("", figures["threshold"])]
    rules += [(code, figures["countries"][code]) for code in countries if code in figures["countries"]]
    found = [Threshold(Fraction(str(rule["percent"])) / 100, rule["or_more"], code) for code, rule in rules]
    return min(found, key=lambda each: (each.share, not each.or_more))


@dataclass(frozen=True)
class Stake:
    """What of one entity comes to whom in the end. The parts and `circle` add up to 1."""

    parts: Mapping[Node, Fraction]  # persons, and companies or trusts behind which no line leads
    circle: Fraction  # owned by nobody but by themselves

    @property
    def untold(self) -> Fraction:
        """What no line tells of."""
        return self.parts.get(NOBODY, Fraction(0))


def stakes(graph: Graph) -> dict[Node, Stake]:
    """For every entity that is owned. Needs a graph in which nobody is owned to more than the whole."""
    parts: dict[Node, dict[Node, Fraction]] = {}
    for group in graph.groups:
        if len(group) == 1:
            parts[group[0]] = _alone(graph, group[0], parts)
        else:
            parts.update(_together(graph, group, parts))
    return {
        node: Stake(parts[node], 1 - sum(parts[node].values(), Fraction(0)))
        for node in graph.nodes
        if node in graph.owners
    }


def _alone(graph: Graph, node: Node, known: Mapping[Node, dict[Node, Fraction]]) -> dict[Node, Fraction]:
    owners = graph.owners.get(node)
    if not owners:
        return {node: Fraction(1)}  # the end of a chain: itself
    found: dict[Node, Fraction] = {}
    for owner, share in owners.items():
        _add(found, known[owner], share)
    if rest := 1 - sum(owners.values(), Fraction(0)):
        _add(found, {NOBODY: Fraction(1)}, rest)
    return found


def _together(
    graph: Graph, group: list[Node], known: Mapping[Node, dict[Node, Fraction]]
) -> dict[Node, dict[Node, Fraction]]:
    """A circle, solved by elimination. What comes in from outside is the right side, one column an owner."""
    inside = set(group)
    rows: dict[Node, dict[Node, Fraction]] = {}  # x = sum of row[other] * x(other) + right
    right: dict[Node, dict[Node, Fraction]] = {}
    for node in group:
        owners = graph.owners[node]
        rows[node] = {owner: share for owner, share in owners.items() if owner in inside}
        right[node] = {}
        for owner, share in owners.items():
            if owner not in inside:
                _add(right[node], known[owner], share)
        if rest := 1 - sum(owners.values(), Fraction(0)):
            _add(right[node], {NOBODY: Fraction(1)}, rest)
    if not any(right.values()):
        return {node: {} for node in group}  # closed: the equation has no single answer, and nobody owns it
    holds: dict[Node, set[Node]] = {node: set() for node in group}  # in whose rows it is
    for node, row in rows.items():
        for other in row:
            holds[other].add(node)
    left, order = dict.fromkeys(group), list[Node]()
    while left:  # take each node out of the rows that are left, who ties the fewest together first
        node = min(left, key=lambda each: len(rows[each]) * len(holds[each]))
        left.pop(node)
        order.append(node)
        row, own = rows[node], rows[node].pop(node, Fraction(0))
        factor = 1 / (1 - own)
        rows[node] = row = {other: share * factor for other, share in row.items()}
        right[node] = {owner: share * factor for owner, share in right[node].items()}
        for each in (node, *row):
            holds[each].discard(node)
        for other in holds[node]:
            share = rows[other].pop(node)
            _add(rows[other], row, share)
            _add(right[other], right[node], share)
            for each in row:
                holds[each].add(other)
    for node in reversed(order):  # what was taken out later is known by now
        for other, share in rows[node].items():
            _add(right[node], right[other], share)
    return right


def _add(to: dict[Node, Fraction], parts: Mapping[Node, Fraction], share: Fraction) -> None:
    for owner, part in parts.items():
        to[owner] = to.get(owner, Fraction(0)) + share * part


# --- who counts -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ByRole:
    """A person behind a trust that itself reaches the threshold, or behind the trust in question."""

    owner: Node
    role: str
    trust: Node
    share: Fraction  # what the trust holds of the entity; 1 of itself


@dataclass(frozen=True)
class Owners:
    """Who stands behind one entity, by law and by arithmetic."""

    entity: Node
    owners: dict[Node, Fraction]  # persons at or above the threshold, the largest first
    others: dict[Node, Fraction]  # persons below it
    by_role: tuple[ByRole, ...]
    ends: dict[Node, Fraction]  # companies and trusts behind which no line leads to anyone
    untold: Fraction
    circle: Fraction

    @property
    def nobody(self) -> bool:
        """No beneficial owner: the senior managing officials are named (AMLR Art. 22(2), 63(4))."""
        return not self.owners and not self.by_role

    def is_opaque(self, threshold: Threshold) -> bool:
        """Could a beneficial owner hide in what leads to no person?"""
        return threshold.is_reached(self.unknown)

    @property
    def unknown(self) -> Fraction:
        """What leads to no person."""
        return self.circle + self.untold + sum(self.ends.values(), Fraction(0))


def beneficial_owners(graph: Graph, threshold: Threshold) -> dict[Node, Owners]:
    """For every entity of the graph."""
    found = stakes(graph)
    persons = {
        node: {owner: part for owner, part in stake.parts.items() if graph.kind(owner) == PERSON}
        for node, stake in found.items()
    }
    reaching = {
        node: {owner for owner, part in parts.items() if threshold.is_reached(part)}
        for node, parts in persons.items()
    }
    roles = _roles(graph, reaching)
    trusts = {
        trust: stakes(_without_owners(graph, trust)) if trust in graph.owners else found for trust in roles
    }
    answers = {}
    for entity in graph.entities:
        stake = found.get(entity, Stake({NOBODY: Fraction(1)}, Fraction(0)))
        held = dict(sorted(persons.get(entity, {}).items(), key=lambda each: -each[1]))
        by_role: list[ByRole] = []
        for trust, people in roles.items():
            share = Fraction(1) if trust == entity else _part(trusts[trust].get(entity), trust)
            if share and (trust == entity or threshold.is_reached(share)):
                by_role += [ByRole(person, role, trust, share) for person, role in people]
        known = {
            each.trust for each in by_role
        }  # a trust whose people are named is no end, whatever its shares
        answers[entity] = Owners(
            entity=entity,
            owners={owner: part for owner, part in held.items() if threshold.is_reached(part)},
            others={owner: part for owner, part in held.items() if not threshold.is_reached(part)},
            by_role=tuple(by_role),
            ends={
                owner: part
                for owner, part in stake.parts.items()
                if owner != NOBODY and graph.kind(owner) != PERSON and owner not in known
            },
            untold=Fraction(0) if entity in known else stake.untold,
            circle=stake.circle,
        )
    return answers


def _part(stake: Stake | None, owner: Node) -> Fraction:
    return stake.parts.get(owner, Fraction(0)) if stake else Fraction(0)


def _without_owners(graph: Graph, node: Node) -> Graph:
    """The same graph with `node` at the end of its chains."""
    return replace(graph, edges=tuple(edge for edge in graph.edges if edge.owned != node))


def _roles(graph: Graph, reaching: Mapping[Node, set[Node]]) -> dict[Node, list[tuple[Node, str]]]:
    """trust -> the persons behind it with their role. A company's are those who reach the threshold in it."""
    edges: dict[Node, list[tuple[Node, str]]] = {}
    for edge in graph.edges:
        if graph.kind(edge.owned) == TRUST:
            edges.setdefault(edge.owned, []).append((edge.owner, edge.role or "beneficiary"))

    def behind(owner: Node, trust: Node) -> list[Node]:
        """Each trust is asked once: between trusts that hold each other there are more ways than atoms."""
        found: list[Node] = []
        seen, ahead = {trust}, [owner]
        while ahead:
            node = ahead.pop()
            if graph.kind(node) == PERSON:
                found.append(node)
            elif graph.kind(node) != TRUST:
                found += sorted(reaching.get(node, ()), key=str)
            elif node not in seen:
                seen.add(node)
                ahead += [above for above, _ in reversed(edges.get(node, []))]
        return found

    return {
        trust: list(dict.fromkeys((person, role) for owner, role in held for person in behind(owner, trust)))
        for trust, held in edges.items()
    }


# --- why, with the multiplication shown -------------------------------------------------------------------


@dataclass(frozen=True)
class Chain:
    """One way from an owner down to an entity on which nobody stands twice."""

    nodes: tuple[Node, ...]  # the owner first
    shares: tuple[Fraction, ...]

    @property
    def product(self) -> Fraction:
        found = Fraction(1)
        for share in self.shares:
            found *= share
        return found

    @property
    def sum_shown(self) -> str:
        """ "49 % x 60 % = 29.4 %"; of a single step the share alone."""
        shown = " × ".join(percent(share) for share in self.shares)
        return shown if len(self.shares) == 1 else f"{shown} = {percent(self.product)}"


def chains(graph: Graph, owner: Node, entity: Node, most: int = 50) -> tuple[list[Chain], bool]:
    """The chains from `owner` to `entity`, the heaviest first, and whether these are all.

    Their sum is the owner's part, less what comes round a circle again (see `stakes`).
    """
    found: list[Chain] = []
    behind = _reached_from(graph, owner)
    looked = 0
    ahead: list[tuple[tuple[Node, ...], tuple[Fraction, ...]]] = [((entity,), ())]
    while ahead:
        nodes, shares = ahead.pop()
        if nodes[0] == owner:
            found.append(Chain(nodes, shares))
            continue
        looked += 1
        if (
            looked > 2_000
        ):  # a web in which every firm holds every other has more chains than a day has seconds
            return sorted(found, key=lambda each: -each.product)[:most], False
        ahead += [
            ((above, *nodes), (share, *shares))
            for above, share in graph.owners.get(nodes[0], {}).items()
            if above not in nodes and above in behind
        ]
    found.sort(key=lambda each: (-each.product, len(each.nodes)))
    return found[:most], len(found) <= most


def _reached_from(graph: Graph, owner: Node) -> set[Node]:
    """`owner` and all below."""
    found, ahead = {owner}, [owner]
    while ahead:
        for node in graph.below.get(ahead.pop(), ()):
            if node not in found:
                found.add(node)
                ahead.append(node)
    return found
