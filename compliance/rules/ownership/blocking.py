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

    @property
    def sum_shown(self) -> str:
        shown = " + ".join(percent(share) for share in self.because.values())
        return shown if len(self.because) == 1 else f"{shown} = {percent(self.share)}"


def regimes(figures: Mapping[str, Any]) -> dict[str, Threshold]:
    """ "ofac", "eu" -> from which part on. `figures`: rule pack "ownership"."""
    return {
        name: Threshold(Fraction(str(rule["percent"])) / 100, rule["or_more"])
        for name, rule in figures["sanctions"].items()
    }


def blocked(graph: Graph, threshold: Threshold) -> dict[Node, Blocked]:
    """Everyone who counts as blocked, whoever makes others so before these.

    The smallest answer: a circle is blocked only from outside, never because its members name each other.
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
    return {node: Blocked(node, {} if node in graph.blocked else dict(sums[node])) for node in found}
