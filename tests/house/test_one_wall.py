"""One wall taken away, each in turn: the other alone serves nothing foreign through any door."""

import pytest
from django.utils import timezone

from clients.access import FileQuerySet, reach
from clients.models import Client
from tests.house.doors import DOORS
from tests.house.standing import *  # noqa: F403
from tests.house.test_doors import address_of, ask
from ui import carrying
from ui.carrying import carry_person

READ = [door for door in DOORS if door.get and not door.name.startswith("suspicion:")]
NAMES = {"anna": "Anna Keller", "omar": "Omar Trading"}


def foreign_names_served(door, stage, logged_in):
    """Who was shown a client of whom they see nothing, or got to a file that is not there for them.

    Asked by those for whom it is foreign: Rita's file by others, a list by who would find more on it.
    """
    wrong = []
    url = address_of(door, stage, False)
    for person in (
        [who for who in ("otto", "ada") if who not in door.seers()] if door.on else ["rita", "otto", "ada"]
    ):
        answer = ask(logged_in[person], "GET", url)
        if door.on and answer.status_code not in (403, 404):
            wrong.append(f"{person}: {answer.status_code}")
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        reached = reach(stage.people[person], timezone.now())
        for client, name in NAMES.items():
            file = getattr(stage.cast, client)
            is_theirs = file.pk not in reached.all_walled and reached.right_to(file.pk, file.book_id)
            if name.encode() in content and not is_theirs:
                wrong.append(f"{person} was shown {name}")
    return wrong


@pytest.mark.parametrize("door", READ, ids=[door.name for door in READ])
def test_without_the_filter_of_the_orm_nothing_foreign_is_served(door, stage, logged_in, monkeypatch):
    address_of(door, stage, False)  # what it is about is made while both walls stand
    monkeypatch.setattr(FileQuerySet, "_within", lambda self, reached: self)
    assert foreign_names_served(door, stage, logged_in) == []


@pytest.mark.parametrize("door", READ, ids=[door.name for door in READ])
def test_without_the_policies_nothing_foreign_is_served(door, stage, logged_in, monkeypatch):
    address_of(door, stage, False)
    every, shown = Client.objects.count(), []

    def everything(person_id, shift=""):
        before = carry_person(None, "night_shift")
        shown.append(Client.objects.count())
        return before

    monkeypatch.setattr(carrying, "carry_person", everything)
    assert foreign_names_served(door, stage, logged_in) == []
    assert set(shown) == {every}  # PostgreSQL did show all there is
