"""From lines to the database: chunks made by several processes, digested and copied in the order of ids."""

import gc
import hashlib
import io
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any

from rmcrm.synthetic import bank, hidden
from rmcrm.synthetic.days import Days
from rmcrm.synthetic.files import Files
from rmcrm.synthetic.products import Market
from rmcrm.synthetic.staff import Plan
from rmcrm.synthetic.tables import COLUMNS, OF_A_CLIENT, SHARED, TABLES

CHUNK = 2_500  # clients made at a time: some 10 MB of lines
PROCESSES = 2
Sink = Callable[[str, bytes], None]


@dataclass
class Made:
    """What one run made: rows per table, the digest of every stream, the planted truths, distinct names."""

    rows: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TABLES, 0))
    streams: dict[str, Any] = field(default_factory=lambda: {table: hashlib.sha256() for table in TABLES})
    truths: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    distinct_names: int = 0
    rms: int = 0
    teams: int = 0

    @property
    def digest(self) -> str:
        """One digest over the streams of all tables, in their order."""
        whole = hashlib.sha256()
        for table in TABLES:
            whole.update(f"{table} {self.streams[table].hexdigest()}\n".encode())
        return whole.hexdigest()


@dataclass
class _Packed:
    """A chunk on its way between processes."""

    streams: dict[str, bytes]
    hidden: dict[str, bytes]  # the same lines with their numbers encrypted, where they have some
    words: set[str]
    truths: dict[str, list[dict[str, Any]]]
    names: set[int]


_files: Files | None = None
_hides = True


def _prepare(clients: int, seed: int, as_of: date, rms: int | None, hides: bool) -> None:
    """In each process once: the plan and the market, the same everywhere."""
    global _files, _hides
    _hides = hides
    days = Days(as_of)
    plan = Plan(clients, seed, days, rms)
    _files = Files(plan, Market(days, seed))


def _prepare_process(*asked: Any) -> None:
    gc.disable()  # what is made here is text; nothing refers in circles
    Thread(target=_end_with_parent, daemon=True).start()
    _prepare(*asked)


def _end_with_parent() -> None:
    """A killed load leaves no process behind that waits for work for ever."""
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _pack(span: tuple[int, int]) -> _Packed:
    assert _files is not None
    chunk = _files.make(*span)
    texts = {table: "".join(lines) for table, lines in chunk.lines.items()}
    streams = {table: text.encode() for table, text in texts.items()}
    hides = hidden.TABLES if _hides else []
    without = {table: hidden.hide(table, texts[table]).encode() for table in hides}
    return _Packed(streams, without, chunk.words, chunk.truths, chunk.names)


def _chunks(clients: int, seed: int, as_of: date, rms: int | None, hides: bool) -> Iterator[_Packed]:
    spans = [(first, min(first + CHUNK, clients)) for first in range(0, clients, CHUNK)]
    if len(spans) < 4:
        _prepare(clients, seed, as_of, rms, hides)
        yield from map(_pack, spans)
        return
    with ProcessPoolExecutor(
        PROCESSES, get_context("spawn"), _prepare_process, (clients, seed, as_of, rms, hides)
    ) as pool:
        # A window, so that fast makers do not fill the memory before a slower database.
        window: list[Future[_Packed]] = []
        for span in spans:
            window.append(pool.submit(_pack, span))
            if len(window) > PROCESSES + 2:
                yield window.pop(0).result()
        for waiting in window:
            yield waiting.result()


def pour(
    clients: int, seed: int, as_of: date, sink: Sink, rms: int | None = None, *, hides: bool = True
) -> Made:
    """Make the whole bank and hand every piece of every table to `sink`, parents before children.

    hides: with numbers encrypted, as the database wants them; the digest is of them as they are.
    """
    made = Made()
    days = Days(as_of)
    plan = Plan(clients, seed, days, rms)
    market = Market(days, seed)
    made.rms, made.teams = plan.rms, len({book.team for book in plan.books})

    def give(table: str, content: bytes, without: bytes = b"") -> None:
        if not content:
            return
        made.rows[table] += content.count(b"\n")
        made.streams[table].update(content)
        sink(table, without or content)

    def give_lines(table: str, lines: Iterable[str]) -> None:
        give(table, "".join(lines).encode())

    for table in SHARED:
        give_lines(table, bank.rows(table, plan, market))
    words: set[str] = set()
    names: set[int] = set()
    for packed in _chunks(clients, seed, as_of, rms, hides):
        for table in OF_A_CLIENT:
            give(table, packed.streams[table], packed.hidden.get(table, b""))
        words |= packed.words
        names |= packed.names
        for name, found in packed.truths.items():
            made.truths.setdefault(name, []).extend(found)
    made.distinct_names = len(names)
    give_lines("clients_searchword", (f"{word}\n" for word in sorted(words)))
    return made


def sink_of(cursor: Any, freeze: bool = False) -> Sink:
    """A sink that copies into the database of a psycopg2 cursor.

    PostgreSQL takes no COPY into a table whose policies bind this role: it goes through a temporary one.
    """
    options = " WITH (FREEZE)" if freeze else ""
    cursor.execute("SELECT name FROM unnest(%s) AS name WHERE row_security_active(name)", [list(COLUMNS)])
    walled = {table for (table,) in cursor.fetchall()}

    def sink(table: str, content: bytes) -> None:
        columns = ", ".join(_quoted(column) for column in COLUMNS[table])
        into = "poured" if table in walled else table
        if table in walled:
            cursor.execute(f"CREATE TEMP TABLE poured AS SELECT {columns} FROM {table} WITH NO DATA")  # noqa: S608
        cursor.copy_expert(f"COPY {into} ({columns}) FROM STDIN{options}", io.BytesIO(content), size=1 << 20)
        if table in walled:
            cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM poured")  # noqa: S608
            cursor.execute("DROP TABLE poured")

    return sink


def _quoted(column: str) -> str:
    return f'"{column}"'


def set_sequences(cursor: Any) -> None:
    """The next row made by hand comes after the last made here.

    Only a role that may UPDATE a sequence may set it; the others draw from it until it is past the rows.
    """
    for table, columns in COLUMNS.items():
        if columns[0] != "id":
            continue
        cursor.execute(
            f"SELECT seq, max(id), has_sequence_privilege(seq, 'UPDATE') "  # noqa: S608
            f"FROM {table}, pg_get_serial_sequence('{table}', 'id') AS seq GROUP BY seq"
        )
        for sequence, highest, settable in cursor.fetchall():
            if settable:
                cursor.execute("SELECT setval(%s, %s)", [sequence, highest])
            else:
                cursor.execute(
                    "SELECT max(at) FROM (SELECT nextval(%s) AS at FROM generate_series(1, %s)) AS drawn",
                    [sequence, highest],
                )


def analyze(cursor: Any) -> None:
    for table in TABLES:
        cursor.execute(f"ANALYZE {table}")
