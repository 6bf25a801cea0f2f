"""HOW IT STOOD: a table whose rows are kept in every state they were in, with from when to when (ADR 21).

A migration says which columns of which table: `operations = [with_history("staff_book", "team_id")]`.
Beside it then stands `staff_book_history`: the same columns; `stood`, from the change that made the row so
to the one that ended it; and who was carried by either (ui/carrying.py). What holds now stands there too,
without an end.

It is written by triggers of the whole statement, so no COPY, bulk update or line of SQL passes it by, and
an update that changes none of its columns leaves no trace. The application reads it and can neither write
nor change it.
"""

from typing import Any

from django.conf import settings
from django.db.migrations import RunSQL
from django.db.migrations.operations.base import Operation

# One function for all of them: which columns are kept it reads from the history's own. An instant is that
# of the statement and never before the row's last one, so that a clock set back turns no range around.
KEEPING = r"""
CREATE FUNCTION carried_by() RETURNS bigint LANGUAGE sql STABLE
RETURN substring(current_setting('rmcrm.person', true) FROM '^[0-9]{1,18}$')::bigint;

CREATE FUNCTION keep_history() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    kept regclass := TG_TABLE_NAME || '_history';
    fields text := (
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = kept AND attnum > 0 AND NOT attisdropped
          AND attname NOT IN ('stood', 'by_id', 'ended_by_id'));
    changed text := '(SELECT ' || fields || ' FROM gone EXCEPT SELECT ' || fields || ' FROM fresh)';
    moment timestamptz := clock_timestamp();
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        EXECUTE format('UPDATE %s SET stood = tstzrange(lower(stood), greatest($1, lower(stood))),'
                       ' ended_by_id = $2 WHERE upper_inf(stood)', kept) USING moment, carried_by();
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        IF TG_OP = 'DELETE' THEN
            changed := 'gone';
        END IF;
        EXECUTE format('SELECT greatest($1, max(lower(kept.stood))) FROM %s kept JOIN %s ended USING (id)'
                       ' WHERE upper_inf(kept.stood)', kept, changed) INTO moment USING moment;
        EXECUTE format('UPDATE %s kept SET stood = tstzrange(lower(kept.stood), $1), ended_by_id = $2'
                       ' FROM %s ended WHERE kept.id = ended.id AND upper_inf(kept.stood)', kept, changed)
        USING moment, carried_by();
    END IF;
    IF TG_OP <> 'DELETE' THEN
        changed := CASE WHEN TG_OP = 'INSERT' THEN 'fresh'
            ELSE '(SELECT ' || fields || ' FROM fresh EXCEPT SELECT ' || fields || ' FROM gone)' END;
        EXECUTE format('INSERT INTO %s (%s, stood, by_id) SELECT %s, tstzrange($1, NULL), $2 FROM %s begun',
                       kept, fields, fields, changed) USING moment, carried_by();
    END IF;
    RETURN NULL;
END $$;
"""
NOT_KEEPING = "DROP FUNCTION keep_history, carried_by"

_TRIGGERS = """
CREATE TRIGGER history_begins AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION keep_history();
CREATE TRIGGER history_goes_on AFTER UPDATE ON {table} REFERENCING OLD TABLE AS gone NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION keep_history();
CREATE TRIGGER history_ends AFTER DELETE ON {table} REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION keep_history();
CREATE TRIGGER history_ends_whole AFTER TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION keep_history();
"""
_TRIGGER_NAMES = ("history_begins", "history_goes_on", "history_ends", "history_ends_whole")


class History(Operation):
    """Beside a table its history, which begins now with the rows that are there."""

    reduces_to_sql = False

    def __init__(self, table: str, *columns: str, found_by: tuple[str, ...] = ()) -> None:
        self.table, self.columns, self.found_by = table, columns, found_by

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        history, columns = f"{self.table}_history", ", ".join(("id", *self._kept(schema_editor)))
        schema_editor.execute(f"""
            CREATE TABLE {history} AS SELECT {columns}, tstzrange(now(), NULL) AS stood,
                NULL::bigint AS by_id, NULL::bigint AS ended_by_id FROM {self.table};
            ALTER TABLE {history} ALTER id SET NOT NULL, ALTER stood SET NOT NULL;
            CREATE UNIQUE INDEX {history}_now ON {history} (id) WHERE upper_inf(stood);
        """)  # noqa: S608 - names of the migration
        for column in ("id", *self.found_by):
            schema_editor.execute(f"CREATE INDEX {history}_{column} ON {history} ({column})")
        for statement in _taken_back(history):
            schema_editor.execute(statement)
        schema_editor.execute(_TRIGGERS.format(table=self.table))

    def _kept(self, schema_editor: Any) -> list[str]:
        if self.columns:
            return [*self.columns]
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(_COLUMNS, [self.table, []])
            return [schema_editor.quote_name(name) for (name,) in cursor.fetchall()]

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for trigger in _TRIGGER_NAMES:
            schema_editor.execute(f"DROP TRIGGER {trigger} ON {self.table}")
        schema_editor.execute(f"DROP TABLE {self.table}_history")

    def describe(self) -> str:
        return f"Keep how {self.table} stood"


def with_history(table: str, *columns: str, found_by: tuple[str, ...] = ()) -> History:
    """The operation of a migration: keep these columns, or all; found by the row's id and by `found_by`."""
    return History(table, *columns, found_by=found_by)


def only_triggers_write(*tables: str) -> RunSQL:
    """What triggers of the owner write, nobody else does: a new table's default rights are taken back."""
    return RunSQL([*_taken_back(*tables)], RunSQL.noop)


def _taken_back(*tables: str) -> list[str]:
    roles = sorted({settings.APP_ROLE, settings.LOADER_ROLE})
    return [f'REVOKE INSERT, UPDATE, DELETE ON {", ".join(tables)} FROM "{role}"' for role in roles]


# --- the fields of a file --------------------------------------------------------------------------------
# A file's rows are many and change seldom: so nothing is written of a row that stays as it came. `was` is
# what a change or a removal left behind, and a birth the numbers of all rows that one statement brought: an
# import of a hundred thousand is one line.
KEEPING_FILES = r"""
CREATE TABLE clients_filechange (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    client_id bigint NOT NULL,
    kind text NOT NULL,                                  -- the table
    row_id bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    by_id bigint DEFAULT carried_by(),
    was jsonb NOT NULL,
    gone boolean NOT NULL
);
CREATE INDEX clients_filechange_client ON clients_filechange (client_id, id);
CREATE TABLE clients_filebirth (
    kind text NOT NULL,
    ids int8multirange NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    by_id bigint DEFAULT carried_by()
);
CREATE INDEX clients_filebirth_ids ON clients_filebirth USING gist (ids);
CREATE FUNCTION keep_birth() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO clients_filebirth (kind, ids)
    SELECT TG_TABLE_NAME, range_agg(int8range(id, id, '[]')) FROM fresh HAVING count(*) > 0;
    RETURN NULL;
END $$;
CREATE FUNCTION keep_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    was jsonb := to_jsonb(OLD);
BEGIN
    INSERT INTO clients_filechange (client_id, kind, row_id, was, gone)
    VALUES ((was ->> TG_ARGV[0])::bigint, TG_TABLE_NAME, OLD.id, was - TG_ARGV[1]::text[], TG_OP = 'DELETE');
    RETURN NULL;
END $$;
"""
NOT_KEEPING_FILES = """
DROP FUNCTION keep_change, keep_birth;
DROP TABLE clients_filebirth, clients_filechange;
"""
_FILE_TRIGGERS = """
CREATE TRIGGER field_history_begins AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION keep_birth();
CREATE TRIGGER field_history_goes_on AFTER UPDATE OF {columns} ON {table} FOR EACH ROW
    WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION keep_change('{client}', '{{{without}}}');
CREATE TRIGGER field_history_ends AFTER DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION keep_change('{client}', '{{{without}}}');
"""
_COLUMNS = """
SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
AND attgenerated = '' AND attname <> 'id' AND attname <> ALL(%s) ORDER BY attnum
"""
# An encrypted column (vault/fields.py) stands there otherwise each time it is written, and by another key
# after a rotation: whether it changed is seen in its blind index, which PostgreSQL takes out of it.
_COMPARED = """
WITH kept AS (SELECT attname, attnum, attgenerated FROM pg_attribute
              WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'id')
SELECT coalesce((SELECT attname FROM kept blind WHERE blind.attgenerated <> ''
                 AND blind.attname = each.attname || '_index'), each.attname)
FROM kept each WHERE each.attgenerated = '' AND each.attname <> ALL(%s) ORDER BY each.attnum
"""


class FieldHistory(Operation):
    """Of these tables every change of a field is kept."""

    reduces_to_sql = False

    def __init__(self, *tables: str, client: str = "client_id", without: tuple[str, ...] = ()) -> None:
        self.tables, self.client, self.without = tables, client, without

    def state_forwards(self, app_label: str, state: Any) -> None:
        pass

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for table in self.tables:
            with schema_editor.connection.cursor() as cursor:
                cursor.execute(_COLUMNS, [table, list(self.without)])
                columns = [schema_editor.quote_name(name) for (name,) in cursor.fetchall()]
                cursor.execute(_COMPARED, [table, list(self.without)])
                compared = [schema_editor.quote_name(name) for (name,) in cursor.fetchall()]
            _drop_file_triggers(schema_editor, table)
            schema_editor.execute(
                _FILE_TRIGGERS.format(
                    table=table,
                    columns=", ".join(columns),
                    old=", ".join(f"OLD.{name}" for name in compared),
                    new=", ".join(f"NEW.{name}" for name in compared),
                    client=self.client,
                    without=",".join(self.without),
                )
            )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for table in self.tables:
            _drop_file_triggers(schema_editor, table)

    def describe(self) -> str:
        return f"Keep every change of {', '.join(self.tables)}"


def _drop_file_triggers(schema_editor: Any, table: str) -> None:
    for trigger in ("field_history_begins", "field_history_goes_on", "field_history_ends"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {trigger} ON {table}")


def with_field_history(
    *tables: str, client: str = "client_id", without: tuple[str, ...] = ()
) -> FieldHistory:
    """The operation of a migration: every column but those of `without`. Again, where one is added later.

    client: the column that says whose file it is.
    """
    return FieldHistory(*tables, client=client, without=without)
