"""Figures, dates and spans of days as text in the reader's language, and when a day begins by their clock."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import get_currency_precision
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

MINUS = "\u2212"  # the real minus is as wide as a digit, so that columns stay aligned
NO_BREAK = "\u00a0"
NO_FIGURE = "–"

# CLDR's plain "en" writes American dates; our English reader is European unless she says en-us.
_REGION = {"en": "en_GB"}
# What bankers write. CLDR's short forms differ ("1.2M", "1,2 Mio. €") and cost 30 µs a figure.
_COMPACT = {
    "en": ("k", "m", "bn", "tn"),
    "de": (" Tsd.", " Mio.", " Mrd.", " Bio."),
    "fr": (" k", " M", " Md", " Bn"),
}
_THOUSANDS = ((Decimal(10) ** 12, 3), (Decimal(10) ** 9, 2), (Decimal(10) ** 6, 1), (Decimal(10) ** 3, 0))


def midnight(day: dt.date) -> dt.datetime:
    """When that day begins, by the clock of who asks."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


class Marks(NamedTuple):
    """How one language writes numbers."""

    swap: dict[int, str] | None
    percent: str
    compact: tuple[str, ...]


@lru_cache(maxsize=32)
def locale_of(language: str) -> Locale:
    return Locale.parse(_REGION.get(language, language).replace("-", "_"))


@lru_cache(maxsize=32)
def _marks(language: str) -> Marks:
    locale = locale_of(language)
    symbols = locale.number_symbols["latn"]
    swap = {ord(","): symbols["group"], ord("."): symbols["decimal"]}
    same = swap == {ord(","): ",", ord("."): "."}
    pattern = locale.percent_formats[None].pattern
    gap = "" if pattern.endswith("0%") else pattern[-2]
    words = _COMPACT.get(language.split("-")[0], _COMPACT["en"])
    return Marks(None if same else swap, gap, tuple(word.replace(" ", NO_BREAK) for word in words))


@lru_cache(maxsize=256)
def currency_places(currency: str) -> int:
    return get_currency_precision(currency)


def language() -> str:
    return get_language() or "en"


def country_name(code: str) -> str:
    """Switzerland for CH, in the reader's language; a code nobody knows as it is."""
    return str(locale_of(language()).territories.get(code, code))


def country_names(codes: str) -> str:
    """Each of several codes, divided by blanks, as `country_name`."""
    return ", ".join(map(country_name, codes.split()))


def language_name(code: str) -> str:
    """French for fr, in the reader's language."""
    return str(locale_of(language()).languages.get(code, code)).capitalize()


def figure_text(
    value: Decimal | int | float,
    *,
    places: int | None = None,
    sign: bool = False,
    compact: bool = False,
    unit: str = "",
    in_language: str | None = None,
) -> str:
    """`1,234.50`, `−3.2%`, `+1.2m`; halves round to even, as in the ledgers."""
    marks = _marks(in_language or get_language() or "en")
    word = ""
    if compact:
        size: Any = abs(value)
        for step, index in _THOUSANDS:
            # 999,950 would print as "1,000k": it is a million already
            if size >= step * (1 if index == 0 else Decimal("0.9995")):
                value = Decimal(str(value)) / step
                word = marks.compact[index]
                places = 1 if places is None else places
                break
        else:
            places = 0 if places is None else places
    if places is None:
        places = 0 if isinstance(value, int) else 2
    text = f"{value:{'+' if sign else ''},.{places}f}"
    if text[0] in "-+":
        if not text.strip("-+0.,"):
            text = text[1:]  # a nought has no sign
        elif text[0] == "-":
            text = MINUS + text[1:]
    if marks.swap:
        text = text.translate(marks.swap)
    if unit:
        return f"{text}{word}{marks.percent}%" if unit == "%" else f"{text}{word}{NO_BREAK}{unit}"
    return text + word


@lru_cache(maxsize=8192)
def day_text(day: dt.date, in_language: str) -> str:
    return format_date(day, "medium", locale=locale_of(in_language))


def told_day(iso: str) -> str:
    """A day that was kept as text (the facts of an alert), for who reads now; an instant by their clock."""
    day = dt.date.fromisoformat(iso) if len(iso) == 10 else local_day(dt.datetime.fromisoformat(iso))
    return day_text(day, get_language() or "en")


def label_of(choices: Any, value: str) -> str:
    """The label of a value; an imported bank's own word as it is."""
    return str(dict(choices.choices).get(value, value))


@lru_cache(maxsize=8192)
def moment_text(moment: dt.datetime, in_language: str) -> str:
    """Date and minute; `moment` is local and naive, so that one entry serves a whole page."""
    locale = locale_of(in_language)
    clock = format_datetime(moment, "HH:mm", locale=locale)
    return f"{format_date(moment, 'medium', locale=locale)}, {clock}"


def mark_of(login: str) -> str:
    """What stands faintly on screens, papers and sheets: who had this before him or her, and when."""
    now = timezone.localtime().replace(second=0, microsecond=0, tzinfo=None)
    return f"{login} {moment_text(now, language())}"


def local_day(value: dt.date | dt.datetime) -> dt.date:
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


@lru_cache(maxsize=4096)
def span_text(days: int, in_language: str) -> str:
    """Days from today as words: negative is past. Beyond 400 days, years are what people say."""
    if days == 0:
        return _("today")
    if days == -1:
        return _("yesterday")
    if days == 1:
        return _("tomorrow")
    return format_timedelta(
        dt.timedelta(days=days),
        granularity="day" if abs(days) <= 400 else "year",
        threshold=10**6,  # never let Babel pick weeks: deadlines are counted in days
        add_direction=True,
        locale=locale_of(in_language),
    )
