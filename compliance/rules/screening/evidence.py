"""What else speaks for or against it being the same: dates of birth, countries, papers. Pure.

None of it hides a hit. It orders the queue, and it is told.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from rulebook.rules.figures import country_name

PENALTIES = {
    "born": {"same": 0, "year": 3, "unknown": 8, "differs": 25},
    "country": {"same": 0, "unknown": 2, "differs": 6},
    "kind": {"same": 0, "differs": 15},
    "strong": {"strong": 0, "weak": 8},
    "rarity": {"rare": 0, "common": 4},
    "papers": {"same": -15, "unknown": 0},
}

_SAID = {
    ("born", "year"): "the year of birth alone",
    ("born", "unknown"): "a date of birth not known",
    ("born", "differs"): "another date of birth",
    ("country", "unknown"): "a country not known",
    ("country", "differs"): "another country",
    ("kind", "differs"): "another kind",
    ("strong", "weak"): "a weak alias",
    ("rarity", "common"): "a name that many bear",
    ("papers", "same"): "the same paper",
}

_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
_DAY = re.compile(r"\b(\d{1,2}) ([A-Z][a-z]{2}) (\d{4})\b")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def born_agrees(own: date | None, listed: str) -> str:
    """ "same" (the day), "year" (only that, or within what "circa" and "to" allow), "differs", "unknown"."""
    apart = years_apart(own, listed)
    if own is None or apart is None:
        return "unknown"
    for part in listed.split(";"):
        days = [(int(day), month, int(year)) for day, month, year in _DAY.findall(part)]
        if "to" not in part.split() and (own.day, _MONTHS[own.month - 1], own.year) in days:
            return "same"
    return "differs" if apart else "year"


def years_apart(own: date | None, listed: str) -> int | None:
    """From the year of birth to the nearest that the list allows; None where one side does not know."""
    if own is None:
        return None
    apart = []
    for part in listed.split(";"):
        if years := [int(year) for year in _YEAR.findall(part)]:
            slack = 1 if "circa" in part else 0
            apart.append(max(0, min(years) - slack - own.year, own.year - max(years) - slack))
    return min(apart, default=None)


def countries_agree(own: frozenset[str], listed: frozenset[str]) -> str:
    if not own or not listed:
        return "unknown"
    return "same" if own & listed else "differs"


def plain_number(number: str) -> str:
    """A paper's number as it is compared: "P-123 456" and "p123456" are one."""
    return "".join(sign for sign in number if sign.isalnum()).upper()


def papers_agree(own: frozenset[str], listed: frozenset[str]) -> str:
    """Numbers as `plain_number` writes them. A short one says nothing."""
    return "same" if any(len(number) > 4 for number in own & listed) else "unknown"


def sum_words(name: int, found: Mapping[str, str], score: int) -> str:
    """How a score comes about, to be added up: "100 for the name − 25 for another date of birth = 75"."""
    points = {(what, found[what]): table[found[what]] for what, table in PENALTIES.items() if what in found}
    terms = [f"{name} for the name"]
    terms += [
        f"{'−' if less > 0 else '+'} {abs(less)} for {_SAID[why]}" for why, less in points.items() if less
    ]
    if len(terms) == 1:
        return terms[0]
    total = name - sum(points.values())
    kept = ", and 100 is the most" if total > score else ", and 0 is the least" if total < score else ""
    return f"{' '.join(terms)} = {total}{kept}"


def born_words(own: date | None, listed: str, born: str) -> str:
    if born == "same":
        return "the date of birth is the same"
    if own is None or born == "unknown":
        return "the date of birth is not known on both sides"
    if born == "year":
        return f"the year of birth agrees: {own:%Y} / {listed}"
    return f"the date of birth differs: {own.day} {own:%b %Y} / {listed}"


def country_words(own: frozenset[str], listed: frozenset[str], country: str) -> str:
    if country == "same":
        return f"the country agrees: {_named(own & listed)}"
    if country == "differs":
        return f"the country differs: {_named(own)} / {_named(listed)}"
    return ""


def _named(codes: Iterable[str]) -> str:
    return ", ".join(sorted(map(country_name, codes)))


def kind_words(listed: str, kind: str) -> str:
    return f"the list means {'an' if listed[:1] in 'aeiou' else 'a'} {listed}" if kind == "differs" else ""


def paper_words(papers: str) -> str:
    """Without the number: the sentence stands readable in the database, the papers do not (ADR 20)."""
    return "a paper has the same number" if papers == "same" else ""
