"""PostgreSQL itself keeps everyone out, whatever the code forgets; asked as the application."""

import psycopg2
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import DatabaseError

from rmcrm.settings import database, env
from suspicion.models import Answer, Case, Entry, Event, Filing, FiuRequest
from tests.suspicion.stage import as_, hand_over, mira, the_case

TABLES = [Case, Entry, Filing, FiuRequest, Answer, Event]


def sql(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


@pytest.fixture
def mlro(cast):
    return mira()


@pytest.fixture
def case(cast, mlro, page_of):
    hand_over(page_of(cast.rita), cast.anna)
    return the_case(mlro)


def test_every_table_of_the_compartment_is_under_policies_that_bind_its_owner_too(db):
    found = sql(
        "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class"
        " WHERE relkind IN ('r', 'p') AND relname LIKE 'suspicion%%'"
    )
    tables = [*(model._meta.db_table for model in TABLES), "suspicion_seal"]  # the seals have no model
    assert sorted(found) == sorted((table, True) for table in tables)


@pytest.mark.parametrize("who", ["rita", "theo", "cora", "otto", "ada"])
def test_a_query_without_any_filter_finds_nothing_for_anyone_else(cast, case, who):
    as_(getattr(cast, who))
    for model in TABLES:
        assert sql(f"SELECT count(*) FROM {model._meta.db_table}") == [(0,)], model
    assert sql("UPDATE suspicion_case SET state = 'closed'") == 0


@pytest.mark.parametrize("person", ["", "0", "999999", "x", "1 OR 1=1", "99999999999999999999"])
def test_nobody_told_or_nonsense_told_is_nobody(case, person):
    sql("SELECT set_config('rmcrm.person', %s, true)", person)
    assert sql("SELECT count(*) FROM suspicion_case") == [(0,)]


def test_an_mlro_who_left_sees_nothing(mlro, case):
    mlro.is_active = False
    mlro.save()
    as_(mlro)
    assert sql("SELECT count(*) FROM suspicion_case") == [(0,)]


@pytest.mark.parametrize(
    "wrong",
    [{"by_id": 0}, {"state": "closed", "taken_by_id": 1}, {"legal_hold": False}, {"access": "disclose"}],
)
def test_who_hands_over_does_so_under_the_own_name_and_decides_nothing(cast, case, wrong):
    as_(cast.rita)
    given = {
        "key": "x", "by_id": cast.rita.pk, "by_name": "R", "by_role": "rm", "subject": "S", "ground": "other",
        "what": "W", "due_on": case.due_on, "pack_version": 1,
    } | wrong  # fmt: skip
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Case.objects.bulk_create([Case(**given)], ignore_conflicts=True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE suspicion_case SET what = 'nothing'",
        "UPDATE suspicion_case SET by_name = 'Otto'",
        "DELETE FROM suspicion_case",
        "UPDATE suspicion_entry SET text = ''",
        "DELETE FROM suspicion_entry",
        "UPDATE suspicion_event SET verb = 'nothing'",
        "DELETE FROM suspicion_event",
        "TRUNCATE suspicion_event",
        "ALTER TABLE suspicion_case DISABLE ROW LEVEL SECURITY",
        "DROP POLICY the_team ON suspicion_case",
    ],
)
def test_not_even_mira_changes_what_was_said_and_recorded(mlro, case, statement):
    as_(mlro)
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner|append-only"):
        sql(statement)


def test_the_owner_sees_nothing_either_and_cannot_change_the_journal(db):
    place = database(env("DATABASE_OWNER_URL"))
    there = psycopg2.connect(
        dbname=connection.settings_dict["NAME"],
        **{key.lower(): place[key] for key in ("USER", "PASSWORD", "HOST", "PORT")},
    )
    try:
        with there.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM suspicion_event")
            assert cursor.fetchone() == (0,)
            with pytest.raises(psycopg2.Error, match="append-only"):
                cursor.execute("TRUNCATE suspicion_event")
    finally:
        there.rollback()
        there.close()


def test_no_foreign_key_leads_into_the_compartment_or_out_of_it(db):
    """Else a delete or a lock elsewhere would tell."""
    crossing = sql(
        "SELECT conname FROM pg_constraint WHERE contype = 'f' AND"
        " (conrelid::regclass::text LIKE 'suspicion%%') <> (confrelid::regclass::text LIKE 'suspicion%%')"
    )
    assert crossing == []


def test_no_counter_of_the_compartment_tells_how_many_there_are(case):
    """Neither to the application nor to who loads in bulk: a number that grew on a day tells of it."""
    open_ones = sql(
        "SELECT role, relname FROM unnest(%s::text[]) AS role, pg_class"
        " WHERE relkind = 'S' AND relname LIKE 'suspicion%%'"
        " AND has_sequence_privilege(role, pg_class.oid, 'SELECT, USAGE, UPDATE')",
        sorted({settings.APP_ROLE, settings.LOADER_ROLE}),
    )
    assert open_ones == []
    with pytest.raises(DatabaseError, match="permission denied"):
        sql("SELECT last_value FROM suspicion_case_id_seq")
