"""The lock for writing: what is checked, in which order, and what is left behind."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from audit.models import AuditEvent
from clients.actions import finish_task, log_interaction, open_lead
from clients.models import Interaction, Task
from staff.models import BookMember, User
from tests.cast import lend, make_cast
from ui.refusals import NotPermitted, NotVisible

A_LATE_ONE = {"at": timezone.now() - timedelta(days=100), "late_reason": "Found in a notebook"}


def a_call():
    return {"channel": "call", "purpose": "service", "at": timezone.now(), "summary": "Called back"}


def test_a_refused_write_leaves_neither_row_nor_event(cast):
    events = AuditEvent.objects.count()
    with pytest.raises(NotVisible):
        log_interaction(cast.omar, by=cast.rita, **a_call())
    assert (Interaction.objects.count(), AuditEvent.objects.count()) == (0, events)


def test_a_role_taken_away_counts_at_once_even_for_a_person_loaded_before(cast):
    stale = User.objects.get(pk=cast.rita.pk)
    User.objects.filter(pk=cast.rita.pk).update(role="auditor")
    with pytest.raises(NotPermitted):
        log_interaction(cast.anna, by=stale, **a_call())


def test_a_disabled_person_writes_nothing_even_when_loaded_before(cast):
    stale = User.objects.get(pk=cast.rita.pk)
    User.objects.filter(pk=cast.rita.pk).update(is_active=False)
    with pytest.raises(NotVisible):
        log_interaction(cast.anna, by=stale, **a_call())


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "auditor"}])
def test_so_it_is_with_what_hangs_on_no_client(cast, change):
    stale = User.objects.get(pk=cast.rita.pk)
    User.objects.filter(pk=cast.rita.pk).update(**change)
    with pytest.raises(NotPermitted):
        open_lead(
            None, by=stale, book_id=cast.rita_book.pk, kind="person", name="Nora Lind", segment="affluent",
            stage="family", domicile="CH",
        )  # fmt: skip


def test_a_grant_lets_one_write_and_the_audit_says_so(cast):
    lent = lend(cast.anna, cast.otto, by=cast.theo, reason="Mortgage advice")
    log_interaction(cast.anna, by=cast.otto, **a_call())
    assert AuditEvent.objects.latest("id").path == f"granted for advice, grant {lent.pk}"


def test_an_ended_grant_lets_nobody_write(cast):
    now = timezone.now()
    lend(
        cast.anna,
        cast.otto,
        by=cast.theo,
        starts_at=now - timedelta(days=2),
        ends_at=now - timedelta(seconds=1),
    )
    with pytest.raises(NotVisible):
        log_interaction(cast.anna, by=cast.otto, **a_call())


def test_a_task_of_a_foreign_client_is_not_there(cast):
    task = Task.objects.create(
        client=cast.omar, kind="call", title="Call", due_on=timezone.localdate(), assigned_to=cast.otto
    )
    with pytest.raises(NotVisible):
        finish_task(task, by=cast.rita)


@pytest.mark.django_db(transaction=True)
def test_a_handover_in_the_middle_waits_for_the_write_and_the_next_write_is_refused():
    """The old owner's write holds the membership; the handover takes effect after it, and then for good."""
    cast = make_cast()
    begun, handed_over = threading.Event(), threading.Event()

    def hand_over():
        begun.wait(5)
        try:
            with transaction.atomic():
                member = BookMember.objects.select_for_update().get(book=cast.rita_book, user=cast.rita)
                member.during = (member.during.lower, timezone.now())
                member.save()
                handed_over.set()
        finally:
            connections.close_all()

    thread = threading.Thread(target=hand_over)
    thread.start()
    with transaction.atomic():
        log_interaction(cast.anna, by=cast.rita, **a_call())
        begun.set()
        assert not handed_over.wait(0.5), "the handover must wait for the write that holds the membership"
    thread.join(5)
    assert handed_over.is_set()
    with pytest.raises(NotVisible):
        log_interaction(cast.anna, by=cast.rita, **a_call())
    assert Interaction.objects.count() == 1
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_log_with_one_client_at_once_and_neither_waits_for_the_other():
    cast = make_cast()
    BookMember.objects.create(
        book=cast.rita_book, user=cast.otto, role="deputy", during=(timezone.now(), None)
    )
    done = threading.Event()

    def other():
        try:
            log_interaction(cast.anna, by=cast.otto, **(a_call() | A_LATE_ONE))
            done.set()
        finally:
            connections.close_all()

    with transaction.atomic():
        log_interaction(cast.anna, by=cast.rita, **(a_call() | A_LATE_ONE))
        thread = threading.Thread(target=other)
        thread.start()
        assert done.wait(5), "a parent lock lets colleagues work on one file at the same time"
    thread.join(5)
    assert Interaction.objects.count() == 2
