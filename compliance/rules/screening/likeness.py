"""How alike a party and a listed entity are, and why: the score that ranks, the sentence that explains. Pure.

The name decides whether it is a hit, helped by the same day of birth or paper. All else decides its rank.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from compliance.rules.screening import evidence
from compliance.rules.screening.candidates import may_match
from compliance.rules.screening.comparing import Compared, compare
from compliance.rules.screening.explaining import name_words
from compliance.rules.screening.names import readings

IN_FAVOUR = 10  # points of the name that the same day of birth or the same paper makes up for


@dataclass(frozen=True)
class Someone:
    """A party of a file, as far as screening compares it."""

    kind: str
    names: tuple[str, ...]  # in full, and in its own script
    born_on: date | None = None
    countries: frozenset[str] = frozenset()
    papers: frozenset[str] = frozenset()  # as evidence.plain_number writes them


@dataclass(frozen=True)
class Listed:
    """An entry of a list, as far as screening compares it."""

    kind: str
    born_on: str  # as the list says it, several divided by ";"
    countries: frozenset[str]
    papers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Likeness:
    """Why two look alike: the score ranks, the sentence explains, the rest stands side by side."""

    score: int
    sentence: str
    name: int  # likeness of the names alone, 0 to 100
    listed_name: str
    born: str
    country: str
    kind: str
    strong: str
    own_name: str = ""
    rarity: str = "rare"
    papers: str = "unknown"
    apart: int = 0  # years between the births, by the nearest that the list allows

    def as_details(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if key not in ("score", "sentence")}


def judge(
    someone: Someone, listed: Listed, compared: Compared, *, strong: bool, threshold: int
) -> Likeness | None:
    """The likeness of one candidate, or None below the threshold."""
    how = {
        "born": evidence.born_agrees(someone.born_on, listed.born_on),
        "country": evidence.countries_agree(someone.countries, listed.countries),
        "kind": "same" if someone.kind == listed.kind else "differs",
        "strong": "strong" if strong else "weak",
        "rarity": "common" if compared.common else "rare",
        "papers": evidence.papers_agree(someone.papers, listed.papers),
    }
    favoured = how["born"] == "same" or how["papers"] == "same"
    if compared.points < threshold - (IN_FAVOUR if favoured else 0):
        return None
    score = compared.points - sum(evidence.PENALTIES[what][found] for what, found in how.items())
    parts = (
        name_words(compared, strong),
        "names that many people bear" if compared.common else "",
        evidence.born_words(someone.born_on, listed.born_on, how["born"]),
        evidence.country_words(someone.countries, listed.countries, how["country"]),
        evidence.paper_words(how["papers"]),
        evidence.kind_words(listed.kind, how["kind"]),
    )
    return Likeness(
        score=max(0, min(100, score)),
        sentence=f"{'; '.join(filter(None, parts))}."[:500],
        name=compared.points,
        listed_name=compared.theirs.written,
        own_name=compared.ours.written,
        apart=evidence.years_apart(someone.born_on, listed.born_on) or 0,
        **how,
    )


def points_between(one: str, other: str) -> int:
    """Of two written names, as screening finds and compares them: of the readings that are most like each
    other, and none where the first stage does not bring them together."""
    return max(
        (
            compare(ours, theirs).points
            for ours in readings(one)
            for theirs in readings(other)
            if may_match(ours, theirs)
        ),
        default=0,
    )


def best(likenesses: Sequence[Likeness]) -> Likeness:
    """Of several names of one entity that are alike, the one that says most."""
    return max(likenesses, key=lambda each: (each.score, each.name, each.listed_name, each.own_name))
