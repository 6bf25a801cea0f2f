"""Every address × method × person × own, foreign and missing object, judged by the table in doors.py."""

import re
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse

from tests.house.doors import DOORS, OPEN, OUTSIDE, PEOPLE, Door
from tests.house.stage import MISSING, Stage
from tests.house.standing import *  # noqa: F403
from tests.house.standing import Browsers

LOGIN = "/accounts/login/"


def all_addresses():
    """URL name -> pattern, for every address that can be asked for."""

    def walk(resolver, namespace, kwargs):
        for pattern in resolver.url_patterns:
            names = [*kwargs, *pattern.pattern.converters]
            if isinstance(pattern, URLPattern):
                yield f"{namespace}{pattern.name}", (pattern, names)
            else:
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from walk(pattern, inner, names)

    return dict(walk(get_resolver(), "", []))


ADDRESSES = all_addresses()
NAMED = [door.name for door in DOORS] + [door.name for door in OPEN]


def address_of(door: Door, stage: Stage, missing: bool) -> str:
    _pattern, names = ADDRESSES[door.name]
    if not names:
        return reverse(door.name) + door.query
    found = getattr(stage, door.on)
    ids = dict(found) if isinstance(found, dict) else {names[0]: found.pk}
    return reverse(door.name, kwargs=dict.fromkeys(ids, MISSING) if missing else ids) + door.query


def what_is_sent(door: Door, stage: Stage, method: str = "POST") -> dict:
    """For the test client: forms as browsers send them, JSON for the API."""
    if method != "POST":
        return {}
    data = door.send(stage) if callable(door.send) else door.send
    return {"data": data} | ({"content_type": "application/json"} if door.is_api else {})


def ask(browser, method, url, **how):
    """The answer, with everything undone that it did."""
    with transaction.atomic():
        answer = (
            browser.generic(method, url)
            if method not in ("GET", "POST")
            else getattr(browser, method.lower())(url, **how)
        )
        transaction.set_rollback(True)
    return answer  # fmt: skip


VARIABLE = re.compile(
    r'csrfmiddlewaretoken" value="[^"]*"|form_key" value="[^"]*"|nonce="[^"]*"|X-CSRFToken": "[^"]*"'
    r"|X-CSRFToken&quot;: &quot;[^&]*&quot;|\b999999\b"
    r'|<text x="[0-9]+" y="[0-9]+">[^<]*</text>'  # the mark with the minute
)


def body(answer, ids) -> str:
    """What the asker reads, without what changes with every page and without the ids that were asked for."""
    text = VARIABLE.sub("", answer.content.decode())
    for pk in (*ids, MISSING):
        text = text.replace(f"/{pk}/", "//")
    return text


# --- the table is whole ----------------------------------------------------------------------------------


def test_every_address_has_a_line_in_the_table():
    assert sorted(set(ADDRESSES) - set(NAMED)) == [], "say in tests/house/doors.py who may go through"


def test_every_line_in_the_table_has_an_address():
    assert sorted(set(NAMED) - set(ADDRESSES)) == []
    assert len(NAMED) == len(set(NAMED))


def test_every_address_has_a_name():
    assert [name for name in ADDRESSES if name.endswith("None")] == []


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_every_view_is_a_page_or_is_open_for_a_reason(name):
    view = ADDRESSES[name][0].callback
    reasons = {door.name: door.because for door in OPEN}
    assert getattr(view, "is_page", False) or reasons.get(name), f"{name}: wrap its view in ui.pages.page"


def test_every_address_with_an_object_says_on_what():
    for door in DOORS:
        assert bool(ADDRESSES[door.name][1]) == bool(door.on), door.name


# --- the walk --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answered:
    status: int
    to: str
    headers: frozenset[str]
    refusal: str  # what is read there, where the door stays shut


class Answers(dict):
    """(door, person, method, missing) -> what was answered: asked once, for all that is judged by it."""

    def __init__(self, stage: Stage, logged_in: Browsers) -> None:
        super().__init__()
        self.stage, self.logged_in, self.texts = stage, logged_in, {}

    def __missing__(self, asked: tuple[str, str, str, bool]) -> Answered:
        name, person, method, missing = asked
        door = next(door for door in DOORS if door.name == name)
        url = address_of(door, self.stage, missing)
        answer = ask(self.logged_in[person], method, url, **what_is_sent(door, self.stage, method))
        found = getattr(self.stage, door.on) if door.on else {}
        ids = found.values() if isinstance(found, dict) else [found.pk]
        text = body(answer, ids) if answer.status_code in (403, 404) else ""
        to, headers = answer.headers.get("Location", ""), frozenset(answer.headers)
        self[asked] = Answered(answer.status_code, to, headers, self.texts.setdefault(text, text))
        return self[asked]


@pytest.fixture(scope="module")
def answers(stage, logged_in):
    return Answers(stage, logged_in)


@pytest.mark.parametrize("door", DOORS, ids=[door.name for door in DOORS])
def test_a_door_opens_for_whom_the_table_says_and_for_nobody_else(door, answers):
    wrong = []
    for missing in (False, True) if door.on else (False,):
        for person in (*door.people, *OUTSIDE):
            for method in ("GET", "POST"):
                answer = answers[door.name, person, method, missing]
                expected = door.expected(person, method, missing)
                to_login = answer.status != 302 or answer.to.startswith(LOGIN)
                if answer.status not in expected or (person in OUTSIDE and not to_login):
                    which = "missing" if missing else "own" if person != "otto" else "foreign"
                    wrong.append(f"{person} {method} {which}: {answer.status}, table says {expected}")
    assert wrong == []


@pytest.mark.parametrize("door", [door for door in DOORS if door.on], ids=lambda door: door.name)
def test_foreign_and_missing_read_the_same(door, answers):
    for person in set(PEOPLE) - door.seers():
        for method in [method for method, who in (("GET", door.get), ("POST", door.post)) if who]:
            foreign, missing = (answers[door.name, person, method, gone] for gone in (False, True))
            unseen = 403 if door.first and person not in door.first.split() else 404
            assert foreign.status == missing.status == unseen, (person, method)
            assert foreign.refusal == missing.refusal != "", (person, method)
            assert foreign.headers == missing.headers


@pytest.mark.parametrize("door", [door for door in DOORS if door.post], ids=lambda door: door.name)
def test_no_form_from_elsewhere_gets_through(door, stage, logged_in):
    answer = ask(logged_in["strict"], "POST", address_of(door, stage, False), **what_is_sent(door, stage))
    assert answer.status_code == 403


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_other_methods_are_not_offered(door, stage, logged_in):
    url = address_of(door, stage, False)
    for person in ("rita", "otto"):
        for method in ("HEAD", "PUT", "PATCH", "DELETE", "TRACE"):
            answer = ask(logged_in[person], method, url)
            assert answer.status_code in ((405, 200, 403, 404) if method == "HEAD" else (405,)), (
                person,
                method,
            )
            assert method != "HEAD" or not answer.content


@pytest.mark.parametrize("door", OPEN, ids=lambda door: door.name)
def test_an_open_door_answers_who_is_outside_and_who_is_inside(door, stage, logged_in):
    for person, expected in (("anonymous", door.status[0]), ("rita", door.status[1])):
        assert ask(logged_in[person], "GET", reverse(door.name, kwargs=door.ids)).status_code in expected, (
            person
        )


def test_no_page_is_kept_in_a_cache_and_every_page_has_the_policy(stage, logged_in):
    for door in DOORS:
        if "rita" in door.get:
            answer = ask(logged_in["rita"], "GET", address_of(door, stage, False))
            assert answer.headers["Cache-Control"] == "no-store", door.name
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy, door.name
            assert "unsafe" not in policy, door.name
