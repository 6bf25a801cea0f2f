"""The record of a contact: whole where it counts, open for a day, then locked and only added to."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from clients.actions import add_addendum, correct_interaction, log_interaction
from clients.models import Addendum, Interaction
from clients.rules.record import has_advice_gaps, record_lines
from rulebook.models import RulePack
from tests.cast import make_person
from ui.refusals import NotPermitted, NotVisible, Refused

A_TALK = {
    "channel": "meeting", "channel_label": "Meeting", "outbound": True, "purpose_label": "Advice",
    "at": timezone.now(), "by": "Rita Muster", "colleagues": [], "summary": "Talked about a fund",
    "place": "Branch", "attendees": "Anna", "jurisdiction": "CH", "products": "A fund", "advice_given": True,
    "order_details": "", "inducement": "none", "follow_up": "none", "recording": "", "off_channel": False,
    "late_reason": "",
}  # fmt: skip


def a_call(**changes):
    return {"channel": "call", "purpose": "service", "at": timezone.now(), "summary": "x"} | changes


@pytest.fixture
def locked(rita, anna):
    """Logged under figures that lock at once."""
    return Interaction.objects.create(
        client=anna, by=rita, channel="call", purpose="service", at=timezone.now(), summary="x", lock_hours=0
    )


# --- what is asked of which contact ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, set()),
        ({"place": ""}, {"place"}),
        ({"attendees": "", "products": ""}, {"attendees", "products"}),
        (
            {"jurisdiction": "", "inducement": "", "follow_up": ""},
            {"jurisdiction", "inducement", "follow_up"},
        ),
        ({"channel": "call"}, {"recording"}),
        ({"channel": "call", "recording": "R-1", "place": "", "attendees": ""}, set()),
        ({"channel": "email", "place": ""}, set()),
        ({"advice_given": False, "products": "", "inducement": "", "jurisdiction": ""}, set()),
        ({"advice_given": False, "order_details": "10 at 5", "products": ""}, {"products"}),
        ({"summary": "Talked"}, {"purpose"}),
        ({"off_channel": True}, {"channel"}),
        ({"late_reason": "I was ill"}, {"late"}),
    ],
)
def test_the_record_must_hold_what_this_contact_asks_for(changes, missing):
    told = A_TALK | changes
    assert {line.code for line in record_lines(told) if not line.met} == missing
    assert has_advice_gaps(told) == bool(missing - {"purpose", "channel", "late"})


def test_after_advice_what_is_missing_is_asked_for_and_the_contact_is_logged(page_of, rita, anna):
    url = reverse("clients:interaction_new", args=[anna.pk])
    sent = {"channel": "email", "purpose": "advice", "summary": "Talked about a fund", "advice_given": "on"}
    answer = page_of(rita).post(url, sent, follow=True)
    logged = Interaction.objects.get()
    assert answer.redirect_chain == [(reverse("clients:interaction", args=[logged.pk]), 303)]
    assert "still asks for: Country where the client was, Products discussed" in answer.content.decode()
    whole = sent | {"products": "A fund", "jurisdiction": "CH", "inducement": "none", "follow_up": "none"}
    assert page_of(rita).post(url, whole)["Location"] == reverse("client", args=[anna.pk])


def test_logging_costs_one_question_more_only_where_it_is_late(rita, anna, django_assert_num_queries):
    log_interaction(anna, by=rita, **a_call())  # which moves the contact clock: one more
    with django_assert_num_queries(7):
        log_interaction(anna, by=rita, **a_call())
    with django_assert_num_queries(8):
        log_interaction(anna, by=rita, **a_call(at=timezone.now() - timedelta(hours=3)))


# --- late entries ----------------------------------------------------------------------------------------


def test_a_late_entry_says_why_and_one_in_time_keeps_no_reason(rita, anna):
    day_before = timezone.now() - timedelta(hours=25)
    with pytest.raises(Refused, match="more than 24 hours ago"):
        log_interaction(anna, by=rita, **a_call(at=day_before))
    assert log_interaction(anna, by=rita, **a_call(at=day_before, late_reason="Ill")).late_entry
    in_time = a_call(at=timezone.now() - timedelta(hours=23), late_reason="Ill")
    assert not log_interaction(anna, by=rita, **in_time).late_entry


def test_the_form_asks_for_the_reason_at_its_field(page_of, rita, anna):
    answer = page_of(rita).post(
        reverse("clients:interaction_new", args=[anna.pk]),
        {"channel": "call", "purpose": "service", "summary": "Card", "at": "2026-01-05T10:00"},
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["late_reason"]


# --- the lock --------------------------------------------------------------------------------------------


def test_a_record_is_locked_after_the_hours_that_were_in_force_when_it_was_logged(rita, anna):
    pack = RulePack.objects.get(name="interactions")
    RulePack.objects.create(
        name="interactions", version=2, valid_from=timezone.localdate(), activated_at=timezone.now(),
        body=pack.body | {"lock_hours": 5},
    )  # fmt: skip
    logged = log_interaction(anna, by=rita, **a_call())
    assert logged.lock_hours == 5
    assert logged.locks_at == logged.logged_at + timedelta(hours=5)


def test_rita_corrects_what_she_logged_until_it_is_locked(rita, anna):
    logged = log_interaction(anna, by=rita, **a_call())
    with time_machine.travel(timezone.now() + timedelta(hours=23)):
        correct_interaction(logged, by=rita, summary="Asked about her card", place="Branch")
    logged.refresh_from_db()
    assert (logged.summary, logged.place) == ("Asked about her card", "Branch")
    event = AuditEvent.objects.filter(verb="interaction fields changed").get()
    assert event.payload == {"fields": ["place", "summary"]}
    with time_machine.travel(timezone.now() + timedelta(hours=25)), pytest.raises(Refused, match="locked"):
        correct_interaction(logged, by=rita, summary="Nothing")


def test_nobody_else_corrects_or_adds(cast, locked):
    fresh = log_interaction(cast.anna, by=cast.rita, **a_call())
    with pytest.raises(Refused, match="Only who logged it"):
        correct_interaction(fresh, by=cast.theo, summary="Mine")
    with pytest.raises(Refused, match="Only who logged it"):
        add_addendum(locked, by=cast.theo, text="Mine")
    with pytest.raises(NotPermitted):
        add_addendum(locked, by=cast.cora, text="Mine")
    with pytest.raises(NotVisible):
        add_addendum(locked, by=cast.otto, text="Mine")


def test_after_the_lock_rita_adds_and_before_it_she_corrects(rita, anna, locked, page_of):
    add_addendum(locked, by=rita, text="She also asked for a card.")
    assert [each.text for each in Addendum.objects.filter(interaction=locked)] == [
        "She also asked for a card."
    ]
    with pytest.raises(Refused, match="not locked yet"):
        add_addendum(log_interaction(anna, by=rita, **a_call()), by=rita, text="More")
    page = page_of(rita).get(reverse("clients:interaction", args=[locked.pk])).content.decode()
    assert "She also asked for a card." in page
    assert "Addendum" in page_of(rita).get(reverse("client", args=[anna.pk])).content.decode()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE clients_interaction SET summary = 'y' WHERE id = %s",
        "UPDATE clients_interaction SET lock_hours = 100 WHERE id = %s",
        "DELETE FROM clients_interaction WHERE id = %s",
    ],
)
def test_the_database_too_refuses_to_change_or_remove_a_locked_record(locked, statement):
    with pytest.raises(DatabaseError, match="is locked"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [locked.pk])


def test_nor_is_an_open_record_given_to_another_or_kept_open_longer(rita, anna, cast):
    logged = log_interaction(anna, by=rita, **a_call())
    for change in ({"by": cast.theo}, {"lock_hours": 99}, {"client": cast.omar}):
        with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
            Interaction.objects.filter(pk=logged.pk).update(**change)


def test_an_addendum_stays_as_it_is(rita, locked):
    said = add_addendum(locked, by=rita, text="More")
    for change in (lambda: said.delete(), lambda: Addendum.objects.update(text="Less")):
        with pytest.raises(DatabaseError, match="neither changed nor removed"), transaction.atomic():
            change()


# --- who attended ----------------------------------------------------------------------------------------


def test_colleagues_of_the_team_are_offered_and_nobody_else_is_taken(page_of, cast):
    mia = make_person("mia", "rm", cast.rita.team)
    url = reverse("clients:interaction_new", args=[cast.anna.pk])
    page = page_of(cast.rita).get(url).content.decode()
    assert mia.name in page
    assert cast.otto.name not in page
    sent = {"channel": "meeting", "purpose": "service", "summary": "Card", "form_key": "1"}
    assert page_of(cast.rita).post(url, sent | {"colleagues": [cast.otto.pk]}).status_code == 422
    assert page_of(cast.rita).post(url, sent | {"colleagues": [mia.pk]}).status_code == 303
    assert Interaction.objects.get().colleagues == [mia.pk]
