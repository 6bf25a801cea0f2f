"""Five years after the case and the relationship have ended a case is deleted, by the MLRO and for good."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.urls import reverse
from django.utils import timezone

from clients.models import Client
from portfolios.models import Account
from rulebook.selectors import pack
from suspicion import actions, selectors
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
    left(cast.anna, LONG_AGO.date())
    as_(mlro)
    case.refresh_from_db()
    return case


def left(client, on):
    """The relationship ended on this day."""
    Client.objects.filter(pk=client.pk).update(state="closed", closed_on=on)


def account(client, closed_on=None):
    return Account.objects.create(
        client=client, number="CH1", kind="current", currency="CHF", opened_on=date(2015, 1, 5),
        closed_on=closed_on,
    )  # fmt: skip


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
    Client.objects.filter(pk=cast.anna.pk).update(state="active")
    with pytest.raises(Refused, match="still with the bank"):
        actions.purge(closed, by=mlro)


@pytest.mark.parametrize(
    ("now", "file_closed", "account_closed", "kept"),
    [
        (date(2026, 11, 30), date(2019, 3, 4), None, ""),
        (date(2026, 11, 30), date(2026, 11, 30), None, "kept until 30 Nov 2031"),  # the file was closed today
        (date(2026, 11, 30), date(2021, 12, 1), None, "kept until 1 Dec 2026"),
        (date(2026, 11, 30), date(2019, 3, 4), date(2023, 2, 1), "kept until 1 Feb 2028"),
        (date(2024, 3, 4), date(2019, 3, 4), None, "kept until 4 Mar 2024"),  # on its last day
        (date(2024, 3, 5), date(2019, 3, 4), None, ""),
    ],
)
def test_the_years_begin_when_the_relationship_has_ended(
    cast, mlro, closed, now, file_closed, account_closed, kept
):
    left(cast.anna, file_closed)
    if account_closed:
        account(cast.anna, account_closed)
    refusals = selectors.refusals_to_purge(closed, now)
    assert len(refusals) == bool(kept)
    assert kept in "".join(refusals)
    assert bool(selectors.to_purge(mlro, pack("suspicion", now), now)) is not bool(kept)


def test_an_open_account_goes_on(cast, mlro, closed):
    account(cast.anna)
    with pytest.raises(Refused, match="still with the bank"):
        actions.purge(closed, by=mlro)
    assert not purged(closed)


@pytest.mark.parametrize("ended", ["file", "account"])
def test_postgresql_keeps_a_case_whose_client_left_lately(cast, mlro, closed, ended):
    today = timezone.localdate()
    if ended == "file":
        left(cast.anna, today)
    else:
        account(cast.anna, today)
    assert not purged(closed)


def test_cases_of_clients_still_served_hide_none_that_can_be_deleted(cast, mlro, closed):
    with time_machine.travel(LONG_AGO - timedelta(days=9), tick=False):
        for n in range(selectors.SHOWN):
            case = Case.objects.create(
                key=f"older{n}", by_id=1, by_name="Rita", by_role="rm", client_id=cast.omar.pk,
                subject="Omar", ground="payments", what="Cash", due_on=LONG_AGO.date(), state="closed",
                taken_by_id=mlro.pk, legal_hold=False, pack_version=1,
            )  # fmt: skip
            Entry.objects.create(case=case, kind="decision", by_id=1, by_name="Mira", pack_version=1)
    today = timezone.localdate()
    assert selectors.to_purge(mlro, pack("suspicion", today), today) == [closed]


def test_a_younger_case_names_its_day(cast, mlro, page_of):
    hand_over(page_of(cast.rita), cast.anna)
    case = the_case(mlro)
    actions.take_up(case, by=mlro)
    actions.decide(case, by=mlro, decision="no_report", reason="Papers were there")
    actions.set_hold(case, by=mlro, hold=False, reason="Nobody asks for it")
    left(cast.anna, LONG_AGO.date())
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
