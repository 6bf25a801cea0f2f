"""Who opens very many different files in an hour is stopped, and goes on after showing who it is."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from audit.models import AuditEvent
from audit.record import record
from clients import rules
from clients.models import Client
from rulebook.models import RulePack
from tests.cast import make_client

FIGURES = {"least": 20, "share_percent": 25, "most": 50, "releases": 1}


def many(book, count):
    """So many client files more in this book, without parties: what is counted are files."""
    today = timezone.localdate()
    return Client.objects.bulk_create(
        Client(
            number=f"M-{at:06}", kind="person", name=f"Client {at}", book=book, state="active",
            since_on=today, segment="mass", stage="family", domicile="CH", kyc_due_on=today,
            last_contact_on=today,
        )
        for at in range(count)
    )  # fmt: skip


def open_already(person, clients):
    for client in clients:
        record("file opened", by=person, client_id=client.pk)


# --- stopped ---------------------------------------------------------------------------------------------


def test_a_script_that_pages_through_500_clients_is_stopped_by_the_60th(cast, page_of):
    files, rita = many(cast.rita_book, 500), page_of(cast.rita)
    answers = [rita.get(f"/api/v1/clients/{client.pk}/").status_code for client in files[:65]]
    assert answers.index(409) == 50
    assert set(answers[50:]) == {409}
    tried = AuditEvent.objects.filter(by_id=cast.rita.pk, why="refused")
    assert {event.payload["asked"] for event in tried} == {"files brake"}
    assert AuditEvent.objects.filter(by_id=cast.rita.pk, verb="file opened").count() == 50


def test_rita_is_stopped_with_a_sentence_confirms_and_goes_on(cast, page_of):
    files, rita = many(cast.rita_book, 99), page_of(cast.rita)  # with Anna 100: 25 an hour
    open_already(cast.rita, files[:25])
    stopped = rita.get(f"/clients/{cast.anna.pk}/")
    assert stopped.status_code == 409
    assert "You have opened 25 different files within an hour" in stopped.content.decode()
    assert 'href="/clients/brake/"' in stopped.content.decode()
    assert "Keller" not in stopped.content.decode()
    assert "25, of at most 25" in rita.get("/clients/brake/").content.decode()
    assert rita.post("/clients/brake/").status_code == 303
    assert rita.get(f"/clients/{cast.anna.pk}/").status_code == 200
    assert AuditEvent.objects.filter(by_id=cast.rita.pk, verb="brake released").count() == 1


def test_a_file_opened_already_stays_open(cast, page_of):
    files = many(cast.rita_book, 60)
    open_already(cast.rita, [cast.anna, *files[:40]])
    rita = page_of(cast.rita)
    assert rita.get(f"/clients/{cast.anna.pk}/").status_code == 200
    assert rita.get(f"/clients/{files[50].pk}/").status_code == 409


def test_an_hour_later_it_is_forgotten(cast, page_of):
    files, rita = many(cast.rita_book, 60), page_of(cast.rita)
    open_already(cast.rita, files[:30])
    from clients.access import reach

    later = timezone.now() + timedelta(minutes=61)
    assert len(reach(cast.rita).opened) == 30
    assert reach(cast.rita, later).opened == frozenset()
    assert rita.get(f"/clients/{cast.anna.pk}/").status_code == 409


def test_a_release_takes_more_than_an_unlocked_screen_and_comes_once_an_hour(cast, page_of):
    open_already(cast.rita, many(cast.rita_book, 60)[:20])
    rita = page_of(cast.rita)
    session = rita.session
    session["confirmed"] -= 3600
    session.save()
    assert rita.post("/clients/brake/").status_code == 403
    rita = page_of(cast.rita)
    assert rita.post("/clients/brake/").status_code == 303
    assert rita.post("/clients/brake/").status_code == 409  # nothing is stopped now
    open_already(cast.rita, Client.objects.filter(number__gte="M-000020", number__lt="M-000040"))
    stopped = rita.get(f"/clients/{cast.anna.pk}/").content.decode()
    assert "Wait until the hour is over" in stopped
    assert rita.post("/clients/brake/").status_code == 409


def test_nobody_is_stopped_by_what_a_colleague_opens(cast, page_of):
    open_already(cast.theo, many(cast.rita_book, 60)[:50])
    assert page_of(cast.rita).get(f"/clients/{cast.anna.pk}/").status_code == 200
    assert page_of(cast.theo).get(f"/clients/{cast.anna.pk}/").status_code == 409


def test_who_has_nothing_to_release_is_told_so_and_who_sees_no_client_is_not_let_in(cast, page_of):
    assert "Nothing is stopped" in page_of(cast.rita).get("/clients/brake/").content.decode()
    assert page_of(cast.rita).post("/clients/brake/").status_code == 409
    assert page_of(cast.ada).get("/clients/brake/").status_code == 403


def test_the_figures_are_the_banks(cast, page_of):
    known = RulePack.objects.filter(name="access").latest("version")
    body = known.body
    RulePack.objects.create(
        name="access", version=known.version + 1, valid_from=date(2020, 1, 1), activated_at=timezone.now(),
        body=body | {"brake": body["brake"] | {"least": 10, "most": 10}},
    )  # fmt: skip
    open_already(cast.rita, many(cast.rita_book, 60)[:10])
    assert page_of(cast.rita).get(f"/clients/{cast.anna.pk}/").status_code == 409


# --- rules and costs -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "releases", "most"),
    [(0, 0, 20), (80, 0, 20), (100, 0, 25), (500, 0, 50), (100, 1, 50), (100, 9, 50)],
)
def test_how_many_files_an_hour(own, releases, most):
    assert rules.allowed(own, FIGURES, releases) == most


@given(st.integers(0, 10_000), st.integers(0, 500))
def test_whatever_the_book_the_60th_is_stopped_and_the_first_ten_never(own, opened):
    stopped = bool(rules.refusals_to_open(opened, own, FIGURES, 0))
    assert not (stopped and opened < rules.NEVER_BELOW)
    assert stopped or opened < 59


def test_below_the_least_figure_it_costs_no_query(cast, page_of, django_assert_max_num_queries):
    rita = page_of(cast.rita)
    clients = [make_client(f"Client {at}", cast.rita_book) for at in range(9)]
    rita.get(f"/api/v1/clients/{cast.anna.pk}/")
    with django_assert_max_num_queries(12) as alone:
        rita.get(f"/api/v1/clients/{clients[0].pk}/")
    open_already(cast.rita, clients[1:8])
    with django_assert_max_num_queries(len(alone)):
        rita.get(f"/api/v1/clients/{clients[8].pk}/")
