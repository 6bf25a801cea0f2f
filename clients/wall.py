"""THE SECOND WALL: PostgreSQL itself shows a client's rows only to whom the transaction carries (ADR 0012).

A migration puts a table behind it: `operations = [behind_the_wall("clients_task", "clients_party")]`.
The first wall is clients/access.py: neither knows anything of the other.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.migrations import RunSQL
from django.db.migrations.operations.base import Operation

# All of it is asked of a row, and that is meant: what such a policy costs is not its rows but its planning.
# A sub-select, even one that is asked once a statement, is planned anew for every table of every query, and a
# page has twenty small ones (ADR 0012).
EVERY_BOOK = "sees_every_book()"


def of_client(table: str, column: str = "client_id") -> str:
    """For what hangs on a client: is it in one of the carried books, or carried itself?"""
    return (
        f"{EVERY_BOOK} OR is_carried('rmcrm.books', book_of({table}.{column}))"
        f" OR is_carried('rmcrm.clients', {table}.{column})"
    )


def of_client_in_crowds(table: str) -> str:
    """The same for a table of which pages count thousands of rows: dearer to plan, and half as dear a row."""
    return (
        f"{EVERY_BOOK} OR (SELECT true FROM clients_coverage seen WHERE seen.client_id = {table}.client_id)"  # noqa: S608
    )


def of_the_whole_bank(table: str) -> str:
    """For what belongs to no client yet, or to all: only who sees every book."""
    return EVERY_BOOK


class Wall(Operation):
    """Tables behind the wall. No RunPython: that would make every model of the house anew, each time."""

    reduces_to_sql = False

    def __init__(self, *tables: str, seen: Callable[[str], str] = of_client) -> None:
        self.tables, self.seen = tables, seen

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for table in self.tables:
            put_behind(schema_editor, table, self.seen(table))

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for table in self.tables:
            schema_editor.execute(
                f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY"
            )
            for policy in ("within_reach", "of_the_owner", "of_the_loader"):
                schema_editor.execute(f"DROP POLICY IF EXISTS {policy} ON {table}")

    def describe(self) -> str:
        return f"Put {', '.join(self.tables)} behind the second wall"


def behind_the_wall(*tables: str, seen: Callable[[str], str] = of_client) -> Wall:
    """The operation of a migration. `seen(table)` is the SQL of who may see and write a row of it."""
    return Wall(*tables, seen=seen)


def for_the_application(*functions: str) -> RunSQL:
    """Functions that work with the owner's rights are called by the application and the loader alone.

    PostgreSQL gives every new function to everybody, and the sealer has no business with clients.
    """
    names = ", ".join(functions)
    roles = ", ".join(f'"{role}"' for role in sorted({settings.APP_ROLE, settings.LOADER_ROLE}))
    return RunSQL(
        [f"REVOKE ALL ON FUNCTION {names} FROM PUBLIC", f"GRANT EXECUTE ON FUNCTION {names} TO {roles}"],
        RunSQL.noop,
    )


def put_behind(schema_editor: Any, table: str, seen: str) -> None:
    """Row-level security for everyone, the owner too, who passes by a policy that names it.

    What may be seen may be written: a policy without WITH CHECK takes its USING for both. A barrier that
    narrows everybody's reach will be one more policy, AS RESTRICTIVE.
    """
    quote = schema_editor.quote_name
    app, loader = settings.APP_ROLE, settings.LOADER_ROLE
    schema_editor.execute(f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY within_reach ON {table} TO {quote(app)} USING ({seen});
        CREATE POLICY of_the_owner ON {table} TO CURRENT_USER USING (true);
    """)
    if loader != app:
        schema_editor.execute(f"CREATE POLICY of_the_loader ON {table} TO {quote(loader)} USING (true)")
