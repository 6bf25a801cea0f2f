"""An RM logs a contact: done, refused, and nobody else can."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from clients.actions import log_interaction
from clients.models import Interaction
from tests.cast import make_client
from ui.refusals import NotPermitted, NotVisible, Refused


def a_call(**changes):
    return {
        "channel": "call",
        "purpose": "service",
        "at": timezone.now(),
        "summary": "Asked about her card",
    } | changes


def test_rita_logs_a_call_and_the_contact_clock_moves(rita, anna):
    interaction = log_interaction(anna, by=rita, **a_call())
    anna.refresh_from_db()
    assert anna.last_contact_on == timezone.localdate(interaction.at)
    event = AuditEvent.objects.order_by("-id").values("verb", "by_login", "client_id", "path", "payload")[0]
    assert event == {
        "verb": "interaction logged",
        "by_login": "rita",
        "client_id": anna.pk,
        "path": f"owner of book {anna.book_id}",
        "payload": {"channel": "call", "purpose": "service"},
    }


def test_an_old_contact_does_not_turn_the_clock_back(rita, anna):
    before = anna.last_contact_on
    log_interaction(
        anna, by=rita, **a_call(at=timezone.now() - timedelta(days=90), late_reason="Found in my notes")
    )
    anna.refresh_from_db()
    assert anna.last_contact_on == before


@pytest.mark.parametrize(("state", "ahead"), [("closed", timedelta()), ("active", timedelta(hours=1))])
def test_a_closed_file_and_the_future_are_refused_with_a_sentence(cast, state, ahead):
    client = make_client("Ines Frei", cast.rita_book, state=state)
    with pytest.raises(Refused) as refused:
        log_interaction(client, by=cast.rita, **a_call(at=timezone.now() + ahead))
    assert refused.value.sentences
    assert not Interaction.objects.exists()


def test_nobody_else_can(cast):
    with pytest.raises(NotVisible):
        log_interaction(cast.anna, by=cast.otto, **a_call())
    with pytest.raises(NotPermitted):
        log_interaction(cast.anna, by=cast.cora, **a_call())


def test_in_the_browser_a_form_sent_twice_logs_once(page_of, rita, anna):
    url = reverse("clients:interaction_new", args=[anna.pk])
    form = {
        "channel": "call",
        "purpose": "service",
        "summary": "Card",
        "at": "2026-01-05T10:00",
        "late_reason": "Found in my notes",
        "form_key": "k1",
    }
    answers = [page_of(rita).post(url, form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert Interaction.objects.count() == 1


def test_a_form_keeps_what_was_typed_and_names_the_field(page_of, rita, anna):
    url = reverse("clients:interaction_new", args=[anna.pk])
    answer = page_of(rita).post(
        url, {"channel": "call", "purpose": "service", "summary": "", "notes": "long talk", "form_key": "k2"}
    )
    assert answer.status_code == 422
    assert "long talk" in answer.content.decode()
    assert "summary" in answer.context["form"].errors


def test_otto_gets_the_same_404_for_a_foreign_and_a_missing_client(page_of, otto, anna):
    foreign, missing = (
        page_of(otto).get(reverse("clients:interaction_new", args=[pk])) for pk in (anna.pk, 999_999)
    )
    assert foreign.status_code == missing.status_code == 404
    assert AuditEvent.objects.filter(verb="denied", by_login="otto").count() == 2
