"""Another site's page in the same browser: it sends nothing in our name, and looking changes nothing.

Every door of the table with a POST, without the token and with a good token from a wrong place; every door
with a GET, and what PostgreSQL says it wrote.
"""

import json

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import browser_of
from tests.house.doors import DOORS, OPEN, Door
from tests.house.stage import Stage
from tests.house.test_doors import address_of, ask, what_is_sent

UNSAFE = [door for door in DOORS if door.post]
SAFE = [door for door in DOORS if door.get]

# What a look may write: that it was one, and the session's clock. A bell that was opened counts as read.
MAY_BE_WRITTEN_BY_A_LOOK = ("audit_event", "suspicion_event", "django_session")
ALSO = {"inbox": ("alerts_delivery",)}


@pytest.fixture
def stage(cast):
    return Stage(cast)


class Strict(dict):
    """Name -> a browser whose forms are minded, and the token that a page of ours gave it."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage = stage

    def __missing__(self, person: str) -> tuple[Browser, str]:
        browser = browser_of(
            self.stage.people[person], enforce_csrf_checks=True, raise_request_exception=False
        )
        page = browser.get("/accounts/logout/").content.decode()  # the shortest page with a form
        token = page.partition('csrfmiddlewaretoken" value="')[2].partition('"')[0]
        assert len(token) == 64
        self[person] = browser, token
        return self[person]


@pytest.fixture
def strict(stage):
    return Strict(stage)


WRITTEN = """
SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
WHERE n_tup_ins + n_tup_upd + n_tup_del > 0
"""


def written() -> dict[str, int]:
    """Table -> rows inserted, changed or removed since the transaction began, taken back or not."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return dict(cursor.fetchall())


def changed(before: dict[str, int], but: tuple[str, ...] = MAY_BE_WRITTEN_BY_A_LOOK) -> set[str]:
    """The tables written to since `before`, but for those that begin like this."""
    wrote = {table for table, rows in written().items() if rows != before.get(table, 0)}
    return {table for table in wrote if not table.startswith(but)}


def through(door: Door, stage: Stage) -> tuple[str, str, dict]:
    """Who gets through, at which address, with what."""
    return door.post.split()[0], address_of(door, stage, False), what_is_sent(door, stage)


def test_what_another_site_sends_is_refused_everywhere_and_changes_nothing(stage, strict):
    """No token; a token of elsewhere; a good token from another origin or, over TLS, from no page of ours."""
    wrong = []
    for door in UNSAFE:
        person, url, sent = through(door, stage)
        browser, good = strict[person]
        tries = {
            "no token": {},
            "another token": {"headers": {"X-CSRFToken": "x" * 64}},
            "another origin": {"headers": {"X-CSRFToken": good, "Origin": "https://evil.example"}},
            "a hidden origin": {"headers": {"X-CSRFToken": good, "Origin": "null"}},
            "another page": {
                "headers": {"X-CSRFToken": good, "Referer": "https://evil.example/"},
                "secure": True,
            },
            "no page": {"headers": {"X-CSRFToken": good}, "secure": True},
        }
        before = written()
        for what, how in tries.items():
            answer = ask(browser, "POST", url, **(sent | how))
            if answer.status_code != 403:
                wrong.append(f"{door.name}, {what}: {answer.status_code}")
        wrong += [f"{door.name} wrote to {table}" for table in changed(before)]
    assert wrong == []


NO_TOKEN = {
    "policy_report",  # a browser reports by itself and has none; it writes one word into the log
    "account_bank_logged_out",  # the provider of the bank's login calls, with a token that it signed
}


def test_nor_is_a_form_of_the_login_or_of_an_account(stage, strict):
    """Those pages are allauth's, and open to who is not logged in."""
    wrong = []
    for door in OPEN:
        url = reverse(door.name, kwargs=door.ids)
        for browser, good in (strict["rita"], (Browser(enforce_csrf_checks=True), "x" * 64)):
            before = written()
            for headers in ({}, {"X-CSRFToken": good, "Origin": "https://evil.example"}):
                answer = ask(browser, "POST", url, headers=headers)
                if (answer.status_code != 403) is (door.name not in NO_TOKEN):
                    wrong.append(f"{door.name}: {answer.status_code}")
            wrong += [f"{door.name} wrote to {table}" for table in changed(before)]
    assert wrong == []


def test_the_same_form_with_its_own_token_gets_through(stage, strict):
    """Else the test above would pass for doors that are always shut."""
    wrong = []
    # What goes behind a barrier no other door opens any more.
    for door in sorted(UNSAFE, key=lambda door: door.on in ("barrier", "proposal")):
        person, url, sent = through(door, stage)
        browser, good = strict[person]
        right = {"headers": {"X-CSRFToken": good, "Origin": "http://testserver"}}
        answer = ask(browser, "POST", url, **(sent | right))
        if answer.status_code not in door.done:
            wrong.append(f"{door.name}: {answer.status_code}")
    assert wrong == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_form_of_another_site_is_no_call_of_the_api(stage, strict, kind):
    """These three kinds a page of another site may send without asking first (no preflight)."""
    doors = [door for door in UNSAFE if door.is_api]
    assert doors
    for door in doors:
        person, url, sent = through(door, stage)
        browser, good = strict[person]
        before = written()
        for headers, status in (
            ({"Origin": "https://evil.example"}, 403),
            ({"X-CSRFToken": good, "Origin": "http://testserver"}, 415),
        ):
            answer = browser.generic(
                "POST", url, json.dumps(sent["data"]), content_type=kind, headers=headers
            )
            assert answer.status_code == status, door.name
        assert changed(before) == set(), door.name


def test_a_look_changes_nothing(stage):
    """PostgreSQL counts what a transaction writes: also an UPDATE that changes no number of rows."""
    wrong, browsers = [], {}
    for door in SAFE:
        url = address_of(door, stage, False)
        people = door.get.split()
        for person, headers in ((people[0], {}), (people[0], {"HX-Request": "true"}), (people[-1], {})):
            if person not in browsers:
                browsers[person] = browser_of(stage.people[person])
            before = written()
            assert browsers[person].get(url, headers=headers).status_code == 200
            wrote = changed(before) - set(ALSO.get(door.name, ()))
            wrong += [f"{door.name} wrote to {table} for {person}" for table in wrote]
    assert wrong == []


def test_the_count_of_what_is_written_sees_a_change(stage):
    """Else a look could not be caught."""
    assert stage.task.title == "Call back"
    before = written()
    stage.task.title = "Call back tomorrow"
    stage.task.save()
    assert changed(before) == {"clients_task"}
