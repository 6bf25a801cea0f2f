"""From the cells of a line to the values of a client, or to what is wrong with it, cell by cell.

100,000 lines a time: a column with few values (a country, a day, a code) is read once per value.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from clients.rules.files import refusals_to_reach_by, tidy_contact, wrongs_of_lead
from clients.rules.identifiers import masked
from clients.rules.numbers import (
    refusals_to_iban,
    refusals_to_lei,
    refusals_to_register_number,
    refusals_to_tax_number,
    tidy_number,
)
from clients.words import key_of, words_of
from onboarding.rules.imports import values
from onboarding.rules.imports.fields import (
    BOOK,
    BY_CODE,
    CODE,
    COUNTRY,
    CURRENCY,
    DAY,
    EMAIL,
    FIELDS,
    LANGUAGE,
    PHONE,
)
from onboarding.rules.imports.fields import Field as ClientField
from onboarding.rules.imports.mapping import Mapping as FileMapping
from onboarding.rules.imports.values import BadValue

OLDEST = 120  # years
REMEMBERED = 50_000  # values of one column
FEW = {"given_names", "family_name", "occupation", "legal_form", "branch", "postal_code", "city"}  # texts
REQUIRED = {each.code: True for each in FIELDS if each.required}.keys()  # a set with an order
KEYS = ("number", "phone", "second_phone", "email")  # by which a search finds a client
ENCRYPTED = {"passport", "id_card", "register", "lei", "tax_number", "iban"}  # once they are staged
PAPERS = (
    ("passport", "passport_country"),
    ("id_card", "id_card_country"),
    ("register", "register_country"),
    ("tax_number", "tax_country"),
)
ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Known:
    """What the bank has: its books by name and by the login of their owner, and the world's codes."""

    books: Mapping[str, int | None]  # folded to small letters; None: more than one is called so
    countries: frozenset[str]
    languages: frozenset[str]
    currencies: frozenset[str]
    currency: str
    today: date


@dataclass(frozen=True)
class Problem:
    line: int
    column: str
    value: str
    reason: str
    kind: str = ERROR


@dataclass
class Told:
    """The values of one line by field code; what the line does not tell is not in it."""

    line: int
    told: dict[str, Any] = field(default_factory=dict)

    def get(self, code: str, otherwise: Any = "") -> Any:
        return self.told.get(code, otherwise)


class RowChecker:
    """Reads line by line; `problems` collects what is wrong. A line with an error gives None."""

    def __init__(self, mapping: FileMapping, header: Sequence[str], known: Known) -> None:
        self.known, self.width = known, len(header)
        self.problems: list[Problem] = []
        self.columns = {code: source.column or code for code, source in mapping.fields.items()}
        self._numbers: dict[str, int] = {}
        self._wrongs_of_lead = cache(wrongs_of_lead)
        self._fixed: dict[str, Any] = {}
        self._cells: list[tuple[str, int, Callable[[Any], Any]]] = []
        self._wrong_for_all: list[tuple[str, str, str]] = []
        for code, source in mapping.fields.items():
            read = self._reader(BY_CODE[code], mapping.file.dates)
            if not source.column:
                try:
                    self._fixed[code] = read(source.value)
                except BadValue as bad:
                    self._wrong_for_all.append((code, source.value, str(bad)))
                continue
            few = code in FEW or BY_CODE[code].kind in {DAY, COUNTRY, CODE, BOOK, LANGUAGE, CURRENCY}
            if source.values or source.empty:
                read = _translated(read, source.values, source.empty)
            reader = _Remembered(read).__getitem__ if few else read
            self._cells.append((code, header.index(source.column), reader))
        self._papers = [pair for pair in PAPERS if pair[0] in mapping.fields]

    def _reader(self, of: ClientField, dates: str) -> Callable[[Any], Any]:
        readers: dict[str, Callable[[str], Any]] = {
            COUNTRY: lambda value: values.country(value, self.known.countries),
            LANGUAGE: lambda value: values.language(value, self.known.languages),
            CURRENCY: lambda value: values.currency(value, self.known.currencies),
            CODE: lambda value: values.one_of(value, of.codes),
            BOOK: self._book,
            PHONE: _phone,
        }
        if of.kind == DAY:
            return values.day_reader(dates)
        if of.kind == EMAIL:
            return _email_reader(of.most)
        if of.kind not in readers:
            return values.text_reader(of.most)
        read = readers[of.kind]

        def through(raw: Any) -> Any:
            if is_phone and values.is_phone(raw):
                return raw
            value = values.plain(raw)
            return read(value) if value else None

        is_phone = of.kind == PHONE
        return through

    def _book(self, value: str) -> int:
        try:
            found = self.known.books[value.casefold()]
        except KeyError:
            raise BadValue("is neither the login of somebody with a book nor the name of a book") from None
        if found is None:
            raise BadValue("is the name of more than one book; give the login, or rename one")
        return found

    def check(self, line: int, cells: Sequence[Any]) -> Told | None:
        """What a line tells, or None when something in it is wrong."""
        return self.read(line, cells)[0]

    def read(self, line: int, cells: Sequence[Any]) -> tuple[Told | None, dict[str, Any]]:
        """As `check`, and beside it what could be read of a wrong line."""
        before = len(self.problems)
        if len(cells) != self.width:
            self._say(line, "all", "", f"has {len(cells)} cells; the header has {self.width}")
            return None, {}
        for code, value, reason in self._wrong_for_all:
            self._say(line, code, _told(code, value), reason)
        told = self._fixed.copy()
        for code, place, value_of in self._cells:
            try:
                if value := value_of(cells[place]):
                    told[code] = value
            except BadValue as bad:
                self._say(line, self.columns[code], _told(code, cells[place]), str(bad))
        found = Told(line, told)
        if len(self.problems) == before:
            self._complete(found)
        elif "number" in told:  # a second line with this number is told, also when the first is wrong
            self._numbers.setdefault(told["number"], line)
        wrong = len(self.problems) > before and any(each.kind == ERROR for each in self.problems[before:])
        return (None if wrong else found), told

    def _say(self, line: int, column: str, value: Any, reason: str, kind: str = ERROR) -> None:
        shown = "".join(
            sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in str(value)[:200]
        )
        self.problems.append(Problem(line, column, shown, reason, kind))

    def _at(self, found: Told, code: str, reason: str, kind: str = ERROR) -> None:
        self._say(found.line, self.columns.get(code, code), _told(code, found.get(code)), reason, kind)

    # --- what must be so between the cells of a line -----------------------------------------------------
    def _complete(self, found: Told) -> None:
        told, today = found.told, self.known.today
        if not told.keys() >= REQUIRED:
            for code in [each for each in REQUIRED if each not in told]:
                self._at(found, code, "is missing")
        if "name" not in told:
            given, family = told.get("given_names", ""), told.get("family_name", "")
            told["name"] = f"{given} {family}" if given and family else given or family
        if not told["name"]:
            self._at(found, "name", "is missing")
        if len(told["name"]) > 250:
            self._at(found, "name", "is longer than 250 letters, given names and family name together")
        if "number" not in told or "kind" not in told or "segment" not in told:
            return
        first = self._numbers.setdefault(told["number"], found.line)
        if first != found.line:
            self._at(found, "number", f"is the number of line {first} already")
        kind = told["kind"]
        told.setdefault("stage", "established" if kind == "person" else "mature")
        for wrong in self._wrongs_of_lead(kind, told["stage"], told["segment"]):
            self._at(found, wrong.field, wrong.sentence)
        self._check_days(found, kind, today)
        self._check_numbers(found, kind)
        if told.get("sex") and kind == "organisation":
            self._at(found, "sex", "an organisation has none")
        told.setdefault("state", "active")
        told.setdefault("language", "en")
        told.setdefault("currency", self.known.currency)
        told.setdefault("preferred_channel", "call")
        told["address"] = _address(told)
        if len(told["address"]) > 300:
            self._at(found, "address", "is longer than 300 letters, with postal code and town")
        told["words"] = words_of(told["name"], told.get("native_name", ""))
        keys = [key_of(told[code]) for code in KEYS if code in told]
        told["keys"] = sorted({key for key in keys if key})

    def _check_days(self, found: Told, kind: str, today: date) -> None:
        told = found.told
        for code in ("born_on", "since_on", "last_contact_on"):
            if code in told and told[code] > today:
                self._at(found, code, "lies in the future")
        born = told.get("born_on")
        if born and kind == "person" and born.year < today.year - OLDEST:
            self._at(found, "born_on", f"is more than {OLDEST} years ago")
        since = told.setdefault("since_on", today)
        if born and since < born <= today:
            self._at(found, "since_on", "is before the birth or foundation")
        if since.year < 1800:
            self._at(found, "since_on", "is before 1800")
        told["last_contact_on"] = max(told.get("last_contact_on", since), since)
        # Nobody here could have reviewed it before; who has a calendar of reviews brings it along.
        if told.setdefault("kyc_due_on", today) < since:
            self._at(found, "kyc_due_on", "is before the client joined")
        for code in ("passport_expires_on", "id_card_expires_on"):
            if code in told and told[code] < today:
                self._at(found, code, "has expired", WARNING)

    def _check_numbers(self, found: Told, kind: str) -> None:
        told = found.told
        for number, place in self._papers:
            if number in told and place not in told:
                self._at(found, place, "is missing: the country that gave the number")
        if "tax_country" in told and not told.get("tax_number") and not told.get("tax_missing_reason"):
            self._at(found, "tax_number", "is missing: give the number, or why there is none")
        refusals = []
        if "tax_number" in told and "tax_country" in told:
            refusals += [
                ("tax_number", each)
                for each in refusals_to_tax_number(told["tax_country"], told["tax_number"], kind)
            ]
        if "register" in told and "register_country" in told:
            refusals += [
                ("register", each)
                for each in refusals_to_register_number(told["register_country"], told["register"])
            ]
        if "lei" in told:
            if kind == "person":
                refusals.append(("lei", "a person has none"))
            else:
                refusals += [("lei", each) for each in refusals_to_lei(told["lei"])]
        if "iban" in told:
            refusals += [("iban", each) for each in refusals_to_iban(told["iban"])]
            told["iban"] = tidy_number(told["iban"])
        for code, refusal in refusals:
            self._at(found, code, refusal)


def _told(code: str, value: Any) -> Any:
    """Of a number its end: what is wrong with a line is kept as it is told, and the file has the rest."""
    return masked(str(value)) if value and code in ENCRYPTED else value


class _Remembered(dict[Any, Any]):
    """A column with few values is read once per value. What is wrong is read, and refused, each time."""

    def __init__(self, read: Callable[[Any], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, raw: Any) -> Any:
        value = self._read(raw)
        if len(self) > REMEMBERED:
            self.clear()
        self[raw] = value
        return value


def _translated(read: Callable[[Any], Any], meanings: Mapping[str, str], empty: str) -> Callable[[Any], Any]:
    """What a code of the file means here; a meaning that is empty leaves the field untold."""
    known = {values.plain(code).casefold(): meaning for code, meaning in meanings.items()}

    def translate(raw: Any) -> Any:
        code = values.plain(raw).casefold()
        meaning = known.get(code) if code else empty
        if meaning is None:
            return read(raw)
        return read(meaning) if meaning else None

    return translate


def _phone(value: str) -> str:
    number = tidy_contact("phone", values.phone_text(value))
    for refusal in refusals_to_reach_by("phone", number):
        raise BadValue(refusal)
    return number


def _email_reader(most: int) -> Callable[[Any], str | None]:
    text = values.text_reader(most)

    def read(raw: Any) -> str | None:
        address = text(raw)
        for refusal in refusals_to_reach_by("email", address) if address else ():
            raise BadValue(refusal)
        return address

    return read


def _address(told: Mapping[str, Any]) -> str:
    """Street, then postal code and town, as one line."""
    street, code, town = told.get("address", ""), told.get("postal_code", ""), told.get("city", "")
    town = f"{code} {town}" if code and town else code or town
    return f"{street}, {town}" if street and town else street or town
