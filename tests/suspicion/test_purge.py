"""Five years after the case and the relationship have ended a case is deleted, by the MLRO and for good."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.urls import reverse

from suspicion import actions
from suspicion.models import Case, Entry, Event, FiuRequest
from tests.suspicion.stage import as_, hand_over, mira, the_case
from ui.refusals import NotPermitted, NotVisible, Refused

LONG_AGO = datetime(2019, 3, 4, 9, 0, tzinfo=UTC)


@pytest.fixture
def mlro(cast):
    return mira()


@pytest.fixture
def closed(cast, mlro):
    """Handed over, looked at and closed in 2019; Anna has left the bank since."""
    with time_machine.travel(LONG_AGO, tick=False):
        as_(cast.rita)
        actions.hand_over(
            None, by=cast.rita, key="one", client=cast.anna, about="", ground="payments", what="Cash",
            noticed_on=None, amount="", knows="no",
        )  # fmt: skip
        case = the_case(mlro)
        actions.take_up(case, by=mlro)
        actions.decide(case, by=mlro, decision="no_report", reason="A wedding, with the papers of it")
        actions.set_hold(case, by=mlro, hold=False, reason="Nobody asks for it")
    type(cast.anna).objects.filter(pk=cast.anna.pk).update(state="closed")
    as_(mlro)
    return case


def test_what_was_kept_long_enough_is_deleted_and_the_journal_says_by_whom(page_of, mlro, closed):
    window = page_of(mlro)
    desk = window.get(reverse("suspicion:desk"))
    assert [case.pk for case in desk.context["desk"].to_purge] == [closed.pk]
    assert "Kept long enough" in desk.content.decode()
    assert "Delete for good" in window.get(reverse("suspicion:case", args=[closed.pk])).content.decode()
    answer = window.post(reverse("suspicion:removal", args=[closed.pk]))
    assert answer.status_code == 303
    as_(mlro)
    assert not Case.objects.exists()
    assert not Entry.objects.exists()
    event = Event.objects.get(verb="case deleted")
    assert (event.by_id, event.subject_id) == (mlro.pk, closed.pk)
    assert "wedding" not in str(event.payload)
    assert window.get(reverse("suspicion:case", args=[closed.pk])).status_code == 404


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        ({"legal_hold": True}, "under legal hold"),
        ({"state": "assessing"}, "The case is open"),
    ],
)
def test_what_is_held_or_open_stays(mlro, closed, spoil, sentence):
    Case.objects.update(**spoil)
    with pytest.raises(Refused, match=sentence):
        actions.purge(closed, by=mlro)
    assert Case.objects.exists()


def test_while_the_client_is_with_the_bank_the_years_have_not_begun(cast, mlro, closed):
    type(cast.anna).objects.filter(pk=cast.anna.pk).update(state="active")
    with pytest.raises(Refused, match="still with the bank"):
        actions.purge(closed, by=mlro)


def test_a_younger_case_names_its_day(cast, mlro, page_of):
    hand_over(page_of(cast.rita), cast.anna)
    case = the_case(mlro)
    actions.take_up(case, by=mlro)
    actions.decide(case, by=mlro, decision="no_report", reason="Papers were there")
    actions.set_hold(case, by=mlro, hold=False, reason="Nobody asks for it")
    type(cast.anna).objects.filter(pk=cast.anna.pk).update(state="closed")
    with pytest.raises(Refused, match="It is kept until"):
        actions.purge(case, by=mlro)
    with connection.cursor() as cursor:  # and PostgreSQL itself says no, whatever the figures say
        cursor.execute("SELECT suspicion_purge(%s)", [case.pk])
        assert cursor.fetchone() == (False,)


def purged(case):
    with connection.cursor() as cursor:
        cursor.execute("SELECT suspicion_purge(%s)", [case.pk])
        return cursor.fetchone()[0]


def test_postgresql_keeps_a_case_in_which_the_fiu_waits(mlro, closed):
    day = LONG_AGO.date()
    FiuRequest.objects.create(
        case=closed, reference="F-1", subject="Anna", asked="Who is she?", received_on=day, due_on=day,
        by_name="FIU", pack_version=1,
    )  # fmt: skip
    assert not purged(closed)
    FiuRequest.objects.update(answer="A client of old", answered_at=LONG_AGO)
    assert purged(closed)


def test_nobody_else_deletes_anything(cast, mlro, closed):
    for person in (cast.rita, cast.cora, cast.ada):
        as_(person)
        with pytest.raises((NotVisible, NotPermitted)):
            actions.purge(closed.pk, by=person)
        with connection.cursor() as cursor:
            cursor.execute("SELECT suspicion_purge(%s)", [closed.pk])
            assert cursor.fetchone() == (False,)
    as_(mlro)
    for table in ("case", "entry"):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('rmcrm.purging', %s, true)", [str(closed.pk)])
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(f"DELETE FROM suspicion_{table}")
    assert Case.objects.exists()
