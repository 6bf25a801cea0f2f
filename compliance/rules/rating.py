"""How risky a client is: named factors, their sum, and floors that no sum undercuts.

FATF Recommendation 10 and EU AMLR Art. 20 name the groups: customer, product, channel, geography. Pure: the
figures come from rule pack "kyc" (its part "rating").
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

LEVELS = ("low", "medium", "high")


@dataclass(frozen=True)
class Facts:
    """What the rating judges. Countries are ISO 3166 codes; "" and None are unknown and count nothing."""

    kind: str  # "person" or "organisation"
    countries: frozenset[str]  # nationality, residence, domicile
    pep: bool = False
    source_of_funds: str = ""
    purpose: str = ""
    products: frozenset[str] = frozenset()
    confirmed_match: bool = False  # two people found the client on a sanctions list


@dataclass(frozen=True)
class Factor:
    """One thing that counts: its points, or a floor under the rating."""

    code: str  # "pep", "country:IR", "source_of_funds:crypto"
    points: int = 0
    floor: str = ""


@dataclass(frozen=True)
class Rating:
    level: str
    points: int
    reasons: tuple[str, ...]  # codes, what weighs most first


def rate(facts: Facts, figures: Mapping[str, Any]) -> Rating:
    """The level by the sum, lifted to the highest floor: PEP, listed country (EU AMLR Art. 29, 42)."""
    factors = factors_of(facts, figures)
    points = sum(factor.points for factor in factors)
    rating = figures["rating"]
    level = (
        "high" if points >= rating["high_from"] else "medium" if points >= rating["medium_from"] else "low"
    )
    level = max((level, *(factor.floor for factor in factors if factor.floor)), key=LEVELS.index)
    ordered = sorted(factors, key=lambda factor: (not factor.floor, -factor.points, factor.code))
    return Rating(level, points, tuple(factor.code for factor in ordered))


def factors_of(facts: Facts, figures: Mapping[str, Any]) -> list[Factor]:
    """Every factor that counts; of several countries or products only the one that weighs most."""
    rating = figures["rating"]
    found = []
    if facts.confirmed_match:
        found.append(Factor("sanctions_match", floor="high"))
    if facts.pep:
        found.append(Factor("pep", floor="high"))
    if listed := sorted(facts.countries & set(figures["high_risk_countries"])):
        found += [Factor(f"country:{code}", floor="high") for code in listed]
    elif watched := sorted(facts.countries & set(figures["increased_monitoring"])):
        found.append(Factor(f"country:{watched[0]}", rating["increased_monitoring"]))
    if points := rating["kind"].get(facts.kind, 0):
        found.append(Factor(f"kind:{facts.kind}", points))
    for name, value in (("source_of_funds", facts.source_of_funds), ("purpose", facts.purpose)):
        if points := rating[name].get(value, 0):
            found.append(Factor(f"{name}:{value}", points))
    products = [(rating["product"].get(kind, 0), kind) for kind in sorted(facts.products)]
    if products and (heaviest := max(products, key=lambda each: each[0]))[0]:
        found.append(Factor(f"product:{heaviest[1]}", heaviest[0]))
    return found


_WORDS = {
    "pep": "A politically exposed person: high whatever the sum.",
    "sanctions_match": "A confirmed match with a sanctions list: high whatever the sum.",
    "check": "A compliance check: high whatever the sum.",
    "kind": "An organisation",
    "source_of_funds": "Source of funds: {value}",
    "purpose": "Purpose of the relationship: {value}",
    "product": "Product wanted: {value}",
    "cash_business": "A business that lives on cash.",
    "opaque_ownership": "Its owners own each other: nobody can say whose it is.",
}


def reasons(codes: Iterable[str], figures: Mapping[str, Any], *, with_hits: bool) -> list[str]:
    """Why it is rated so, in words. Who may not know of hits reads of a check (EU AMLR Art. 73)."""
    told = (code if with_hits or code != "sanctions_match" else "check" for code in codes)
    return [sentence_of(code, figures) for code in told]


def sentence_of(code: str, figures: Mapping[str, Any]) -> str:
    """A reason code in words, with its points. An unknown code (of an older version) is told as it is."""
    name, _, value = code.partition(":")
    rating = figures["rating"]
    if name == "country":
        if value in figures["high_risk_countries"]:
            return f"Nationality, residence or domicile {value}, a high-risk country: high whatever the sum."
        return f"Nationality, residence or domicile {value}, under increased monitoring" + _points(
            rating["increased_monitoring"]
        )
    if name not in _WORDS:
        return code.replace("_", " ").replace(":", ": ").capitalize() + "."
    words = _WORDS[name].format(value=value.replace("_", " "))
    if words.endswith("."):
        return words
    table = rating.get(name, {})
    return words + _points(table.get(value, 0) if isinstance(table, dict) else 0)


def _points(points: int) -> str:
    return f" ({points} points)." if points else "."
