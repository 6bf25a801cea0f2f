"""Anyone hands a suspicion to the MLRO, and sees nothing of it ever after."""

import logging

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse

from audit.models import AuditEvent
from rmcrm.logs import NothingOfTheCompartment
from suspicion.models import Case, Event
from tests.suspicion.stage import SAID, as_, hand_over, mira, the_case
from ui.models import Answer

REPORT = reverse("suspicion:report")


@pytest.fixture
def mlro(cast):
    return mira()


def test_rita_hands_over_what_she_saw_and_only_mira_reads_it(cast, mlro, page_of):
    answer = hand_over(page_of(cast.rita), cast.anna)
    assert answer.status_code == 200
    assert "Handed over" in answer.content.decode()
    as_(cast.rita)
    assert not Case.objects.exists()
    case = the_case(mlro)
    assert (case.by_name, case.client_id, case.state) == (cast.rita.name, cast.anna.pk, "received")
    assert case.subject == f"Anna Keller ({cast.anna.number})"
    assert case.what == SAID["what"]


def test_everyone_gets_the_same_answer_whatever_it_says_of_whom(cast, mlro, page_of):
    who = ((cast.rita, cast.anna), (cast.rita, None), (cast.otto, cast.anna), (cast.ada, None))
    pages = {
        hand_over(page_of(person), client, about="He").content.decode().split("<main")[1].split("</main>")[0]
        for person, client in who
    }
    assert len(pages) == 1


def test_a_client_one_does_not_see_is_no_client(cast, mlro, page_of):
    window = page_of(cast.otto)
    foreign = window.post(REPORT, {"client": cast.anna.pk}).content.decode()
    assert "Anna" not in foreign
    hand_over(window, cast.anna, about="Somebody")
    assert (the_case(mlro).client_id, the_case(mlro).subject) == (None, "Somebody")


def test_pressed_twice_it_is_handed_over_once_and_what_was_added_is_not_lost(cast, mlro, page_of):
    window = page_of(cast.rita)
    for _twice in range(2):
        assert hand_over(window, cast.anna).status_code == 200
    the_case(mlro)
    hand_over(window, cast.anna, what="And there is a second suitcase")
    as_(mlro)
    assert Case.objects.count() == 2


def test_what_is_missing_is_named_at_its_field(cast, page_of):
    answer = hand_over(page_of(cast.rita), cast.anna, what="", noticed_on="2199-01-01")
    assert answer.status_code == 422
    assert "This day has not come yet." in answer.content.decode()


def test_nothing_of_it_is_remembered_where_others_look(cast, mlro, page_of):
    window, before = page_of(cast.rita), AuditEvent.objects.count()  # nobody empties the audit between tests
    hand_over(window, cast.anna)
    assert AuditEvent.objects.count() == before
    assert not Answer.objects.exists()
    as_(cast.rita)
    assert not Event.objects.exists()
    as_(mlro)
    assert [event.verb for event in Event.objects.order_by("pk")] == ["report begun", "suspicion handed over"]


def test_the_form_is_in_the_menu_of_everyone_and_on_the_page_of_a_client_says_of_whom(cast, page_of):
    window = page_of(cast.rita)
    assert f'href="{REPORT}"' in window.get("/clients/").content.decode()
    page = window.get(reverse("client", args=[cast.anna.pk])).content.decode()
    menu = page.split('id="person-menu"')[1].split("</header>")[0]
    assert f'action="{REPORT}"' in menu
    assert f'name="client" value="{cast.anna.pk}"' in menu
    form = window.post(REPORT, {"client": cast.anna.pk, "form_key": "x"}).content.decode()
    assert "Anna Keller" in form
    assert 'name="about"' not in form


def test_the_palette_finds_the_form_by_its_name(cast, page_of):
    asked = {"HX-Request": "true", "HX-Target": "div#search-results"}
    found = page_of(cast.rita).get("/search/?q=suspicion", headers=asked).content.decode()
    assert f'href="{REPORT}"' in found


def test_the_form_costs_few_queries(cast, page_of, django_assert_num_queries):
    window = page_of(cast.rita)
    window.get(REPORT)
    with django_assert_num_queries(7):
        window.get(REPORT)


def test_no_line_of_a_log_tells_that_somebody_reports_or_decides(cast, mlro, page_of, caplog):
    """Django logs each 4xx with its address; a log is read by many, and its hour tells who it was."""
    hand_over(page_of(cast.rita), cast.anna)
    case = the_case(mlro)
    caplog.clear()
    with caplog.at_level(logging.INFO):
        assert hand_over(page_of(cast.rita), cast.anna, what="").status_code == 422
        decided = reverse("suspicion:decision", args=[case.pk])
        assert page_of(mlro).post(decided, {"decision": "x"}).status_code == 422
        filed = reverse("suspicion:filing", args=[case.pk])
        assert page_of(mlro).post(filed, {"reference": "1", "filed_on": "2026-01-05"}).status_code == 409
        careful = Browser(enforce_csrf_checks=True)
        careful.force_login(cast.rita)
        assert careful.post(REPORT, SAID).status_code == 403
    assert len(caplog.records) == 4
    assert not [record for record in caplog.records if NothingOfTheCompartment().filter(record)]
    assert {tuple(each["filters"]) for each in settings.LOGGING["handlers"].values()} == {("compartment",)}


def test_that_something_broke_there_is_told_without_its_address(cast, page_of, caplog, monkeypatch):
    monkeypatch.setattr("suspicion.selectors.client_to_report", lambda *_: 1 / 0)
    window = page_of(cast.rita)
    window.raise_request_exception = False
    assert window.get(REPORT).status_code == 500
    (line,) = [record for record in caplog.records if NothingOfTheCompartment().filter(record)]
    assert line.getMessage() == "Something broke: /suspicion/"
