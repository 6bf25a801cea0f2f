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
        history, columns = f"{self.table}_history", ", ".join(("id", *self.columns))
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

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for trigger in _TRIGGER_NAMES:
            schema_editor.execute(f"DROP TRIGGER {trigger} ON {self.table}")
        schema_editor.execute(f"DROP TABLE {self.table}_history")

    def describe(self) -> str:
        return f"Keep how {self.table} stood"


def with_history(table: str, *columns: str, found_by: tuple[str, ...] = ()) -> History:
    """The operation of a migration: keep these columns, found by the row's id and by those of `found_by`."""
    return History(table, *columns, found_by=found_by)


def only_triggers_write(*tables: str) -> RunSQL:
    """What triggers of the owner write, nobody else does: a new table's default rights are taken back."""
    return RunSQL([*_taken_back(*tables)], RunSQL.noop)


def _taken_back(*tables: str) -> list[str]:
    roles = sorted({settings.APP_ROLE, settings.LOADER_ROLE})
    return [f'REVOKE INSERT, UPDATE, DELETE ON {", ".join(tables)} FROM "{role}"' for role in roles]
