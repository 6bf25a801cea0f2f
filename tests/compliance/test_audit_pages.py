"""An officer searches what was said with clients, and who opened which file."""

from datetime import timedelta

import psycopg2
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from clients.access import open_file
from clients.actions import log_interaction
from compliance.selectors.interactions import WORDS
from rmcrm.settings import database, env
from ui.refusals import NotVisible


@pytest.fixture
def contacts(cast):
    now = timezone.now()
    for client, by, days, summary, notes in (
        (cast.anna, cast.rita, 1, "Asked about crypto funds", "Wants to move money from an exchange."),
        (cast.anna, cast.rita, 40, "Card renewal", "Sent by post"),
        (cast.omar, cast.otto, 3, "Letter of credit", "Crypto was not mentioned"),
    ):
        log_interaction(
            client,
            by=by,
            channel="call",
            purpose="service",
            at=now - timedelta(days=days),
            summary=summary,
            notes=notes,
            late_reason="The notes came by post",
        )


def found(page_of, reader, **asked):
    answer = page_of(reader).get(reverse("compliance:interactions"), asked)
    assert answer.status_code == 200
    return [row.summary for row in answer.context["page"]]


def test_words_are_found_in_summary_and_notes(page_of, cora, contacts):
    assert found(page_of, cora, words="crypto") == ["Asked about crypto funds", "Letter of credit"]
    assert found(page_of, cora, words="crypto exchange") == ["Asked about crypto funds"]
    assert found(page_of, cora, words='"card renewal"') == ["Card renewal"]
    assert found(page_of, cora, words="nothing") == []


def test_it_narrows_by_person_client_days_and_channel(page_of, cora, anna, contacts):
    today = timezone.localdate()
    assert len(found(page_of, cora, person="rita")) == 2
    assert len(found(page_of, cora, number=anna.number)) == 2
    assert found(page_of, cora, from_on=(today - timedelta(days=2)).isoformat()) == [
        "Asked about crypto funds"
    ]
    assert found(page_of, cora, until_on=(today - timedelta(days=30)).isoformat()) == ["Card renewal"]
    assert found(page_of, cora, channel="letter") == []


def test_the_search_is_an_event_with_the_filters_names_and_the_clients_seen(
    page_of, cora, anna, omar, contacts
):
    found(page_of, cora, words="crypto")
    event = AuditEvent.objects.filter(verb="list shown").latest("id")
    assert event.payload["filters"] == ["words"]
    assert set(event.payload["clients"]) == {anna.pk, omar.pk}
    assert "crypto" not in str(event.payload)


def test_the_words_have_an_index_for_the_owners_function_which_no_policy_binds(db):
    owner = database(env("DATABASE_OWNER_URL"))
    place = {key.lower(): owner[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
    there = psycopg2.connect(dbname=connection.settings_dict["NAME"], **place)
    with there, there.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            f"EXPLAIN SELECT id FROM clients_interaction WHERE {WORDS} @@ websearch_to_tsquery('simple', 'x')"
        )
        assert "interaction_words" in str(cursor.fetchall())
    there.close()


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"words": "crypto"}, {"Anna Keller", "Omar Trading Ltd"}),
        ({"words": "crypto", "channel": "letter"}, set()),
        ({"words": "crypto", "person": "otto"}, {"Omar Trading Ltd"}),
        ({"words": "100% %s card"}, set()),
    ],
)
def test_words_and_what_else_is_asked_narrow_together(page_of, cast, contacts, asked, expected):
    page = page_of(cast.cora).get(reverse("compliance:interactions"), asked)
    names = {name for name in ("Anna Keller", "Omar Trading Ltd") if name in page.content.decode()}
    assert names == expected


def test_who_opened_which_file_by_which_right_and_why(page_of, cast):
    open_file(cast.rita, cast.anna.pk, why="before a call")
    open_file(cast.otto, cast.omar.pk)
    with pytest.raises(NotVisible):
        open_file(cast.otto, cast.anna.pk)
    url = reverse("compliance:access")
    rows = page_of(cast.cora).get(url, {"client": cast.anna.pk}).context["rows"]
    assert [(row["event"].by_login, row["event"].why, row["client"].name) for row in rows] == [
        ("rita", "before a call", "Anna Keller")
    ]
    assert rows[0]["event"].path.startswith("owner of book")
    by_otto = page_of(cast.cora).get(url, {"person": "otto"}).context["rows"]
    assert [row["client"].name for row in by_otto] == ["Omar Trading Ltd"]
    assert page_of(cast.cora).get(url, {"number": cast.omar.number}).context["rows"][0]["client"] == cast.omar
    assert not page_of(cast.cora).get(url, {"person": "nobody"}).context["rows"]
    assert not page_of(cast.cora).get(url, {"number": "C-404"}).context["rows"]


@pytest.mark.parametrize("name", ["interactions", "access"])
def test_only_officers_and_auditors_search(page_of, cast, name):
    url = reverse(f"compliance:{name}")
    for person in (cast.rita, cast.theo, cast.otto, cast.ada):
        assert page_of(person).get(url).status_code == 403
    assert page_of(cast.cora).get(url).status_code == 200


@pytest.mark.parametrize(("name", "queries"), [("interactions", 9), ("access", 11)])
def test_they_cost_the_same_however_much_is_found(
    page_of, cast, contacts, django_assert_num_queries, name, queries
):
    for _ in range(5):
        open_file(cast.rita, cast.anna.pk)
    browser, url = page_of(cast.cora), reverse(f"compliance:{name}")
    browser.get(url)  # the first request of a session also saves it
    with django_assert_num_queries(queries):
        browser.get(url)
