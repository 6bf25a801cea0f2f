"""Loading a large bank: as the owner of the tables, without indexes and keys, which are built at the end.

Everything happens in one transaction. A load that is killed leaves the database as it was, keys included.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rmcrm.synthetic.tables import TABLES

# Below this, rows go into the tables as they stand, by the loader role.
WORTH_IT = 20_000

_FOREIGN_KEYS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND conparentid = 0
  AND (conrelid = ANY(%(tables)s::regclass[]) OR confrelid = ANY(%(tables)s::regclass[]))
ORDER BY 1, 2
"""
_KEYS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype IN ('p', 'u') AND conrelid = ANY(%(tables)s::regclass[])
ORDER BY contype, 1, 2
"""
_INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = ANY(%(tables)s::regclass[])
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
ORDER BY indrelid::regclass::text, 1
"""
_FORCED = (
    "SELECT oid::regclass::text FROM pg_class WHERE relforcerowsecurity AND oid = ANY(%(tables)s::regclass[])"
)


@contextmanager
def bare_tables(cursor: Any, say: Callable[[str], None] = lambda text: None) -> Iterator[None]:
    """Within: the tables of a bank, empty, without index, key or foreign key; after it, all of them again."""
    tables = {"tables": TABLES}
    cursor.execute("SET LOCAL lock_timeout = '30s'")
    cursor.execute(_FOREIGN_KEYS, tables)
    foreign = cursor.fetchall()
    cursor.execute(_KEYS, tables)
    keys = cursor.fetchall()
    cursor.execute(_INDEXES, tables)
    indexes = cursor.fetchall()
    cursor.execute(_FORCED, tables)
    walled = [table for (table,) in cursor.fetchall()]
    for table in walled:  # PostgreSQL takes no COPY into what is closed to its owner too
        cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    for table, name, _ in foreign + keys:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    # Emptied in this transaction, a table takes frozen rows: no later vacuum has to write them once more.
    cursor.execute("TRUNCATE clients_coverage, " + ", ".join(TABLES))
    yield
    cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
    cursor.execute("SET LOCAL max_parallel_maintenance_workers = 2")
    for table in walled:
        cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    say("keys and indexes")
    for table, name, definition in keys:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    for _, definition in indexes:
        cursor.execute(definition)
    say("statistics")
    for table in [*TABLES, "clients_coverage"]:
        cursor.execute(f"ANALYZE {table}")
    say("foreign keys")
    for table, name, definition in foreign:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
