"""Who does not see Rita's file asks again for all that those who do were shown, and for every id on it.

Otto of another team, Ada who keeps the system, Paul who worked the book and Lea who was lent the client, both
until yesterday. Each address of the table with each id, by each method, as a page and as a part; each link,
form and part that the pages named, with its query. They get none of it, and nothing on the file changes. A
sample in every run; all of it, some 30,000 requests, with RMCRM_DRILLS=1.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from clients.models import Client, ClientGrant
from staff.models import BookMember
from staff.roles import Role
from tests.cast import LONG_AGO, browser_of, lend, make_person
from tests.drills import DRILL, tell
from tests.house.doors import DOORS, Door
from tests.house.stage import Stage
from tests.house.test_doors import ADDRESSES, address_of, what_is_sent
from tests.house.test_forgery import changed, written

SAMPLE, SEED = 300, 20261129
DOOR = {door.name: door for door in DOORS}
WITH_IDS = [door for door in DOORS if door.on and door.on != "pack_name"]
# What stands on Rita's file, on the stage: none of it may come back to who does not see the file.
CANARIES = (
    "Anna Keller", "Beat Keller", "+41446681801", "paper.pdf", "Cash in small notes", "Known for years",
    "A fine was paid", "Call back", "C-0000001",
)  # fmt: skip


@dataclass(frozen=True)
class Request:
    by: str
    method: str
    url: str
    door: str
    part: bool = False
    body: dict = field(default_factory=dict, compare=False)

    def __str__(self) -> str:
        return f"{self.by} {self.method}{' (part)' if self.part else ''} {self.url}"


OUTSIDERS = ("otto", "ada", "paul", "lea")


@pytest.fixture
def stage(cast):
    stage, now = Stage(cast), timezone.now()
    paul, lea = (make_person(name, Role.RM, cast.otto.team) for name in ("paul", "lea"))
    stage.people |= {"paul": paul, "lea": lea}
    worked = (LONG_AGO, now - timedelta(days=1))
    BookMember.objects.create(book=cast.rita_book, user=paul, role="deputy", during=worked)
    lend(cast.anna, lea, cast.theo, starts_at=LONG_AGO, ends_at=now - timedelta(days=1))
    return stage


def ids_of(stage: Stage) -> list[int]:
    """Every id that an address of Rita's file carries, and what one would try beside them."""
    found = set(range(1, 16))
    for door in WITH_IDS:
        thing = getattr(stage, door.on)
        values = thing.values() if isinstance(thing, dict) else [thing.pk]
        found |= {value for value in values if isinstance(value, int)}
    return sorted(found)


def ottos(stage: Stage) -> Callable[[Request], bool]:
    """What Otto asks of a file of his own, which is no business of this test."""
    files = Client.objects.filter(book=stage.cast.otto_book)
    of = {
        "client_id": {*files.values_list("pk", flat=True)},
        "born": {*files.values_list("parties", flat=True)},
        "grant_id": {*ClientGrant.objects.filter(content_object__in=files).values_list("pk", flat=True)},
    }

    def is_his(request: Request) -> bool:
        asked = resolve(request.url.partition("?")[0]).kwargs
        asked |= {asked["kind"]: asked["pk"]} if "kind" in asked and "pk" in asked else {}
        return request.by == "otto" and any(asked.get(name) in ids for name, ids in of.items())

    return is_his


def by_the_table(stage: Stage):
    """Every address with every id, for everybody who sees nothing of Rita's."""
    for door in WITH_IDS:
        names, thing = ADDRESSES[door.name][1], getattr(stage, door.on)
        given = thing if isinstance(thing, dict) else {}
        words = {key: value for key, value in given.items() if isinstance(value, str)}
        urls = {address_of(door, stage, False)}
        urls |= {
            reverse(door.name, kwargs=dict.fromkeys(names, pk) | words) + door.query for pk in ids_of(stage)
        }
        body = what_is_sent(door, stage) if door.post else {}
        for url in sorted(urls):
            for by in OUTSIDERS:
                for part in (False, True):
                    yield Request(by, "GET", url, door.name, part)
                    yield Request(by, "POST", url, door.name, part, body)
                yield Request(by, "HEAD", url, door.name)


LINK = re.compile(r"""(?:href|src|action|hx-get|hx-post|hx-delete|data-href)=["'](/[^"'#]*)""")


def as_recorded(stage: Stage):
    """Every address that the pages of those who see the file named, lists with their filters too."""
    seen = set()
    for person in ("rita", "lena", "theo", "cora") if DRILL else ("rita", "cora"):
        browser = browser_of(stage.people[person])
        for door in DOORS:
            if person in door.get.split():
                answer = browser.get(address_of(door, stage, False))
                if not answer.streaming:
                    seen |= {unescape(link) for link in LINK.findall(answer.content.decode(errors="replace"))}
    for url in sorted(seen):
        name = name_of(url)
        if name in DOOR:
            for method in ("GET", "POST"):
                yield Request("otto", method, url, name)
                yield Request("otto", method, url, name, part=True)


def name_of(url: str) -> str:
    try:
        return resolve(url.partition("?")[0]).view_name
    except Resolver404:
        return ""


def is_refused(request: Request, door: Door, status: int) -> bool:
    """An address with an id that is not his is refused; a list is shown, and must be without Rita's."""
    if not door.on:
        return True
    return status in (403, 404, 405) or (door.gone_is_done and status in (204, 303))


def file_of(client: Client) -> list:
    """Every row on the file, as PostgreSQL writes it out."""
    rows = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            path = getattr(model, "client_path", None)
            if path in ("", "client"):
                column = "id" if path == "" else "client_id"
                table = model._meta.db_table
                cursor.execute(f'SELECT t::text FROM "{table}" t WHERE "{column}" = %s', [client.pk])
                rows += sorted(cursor.fetchall())
    return rows


def replayed(requests: list[Request], stage: Stage) -> list[str]:
    """What came back that should not have, and what changed."""
    browsers, wrong, before = {}, [], file_of(stage.client)
    assert len(before) > 20
    for request in requests:
        if request.by not in browsers:
            browsers[request.by] = browser_of(stage.people[request.by], raise_request_exception=False)
        headers = {"HX-Request": "true"} if request.part else {}
        ask = getattr(browsers[request.by], request.method.lower())
        with transaction.atomic():
            stand = written()
            answer = ask(request.url, headers=headers, **request.body)
            touched = changed(stand)
            if touched and file_of(stage.client) != before:
                wrong.append(f"{request} changed the file: {sorted(touched)}")
            transaction.set_rollback(True)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = body.decode(errors="replace")
        wrong += [f"{request} told {word!r}" for word in CANARIES if word in text and word not in request.url]
        if not is_refused(request, DOOR[request.door], answer.status_code):
            wrong.append(f"{request}: {answer.status_code}")
    return wrong


def everything(stage: Stage) -> list[Request]:
    asked, is_his = [*by_the_table(stage), *as_recorded(stage)], ottos(stage)
    return list(dict.fromkeys(each for each in asked if not is_his(each)))


def test_who_does_not_see_the_file_gets_nothing_of_it_by_any_address(stage, settings):
    requests = everything(stage)
    assert len(requests) >= 20_000
    if not DRILL:
        requests = random.Random(SEED).sample(requests, SAMPLE)
    wrong = replayed(requests, stage)
    tell("T5", requests=len(requests), addresses=len({each.door for each in requests}), wrong=len(wrong))
    assert wrong == []


def test_the_replay_sees_what_it_looks_for(stage, monkeypatch):
    """With Otto working Rita's book the same requests come through, are told and change the file."""
    requests = [
        each
        for each in everything(stage)
        if each.by == "otto" and each.door in ("client", "clients:task_new")
    ]
    assert replayed(requests, stage) == []
    BookMember.objects.create(
        book=stage.cast.rita_book, user=stage.cast.otto, role="deputy", during=(LONG_AGO, None)
    )
    found = "\n".join(replayed(requests, stage))
    for what in ("told 'Anna Keller'", "changed the file", ": 200"):
        assert what in found
