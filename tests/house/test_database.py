"""The application's database role: what it can never do, whatever the code says."""

import psycopg2
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import DatabaseError

from rmcrm.settings import database, env


def rows(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def test_the_application_is_neither_superuser_nor_owner_nor_above_policies(db):
    ((name, *powers),) = rows(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication"
        " FROM pg_roles WHERE rolname = current_user"
    )
    assert name == settings.APP_ROLE
    assert not any(powers)
    assert rows("SELECT relname FROM pg_class WHERE relowner = current_user::regrole") == []
    owner = database(env("DATABASE_OWNER_URL"))["USER"]
    assert rows("SELECT pg_has_role(current_user, %s, 'member')", owner) == [(False,)]


def tables(like="%"):
    return [
        name
        for (name,) in rows(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relname LIKE %s"
            " AND relnamespace = 'public'::regnamespace ORDER BY relname",
            like,
        )
    ]  # fmt: skip


def test_the_application_can_neither_change_nor_empty_what_happened_nor_its_partitions(db):
    events = tables("audit_event%")
    assert len(events) >= 3
    for table in events:
        for power in ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER"):
            assert rows("SELECT has_table_privilege(%s, %s)", table, power) == [(False,)], (table, power)
    for partition in set(events) - {"audit_event"}:
        for power in ("SELECT", "INSERT"):
            assert rows("SELECT has_table_privilege(%s, %s)", partition, power) == [(False,)], partition


def test_the_application_empties_no_table_whole(db):
    for table in tables():
        assert rows("SELECT has_table_privilege(%s, 'TRUNCATE')", table) == [(False,)], table


def test_whatever_rule_or_index_a_model_declares_is_in_the_database(db):
    """Django takes away more than it is told to when a field loses its index (clients 0018)."""
    there = {name for (name,) in rows("SELECT relname FROM pg_class UNION SELECT conname FROM pg_constraint")}
    declared = {
        each.name: model._meta.label
        for model in apps.get_models()
        for each in [*model._meta.indexes, *model._meta.constraints]
        if model._meta.managed
    }
    assert {name: model for name, model in declared.items() if name not in there} == {}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET verb = 'nothing'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "CREATE TABLE somewhere (id int)",
        "ALTER TABLE clients_client ADD COLUMN more int",
        "DROP TABLE clients_task",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SET session_replication_role = replica",
        "COPY clients_client TO PROGRAM 'cat'",
    ],
)
def test_the_application_is_stopped_by_postgresql_itself(db, statement):
    with (
        pytest.raises(DatabaseError, match=r"permission denied|must be owner|append-only"),
        transaction.atomic(),
    ):
        rows(statement)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_event SET verb = 'x'", "DELETE FROM audit_event", "TRUNCATE audit_event"]
)
def test_even_the_owner_is_stopped_by_a_trigger(db, statement):
    owner = database(env("DATABASE_OWNER_URL"))
    place = {key.lower(): owner[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
    there = psycopg2.connect(dbname=connection.settings_dict["NAME"], **place)
    try:
        with there.cursor() as cursor:
            cursor.execute("INSERT INTO audit_event (verb) VALUES ('a test of the trigger')")
            with pytest.raises(psycopg2.Error, match="append-only"):
                cursor.execute(statement)
    finally:
        there.rollback()
        there.close()


def test_what_works_with_the_owners_rights_is_not_everybodys_to_call(db):
    """A function is everybody's from its birth; a trigger is excepted, for nobody can call one."""
    open_to_all = rows(
        "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        " AND prorettype <> 'trigger'::regtype AND EXISTS (SELECT FROM"
        " aclexplode(coalesce(proacl, acldefault('f', proowner))) given WHERE given.grantee = 0)"
    )
    assert open_to_all == []
    assert (
        rows(
            "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
            " AND prorettype <> 'trigger'::regtype AND proname !~ '^(audit|suspicion)_'"
            " AND has_function_privilege(%s, oid, 'EXECUTE')",
            settings.SEALER_ROLE,
        )
        == []
    )
