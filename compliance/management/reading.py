"""Reading a CSV file for a command: any encoding error, missing column or broken line is a sentence."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import CommandError


def rows_of(file: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str], str]]:
    """(line, row, "") of a CSV file in UTF-8, parted by commas or semicolons; (line, {}, why) where its cells
    do not fit the heading. Raises CommandError.

    A quote that is closed nowhere swallows all behind it, so the file is refused: nobody would miss whom it
    left out.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise CommandError(
            f"{file} is not UTF-8: line {line} holds a byte that is no letter in it."
        ) from error
    first = text.partition("\n")[0].strip()
    by = ";" if set(needed) <= set(first.split(";")) else ","
    reader, begins = csv.reader(io.StringIO(text, newline=""), delimiter=by, strict=True), 1
    try:
        heading = next(reader, [])
        missing = [column for column in needed if column not in heading]
        if missing:
            raise CommandError(f"{file} has no column {', '.join(missing)}. Needed: {', '.join(needed)}.")
        begins = reader.line_num + 1
        for cells in reader:
            line, begins = begins, reader.line_num + 1
            if cells and len(cells) != len(heading):
                yield line, {}, f"it has {len(cells)} cells where the first line has {len(heading)}"
            elif cells:
                yield line, {key: cell.strip() for key, cell in zip(heading, cells, strict=True)}, ""
    except csv.Error as error:
        unclosed = "unexpected end" in str(error)
        why = "opens a quote that is closed nowhere" if unclosed else f"is no CSV: {error}"
        raise CommandError(f"Line {begins} of {file} {why}. Nothing was judged.") from error
