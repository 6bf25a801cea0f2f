"""Reading a CSV file for a command: any encoding error, missing column or broken line is a sentence."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import CommandError


def rows_of(file: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and row of a CSV file in UTF-8, parted by commas or semicolons. Raises CommandError."""
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
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=by)
    missing = [column for column in needed if column not in (reader.fieldnames or ())]
    if missing:
        raise CommandError(f"{file} has no column {', '.join(missing)}. Needed: {', '.join(needed)}.")
    try:
        for row in reader:
            said = {key: (value or "").strip() for key, value in row.items() if isinstance(key, str)}
            yield reader.line_num, said
    except csv.Error as error:
        raise CommandError(f"Line {reader.line_num} of {file} is no CSV: {error}.") from error
