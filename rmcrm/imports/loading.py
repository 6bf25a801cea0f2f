"""Rows into a table: COPY to a temporary one, then one INSERT that leaves alone what is there."""

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any


def _text(value: Any) -> str:
    """A value in COPY's text format."""
    if value is None:
        return "\\N"
    if value is True or value is False:
        return "t" if value else "f"
    if isinstance(value, list):
        return "{" + ",".join(f'"{each}"' for each in value) + "}"  # folded words: letters and digits only
    if isinstance(value, date | Decimal | int):
        return str(value)
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


class _Lines(io.TextIOBase):
    """What psycopg2 reads from, while the rows are still being made."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self._lines: Iterator[str] = ("\t".join(map(_text, row)) + "\n" for row in rows)
        self._rest = ""

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> str:
        parts, length = [self._rest], len(self._rest)
        for line in self._lines:
            parts.append(line)
            length += len(line)
            if size is not None and 0 <= size <= length:
                break
        text = "".join(parts)
        cut = len(text) if size is None or size < 0 else size
        self._rest = text[cut:]
        return text[:cut]


def stage(cursor: Any, name: str, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A temporary table with these columns of `table`, filled by COPY."""
    listed = _listed(columns)
    cursor.execute(f"CREATE TEMP TABLE {name} ON COMMIT DROP AS SELECT {listed} FROM {table} WITH NO DATA")  # noqa: S608
    cursor.copy_expert(f"COPY {name} ({listed}) FROM STDIN", _Lines(rows))


def add(
    cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], unique: str = ""
) -> int:
    """Add the rows that are not there yet (by the columns `unique`); how many were added."""
    listed = _listed(columns)
    stage(cursor, "staged", table, columns, rows)
    conflict = f"ON CONFLICT ({unique}) DO NOTHING" if unique else ""
    cursor.execute(f"INSERT INTO {table} ({listed}) SELECT {listed} FROM staged {conflict}")  # noqa: S608
    added = int(cursor.rowcount)
    cursor.execute("DROP TABLE staged")
    return added


def put(
    cursor: Any,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    unique: Sequence[str],
    compared: str,
) -> tuple[int, int, int]:
    """Add or correct rows; (added, changed, unchanged). Only where `compared` differs a row is touched."""
    listed = _listed(columns)
    stage(cursor, "staged", table, columns, rows)
    changes = ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in columns if name not in unique)
    cursor.execute(
        f"WITH done AS (INSERT INTO {table} ({listed}) SELECT {listed} FROM staged "  # noqa: S608
        f"ON CONFLICT ({_listed(unique)}) DO UPDATE SET {changes} "
        f'WHERE {table}."{compared}" IS DISTINCT FROM EXCLUDED."{compared}" RETURNING xmax = 0 AS is_new) '
        "SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new), "
        "(SELECT count(*) FROM staged) FROM done"
    )
    added, changed, staged = cursor.fetchone()
    cursor.execute("DROP TABLE staged")
    return added, changed, staged - added - changed


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
