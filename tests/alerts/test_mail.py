"""Mail about alerts: one a person, counts and links, never lost; doubts are written down."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail as django_mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from alerts import actions
from alerts.models import Delivery, Mail
from jobs.actions import _claim, run_due
from jobs.models import Job, State
from tests.alerts.test_look import TODAY, silence
from tests.cast import make_client


@pytest.fixture(autouse=True)
def _two_alerts(cast):
    silence(cast.anna)
    silence(make_client("Ines Frei", cast.rita_book))
    actions.look_at_everything(TODAY())


def states():
    return set(Delivery.objects.filter(channel="email").values_list("state", flat=True))


def test_all_new_alerts_of_a_person_go_out_in_one_mail_that_names_no_client(rita):
    assert actions.write_mails(timezone.now()) == 1
    assert run_due() == 1
    [sent] = django_mail.outbox
    assert sent.to == ["rita@bank.example"]
    assert sent.subject == "2 new alerts in your inbox"
    assert "/inbox/" in sent.body
    assert "Keller" not in sent.body + sent.subject
    assert "Frei" not in sent.body
    stored = Mail.objects.get()
    assert sent.extra_headers["Message-ID"] == stored.message_id
    assert (stored.sent_at is not None, states()) == (True, {"sent"})


def test_writing_again_writes_nothing(cast):
    assert [actions.write_mails(timezone.now()) for _ in range(3)] == [1, 0, 0]
    run_due()
    assert (run_due(), len(django_mail.outbox)) == (0, 1)


def test_a_person_gets_one_mail_in_ten_minutes_and_then_all_the_rest_at_once(cast):
    actions.write_mails(timezone.now())
    silence(make_client("Paul Egli", cast.rita_book))
    actions.look_at_everything(TODAY())
    assert actions.write_mails(timezone.now() + timedelta(minutes=9)) == 0
    assert actions.write_mails(timezone.now() + timedelta(minutes=11)) == 1


def test_what_was_dismissed_before_the_mail_is_not_in_it(rita):
    from alerts.models import Alert

    for alert in Alert.objects.all():
        actions.dismiss_alert(alert, by=rita, reason="handled")
    assert actions.write_mails(timezone.now()) == 0


def test_while_the_mail_server_is_away_the_mail_waits(monkeypatch):
    def away(self):
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "open", away)
    actions.write_mails(timezone.now())
    run_due()
    assert (Job.objects.get().state, states(), Mail.objects.get().sent_at) == (
        State.FAILED,
        {"waiting"},
        None,
    )
    monkeypatch.undo()
    Job.objects.update(due_at=timezone.now())
    run_due()
    assert (len(django_mail.outbox), states()) == (1, {"sent"})


def test_a_process_that_dies_in_the_middle_leaves_a_doubt_and_the_mail_goes_again_under_the_same_id():
    actions.write_mails(timezone.now())
    _claim()  # and the process is gone: perhaps before, perhaps after the mail server's OK
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    run_due()
    assert (Job.objects.get().state, len(django_mail.outbox)) == (State.UNCERTAIN, 0)
    assert [actions.send_again(timezone.now()) for _ in range(2)] == [1, 0]
    run_due()
    stored = Mail.objects.get()
    assert (stored.doubts, states()) == (1, {"uncertain"})
    assert stored.sent_at is not None
    assert django_mail.outbox[0].extra_headers["Message-ID"] == stored.message_id


def test_a_mail_server_that_goes_silent_after_the_mail_leaves_a_doubt_too(monkeypatch):
    real = EmailBackend.send_messages

    def silent(self, messages):
        real(self, messages)
        raise SMTPServerDisconnected("gone")

    monkeypatch.setattr(EmailBackend, "send_messages", silent)
    actions.write_mails(timezone.now())
    run_due()
    assert (Job.objects.get().state, states()) == (State.UNCERTAIN, {"waiting"})
    monkeypatch.undo()
    actions.send_again(timezone.now())
    run_due()
    assert (len(django_mail.outbox), states()) == (2, {"uncertain"})  # doubled, and the row says so
