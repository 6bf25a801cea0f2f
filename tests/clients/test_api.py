"""The API of the clients room: the same lock, pages and words as the pages."""

import pytest
from rest_framework.authtoken.models import Token

from audit.models import AuditEvent
from clients.models import Interaction
from tests.cast import make_client


@pytest.fixture
def api_of(client):
    """`api_of(rita).get(url)`: a program that holds Rita's token."""
    from django.test import Client as Program

    def with_token(person):
        key = Token.objects.get_or_create(user=person)[0].key
        return Program(headers={"Authorization": f"Token {key}"})

    return with_token


CLIENTS = "/api/v1/clients/"


def contacts_of(client):
    return f"{CLIENTS}{client.pk}/interactions/"


def a_call(**changes):
    return {"channel": "call", "purpose": "service", "summary": "Asked about her card"} | changes


def post(api, url, body, **headers):
    return api.post(url, body, content_type="application/json", headers=headers)


def test_rita_sees_her_clients_in_keyset_pages(api_of, cast):
    for number in range(60):
        make_client(f"Client {number:03}", cast.rita_book)
    first = api_of(cast.rita).get(CLIENTS, headers={"Client-Name": "Client"}).json()
    assert first["results"] == []  # the name filter asks the search words, and these files have none
    first = api_of(cast.rita).get(CLIENTS).json()
    assert (len(first["results"]), first["count"], first["capped"]) == (50, 61, False)
    second = api_of(cast.rita).get(CLIENTS, {"after": first["after"]}).json()
    seen = [row["id"] for page in (first, second) for row in page["results"]]
    assert len(set(seen)) == 61
    assert second["after"] is None
    assert second["before"] == second["results"][0]["id"]


def test_rita_opens_a_file_and_it_is_recorded(api_of, rita, anna):
    answer = api_of(rita).get(f"{CLIENTS}{anna.pk}/")
    assert answer.json()["name"] == "Anna Keller"
    assert answer.json()["parties"][0]["is_client"] is True
    event = AuditEvent.objects.filter(verb="file opened").values("by_login", "client_id").get()
    assert event == {"by_login": "rita", "client_id": anna.pk}


def test_the_transaction_carries_who_holds_the_token(api_of, rita, anna):
    from django.db import connection

    seen = []

    def spy(execute, sql, params, many, context):
        if "carry_person" in sql:
            seen.append(params[0])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(spy):
        api_of(rita).get(f"{CLIENTS}{anna.pk}/")
    assert seen == [rita.pk]


def test_rita_logs_a_contact(api_of, rita, anna):
    answer = post(api_of(rita), contacts_of(anna), a_call())
    assert answer.status_code == 201
    assert answer.json()["by"] == "rita"
    assert Interaction.objects.get().by == rita
    listed = api_of(rita).get(contacts_of(anna)).json()
    assert [row["summary"] for row in listed["results"]] == ["Asked about her card"]


def test_the_same_key_again_gives_the_identical_answer_and_does_nothing(api_of, rita, anna):
    answers = [post(api_of(rita), contacts_of(anna), a_call(), **{"Idempotency-Key": "k"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert Interaction.objects.count() == 1


def test_the_same_key_with_another_body_is_a_conflict(api_of, rita, anna):
    post(api_of(rita), contacts_of(anna), a_call(), **{"Idempotency-Key": "k"})
    answer = post(api_of(rita), contacts_of(anna), a_call(summary="Other"), **{"Idempotency-Key": "k"})
    assert answer.status_code == 409
    assert answer.json()["reasons"]
    assert Interaction.objects.count() == 1


def test_a_key_that_led_to_an_error_may_be_used_again(api_of, rita, anna):
    assert (
        post(api_of(rita), contacts_of(anna), a_call(summary=""), **{"Idempotency-Key": "k"}).status_code
        == 400
    )
    assert post(api_of(rita), contacts_of(anna), a_call(), **{"Idempotency-Key": "k"}).status_code == 201


def test_a_wrong_field_is_named(api_of, rita, anna):
    answer = post(api_of(rita), contacts_of(anna), a_call(channel="pigeon", minutes=-1))
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {"channel", "minutes"}
    answer = api_of(rita).get(CLIENTS, {"segment": "nobility"})
    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"segment"})


def test_a_closed_file_is_a_business_refusal(api_of, cast):
    closed = make_client("Ines Frei", cast.rita_book, state="closed")
    answer = post(api_of(cast.rita), contacts_of(closed), a_call())
    assert answer.status_code == 409
    assert "closed" in answer.json()["reasons"][0]


@pytest.mark.parametrize("url", [CLIENTS, "/api/v1/tasks/", "/api/v1/schema/"])
def test_who_is_not_logged_in_gets_401_in_json_and_no_redirect(client, db, url):
    for headers in ({}, {"Authorization": "Token wrong"}):
        answer = client.get(url, headers=headers)
        assert answer.status_code == 401
        assert answer["Content-Type"].startswith("application/json")


def test_a_disabled_persons_token_opens_nothing(api_of, rita):
    api = api_of(rita)
    rita.is_active = False
    rita.save()
    assert api.get(CLIENTS).status_code == 401


def test_otto_gets_the_same_404_for_a_foreign_and_a_missing_client(api_of, otto, anna):
    for ask in (
        lambda pk: api_of(otto).get(f"{CLIENTS}{pk}/"),
        lambda pk: api_of(otto).get(f"{CLIENTS}{pk}/interactions/"),
        lambda pk: post(api_of(otto), f"{CLIENTS}{pk}/interactions/", a_call()),
    ):
        foreign, missing = ask(anna.pk), ask(10**15)
        assert foreign.status_code == missing.status_code == 404
        assert foreign.content == missing.content
    assert AuditEvent.objects.filter(verb="denied", by_login="otto").count() == 6


def test_compliance_reads_but_does_not_log(api_of, cora, anna):
    assert api_of(cora).get(f"{CLIENTS}{anna.pk}/").status_code == 200
    assert post(api_of(cora), contacts_of(anna), a_call()).status_code == 403


def test_a_session_works_too_and_needs_the_csrf_token_to_write(rita, anna):
    from django.test import Client as Browser

    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(rita)
    assert browser.get(f"{CLIENTS}{anna.pk}/").status_code == 200
    assert post(browser, contacts_of(anna), a_call()).status_code == 403
    assert not Interaction.objects.exists()


def test_a_page_of_the_list_takes_few_queries(api_of, cast, django_assert_max_num_queries):
    for number in range(20):
        make_client(f"Client {number:03}", cast.rita_book)
    api = api_of(cast.rita)
    with django_assert_max_num_queries(
        9
    ):  # token, savepoint and its end, person, reach 2, page, count, audit
        assert api.get(CLIENTS).status_code == 200


def test_the_description_has_no_gap(capsys):
    from django.core.management import call_command

    call_command("spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null")
