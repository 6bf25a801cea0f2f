"""From old keys to the one that writes: in short transactions, beside whoever works, and taken up again."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from vault.cipher import Unreadable, box
from vault.fields import EncryptedTextField
from vault.models import FieldKey

CHUNK = 2_000  # values a transaction
_COUNT = """
SELECT split_part({column}, '.', 3), count(*) FROM {table} WHERE {column} <> '' GROUP BY 1
"""
# How rows of the column stood: kept as they were, by the key of then (ADR 21).
_COUNT_PAST = """
SELECT split_part(was ->> '{column}', '.', 3), count(*) FROM {past}
WHERE kind = '{table}' AND was ->> '{column}' <> '' GROUP BY 1
"""
# Whoever works on a row has it: it comes with the next round, and nobody waits for anybody.
_OLD = """
SELECT {ids}, id, {column} FROM {table}
WHERE id > %s AND {column} <> '' AND split_part({column}, '.', 3) <> %s
ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
"""
_WRITE = """
UPDATE {table} SET {column} = new.value FROM unnest(%s::bigint[], %s::text[]) AS new (id, value)
WHERE {table}.id = new.id
"""


@dataclass(frozen=True)
class Column:
    """An encrypted column of the house."""

    field: EncryptedTextField

    @property
    def label(self) -> str:
        return f"{self.field.model._meta.db_table}.{self.field.column}"

    def sql(self, statement: str, **more: str) -> str:
        names = {"table": self.field.model._meta.db_table, "column": self.field.column} | more
        return statement.format(ids=", ".join(self.field.bound_to), **names)

    def counts(self) -> Counter[str]:
        """Key id -> values that hang on it."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql(_COUNT))
            return Counter(dict(cursor.fetchall()))

    def counts_in(self, past: str) -> Counter[str]:
        """The same of a table of how rows stood, with `kind` and `was`."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql(_COUNT_PAST, past=past))
            return Counter(dict(cursor.fetchall()))


def columns() -> list[Column]:
    fields: list[Any] = [
        column
        for model in apps.get_models()
        for column in model._meta.local_fields
        if isinstance(column, EncryptedTextField)
    ]
    return [Column(each) for each in fields]


@dataclass
class Round:
    """What one way through a column did."""

    done: int = 0
    unreadable: list[int] = field(default_factory=list)  # ids of rows


def rotate(column: Column, tell: Callable[[int], None] = lambda done: None) -> Round:
    """Once through a column. Rows that somebody holds meanwhile are left for the next time."""
    found = Round()
    for done, unreadable in _chunks(column):
        found.done += done
        found.unreadable += unreadable
        tell(found.done)
    return found


def _chunks(column: Column) -> Iterator[tuple[int, list[int]]]:
    under, last, place, indexed = box(), 0, column.field.place, column.field.indexed
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(column.sql(_OLD), [last, under.writes, CHUNK])
            rows = cursor.fetchall()
            if not rows:
                return
            ids, values, unreadable = [], [], []
            for *bound, pk, stored in rows:
                try:
                    text = under.decrypt(place, bound, stored)
                except Unreadable:
                    unreadable.append(pk)
                    continue
                ids.append(pk)
                values.append(under.encrypt(place, bound, text, indexed=indexed))
            cursor.execute(column.sql(_WRITE), [ids, values])
            last = rows[-1][-2]
        yield len(ids), unreadable


def forget_unused(past: str) -> list[str]:
    """Keys on which nothing hangs any more: the database forgets them, and they may leave the ring.

    past: the table of how rows stood, whose values are left as they are.
    """
    used: Counter[str] = sum((column.counts() + column.counts_in(past) for column in columns()), Counter())
    unused = FieldKey.objects.exclude(name__in=[*used, box().writes, "index"])
    names = sorted(unused.values_list("name", flat=True))
    unused.delete()
    return names
