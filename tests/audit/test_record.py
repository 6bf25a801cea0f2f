"""The audit takes events and gives none back."""

import hashlib

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from audit.models import AuditEvent
from audit.record import coming_from, record
from audit.tasks import make_partitions


def test_an_event_says_who_what_whom_by_which_right_and_from_where(rita, anna):
    with coming_from("GET /clients/", "192.0.2.7", "r-1"):
        record("file opened", by=rita, subject=anna, client_id=anna.pk, path="owner of book 1", why="call")
    event = AuditEvent.objects.get(verb="file opened", request_id="r-1")
    assert (event.by_login, event.by_role, event.subject_type, event.client_id) == (
        "rita",
        "rm",
        "clients.Client",
        anna.pk,
    )
    assert (event.source, event.ip, event.request_id, event.why) == (
        "GET /clients/",
        "192.0.2.7",
        "r-1",
        "call",
    )
    assert len(bytes(event.row_hash)) == hashlib.sha256().digest_size


def test_two_equal_events_have_different_hashes(rita):
    record("x", by=rita)
    record("x", by=rita)
    first, second = AuditEvent.objects.filter(verb="x").values_list("row_hash", flat=True)
    assert bytes(first) != bytes(second)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET verb = 'y'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "DELETE FROM audit_event_rest",
        "INSERT INTO audit_event_rest (verb, row_hash) VALUES ('x', '')",
        "DROP TABLE audit_event",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    ],
)
def test_the_application_cannot_change_what_happened(rita, statement):
    record("x", by=rita)
    with (
        pytest.raises((ProgrammingError, InternalError)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_application_makes_next_months_partition_through_the_owners_function(db):
    make_partitions()
    make_partitions()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_inherits WHERE inhparent = 'audit_event'::regclass")
        assert cursor.fetchone()[0] == 5  # this month, three ahead, and the rest


def test_an_event_lands_in_its_month_not_in_the_rest(rita):
    record("x", by=rita)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableoid::regclass::text, to_char(at AT TIME ZONE 'UTC', 'YYYY_MM') "
            "FROM audit_event WHERE verb = 'x'"
        )
        partition, month = cursor.fetchone()
    assert partition == f"audit_event_{month}"
