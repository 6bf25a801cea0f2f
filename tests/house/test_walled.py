"""Every page and every address of the API, asked by who reaches a file by role or team and stands before its
barrier: as if the file were not there, also with one of the two walls taken away."""

import pytest

from clients import access
from clients.access import FileQuerySet
from tests.cast import raise_barrier
from tests.house.doors import SEERS
from tests.house.stage import Stage
from tests.house.standing import Browsers
from tests.house.test_doors import address_of, ask
from tests.house.test_one_wall import READ
from ui import carrying
from ui.carrying import carry_person

OUTSIDERS = {"orm": ("theo", "cora"), "postgresql": ("cora", "theo")}


@pytest.mark.parametrize("wall", ["orm", "postgresql"])
def test_a_file_behind_a_barrier_is_nowhere_for_who_is_outside(cast, monkeypatch, wall):
    """The wall that is named stands alone."""
    stage = Stage(cast)
    addresses = {door.name: address_of(door, stage, False) for door in READ}
    raise_barrier([cast.anna], [cast.rita])
    if wall == "postgresql":
        monkeypatch.setattr(FileQuerySet, "_within", lambda self, reached: self)
        monkeypatch.setattr(access, "_without_walled", lambda rows, field, reached: rows)
    else:
        monkeypatch.setattr(
            carrying, "carry_person", lambda person_id, shift="": carry_person(None, "night_shift")
        )
    browsers, wrong, asked = Browsers(stage), [], 0
    for door in READ:
        person = next((who for who in OUTSIDERS[wall] if who in door.get.split()), None)
        if person is None:
            continue
        answer = ask(browsers[person], "GET", addresses[door.name])
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        asked += 1
        if b"Anna Keller" in content or cast.anna.number.encode() in content:
            wrong.append(f"{door.name}: {person} was shown the client")
        if door.on and door.seers() == set(SEERS.split()) and answer.status_code not in (403, 404):
            wrong.append(f"{door.name}: {person} got {answer.status_code}")
    assert wrong == [], "\n" + "\n".join(wrong)
    assert asked > 100
    assert ask(browsers["rita"], "GET", addresses["client"]).status_code == 200
