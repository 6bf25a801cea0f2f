"""The shape of a rule pack: its figures by path, what each means and what it may be. Pure.

A path names one figure by the keys that lead to it: "review_months.high", "mass.0". A list of words
(countries, kinds of papers) is one figure; a list of numbers is one figure a place.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from math import inf
from typing import Any

from babel import Locale

from rulebook.calendars import refusals_to_calendar

NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


Names = Mapping[str, str]  # what codes are called


@dataclass(frozen=True)
class Figure:
    """One figure, or many of a kind: "*" in the pattern stands for one key, told in the label as {0}."""

    pattern: str
    label: str
    meaning: str
    source: str = "The bank's own decision."
    unit: str = ""  # of a text one of TEXTS; of a list "countries" or "codes"; of a number "months", "MB"
    least: float = 0
    most: float = 1000
    choices: Names = field(default_factory=dict)  # what it may be, where it is a code or a list of codes
    keys: tuple[Names, ...] = ()  # what each star stands for, in the order in which people read them
    section: str = ""  # the heading it stands under; it may name the stars too


Found = tuple[str, str]  # (path, sentence); "" is the pack as a whole


@dataclass(frozen=True)
class PackWords:
    """What one pack is about, in words; `checks` tells what must hold between its figures."""

    title: str
    sentence: str
    figures: tuple[Figure, ...]
    desk: str = "product"  # "compliance": only compliance writes it
    dry_run: str = ""  # URL name of the page that shows what a draft would change; it must be seen first
    trial: str = ""  # the kind of job in which a room makes it; "kyc" has one of its own
    untried: str = ""  # what no dry run shows, as a sentence
    checks: Callable[[Mapping[str, Any]], list[Found]] = lambda body: []


def under(section: str, *figures: Figure) -> tuple[Figure, ...]:
    """These figures under one heading."""
    return tuple(figure if figure.section else replace(figure, section=section) for figure in figures)


UNKNOWN = Figure("", "", "Not explained yet.", "", section="Other figures")


def leaves(body: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """(path, value) of every figure, in the order of the pack."""
    if isinstance(body, Mapping):
        for key, value in body.items():
            yield from leaves(value, f"{path}.{key}" if path else str(key))
    elif isinstance(body, list) and not all(isinstance(each, str) for each in body):
        for place, value in enumerate(body):
            yield from leaves(value, f"{path}.{place}")
    else:
        yield path, body


def with_values(body: Any, values: Mapping[str, Any], path: str = "") -> Any:
    """The same shape with other figures; what `values` does not name stays."""
    if isinstance(body, Mapping):
        return {
            key: with_values(value, values, f"{path}.{key}" if path else str(key))
            for key, value in body.items()
        }
    if isinstance(body, list) and not all(isinstance(each, str) for each in body):
        return [with_values(value, values, f"{path}.{place}") for place, value in enumerate(body)]
    return values.get(path, body)


def explained(words: PackWords | None, path: str) -> tuple[Figure, str]:
    """(the figure, its label) for a path; what nobody explained keeps its own name, told as words."""
    place, figure, stars = _found(words, path)
    if place is None:
        return UNKNOWN, path.replace(".", ", ").replace("_", " ").capitalize()
    return figure, _headed(_filled(figure.label, figure, stars))


def section_of(words: PackWords | None, path: str) -> str:
    """Under which heading a figure stands."""
    _place, figure, stars = _found(words, path)
    return _filled(figure.section, figure, stars)


def ordered(words: PackWords | None, body: Any) -> list[tuple[str, Any]]:
    """The figures of a pack in the order of the catalogue, and of its names: the database keeps none."""

    def place(leaf: tuple[str, Any]) -> tuple[float, list[int], str]:
        at, figure, stars = _found(words, leaf[0])
        known = [list(names) for names in figure.keys]
        stands = [
            names.index(star) if star in names else len(names)
            for star, names in zip(stars, known, strict=False)
        ]
        return (inf if at is None else at, stands, leaf[0])

    return sorted(leaves(body), key=place)


def _found(words: PackWords | None, path: str) -> tuple[int | None, Figure, list[str]]:
    """(its place in the catalogue, the figure, the keys that stand for its stars)."""
    for place, figure in enumerate(words.figures if words else ()):
        if (stars := _stars(figure.pattern, path)) is not None:
            return place, figure, stars
    return None, UNKNOWN, []


def _stars(pattern: str, path: str) -> list[str] | None:
    """What stands for the stars; None when the pattern is about something else."""
    wanted, given = pattern.split("."), path.split(".")
    if len(wanted) != len(given):
        return None
    if any(want not in ("*", have) for want, have in zip(wanted, given, strict=True)):
        return None
    return [have for want, have in zip(wanted, given, strict=True) if want == "*"]


def _filled(text: str, figure: Figure, stars: list[str]) -> str:
    """A label or a heading of the catalogue, with what stands for its stars in words."""
    names = (*figure.keys, *({} for _star in stars[len(figure.keys) :]))
    return text.format(*(code_words(known, star) for known, star in zip(names, stars, strict=False)))


def code_words(names: Names, code: str) -> str:
    """A code by its name; one that nobody named as it is, told as words."""
    try:
        return names[code]
    except KeyError:
        return code.replace("_", " ")


def _headed(text: str) -> str:
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Change:
    path: str
    label: str
    before: Any
    after: Any


def changes(words: PackWords | None, before: Any, after: Any) -> list[Change]:
    """Every figure that differs; None stands for one that only the other version has."""
    old, new = dict(leaves(before)), dict(ordered(words, after))
    paths = [*new, *(path for path in old if path not in new)]
    return [
        Change(path, explained(words, path)[1], old.get(path), new.get(path))
        for path in paths
        if old.get(path) != new.get(path)
    ]


def digest(body: Any) -> str:
    """By which a dry run and an activation know that the draft is still the one they saw."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


@cache
def known_countries() -> frozenset[str]:
    codes = {str(code) for code in Locale("en").territories}
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - NO_COUNTRIES


@cache
def country_name(code: str) -> str:
    """Italy for IT, in the language of the rules' sentences; for pages ui.formats asks the reader's."""
    return str(Locale("en").territories.get(code, code))


def value_words(figure: Figure, value: Any) -> str:
    """A figure as people read it: "12 months", "Iran, Myanmar, North Korea"."""
    if value is None:
        return "–"
    if isinstance(value, list):
        if figure.unit == "countries":
            return ", ".join(sorted(country_name(code) for code in value)) or "none"
        return ", ".join(code_words(figure.choices, str(each)) for each in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and figure.unit == "percent":
        return f"{value}%"
    if isinstance(value, str):
        return code_words(figure.choices, value) if figure.unit == "codes" else value or "–"
    text = f"{value:,}"
    if figure.unit == "percent":
        return f"{text}%"
    if figure.unit in {"", "text", "codes", "day", "calendar"}:
        return text
    return f"{text} {unit_words(figure, one=value == 1)}"


def unit_words(figure: Figure, *, one: bool = False) -> str:
    """In what a number is told, "" when its label says it."""
    if figure.unit in {"text", "codes", "day", "calendar", "countries"}:
        return ""
    return figure.unit.removesuffix("s") if one else figure.unit


# --- refusals --------------------------------------------------------------------------------------------


def refusals_to_body(words: PackWords | None, body: Any, before: Any) -> list[Found]:
    """What is wrong with these figures, each at its path: the shape of the version before, within bounds."""
    old, new = dict(leaves(before)), dict(leaves(body))
    if missing := sorted(set(old) - set(new)):
        return [("", f"These figures are missing: {', '.join(missing)}.")]
    if more := sorted(set(new) - set(old)):
        return [("", f"Nothing reads these figures: {', '.join(more)}.")]
    found = [
        (path, sentence)
        for path, value in new.items()
        for sentence in _wrong(explained(words, path)[0], value, old[path])
    ]
    # What must hold between figures is told with them; there a value of another kind stands as before.
    told = {path for path, _sentence in found}
    whole = with_values(body, {path: old[path] for path in told if not _same_kind(new[path], old[path])})
    return found + [
        (path, words_) for path, words_ in (words.checks(whole) if words else []) if path not in told
    ]


def _same_kind(value: Any, before: Any) -> bool:
    if isinstance(before, list):
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    if isinstance(before, bool | str) or isinstance(value, bool):
        return type(value) is type(before)
    return isinstance(value, int | float)


def _wrong(figure: Figure, value: Any, before: Any) -> list[str]:
    if isinstance(before, bool | str):
        if type(value) is not type(before):
            return ["Give a value of the same kind as before."]
        if figure.choices and value not in figure.choices:
            return [f"Choose one of: {', '.join(figure.choices.values())}."]
        return TEXTS.get(figure.unit, _wrong_text)(figure, value) if isinstance(value, str) else []
    if isinstance(before, list):
        return _wrong_list(figure, value)
    if isinstance(before, int | float):
        if isinstance(value, bool) or not isinstance(value, int | float):
            return ["Give a number."]
        if isinstance(before, int) and not isinstance(value, int) and value != int(value):
            return ["Give a whole number."]
        if not figure.least <= value <= figure.most:
            return [f"Give a number from {figure.least:,g} to {figure.most:,g}."]
    return []


def _wrong_percent(figure: Figure, value: str) -> list[str]:
    """A percentage kept as text, so that no digit is lost."""
    if not re.fullmatch(r"\d{1,3}(\.\d{1,6})?", value):
        return ["Give a number."]
    if not figure.least <= float(value) <= figure.most:
        return [f"Give a number from {figure.least:,g} to {figure.most:,g}."]
    return []


def _wrong_day(_figure: Figure, value: str) -> list[str]:
    try:
        written = date.fromisoformat(value).isoformat()
    except ValueError:
        written = ""
    return [] if written and written == value else ["Give a day as 2026-11-24."]


def _wrong_calendar(_figure: Figure, value: str) -> list[str]:
    return refusals_to_calendar(value)


def _wrong_text(_figure: Figure, value: str) -> list[str]:
    return ["At most 300 letters."] if len(value) > 300 else []


# What a figure that is a text may be, by its unit.
TEXTS: dict[str, Callable[[Figure, str], list[str]]] = {
    "percent": _wrong_percent,
    "day": _wrong_day,
    "calendar": _wrong_calendar,
    "codes": _wrong_text,
    "text": _wrong_text,
}


def _wrong_list(figure: Figure, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        return ["Give a list of words."]
    if len(set(value)) < len(value):
        return ["Name each only once."]
    known = known_countries() if figure.unit == "countries" else frozenset(figure.choices)
    if known and (strange := sorted(set(value) - known)):
        return [f"Not known: {', '.join(strange)}."]
    return []
