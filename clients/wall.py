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
# page has twenty small ones. And it is spelled out: a function whose body PostgreSQL takes for it costs five
# times as much to plan as that body (ADR 0012).
EVERY_BOOK = "(current_setting('rmcrm.reach', true) = 'all')"


def carried(setting: str, column: str) -> str:
    """Is the id in this column among those that the transaction carries? Nothing is cast but the id."""
    return f"(strpos(current_setting('{setting}', true), ',' || {column}::text || ',') > 0)"


def inside(column: str = "barrier_id") -> str:
    """Is the carried person an insider of the barrier in this column?"""
    all_of_them = "current_setting('rmcrm.barriers', true) = 'all'"
    return f"coalesce({all_of_them} OR {carried('rmcrm.barriers', column)}, false)"


# Of what a barrier hides. Most people stand before none, and a setting says so: only for the others a row is
# looked up (ADR 0017). A client and its coverage carry the mark themselves.
OPEN_TO_US = "current_setting('rmcrm.before', true) = 'none' OR is_open_to({client})"
OF_THE_MARK = f"barrier_id IS NULL OR {inside()}"


def of_client(table: str, column: str = "client_id") -> str:
    """For what hangs on a client: is it in one of the carried books, or carried itself?"""
    return f"{EVERY_BOOK} OR is_reached({table}.{column})"


def of_client_in_crowds(table: str) -> str:
    """The same for a table of which pages count many rows: 0.06 ms dearer to plan, a fourth as dear a row."""
    return (
        f"{EVERY_BOOK} OR (SELECT true FROM clients_coverage seen WHERE seen.client_id = {table}.client_id)"  # noqa: S608
    )


def of_the_whole_bank(table: str) -> str:
    """For what belongs to no client yet, or to all: only who sees every book."""
    return EVERY_BOOK


class Wall(Operation):
    """Tables behind the wall. No RunPython: that would make every model of the house anew, each time."""

    reduces_to_sql = False

    def __init__(self, *tables: str, seen: Callable[[str], str] = of_client, barriers: bool = True) -> None:
        self.tables, self.seen, self.barriers = tables, seen, barriers

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for table in self.tables:
            put_behind(schema_editor, table, self.seen(table))
            if self.barriers:
                _narrow(schema_editor, table)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for table in self.tables:
            schema_editor.execute(
                f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY"
            )
            for policy in ("within_reach", "of_the_owner", "of_the_loader", "behind_barriers"):
                schema_editor.execute(f"DROP POLICY IF EXISTS {policy} ON {table}")

    def describe(self) -> str:
        return f"Put {', '.join(self.tables)} behind the second wall"


class BehindBarriers(Operation):
    """The tables that came behind the wall before there were barriers.

    otherwise: table -> to whom a row of it is open, where that is no question of its client_id.
    """

    reduces_to_sql = False

    def __init__(self, **otherwise: str) -> None:
        self.otherwise = otherwise

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for table in _all_behind(schema_editor):
            _narrow(schema_editor, table, self.otherwise.get(table, ""))

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for table in _all_behind(schema_editor):
            schema_editor.execute(f"DROP POLICY IF EXISTS behind_barriers ON {table}")

    def describe(self) -> str:
        return "Put what is behind the second wall behind barriers"


def _all_behind(schema_editor: Any) -> list[str]:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT polrelid::regclass::text FROM pg_policy WHERE polname = 'within_reach' ORDER BY 1"
        )
        return [table for (table,) in cursor.fetchall()]


def behind_the_wall(*tables: str, seen: Callable[[str], str] = of_client, barriers: bool = True) -> Wall:
    """The operation of a migration. `seen(table)` is the SQL of who may see and write a row of it.

    barriers: a row of a client behind one is its insiders' alone; False for what compliance manages them by.
    """
    return Wall(*tables, seen=seen, barriers=barriers)


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

    What may be seen may be written: a policy without WITH CHECK takes its USING for both.
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


def _narrow(schema_editor: Any, table: str, open_to_us: str = "") -> None:
    """A second policy, AS RESTRICTIVE: of whatever the first one gives, what a barrier hides is taken away.

    For a table with a row of one client; and not before barriers can be asked (clients 0011), which takes the
    tables that came earlier.
    """
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND NOT attisdropped"
            " AND attname IN ('client_id', 'content_object_id')"
            " AND to_regprocedure('is_open_to(bigint)') IS NOT NULL",
            [table],
        )
        column = cursor.fetchone()
    if not open_to_us and column is None:
        return
    open_to_us = open_to_us or OPEN_TO_US.format(client=f"{table}.{column[0]}")
    app = schema_editor.quote_name(settings.APP_ROLE)
    schema_editor.execute(
        f"CREATE POLICY behind_barriers ON {table} AS RESTRICTIVE TO {app} USING ({open_to_us})"
    )
