"""The 50 percent rule of sanctions: an entity owned to that part by blocked owners counts as blocked itself.

OFAC FAQ 398 and 401: 50 percent or more, all blocked owners taken together; control alone does not block.
Whoever counts as blocked counts whole downstream: half of a half is blocked, though it is a quarter to a
beneficial owner. The EU takes more than 50 percent. The figures stand in rule pack "ownership".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from compliance.rules.ownership.graph import Graph, Node, percent
from compliance.rules.ownership.shares import Threshold

# By which a regime says so.
SAID_IN = {"ofac": "OFAC guidance of 13 August 2014", "eu": "EU best practices; AMLR Art. 20(1)(d)"}


@dataclass(frozen=True)
class Blocked:
    """Why one counts as blocked. Nobody under `because`: found on a list itself."""

    node: Node
    because: dict[Node, Fraction]  # the owners that count as blocked, with what each holds

    @property
    def is_listed(self) -> bool:
        return not self.because

    @property
    def share(self) -> Fraction:
        return sum(self.because.values(), Fraction(0))

    def sentence(self, rule: Threshold) -> str:
        """ "ann (30 %) and bob (25 %) are blocked and own together 55 % of it: ..."."""
        if self.is_listed:
            return "On the list itself."
        *others, last = [f"{owner} ({percent(share)})" for owner, share in self.because.items()]
        who = f"{last} is blocked and owns that much"
        if others:
            who = f"{', '.join(others)} and {last} are blocked and own together {percent(self.share)}"
        return f"{who} of it: owned to {rule.words} by blocked persons, it counts as blocked too."


def regimes(figures: Mapping[str, Any]) -> dict[str, Threshold]:
    """ "ofac", "eu" -> from which part on. `figures`: rule pack "ownership"."""
    return {
        name: Threshold(Fraction(str(rule["percent"])) / 100, rule["or_more"])
        for name, rule in figures["sanctions"].items()
    }


def blocked(graph: Graph, threshold: Threshold) -> dict[Node, Blocked]:
    """Everyone who counts as blocked, whoever makes others so before these.

    The smallest answer: a circle is blocked only from outside, never because its members name each other. Nor
    is one that counts as blocked only by another named among the reasons of that other.
    """
    found = dict.fromkeys(node for node in graph.nodes if node in graph.blocked)
    sums: dict[Node, dict[Node, Fraction]] = {}
    ahead = list(found)
    for owner in ahead:  # grows while it is walked
        for owned, share in graph.below.get(owner, {}).items():
            held = sums.setdefault(owned, {})
            held[owner] = share
            if owned not in found and threshold.is_reached(sum(held.values(), Fraction(0))):
                found[owned] = None
                ahead.append(owned)
    order = {node: at for at, node in enumerate(found)}
    circle = {node: at for at, group in enumerate(graph.groups) for node in group}

    def because(node: Node) -> dict[Node, Fraction]:
        return {
            owner: share
            for owner, share in sums[node].items()
            if order[owner] < order[node] or circle[owner] != circle[node]
        }

    return {node: Blocked(node, {} if node in graph.blocked else because(node)) for node in found}
