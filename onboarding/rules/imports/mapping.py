"""Which column of a file fills which field of a client: read from JSON, guessed from a header, judged."""

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from clients.words import fold
from onboarding.rules.imports.fields import BY_CODE, CODE, DAYS, FIELDS
from onboarding.rules.imports.values import DATE_FORMATS

VERSION = 1
# What the file of problems says beside each line as it was sent: mended, it may come again.
SAID_OF_A_LINE = ("import: line", "import: column", "import: value", "import: reason", "import: kind")
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252 (Western Europe)",
    "cp1250": "Windows-1250 (Central Europe)",
    "iso8859-15": "ISO 8859-15 (Latin 9)",
}
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
QUOTES = {'"': 'double: "', "'": "single: '", "": "none"}


@dataclass(frozen=True)
class Source:
    """A column, what its codes mean and what an empty cell means; or one value for all lines."""

    column: str = ""
    values: dict[str, str] = field(default_factory=dict)
    empty: str = ""
    value: str = ""

    def as_dict(self) -> dict[str, Any]:
        told = {"column": self.column, "values": self.values, "empty": self.empty, "value": self.value}
        return {name: what for name, what in told.items() if what}


@dataclass(frozen=True)
class How:
    """How the file is to be read. A spreadsheet has a sheet and no encoding, delimiter or quote."""

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    sheet: str = ""
    dates: str = ""  # never guessed: 01.02. and 02.01. are both days

    def as_dict(self) -> dict[str, str]:
        return dict(vars(self))


@dataclass(frozen=True)
class Mapping:
    file: How
    fields: dict[str, Source]

    def as_dict(self) -> dict[str, Any]:
        fields = {code: source.as_dict() for code, source in self.fields.items()}
        return {"version": VERSION, "file": self.file.as_dict(), "fields": fields}


class BadMapping(ValueError):
    """No mapping: `sentences` says what is wrong with it."""

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = sentences
        super().__init__(" ".join(sentences))


def read_mapping(told: Any, found: How | None = None) -> Mapping:
    """A mapping out of JSON. `found`: how the file looks, for what the mapping leaves open."""
    if not isinstance(told, dict) or not isinstance(told.get("fields"), dict):
        raise BadMapping(['A mapping is a JSON object with "version", "file" and "fields".'])
    wrong = []
    if told.get("version") != VERSION:
        wrong.append(f'"version" of a mapping is {VERSION}.')
    file = told.get("file", {})
    if not _texts(file):
        raise BadMapping(
            ['"file" of a mapping holds texts: "encoding", "delimiter", "quote", "sheet", "dates".']
        )
    how = vars(found or How()) | file
    wrong += [f'"{name}" is nothing that "file" has.' for name in sorted(set(how) - set(vars(How())))]
    wrong += _refusals_to_read(how)
    fields = {}
    for code, source in told["fields"].items():
        if code not in BY_CODE:
            wrong.append(f'"{code}" is no field of a client. Known: {", ".join(BY_CODE)}.')
        elif not _is_source(source):
            wrong.append(
                f'"{code}" is {{"column": …}}, with "values" and "empty" if needed, or {{"value": …}}.'
            )
        else:
            fields[code] = Source(**source)
    if wrong:
        raise BadMapping(wrong)
    return Mapping(How(**how), fields)


def _texts(told: Any) -> bool:
    return isinstance(told, dict) and all(isinstance(each, str) for pair in told.items() for each in pair)


def _is_source(told: Any) -> bool:
    if not isinstance(told, dict) or not set(told) <= {"column", "values", "empty", "value"}:
        return False
    plain = {name: what for name, what in told.items() if name != "values"}
    has_one = bool(told.get("column")) != bool(told.get("value"))
    return _texts(plain) and _texts(told.get("values", {})) and has_one


def _refusals_to_read(how: AnyMapping[str, str]) -> list[str]:
    wrong = []
    for name, known in (("encoding", ENCODINGS), ("delimiter", DELIMITERS), ("quote", QUOTES)):
        if how[name] not in known:
            wrong.append(f'"{name}" is one of {", ".join(repr(each) for each in known)}.')
    if how["dates"] and how["dates"] not in DATE_FORMATS:
        wrong.append(f'"dates" is one of {", ".join(DATE_FORMATS)}.')
    return wrong


def refusals_to_use_mapping(mapping: Mapping, header: Sequence[str]) -> list[str]:
    """What is missing before rows can be read: columns, required fields, the order of day and month."""
    refusals = []
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        refusals.append(f"The file names a column twice: {', '.join(twice)}. Rename one of them.")
    for code, source in mapping.fields.items():
        if source.column and source.column not in header:
            refusals.append(f"{BY_CODE[code].label}: the file has no column “{source.column}”.")
    refusals += [
        f"{each.label} is missing: choose its column, or one value for all."
        for each in FIELDS
        if each.required and each.code not in mapping.fields
    ]
    if not {"name", "family_name"} & set(mapping.fields):
        refusals.append("The name is missing: choose a column for the full name, or for the family name.")
    if set(DAYS) & set(mapping.fields) and not mapping.file.dates:
        refusals.append("Say how the file writes its dates. It is not guessed: 01.02. can be two days.")
    for code, source in mapping.fields.items():
        if BY_CODE[code].kind == CODE:
            bad = sorted(set(source.values.values()) - set(BY_CODE[code].codes) - {""})
            refusals += [f"{BY_CODE[code].label}: “{each}” is none of its codes." for each in bad]
    return refusals


def columns_not_taken(mapping: Mapping, header: Sequence[str]) -> list[str]:
    """Which columns of the file fill no field: nothing of them comes in."""
    taken = {source.column for source in mapping.fields.values()}
    return [name for name in header if name not in taken and name not in SAID_OF_A_LINE]


def guess_fields(header: Sequence[str]) -> dict[str, Source]:
    """Which column is what, by its head: a field takes the first that is called like it, once each."""
    folded: dict[str, str] = {}
    for name in header:
        folded.setdefault(fold(name), name)
    guessed: dict[str, Source] = {}
    for each in FIELDS:
        for head in (each.code.replace("_", " "), fold(each.label), *each.heads):
            if head in folded:
                guessed[each.code] = Source(column=folded.pop(head))
                break
    if "given_names" in guessed and "family_name" in guessed:
        guessed.pop("name", None)  # "Name" beside "Vorname" is the family name's
    elif "given_names" in guessed and "name" in guessed:
        guessed["family_name"] = guessed.pop("name")
    return guessed
