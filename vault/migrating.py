"""The operation of a migration that encrypts what a column holds plain."""

from collections.abc import Iterable
from typing import Any

from django.db.migrations.operations.base import Operation

from vault.cipher import BEGIN, box

CHUNK = 20_000  # rows in memory at a time
_PLAIN = """
SELECT {ids}, id, {column} FROM {table}
WHERE id > %s AND {column} <> '' AND {column} NOT LIKE %s ORDER BY id LIMIT %s
"""
WRITE = """
UPDATE {table} SET {column} = new.value FROM unnest(%s::bigint[], %s::text[]) AS new (id, value)
WHERE {table}.id = new.id
"""


class EncryptColumn(Operation):
    """What is plain is encrypted, piece by piece; what is encrypted is left alone. All or nothing.

    The arguments are those of the field. It goes after the column has become a text.
    """

    reduces_to_sql = False

    def __init__(
        self, table: str, column: str, *, bound_to: Iterable[str], indexed: bool = False, stands_for: str = ""
    ) -> None:
        self.table, self.column, self.bound_to = table, column, list(bound_to)
        self.indexed, self.place = indexed, stands_for or f"{table}.{column}"

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        names = {"table": self.table, "column": self.column, "ids": ", ".join(self.bound_to)}
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(f"SELECT EXISTS (SELECT FROM {self.table})")  # noqa: S608
            if not cursor.fetchone()[0]:
                return  # a new bank needs no key to be made
            # Nothing of the client changes, so nobody is to be told that something did.
            cursor.execute(f"ALTER TABLE {self.table} DISABLE TRIGGER USER")
            last, encrypt = 0, box().encrypt
            while True:
                cursor.execute(_PLAIN.format(**names), [last, f"{BEGIN}%", CHUNK])
                rows = cursor.fetchall()
                if not rows:
                    break
                values = [encrypt(self.place, row[:-2], row[-1], indexed=self.indexed) for row in rows]
                cursor.execute(WRITE.format(**names), [[row[-2] for row in rows], values])
                last = rows[-1][-2]
            cursor.execute(f"ALTER TABLE {self.table} ENABLE TRIGGER USER")

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        names = {"table": self.table, "column": self.column, "ids": ", ".join(self.bound_to)}
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {self.table} DISABLE TRIGGER USER")
            cursor.execute(
                "SELECT {ids}, id, {column} FROM {table} WHERE {column} LIKE %s".format(**names),  # noqa: S608
                [f"{BEGIN}%"],
            )
            rows = cursor.fetchall()
            values = [box().decrypt(self.place, row[:-2], row[-1]) for row in rows]
            cursor.execute(WRITE.format(**names), [[row[-2] for row in rows], values])
            cursor.execute(f"ALTER TABLE {self.table} ENABLE TRIGGER USER")

    def describe(self) -> str:
        return f"Encrypt {self.column} of {self.table}"
