"""What is sealed: the audit, and apart from it the journal of a room that stands apart. Same machinery, two
chains."""

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

# As audit/migrations/0002 hashes it. It is spelt out here and not asked of the database's own function,
# which a
# superuser could replace.
HEADER = """json_build_array('rmcrm-event-2', e.id,
    to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.xid::text, e.verb, e.by_id,
    e.by_login, e.by_role, e.path, e.why, e.subject_type, e.subject_id, e.client_id,
    e.source, host(e.ip), e.request_id, encode(e.payload_hash, 'hex'))::text"""
ISO = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"


@dataclass(frozen=True)
class Chain:
    """One table of events, the table of its seals, and how it is shown outside."""

    name: str
    events: str
    seals: str
    hold_still: str  # the owner's function that keeps writers out for a moment
    blind: bool = False  # outside nobody may see when it grows

    def exists(self, connection: Any) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT to_regclass(%s) IS NOT NULL AND has_table_privilege(%s, 'INSERT')",
                [self.seals, self.seals],
            )
            return bool(cursor.fetchone()[0])


AUDIT = Chain("audit", "audit_event", "audit_seal", "audit_hold_still")
# The room is above this one, so only its tables are named here: to seal them needs no more of it.
SUSPICION = Chain("suspicion", "suspicion_event", "suspicion_seal", "suspicion_hold_still", blind=True)
CHAINS = (AUDIT, SUSPICION)


# --- reading ---------------------------------------------------------------------------------------------
# Text without a control character, so that COPY's CSV with a quote that never occurs gives it byte for byte.
_COPY = "COPY ({}) TO STDOUT (FORMAT csv, DELIMITER E'\\t', QUOTE E'\\x01', ESCAPE E'\\x01', ENCODING 'UTF8')"


def event_lines(connection: Any, chain: Chain, where: str = "") -> Iterator[bytes]:
    """Every event as a line, in order of its number: streamed, whatever there are."""
    columns = f"{HEADER}, e.payload::text, encode(e.row_hash, 'hex')"
    select = f"SELECT {columns} FROM {chain.events} e {where} ORDER BY e.id"  # noqa: S608
    yield from _stream(connection, select)


def _stream(connection: Any, select: str) -> Iterator[bytes]:
    """The lines of a COPY through a pipe: PostgreSQL works on while Python hashes."""
    reading, writing = os.pipe()
    trouble: list[BaseException] = []

    def copy() -> None:
        with os.fdopen(writing, "wb") as out:
            try:
                with connection.cursor() as cursor:
                    cursor.copy_expert(_COPY.format(select), out)
            except BrokenPipeError:
                pass
            except BaseException as error:
                trouble.append(error)

    thread = threading.Thread(target=copy, daemon=True)
    thread.start()
    try:
        with os.fdopen(reading, "rb", 1 << 20) as lines:
            yield from lines
    finally:
        thread.join()
    if trouble:
        raise trouble[0]


_SEAL = f"""
SELECT number, chain, epoch, cluster, {ISO.format("at")}, snapshot, after_id, count, {ISO.format("first_at")},
       {ISO.format("last_at")}, leaves, encode(root, 'hex'), encode(previous, 'hex'), encode(key, 'hex'),
       encode(hash, 'hex'), encode(signature, 'hex')
FROM {{seals}}
"""  # noqa: S608 - the names of our own tables
_FIELDS = (
    *("number", "chain", "epoch", "cluster", "at", "snapshot", "after_id", "count", "first_at", "last_at"),
    *("leaves", "root", "previous", "key", "hash", "signature"),
)


def _as_seal(row: tuple[Any, ...]) -> dict[str, Any]:
    seal = dict(zip(_FIELDS, row, strict=True))
    seal["leaves"] = bytes(seal["leaves"])
    return seal


def head(connection: Any, chain: Chain) -> dict[str, Any] | None:
    """The newest seal."""
    with connection.cursor() as cursor:
        cursor.execute(_SEAL.format(seals=chain.seals) + "ORDER BY number DESC LIMIT 1")
        row = cursor.fetchone()
    return _as_seal(row) if row else None


def seals(connection: Any, chain: Chain, first: int = 1, last: int | None = None) -> Iterator[dict[str, Any]]:
    """Seals in their order, a hundred at a time."""
    sql = _SEAL.format(seals=chain.seals) + "WHERE number > %s AND number <= %s ORDER BY number LIMIT 100"
    after, to = first - 1, last if last is not None else 2**62
    if first == 1:
        after = -(2**62)  # whatever a superuser may have put before the first
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql, [after, to])
            rows = cursor.fetchall()
        for row in rows:
            yield _as_seal(row)
        if not rows:
            return
        after = rows[-1][0]


def utc_now() -> datetime:
    return datetime.now(UTC)
