"""Read a delimited file line by line, and say exactly what is wrong with it."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
SHOWN = 20  # of many wrong values so many are printed


@dataclass(frozen=True)
class Wrong:
    """One value, or one line, that cannot be taken."""

    file: str
    line: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}, column {self.column}: {self.value!r}: {self.reason}"


@dataclass
class FileReport:
    """What became of one file: `unchanged` was there already, `changed` had another value before."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    gaps: int = 0  # cells the source leaves empty on purpose
    refused: int = 0


@dataclass
class Report:
    """What an import did, for a person and for a machine."""

    files: dict[str, FileReport] = field(default_factory=dict)
    refused: list[Wrong] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def of(self, file: str) -> FileReport:
        return self.files.setdefault(file, FileReport())

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def lines(self) -> list[str]:
        head = f"{'':20}{'read':>10}{'added':>10}{'changed':>10}{'unchanged':>11}{'refused':>9}"
        rows = [
            f"{name:20}{each.read:>10,}{each.added:>10,}{each.changed:>10,}{each.unchanged:>11,}{each.refused:>9,}"
            for name, each in self.files.items()
        ]
        return [head, *rows, *(f"refused: {wrong}" for wrong in self.refused), *self.notes]


class NotImported(Exception):
    """The files as they are cannot be imported; nothing was loaded. Says what to mend, line by line."""

    def __init__(self, *wrong: Wrong | str) -> None:
        self.wrong = wrong
        shown = [str(each) for each in wrong[:SHOWN]]
        if len(wrong) > SHOWN:
            shown.append(f"… and {len(wrong) - SHOWN:,} more.")
        super().__init__("\n".join(["Nothing was imported.", *shown]))


class BadValue(ValueError):
    """A value that is not what its column holds; the message is the reason."""


class Row:
    """One line of a file; `take` reads a column, or notes what is wrong with it and gives None."""

    def __init__(self, reader: "Reader", line: int, values: dict[str, str]) -> None:
        self.reader, self.line, self.values = reader, line, values
        self.whole = True

    def take(self, column: str, parse: Callable[[str], T]) -> T:
        """The parsed value. After a bad one `whole` is False, and what is given must not be used."""
        try:
            return parse(self.values[column])
        except BadValue as bad:
            self.refuse(column, str(bad))
            return None  # type: ignore[return-value]

    def refuse(self, column: str, reason: str) -> None:
        self.whole = False
        self.reader.refuse(self.line, column, self.values.get(column, ""), reason)


class Reader:
    """The rows of a file with a header line. Collects what is wrong; `check` raises it all at once.

    The last line may be cut short, as happens to a download: it is reported, left out, and stops nothing.
    """

    def __init__(
        self, path: Path, report: Report, delimiter: str = ",", columns: Sequence[str] | None = None
    ) -> None:
        self.path, self.report, self.delimiter = path, report, delimiter
        self.counts = report.of(path.name)
        self.wrong: list[Wrong] = []
        header = self._header()
        self.columns = list(columns or header)
        shown = self.delimiter.join(header)[:80]
        if self.columns != header:
            raise NotImported(Wrong(path.name, 1, "header", shown, f"is not {', '.join(self.columns)}"))
        if len(set(header)) < len(header):
            raise NotImported(Wrong(path.name, 1, "header", shown, "names a column twice"))

    def _header(self) -> list[str]:
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                return self._split(file.readline())
        except FileNotFoundError:
            raise NotImported(f"{self.path.name} is missing.") from None
        except (UnicodeDecodeError, IsADirectoryError):
            raise NotImported(f"{self.path.name} is not a text file.") from None

    def _split(self, line: str) -> list[str]:
        return next(csv.reader([line.rstrip("\r\n")], delimiter=self.delimiter), [])

    def __iter__(self) -> Iterator[Row]:
        """Every whole row, streaming. A line of more or fewer columns is wrong, but for a cut last one."""
        with self.path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
            file.readline()
            for number, line in enumerate(file, 2):
                if not line.strip():
                    continue
                self.counts.read += 1
                values = self._split(line)
                is_cut = not line.endswith("\n") and (len(values) < len(self.columns) or line.count('"') % 2)
                if is_cut:
                    self._leave_out(number, values)
                elif len(values) != len(self.columns):
                    self.refuse(
                        number,
                        "all",
                        line.strip()[:60],
                        f"{len(values)} columns instead of {len(self.columns)}",
                    )
                else:
                    yield Row(self, number, dict(zip(self.columns, values, strict=True)))

    def _leave_out(self, number: int, values: list[str]) -> None:
        column = self.columns[min(len(values), len(self.columns)) - 1]
        reached = f"{len(values)} of {len(self.columns)} columns"
        reason = f"the file ends inside this line, after {reached}; it is left out"
        self.report.refused.append(
            Wrong(self.path.name, number, column, values[-1] if values else "", reason)
        )
        self.counts.refused += 1

    def refuse(self, line: int, column: str, value: str, reason: str) -> None:
        self.wrong.append(Wrong(self.path.name, line, column, value, reason))

    def check(self) -> None:
        """Raise NotImported with all that is wrong in this file."""
        if self.wrong:
            raise NotImported(*self.wrong)


# --- what columns hold -------------------------------------------------------------------------------------


def whole_number(value: str) -> int:
    if not (value.isascii() and value.isdigit()):
        raise BadValue("is not a whole number")
    return int(value)


def amount(value: str) -> Decimal:
    """A plain decimal number; no exponents, no thousands marks."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise BadValue("is not a number") from None
    if not number.is_finite() or "e" in value.lower() or "_" in value:
        raise BadValue("is not a number")
    return number


def positive(value: str) -> Decimal:
    number = amount(value)
    if number <= 0:
        raise BadValue("is not more than nought")
    return number


def iso_day(value: str) -> date:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise BadValue("is not a day as YYYY-MM-DD") from None
    if len(value) != 10:
        raise BadValue("is not a day as YYYY-MM-DD")
    return day


def day_of_the_1900s(value: str) -> date:
    """YYMMDD."""
    if len(value) != 6 or not value.isdigit():
        raise BadValue("is not a day as YYMMDD")
    try:
        return date(1900 + int(value[:2]), int(value[2:4]), int(value[4:]))
    except ValueError:
        raise BadValue("is not a day of the calendar") from None


def one_of(known: dict[str, T]) -> Callable[[str], T]:
    """A code of a list, given as what it stands for."""

    def parse(value: str) -> T:
        if value not in known:
            raise BadValue("is none of " + ", ".join(sorted(each or "(empty)" for each in known)))
        return known[value]

    return parse


def known_id(known: Any, what: str) -> Callable[[str], int]:
    """The number of a row that was read before."""

    def parse(value: str) -> int:
        number = whole_number(value)
        if number not in known:
            raise BadValue(f"there is no {what} with this number")
        return number

    return parse
