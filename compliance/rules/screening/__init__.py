"""Who looks like whom on a list: candidates through shared keys of words, then a scorer that says why. Pure.

The way of a name: `scripts` sounds it in Latin letters, `names` reads it into words by the tables of `words`.
`candidates` finds which names of many may be alike at all, by the keys of `spelling`, which also says how
alike two words are. `alignment` lays two names together word by word, `comparing` deducts points for what
differs. `likeness` adds dates, countries and papers (`evidence`) and the sentence (`explaining`).

A pair is judged by nothing but the pair, so a run over what changed finds what a full run finds.
EBA/GL/2024/15 asks for outcomes that can be explained. `bin/drill screening` says how well and how fast it
judges.
"""

from compliance.rules.screening.candidates import NameIndex, Nearness, may_match
from compliance.rules.screening.comparing import Compared, compare
from compliance.rules.screening.evidence import born_agrees, countries_agree, plain_number
from compliance.rules.screening.likeness import (
    IN_FAVOUR,
    Likeness,
    Listed,
    Someone,
    best,
    judge,
    points_between,
)
from compliance.rules.screening.names import Name, read, readings

SCORER = 7  # the version of this package's judgement, tables and points included; stored with every hit

__all__ = [
    "IN_FAVOUR",
    "SCORER",
    "Compared",
    "Likeness",
    "Listed",
    "Name",
    "NameIndex",
    "Nearness",
    "Someone",
    "best",
    "born_agrees",
    "compare",
    "countries_agree",
    "judge",
    "may_match",
    "plain_number",
    "points_between",
    "read",
    "readings",
]
