"""The look: alerts are made once, renewed, closed when no longer so, and delivered to who works the book."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from alerts import actions
from alerts.actions import look_at_everything
from alerts.models import Alert, Delivery, Walk
from alerts.registry import rules
from clients.actions import add_task, finish_task, log_interaction
from clients.models import Client
from staff.models import BookMember
from tests.cast import make_client

TODAY = timezone.localdate


def silence(client, days=100):
    Client.objects.filter(pk=client.pk).update(last_contact_on=TODAY() - timedelta(days=days))


def inboxes():
    """Who has which rule's alert in the inbox."""
    rows = Delivery.objects.filter(channel="inbox", alert__closed_at=None).values_list(
        "recipient__login", "alert__rule", "alert__client__name"
    )
    return set(rows)


def test_a_neglected_client_comes_up_in_the_owner_s_inbox_and_mail_and_nobody_else_s(cast):
    silence(cast.anna)
    look_at_everything(TODAY())
    assert inboxes() == {("rita", "retention.contact_overdue", "Anna Keller")}
    assert sorted(Delivery.objects.values_list("channel", "state")) == [
        ("email", "waiting"),
        ("inbox", "waiting"),
    ]
    alert = Alert.objects.get()
    assert alert.due_on == TODAY() - timedelta(days=40)  # affluent: every 60 days
    assert alert.urgency == 1


def test_looking_again_changes_nothing_and_writes_nothing(cast, django_assert_num_queries):
    silence(cast.anna)
    assert look_at_everything(TODAY()) == 1
    assert [look_at_everything(TODAY()) for _ in range(3)] == [0, 0, 0]
    assert (Alert.objects.count(), Delivery.objects.count()) == (1, 2)


def test_it_closes_by_itself_and_a_waiting_mail_is_dropped(cast):
    silence(cast.anna)
    look_at_everything(TODAY())
    log_interaction(
        cast.anna, by=cast.rita, channel="call", purpose="service", at=timezone.now(), summary="Hello"
    )
    look_at_everything(TODAY())
    alert = Alert.objects.get()
    assert alert.closed_why == "no longer so"
    assert set(Delivery.objects.values_list("state", flat=True)) == {"dropped"}


def test_what_is_so_again_opens_again(cast):
    silence(cast.anna)
    look_at_everything(TODAY())
    Client.objects.filter(pk=cast.anna.pk).update(state="onboarding")
    look_at_everything(TODAY())
    Client.objects.filter(pk=cast.anna.pk).update(state="active")
    look_at_everything(TODAY())
    assert Alert.objects.get().closed_at is None
    assert set(Delivery.objects.values_list("state", flat=True)) == {"waiting"}


def test_a_dismissed_alert_stays_dismissed_until_the_next_silence(cast):
    silence(cast.anna)
    look_at_everything(TODAY())
    actions.dismiss_alert(Alert.objects.get(), by=cast.rita, reason="client_wish")
    look_at_everything(TODAY())
    assert Alert.objects.get().closed_why == "dismissed"
    silence(cast.anna, 61)  # there was a contact since, and then silence
    look_at_everything(TODAY())
    assert Alert.objects.filter(closed_at=None).count() == 1


def test_a_task_due_today_becomes_late_tomorrow_as_the_same_alert(cast):
    task = add_task(cast.anna, by=cast.rita, kind="call", title="Call back", due_on=TODAY(), promise=True)
    look_at_everything(TODAY())
    assert Alert.objects.get().urgency == 2
    look_at_everything(TODAY() + timedelta(days=1))
    alert = Alert.objects.get()
    assert (alert.rule, alert.urgency, alert.subject_id) == ("retention.promise_due", 1, task.pk)
    finish_task(task, by=cast.rita)
    look_at_everything(TODAY() + timedelta(days=1))
    assert Alert.objects.get().closed_at is not None


def test_after_a_handover_the_new_owner_has_it_and_a_deputy_too(cast):
    silence(cast.anna)
    look_at_everything(TODAY())
    now = timezone.now()
    BookMember.objects.filter(book=cast.rita_book).update(
        during=(now - timedelta(days=99), now - timedelta(days=1))
    )
    BookMember.objects.create(
        book=cast.rita_book, user=cast.otto, role="owner", during=(now - timedelta(days=1), None)
    )
    BookMember.objects.create(
        book=cast.rita_book, user=cast.theo, role="deputy", during=(now, now + timedelta(days=7))
    )
    BookMember.objects.create(book=cast.rita_book, user=cast.cora, role="assistant", during=(now, None))
    look_at_everything(TODAY())
    assert {login for login, *_ in inboxes()} == {
        "rita",
        "otto",
        "theo",
    }  # Rita's stays, but she no longer sees it
    from alerts.selectors import open_alerts, unread_count

    assert not open_alerts(cast.rita, TODAY()).exists()
    assert unread_count(cast.rita) == 0
    assert unread_count(cast.otto) == 1


def test_a_bank_is_walked_in_steps_and_the_next_look_goes_on_where_this_one_stopped(cast, monkeypatch):
    monkeypatch.setattr(actions, "STEP", 2)
    for n in range(9):
        silence(make_client(f"Client {n}", cast.rita_book))
    rule = rules()["retention.contact_overdue"]
    seen = []
    for _ in range(6):
        actions.look(rule, TODAY(), until=timezone.now())  # no time: one step each
        seen.append(Alert.objects.count())
    assert seen == sorted(seen)
    assert seen[0] < 2 + 1
    assert seen[-1] == 9
    assert Walk.objects.get(pk=rule.name).finished_at is not None


def test_after_a_long_round_a_rule_rests(cast):
    rule = rules()["retention.contact_overdue"]
    actions.look(rule, TODAY(), until=timezone.now() + timedelta(seconds=5))
    Walk.objects.update(rest_until=timezone.now() + timedelta(minutes=1))
    silence(cast.anna)
    assert actions.look(rule, TODAY(), until=timezone.now() + timedelta(seconds=5)) == 0
    Walk.objects.update(rest_until=timezone.now())
    assert actions.look(rule, TODAY(), until=timezone.now() + timedelta(seconds=5)) == 1


def test_one_client_can_be_looked_at_at_once(cast):
    silence(cast.anna)
    silence(cast.omar, 400)
    actions.look_at_client(cast.anna.pk, TODAY())
    assert {name for *_, name in inboxes()} == {"Anna Keller"}


@pytest.mark.django_db(transaction=True)
def test_many_looks_at_once_make_each_alert_and_each_delivery_once(cast):
    for n in range(40):
        silence(make_client(f"Client {n}", cast.rita_book))

    def work():
        look_at_everything(TODAY())
        for client in Client.objects.all()[:10]:
            actions.look_at_client(client.pk, TODAY())
        connection.close()

    lookers = [threading.Thread(target=work) for _ in range(4)]
    for looker in lookers:
        looker.start()
    for looker in lookers:
        looker.join()
    look_at_everything(TODAY())
    overdue = Alert.objects.filter(rule="retention.contact_overdue")
    assert overdue.count() == 40
    assert Delivery.objects.filter(alert__in=overdue).count() == 80
