"""Read an uploaded table: what it is, how it is written, its lines. A file that is none is refused in words.

Nothing is run: of a spreadsheet the values are read, by a reader that knows no macros, links or entities.
"""

import codecs
import csv
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import dropwhile
from typing import IO, Any, BinaryIO

from python_calamine import CalamineError, CalamineWorkbook

from onboarding.rules.imports.mapping import DELIMITERS, ENCODINGS, How
from onboarding.rules.imports.values import BadValue, plain

SAMPLE = 64 * 1024  # bytes that are looked at
MOST_COLUMNS = 200
UNPACKED = 1024 * 1024 * 1024  # bytes of a spreadsheet, and at most so many times its packed size:
RATIO = 100
MOST_CELLS = 8_000_000  # rows by columns of a sheet, blank ones too: the reader unfolds them all in memory
LONGEST = 32_767  # letters of a cell, as Excel has it: one text may stand in very many cells
CHUNK = 1 << 20
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})([0-9]{1,7})["']""")  # "AB12" of a cell, "12" of a row
# For a cell beyond the last one, or for ever so many texts, the reader asks for memory that no machine has,
# and ends with the whole process: nobody is left to refuse.
_BEYOND = re.compile(
    rb"""\br\s*=\s*["'](?:[A-Za-z]{4,}[0-9]|[A-Za-z]*[0-9]{8})|\buniqueCount\s*=\s*["']\s*\+?[0-9]{8}"""
)
_CELL, _ROW = re.compile(rb"<(?:\w+:)?c[\s/>]"), re.compile(rb"<(?:\w+:)?row[\s/>]")
_NO_TEXT = (
    b"PK\x03\x04",
    b"%PDF",
    b"\xd0\xcf\x11\xe0",
    b"\x7fELF",
    b"MZ\x90",
    b"GIF8",
    b"\x89PNG",
    b"\xff\xd8\xff",
)


class Unreadable(ValueError):
    """The file is no table that can be read; the message says what to do."""


@dataclass(frozen=True)
class Table:
    """How a file looks: found by looking, and to be corrected by whoever knows better."""

    how: How
    sheets: list[str]  # of a spreadsheet
    header: list[str]
    lines: int  # below the header, blank ones too


def is_spreadsheet(name: str) -> bool:
    return name.lower().endswith(".xlsx")


def look(file: Any, name: str, how: How | None = None) -> Table:
    """What is in this file, read as `how` says, or as it seems. Raises Unreadable."""
    try:
        if is_spreadsheet(name):
            return _look_at_sheet(file, how or How())
        if name.lower().endswith((".csv", ".txt", ".tsv")):
            return _look_at_text(file, how)
    except BadLine as bad:
        raise Unreadable(f"Line {bad.line:,} {bad}.") from bad
    raise Unreadable("Send a file that ends in .csv or .xlsx.")


def rows(file: Any, name: str, how: How) -> Iterator[tuple[int, list[Any]]]:
    """(line, cells) below the header, blank lines left out. Raises BadValue at what cannot be split."""
    lines = _sheet_lines(file, how) if is_spreadsheet(name) else _csv_lines(file, how)
    next(lines, None)
    return lines


def _named(header: list[Any]) -> list[str]:
    """The heads as text; a column without one is called by its place."""
    if not any(header):
        raise Unreadable("The file is empty: its first line must name the columns.")
    if len(header) > MOST_COLUMNS:
        raise Unreadable(f"The file has {len(header)} columns; {MOST_COLUMNS} is the most.")
    return [plain(head)[:100] or f"column {place}" for place, head in enumerate(header, 1)]


# --- delimited text --------------------------------------------------------------------------------------


def _look_at_text(file: BinaryIO, how: How | None) -> Table:
    told, how = how, how or _how_it_seems(file)
    try:
        lines = _count(file, how)
        header = next((cells for _line, cells in _csv_lines(file, how)), [])
    except UnicodeDecodeError:
        what_to_do = "Choose another encoding." if told else "Save it again as CSV (UTF-8) and send that."
        raise Unreadable(f"The file is not written in {ENCODINGS[how.encoding]}. {what_to_do}") from None
    return Table(how, [], _named(header), max(lines - 1, 0))


def _how_it_seems(file: BinaryIO) -> How:
    encoding = _encoding(file)
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    text = decoder.decode(file.read(SAMPLE)).lstrip("\ufeff")
    first = text.splitlines()[0] if text.splitlines() else ""
    quote = "'" if first[:1] == "'" else '"'
    inside, counts = False, dict.fromkeys(DELIMITERS, 0)
    for sign in first:
        if sign == quote:
            inside = not inside
        elif sign in counts and not inside:
            counts[sign] += 1
    delimiter = max(counts, key=lambda each: counts[each])
    return How(encoding=encoding, delimiter=delimiter if counts[delimiter] else ",", quote=quote)


def _encoding(file: BinaryIO) -> str:
    """By its mark, else UTF-8 if all of it is, else what Windows writes in Western Europe."""
    file.seek(0)
    head = file.read(8)
    if not head:
        raise Unreadable("The file is empty. Choose it again.")
    if head.startswith(_NO_TEXT):
        raise Unreadable("The file is not what its name says. Save it again as CSV or XLSX and send that.")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder, encoding = codecs.getincrementaldecoder("utf-8")(), "utf-8"
    file.seek(0)
    while chunk := file.read(CHUNK):
        if b"\0" in chunk:
            raise Unreadable("The file is no text. Save it again as CSV (UTF-8) or XLSX and send that.")
        if encoding == "utf-8":
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                encoding = "cp1252"
    return encoding


def _text(file: BinaryIO, how: How) -> io.TextIOWrapper:
    file.seek(0)
    encoding = "utf-8-sig" if how.encoding == "utf-8" else how.encoding
    return io.TextIOWrapper(_Kept(file), encoding=encoding, newline="")


class _Kept(io.BufferedReader):
    """A file that stays open when the text over it is thrown away."""

    def __init__(self, file: BinaryIO) -> None:
        raw: Any = file
        super().__init__(_Raw(raw), CHUNK)


class _Raw(io.RawIOBase):
    def __init__(self, file: Any) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        read: bytes = self._file.read(len(buffer))
        buffer[: len(read)] = read
        return len(read)


def _count(file: BinaryIO, how: How) -> int:
    """How many lines: for the bar only, a line break inside quotes counts too. Decodes all of it once."""
    text, count, last = _text(file, how), 0, "\n"
    while chunk := text.read(CHUNK):
        count += chunk.count("\n")
        last = chunk
    return count + (not last.endswith("\n"))


def _csv_lines(file: BinaryIO, how: How) -> Iterator[tuple[int, list[Any]]]:
    text = _text(file, how)
    quoting: Any = csv.QUOTE_MINIMAL if how.quote else csv.QUOTE_NONE
    reader = csv.reader(
        text, delimiter=how.delimiter, quotechar=how.quote or None, quoting=quoting, strict=bool(how.quote)
    )
    first = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadLine(first, _why(str(error))) from error
        except UnicodeDecodeError as error:
            raise BadLine(first, f"is not written in {ENCODINGS[how.encoding]} from here on") from error
        if any(cells):
            yield first, cells
        first = reader.line_num + 1


class BadLine(BadValue):
    """From this line on the file cannot be split into cells."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def _why(error: str) -> str:
    if "unexpected end" in error:
        return "opens a quote that is closed nowhere; the rest of the file cannot be read"
    if "field limit" in error or "larger than" in error:
        return "has a cell of more than 130,000 letters, or a quote that is not closed; the rest is not read"
    return "has a quote in the middle of a cell; double it, or say that the file has no quotes"


# --- spreadsheets ----------------------------------------------------------------------------------------


def _look_at_sheet(file: BinaryIO, how: How) -> Table:
    with _undamaged():
        book = _book(file)
        if not book.sheet_names:
            raise Unreadable("The spreadsheet has no sheet.")
        sheet = how.sheet or book.sheet_names[0]
        if sheet not in book.sheet_names:
            has = ", ".join(book.sheet_names)
            raise Unreadable(f"The spreadsheet has no sheet “{sheet}”. It has: {has}.")
        content = book.get_sheet_by_name(sheet)
        at, header = next(_below_titles(_filled(content)), (1, []))
        how = How(**(how.as_dict() | {"sheet": sheet}))
        last = content.total_height + 1  # it tells the place of the last row, counted from none
        return Table(how, list(book.sheet_names), _named(header), max(last - at, 0))


@contextmanager
def _undamaged() -> Iterator[None]:
    """Both readers, of the packing and of the sheets, have errors of their own: what they cannot read is no
    sheet."""
    try:
        yield
    except (Unreadable, BadLine):
        raise
    except (zipfile.BadZipFile, RuntimeError):  # by which zipfile says that it wants a password
        raise Unreadable(
            "The file is no spreadsheet, or it is locked by a password. Save it again as XLSX without one."
        ) from None
    except (CalamineError, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError) as error:
        raise Unreadable(
            "The spreadsheet is damaged. Open it, save it again as XLSX and send that."
        ) from error


def _book(file: BinaryIO) -> Any:
    """The workbook, if it is one: packed within reason, without macros."""
    file.seek(0)
    if file.read(4) != b"PK\x03\x04":  # a file of another kind may stand before it
        raise zipfile.BadZipFile
    with zipfile.ZipFile(file) as packed:
        parts = packed.infolist()
        _refuse_packed(parts)
        for part in parts:
            with packed.open(part) as opened:
                _refuse_spread(opened)
    file.seek(0)
    return CalamineWorkbook.from_filelike(file)


def _refuse_packed(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename for part in parts}
    others = {"xl/workbook.bin", "content.xml"}  # of other kinds, which the reader would try next
    if "xl/workbook.xml" not in names or names & others or any("vbaProject" in name for name in names):
        raise Unreadable("The file is no plain spreadsheet. Save it again as XLSX, without macros.")
    size, small = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if size > UNPACKED or size > RATIO * max(small, CHUNK):
        raise Unreadable("The spreadsheet is far larger unpacked than packed: it is not opened. Send CSV.")


def _refuse_spread(part: IO[bytes]) -> None:
    """Two cells in opposite corners are quickly sent, and take all memory once what is between is unfolded.

    Any part may be a sheet: the workbook says which. Cells and rows that do not say where they are follow
    each other, so that their number bounds where they end.
    """
    last_row, last_column, rows_without, in_row, widest, is_sheet = 0, 0, 0, 0, 0, False
    for text in _whole_tags(part):
        is_sheet = is_sheet or b"sheetData" in text
        if _BEYOND.search(text) or (is_sheet and len(text) > CHUNK and b"<" not in text[1:]):
            raise Unreadable("The spreadsheet says that it holds what no spreadsheet can: it is not opened.")
        places = _PLACE.findall(text)
        last_row = max([last_row, *(int(row) for _letters, row in places)])
        last_column = max(
            [last_column, *(_column(at) for at in {letters.upper() for letters, _row in places})]
        )
        if in_row or len(_CELL.findall(text)) > sum(bool(letters) for letters, _row in places):
            for at, row in enumerate(_ROW.split(text)):
                placed = sum(bool(letters) for letters, _row in _PLACE.findall(row))
                in_row = (in_row if at == 0 else 0) + max(len(_CELL.findall(row)) - placed, 0)
                rows_without, widest = rows_without + (at > 0), max(widest, in_row)
        rows, columns = last_row + rows_without, last_column + widest
        if rows * columns > MOST_CELLS:
            raise Unreadable(
                f"A sheet spreads over {rows:,} rows and {columns:,} columns, blank ones too: it is not "
                "opened. Delete what stands far out and save it again, or send CSV."
            )


def _whole_tags(part: IO[bytes]) -> Iterator[bytes]:
    """The part in pieces that cut no tag in two."""
    cut = b""
    while chunk := part.read(CHUNK):
        text, bracket, rest = (cut + chunk).rpartition(b"<")
        cut = bracket + rest
        if len(cut) > CHUNK:
            yield cut
            cut = b""
        yield text
    yield cut


def _column(letters: bytes) -> int:
    """A is 1, AB is 28."""
    number = 0
    for sign in letters:
        number = number * 26 + sign - 64
    return number


def _sheet_lines(file: BinaryIO, how: How) -> Iterator[tuple[int, list[Any]]]:
    book = _book(file)
    return _below_titles(_filled(book.get_sheet_by_name(how.sheet or book.sheet_names[0])))


def _below_titles(lines: Iterator[tuple[int, list[Any]]]) -> Iterator[tuple[int, list[Any]]]:
    """From the heads on: "Clients as of 30 November", in one cell above them, heads no column."""
    return dropwhile(lambda line: len(line[1]) > 1 and sum(cell != "" for cell in line[1]) == 1, lines)


def _filled(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    first = (sheet.start or (0, 0))[0] + 1
    for line, cells in enumerate(sheet.iter_rows(), first):
        if any(cell != "" for cell in cells):
            if any(type(cell) is str and len(cell) > LONGEST for cell in cells):
                raise BadLine(line, f"has a cell of more than {LONGEST:,} letters; the rest is not read")
            yield line, [cell if type(cell) is str else _cell(cell) for cell in cells]


def _cell(cell: Any) -> Any:
    """Numbers as they are read (41446681800.0 is 41446681800), days as days."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
