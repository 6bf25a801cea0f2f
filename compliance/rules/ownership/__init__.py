"""Who stands behind a company: one graph, two arithmetics. Pure; figures from rule pack "ownership".

Beneficial owners multiply along chains and add across them (shares.py); sanctions cascade (blocking.py).
"""

from compliance.rules.ownership.blocking import SAID_IN, Blocked, blocked, regimes
from compliance.rules.ownership.graph import COMPANY, PERSON, TRUST, Edge, Graph, Node, over_whole, percent
from compliance.rules.ownership.shares import (
    NOBODY,
    ByRole,
    Chain,
    Owners,
    Stake,
    Threshold,
    beneficial_owners,
    chains,
    stakes,
    threshold_of,
)

__all__ = [
    "COMPANY",
    "NOBODY",
    "PERSON",
    "SAID_IN",
    "TRUST",
    "Blocked",
    "ByRole",
    "Chain",
    "Edge",
    "Graph",
    "Node",
    "Owners",
    "Stake",
    "Threshold",
    "beneficial_owners",
    "blocked",
    "chains",
    "over_whole",
    "percent",
    "regimes",
    "stakes",
    "threshold_of",
]
