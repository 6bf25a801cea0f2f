"""Text that leaves for a spreadsheet, and comes back: the one door of every export (OWASP ASVS 5.0, V1.2.10).

A spreadsheet runs a cell that begins with = + - @, in full width too; it forgives blanks before it, and a tab
or a line end lets it begin a new cell, as does a separator where another country's program cuts the line. An
apostrophe before such a text keeps it a text in every program; when the file is imported again,
`from_spreadsheet` takes it away, so what comes back is what left.

Pure: rules import it.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

QUOTE = "'"
_RUNS = frozenset("=+-@＝＋－＠")
_BREAKS = frozenset("\t\r\n\x0b\x0c\x85\u2028\u2029")
# Separators, control signs and signs of no width: what a program may skip before it looks.
_SKIPPED = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
# Where a cell can begin inside a text, the apostrophes there, and what would be run behind them. A double
# quote there opens the cell of whoever cuts at this separator, and is gone before the cell is looked at.
_INSIDE = re.compile(
    r"""(?<=[,;|\t\r\n\x0b\x0c\x85\u2028\u2029])('*)(?=[ \xa0\u3000\ufeff\u200b"]*[=+\-@＝＋－＠])"""
)


def _is_run(text: str) -> bool:
    """Would a spreadsheet do something with it? Apostrophes before it count as ours."""
    bare = text.lstrip(QUOTE)
    for sign in bare:
        if sign in _RUNS or sign in _BREAKS:
            return True
        if unicodedata.category(sign) not in _SKIPPED:
            return False
    return False


def spreadsheet_text(value: Any) -> Any:
    """A cell that no spreadsheet runs. Numbers stay numbers; NUL, which no text of ours holds, goes."""
    if not isinstance(value, str):
        return value
    text = value.replace("\0", "")
    return _INSIDE.sub(r"\1'", QUOTE + text if _is_run(text) else text)


def from_spreadsheet(text: str) -> str:
    """The text as it was before `spreadsheet_text`; an apostrophe that is somebody's own ('t Hart) stays."""
    text = _INSIDE.sub(lambda found: found[1][1:], text)
    return text[1:] if text.startswith(QUOTE) and _is_run(text) else text


def csv_file(head: Iterable[Any], rows: Iterable[Iterable[Any]]) -> str:
    """A whole CSV file, with the mark by which spreadsheets know UTF-8.

    Every cell stands in quotes, so that a line end in a text ends no line.
    """
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    for row in (head, *rows):
        writer.writerow([spreadsheet_text(cell) for cell in row])
    return "\ufeff" + text.getvalue()
