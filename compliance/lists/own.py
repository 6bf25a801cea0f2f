"""A bank's own list, as CSV (UTF-8, comma or semicolon, the first line names the columns).

| column | what | |
|---|---|---|
| reference | the list's own number of the entry, once in the file | required |
| name | the primary name | required |
| kind | person, organisation, vessel, aircraft; empty: person | |
| aliases, weak_aliases | further names, divided by ; | |
| born_on | 1964-09-18, 1964, circa 1964, 1964 to 1966; several divided by ; | |
| born_in | where | |
| countries | ISO codes or English names, divided by ; | |
| programmes | why it is on the list | |
| identifiers | kind:number:country, kind one of passport, id_card, tax, register, vessel; divided by ; | |
| published_on | 2026-11-24, the same in every row; without the column: the day of the import | |
"""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from typing import IO

from compliance.lists.countries import country_code
from compliance.lists.reading import Entry, ListFile, Name, Paper, Unreadable, born, day_of, listed_once

REQUIRED = ("reference", "name")
COLUMNS = (
    *REQUIRED, "kind", "aliases", "weak_aliases", "born_on", "born_in", "countries", "programmes",
    "identifiers", "published_on",
)  # fmt: skip
KINDS = ("person", "organisation", "vessel", "aircraft")
PAPERS = ("passport", "id_card", "tax", "register", "vessel", "lei")
_BORN = re.compile(r"(circa )?\d{4}( to \d{4})?")


def read(file: IO[bytes]) -> ListFile:
    """The whole list; its day is None where the file does not say. Raises Unreadable when it is none."""
    entries: dict[str, Entry] = {}
    days: set[date | None] = set()
    names = 0
    for line, row in _rows(file):
        entry = _entry(row, line)
        if entry.reference in entries:
            raise Unreadable(f"Line {line}: entry {entry.reference} is in the file twice.")
        entries[entry.reference] = entry
        names += len(entry.names)
        days.add(_published(row, line))
    if len(days) > 1:
        raise Unreadable("The column published_on is not the same in every row.")
    return ListFile(next(iter(days), None), None, tuple(entries.values()), names)


def _rows(file: IO[bytes]) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, column -> text) of every row; each has as many fields as the first line has columns."""
    lines = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        first = lines.readline(10_000)
        known = set(COLUMNS)
        header = [[column.strip().lower() for column in first.strip().split(by)] for by in ",;"]
        columns, by = next(
            ((found, by) for found, by in zip(header, ",;", strict=True) if set(REQUIRED) <= set(found)),
            ([], ""),
        )
        if not columns or set(columns) - known or len(set(columns)) < len(columns):
            raise Unreadable(
                f"The first line names other columns than an own list has: {', '.join(COLUMNS)} "
                f"({' and '.join(REQUIRED)} are required)."
            )
        reader = csv.reader(lines, delimiter=by, strict=True)
        for row in reader:
            if not any(row):
                continue
            line = reader.line_num + 1
            if len(row) != len(columns):
                raise Unreadable(
                    f"Line {line} has {len(row)} fields where the first line has {len(columns)}."
                )
            if any("\0" in value for value in row):
                raise Unreadable(f"Line {line} holds a zero byte, which is no letter.")
            yield line, {column: " ".join(value.split()) for column, value in zip(columns, row, strict=True)}
    except UnicodeDecodeError as error:
        raise Unreadable("The file is not text in UTF-8.") from error
    except csv.Error as error:
        raise Unreadable(f"The file is cut short or broken: {error}.") from error
    finally:
        lines.detach()  # the file is the caller's to close


def _entry(row: dict[str, str], line: int) -> Entry:
    def several(column: str) -> list[str]:
        return [part.strip() for part in row.get(column, "").split(";") if part.strip()]

    reference, name, kind = row["reference"], row["name"], row.get("kind", "").lower() or "person"
    if not reference or not name:
        raise Unreadable(f"Line {line} has no reference or no name.")
    if len(reference) > 40:
        raise Unreadable(f"Line {line}: a reference has at most 40 signs.")
    if kind not in KINDS:
        raise Unreadable(f"Line {line}: “{kind[:40]}” is none of {', '.join(KINDS)}.")
    names = [Name(name), *map(Name, several("aliases"))]
    return Entry(
        reference=reference,
        kind=kind,
        names=listed_once([*names, *(Name(alias, strong=False) for alias in several("weak_aliases"))]),
        born_on=born([_born(part, line) for part in several("born_on")]),
        born_in="; ".join(several("born_in")),
        countries=" ".join(sorted({_country(part) for part in several("countries")} - {""})),
        programmes="; ".join(several("programmes")),
        papers=tuple(dict.fromkeys(_paper(part, line) for part in several("identifiers"))),
    )


def _country(written: str) -> str:
    return written.upper() if len(written) == 2 and written.isalpha() else country_code(written)


def _born(written: str, line: int) -> date | str:
    if day := day_of(written):
        return day
    if _BORN.fullmatch(written):
        return written
    raise Unreadable(f"Line {line}: the birth date “{written[:40]}” is not like 1964-09-18 or 1964.")


def _paper(written: str, line: int) -> Paper:
    kind, _, rest = written.partition(":")
    number, _, country = rest.rpartition(":") if ":" in rest else (rest, "", "")
    if kind.strip() not in PAPERS or not number.strip():
        raise Unreadable(f"Line {line}: an identifier is written kind:number:country ({', '.join(PAPERS)}).")
    return Paper(kind.strip(), number.strip()[:100], country.strip().upper()[:2])


def _published(row: dict[str, str], line: int) -> date | None:
    written = row.get("published_on", "")
    day = day_of(written)
    if written and day is None:
        raise Unreadable(f"Line {line}: published_on “{written[:40]}” is not like 2026-11-24.")
    return day
