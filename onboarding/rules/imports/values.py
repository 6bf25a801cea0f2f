"""What one cell holds: the value, or BadValue with the reason, which says how to mend it."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

from ui.rules.spreadsheets import from_spreadsheet

DATE_FORMATS: dict[str, tuple[str, tuple[int, int, int]]] = {  # pattern, and which group is year, month, day
    "YYYY-MM-DD": (r"(\d{4})-(\d{1,2})-(\d{1,2})", (1, 2, 3)),
    "DD.MM.YYYY": (r"(\d{1,2})\.(\d{1,2})\.(\d{4})", (3, 2, 1)),
    "DD/MM/YYYY": (r"(\d{1,2})/(\d{1,2})/(\d{4})", (3, 2, 1)),
    "MM/DD/YYYY": (r"(\d{1,2})/(\d{1,2})/(\d{4})", (3, 1, 2)),
    "DD-MM-YYYY": (r"(\d{1,2})-(\d{1,2})-(\d{4})", (3, 2, 1)),
    "YYYY/MM/DD": (r"(\d{4})/(\d{1,2})/(\d{1,2})", (1, 2, 3)),
    "YYYYMMDD": (r"(\d{4})(\d{2})(\d{2})", (1, 2, 3)),
}
_FORMULA = ("=", "@", "+", "-")


class BadValue(ValueError):
    """A value that is not what its column holds; the message is the reason."""


def plain(raw: object) -> str:
    """A cell as text: blanks around it and doubled ones gone; a spreadsheet's own day in ISO."""
    return " ".join(raw.split()) if type(raw) is str else str(raw)


def text_reader(most: int) -> Callable[[object], str | None]:
    """Reads text: letters that can be printed, not too many, and nothing that a spreadsheet would run."""
    odd, normal = frozenset("=@+-' "), unicodedata.is_normalized

    def read(raw: object) -> str | None:
        # Nearly every cell goes through here; the rest is told apart, mended or refused below.
        if (
            type(raw) is str
            and raw
            and raw.isprintable()
            and raw[0] not in odd
            and raw[-1] != " "
            and "  " not in raw
            and len(raw) <= most
            and (raw.isascii() or normal("NFC", raw))
        ):
            return raw
        value = plain(raw)
        return text(value, most) if value else None

    return read


def text(value: str, most: int) -> str:
    if not value.isprintable():
        raise BadValue("holds a sign that cannot be printed")
    value = unicodedata.normalize("NFC", value)
    if len(value) > most:
        raise BadValue(f"has {len(value):,} letters; {most:,} is the most")
    value = plain(from_spreadsheet(value))
    if value.startswith(_FORMULA):
        raise BadValue("begins like a formula of a spreadsheet")
    return value


_E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)


def is_phone(value: object) -> bool:
    """As it is dialled from abroad, without blanks: nothing to mend."""
    return type(value) is str and _E164.fullmatch(value) is not None


def phone_text(value: str) -> str:
    """As `text`, but a phone number may begin with +."""
    if not value.isprintable() or len(value) > 60:
        raise BadValue("is no phone number")
    return from_spreadsheet(value)


def day_as(form: str, day: date) -> str:
    """A spreadsheet's own day as the file writes its days: 24.12.1980 for DD.MM.YYYY."""
    written = {"YYYY": f"{day.year:04}", "MM": f"{day.month:02}", "DD": f"{day.day:02}"}
    text = form or "YYYY-MM-DD"
    for sign, digits in written.items():
        text = text.replace(sign, digits)
    return text


def _undecided(raw: object) -> date | None:
    if isinstance(raw, date) or not plain(raw):
        return raw if isinstance(raw, date) else None
    raise BadValue("is a day once you say how the file writes its dates")


_SERIAL = re.compile(r"[1-5]\d{4}", re.ASCII)  # the days of 1927 to 2064, as a spreadsheet counts them


def day_reader(form: str) -> Callable[[object], date | None]:
    """Reads days written as `form` says, and a spreadsheet's own days; 31 February is refused."""
    if not form:
        return _undecided
    pattern, (year, month, day) = DATE_FORMATS[form]
    whole = re.compile(pattern, re.ASCII)

    def read(raw: object) -> date | None:
        if isinstance(raw, date):
            return raw
        if not (value := plain(raw)):
            return None
        found = whole.fullmatch(value)
        if found is None and _SERIAL.fullmatch(value):
            raise BadValue(
                f"is not a day written as {form}; if it is a spreadsheet's count of days, "
                "format that column as dates"
            )
        if found is None:
            raise BadValue(f"is not a day written as {form}")
        try:
            return date(int(found[year]), int(found[month]), int(found[day]))
        except ValueError:
            raise BadValue(f"is no day of the calendar, read as {form}") from None

    return read


def country(value: str, known: frozenset[str]) -> str:
    code = value.upper()
    if code not in known:
        raise BadValue("is no country by its two letters (ISO 3166)")
    return code


def one_of(value: str, codes: tuple[str, ...]) -> str:
    code = value.lower().replace(" ", "_")
    if code not in codes:
        raise BadValue("means nothing yet: say in the mapping which of these it is: " + ", ".join(codes))
    return code


def language(value: str, known: frozenset[str]) -> str:
    code = value.lower()
    if code not in known:
        raise BadValue("is no language by its two letters (ISO 639)")
    return code


def currency(value: str, known: frozenset[str]) -> str:
    code = value.upper()
    if code not in known:
        raise BadValue("is no currency by its three letters (ISO 4217)")
    return code
