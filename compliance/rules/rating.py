"""How risky a client is: factors in five groups, their weighted sum, and floors that no sum undercuts.

FATF Recommendation 10 and EU AMLR Art. 20 name the groups: customer, product, channel, geography; screening
is the fifth. Of several values of one attribute the one that weighs most counts. Pure: the figures come from
rule pack "kyc" (its part "rating").
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from compliance.rules.ownership.graph import Edge, Graph

Figures = Mapping[str, Any]
LEVELS = ("low", "medium", "high")
GROUPS = ("customer", "product", "channel", "geography", "screening")
FLOORS = ("pep", "high_risk_country", "sanctions_match")  # where an older version names none


@dataclass(frozen=True)
class Facts:
    """What the rating judges. Countries are ISO 3166 codes; "" and None are unknown and count nothing."""

    kind: str  # "person" or "organisation"
    countries: frozenset[str]  # nationality, residence, domicile; those of owners too
    pep: bool = False
    source_of_funds: str = ""
    purpose: str = ""
    products: frozenset[str] = frozenset()
    confirmed_match: bool = False  # two people found the client on a sanctions list
    channel: str = ""  # how the client was met
    adverse: str = ""  # the gravest open note: "low", "medium", "high"
    opaque_ownership: bool = False  # its owners own each other


@dataclass(frozen=True)
class Factor:
    """One thing the rating looked at: its points, perhaps a floor, and whether it counts."""

    code: str  # "pep", "country:IR", "source_of_funds:crypto"; "no_pep" and "channel:" count nothing
    points: int = 0
    floor: str = ""
    group: str = "customer"
    counts: bool = True  # False: another value of the same attribute weighs more

    @property
    def attribute(self) -> str:
        return self.code.partition(":")[0]


@dataclass(frozen=True)
class Rating:
    level: str
    points: Decimal  # weighted
    reasons: tuple[str, ...]  # codes of what counts, what weighs most first
    factors: tuple[Factor, ...] = ()  # everything that was looked at
    by_sum: str = "low"
    floor: str = ""


def rate(facts: Facts, figures: Mapping[str, Any]) -> Rating:
    """By the weighted sum, lifted to the highest floor: PEP, listed country (EU AMLR Art. 29, 42)."""
    factors, rating = every_factor(facts, figures), figures["rating"]
    total = sum(factor.points * weight_of(factor.group, rating) for factor in factors if factor.counts)
    by_sum = (
        "high"
        if total >= rating["high_from"] * 100
        else "medium"
        if total >= rating["medium_from"] * 100
        else "low"
    )
    floors = [factor.floor for factor in factors if factor.floor]
    floor = max(floors, key=LEVELS.index, default="")
    counting = [factor for factor in factors if factor.counts and (factor.points or factor.floor)]
    counting.sort(key=lambda factor: (not factor.floor, -factor.points, factor.code))
    return Rating(
        level=max((by_sum, *floors), key=LEVELS.index),
        points=Decimal(total) / 100,
        reasons=tuple(factor.code for factor in counting),
        factors=tuple(factors),
        by_sum=by_sum,
        floor=floor,
    )


def weight_of(group: str, rating: Mapping[str, Any]) -> int:
    """Percent by which the points of a group count."""
    return int(rating.get("weights", {}).get(group, 100))


def every_factor(facts: Facts, figures: Mapping[str, Any]) -> list[Factor]:
    """All that is looked at, also what weighs nothing, so that a reader sees it was not forgotten."""
    rating = figures["rating"]
    floors = rating.get("floors", FLOORS)

    def floor(name: str) -> str:
        return "high" if name in floors else ""

    found = [
        Factor("pep", floor=floor("pep")) if facts.pep else Factor("no_pep"),
        Factor(f"kind:{facts.kind}", rating["kind"].get(facts.kind, 0)),
    ]
    for name, value in (("source_of_funds", facts.source_of_funds), ("purpose", facts.purpose)):
        found.append(Factor(f"{name}:{value}", rating[name].get(value, 0)))
    if facts.opaque_ownership:
        found.append(Factor("opaque_ownership", floor=floor("opaque_ownership")))
    found += _heaviest(
        [
            Factor(f"product:{kind}", rating["product"].get(kind, 0), group="product")
            for kind in facts.products
        ]
    )
    found.append(
        Factor(f"channel:{facts.channel}", rating.get("channel", {}).get(facts.channel, 0), group="channel")
    )
    found += _heaviest(
        [
            Factor(f"country:{code}", *_weight_of_country(code, figures, floor), group="geography")
            for code in facts.countries
        ]
    )
    match = Factor("sanctions_match", floor=floor("sanctions_match"), group="screening")
    found.append(match if facts.confirmed_match else Factor("no_match", group="screening"))
    points = rating.get("adverse", {}).get(facts.adverse, 0)
    found.append(
        Factor(f"adverse:{facts.adverse}", points, group="screening")
        if facts.adverse
        else Factor("no_adverse", group="screening")
    )
    return found


def _weight_of_country(code: str, figures: Mapping[str, Any], floor: Any) -> tuple[int, str]:
    """(points, floor) of a country by the tables of this version."""
    rating = figures["rating"]
    if code in figures["high_risk_countries"] and floor("high_risk_country"):
        return 0, "high"
    in_eu = code in figures.get("eu_high_risk", ())
    if in_eu and floor("eu_high_risk"):
        return 0, "high"
    points = rating.get("eu_high_risk", 0) if in_eu else 0
    if code in figures["increased_monitoring"]:
        points = max(points, rating["increased_monitoring"])
    return points, ""


def _heaviest(factors: list[Factor]) -> list[Factor]:
    """Of several values of one attribute every floor counts; without a floor only the heaviest."""
    ordered = sorted(factors, key=lambda factor: (not factor.floor, -factor.points, factor.code))
    has_floor = bool(ordered and ordered[0].floor)
    return [
        Factor(
            factor.code,
            factor.points,
            factor.floor,
            factor.group,
            counts=bool(factor.floor) if has_floor else place == 0,
        )
        for place, factor in enumerate(ordered)
    ]


def leading_to(main: int, edges: Iterable[tuple[int, int]]) -> set[int]:
    """`main` and who stands behind it, at any level: of who owns nothing of it any more, nothing counts."""
    above: dict[int, list[int]] = {}
    for owner, owned in edges:
        above.setdefault(owned, []).append(owner)
    found, ahead = {main}, [main]
    while ahead:
        new = [owner for owner in above.get(ahead.pop(), ()) if owner not in found]
        found.update(new)
        ahead += new
    return found


def is_circular(edges: Iterable[tuple[int, int]]) -> bool:
    """Does ownership (owner, owned) lead from someone through others back to where it began?"""
    return bool(Graph(tuple(Edge(owner, owned, Fraction(1)) for owner, owned in edges)).circles)


def differences(before: Rating, after: Rating, now: Figures, then: Figures) -> list[dict[str, Any]]:
    """Why other figures rate the same facts otherwise: each factor that counts otherwise, then the bands.

    [{"code", "group", "before", "after", "floor_before", "floor"}], points weighted, "0": it counts nothing.
    """
    old = {factor.code: (_weighted(factor, now), factor) for factor in before.factors}
    found = []
    for factor in after.factors:
        was, known = old[factor.code]
        told = (was, known.floor if known.counts else "")
        tells = (_weighted(factor, then), factor.floor if factor.counts else "")
        if told != tells:
            found.append(
                {"code": factor.code, "group": factor.group, "before": told[0], "after": tells[0],
                 "floor_before": told[1], "floor": tells[1]}
            )  # fmt: skip
    for band in ("medium_from", "high_from"):
        if now["rating"][band] != then["rating"][band]:
            found.append(
                {"code": band, "before": str(now["rating"][band]), "after": str(then["rating"][band])}
            )
    return found


def _weighted(factor: Factor, figures: Figures) -> str:
    points = factor.points * weight_of(factor.group, figures["rating"]) if factor.counts else 0
    return f"{(Decimal(points) / 100).normalize():f}"


# --- in words --------------------------------------------------------------------------------------------

_WORDS = {
    "pep": "A politically exposed person: high whatever the sum.",
    "sanctions_match": "A confirmed match with a sanctions list: high whatever the sum.",
    "check": "A compliance check: high whatever the sum.",
    "kind": "An organisation",
    "source_of_funds": "Source of funds: {value}",
    "purpose": "Purpose of the relationship: {value}",
    "product": "Product: {value}",
    "channel": "How the client was met: {value}",
    "adverse": "Adverse information, {value}",
    "cash_business": "A business that lives on cash.",
    "opaque_ownership": "Its owners own each other, and a circle can hide whose it is: always high.",
}
# Who may not know of hits never reads these; a confirmed match stops the journeys, so a neutral word stands.
_HIDDEN = {"sanctions_match": "check", "adverse": ""}


def _as_it_is(code: str) -> str:
    return code.partition(":")[2].replace("_", " ")


def reasons(
    codes: Iterable[str],
    figures: Mapping[str, Any],
    *,
    with_hits: bool,
    word_of: Callable[[str], str] = _as_it_is,
) -> list[str]:
    """Why it is rated so, in words. Who may not know of hits reads of a check (EU AMLR Art. 73).

    word_of: code -> what was found, as the form calls it that asked for it.
    """
    told = (code if with_hits else _HIDDEN.get(code.partition(":")[0], code) for code in codes)
    return [sentence_of(code, figures, word_of) for code in told if code]


def sentence_of(code: str, figures: Mapping[str, Any], word_of: Callable[[str], str] = _as_it_is) -> str:
    """A reason code in words, with its points. An unknown code (of an older version) is told as it is."""
    name, _, value = code.partition(":")
    rating = figures["rating"]
    if name == "country":
        return _of_country(value, figures, word_of(code))
    if name not in _WORDS:
        return code.replace("_", " ").replace(":", ": ").capitalize() + "."
    words = _WORDS[name].format(value=word_of(code))
    if words.endswith("."):
        return words
    table = rating.get(name, {})
    return words + _points(table.get(value, 0) if isinstance(table, dict) else 0)


def _of_country(code: str, figures: Mapping[str, Any], name: str) -> str:
    points, floor = _weight_of_country(code, figures, lambda name: _floor(name, figures))
    if floor:
        return f"Nationality, residence or domicile {name}, a high-risk country: high whatever the sum."
    if code in figures["increased_monitoring"]:
        return f"Nationality, residence or domicile {name}, under increased monitoring" + _points(points)
    if code in figures.get("eu_high_risk", ()):
        return f"Nationality, residence or domicile {name}, a high-risk third country of the EU" + _points(
            points
        )
    return f"Nationality, residence or domicile {name}" + _points(points)


def _floor(name: str, figures: Mapping[str, Any]) -> str:
    return "high" if name in figures["rating"].get("floors", FLOORS) else ""


def _points(points: int) -> str:
    return f" ({points} points)." if points else "."


def country_tables(code: str, figures: Mapping[str, Any]) -> list[str]:
    """On which tables of this version a country stands."""
    tables = ("high_risk_countries", "eu_high_risk", "increased_monitoring")
    return [table for table in tables if code in figures.get(table, ())]


def as_rows(rating: Rating, figures: Mapping[str, Any], sources: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a record keeps of every factor: all a reader needs in ten years, without today's figures."""
    rows = []
    for factor in rating.factors:
        row = asdict(factor) | {"weight": weight_of(factor.group, figures["rating"])}
        if factor.attribute == "country":
            row["tables"] = country_tables(factor.code.partition(":")[2], figures)
        rows.append(row | dict(sources.get(factor.code, sources.get(factor.attribute, {}))))
    return rows


LEVEL_WORDS = {"low": "Low", "medium": "Medium", "high": "High", "unrated": "Not rated"}
_FLOOR_WORDS = {
    "pep": "a politically exposed person is on the file",
    "sanctions_match": "a match with a sanctions list was confirmed by two people",
    "opaque_ownership": "its owners own each other, and a circle can hide whose it is",
}


def verdict(
    *,
    level: str,
    computed: str,
    by_sum: str,
    points: Decimal,
    bands: Mapping[str, Any],
    rows: Iterable[Mapping[str, Any]],
    by_hand: bool = False,
    word_of: Callable[[str], str] = _as_it_is,
) -> str:
    """What decides, in one sentence that needs no author beside it: the floors, the sum, a hand.

    by_hand: an override holds; else a level that differs is one that came with the client
    word_of: code -> what was found, as in `reasons`
    """
    heavy = [row for row in rows if row["counts"] and (row["points"] or row["floor"])]
    floors = []
    for row in heavy:
        if row["floor"]:
            name = str(row["code"]).partition(":")[0]
            floors.append(_FLOOR_WORDS.get(name, f"{word_of(str(row['code']))} is a high-risk country"))
    low, high = bands["medium_from"], bands["high_from"]
    band = {"low": f"below {low}", "medium": f"{low} to below {high}", "high": f"{high} or more"}[by_sum]
    counted = sum(1 for row in heavy if row["points"])
    of = "1 factor" if counted == 1 else f"{counted} factors"
    told = f"{points.normalize():f} points"
    if floors:
        why = f"{LEVEL_WORDS[computed]} whatever the sum, because {' and '.join(floors)}; "
        why += f"the sum{f' of {of}' if counted else ''}, {told}, alone is {LEVEL_WORDS[by_sum]} ({band})."
    else:
        gives = f"{of} give{'' if counted > 1 else 's'} {told}" if counted else "no factor gives points"
        why = f"{LEVEL_WORDS[computed]} by the sum: {gives}, and {LEVEL_WORDS[by_sum]} is {band}; "
        why += "no floor applies."
    if level == computed:
        return why
    if by_hand:
        return f"Set to {LEVEL_WORDS[level]} by hand; the figures say {why}"
    return f"{LEVEL_WORDS[level]} as the client came here; today's figures and facts say {why}"
