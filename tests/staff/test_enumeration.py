"""Nobody learns at the login who works here: not by a word, a status or the time it takes (T13)."""

import re
import statistics
import time

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from tests.cast import make_person
from tests.drills import DRILL, tell
from tests.staff.comers import PASSWORD, attempt

ROUNDS = 500 if DRILL else 15


@pytest.fixture
def argon(settings):
    """As in production; the other tests hash quickly."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    cache.clear()


@pytest.fixture
def staff(argon, cast):
    """Rita; Dora, who is disabled; Sven, who comes in by the bank's identity provider and has no password."""
    dora, sven = make_person("dora", "rm", is_active=False), make_person("sven", "rm")
    for person in (cast.rita, dora):
        person.set_password(PASSWORD)
        person.save()
    return {"known": "rita", "disabled": "dora", "without": sven.login, "unknown": "nobody"}


# A nonce, the second of the answer, and how long the login is that was typed.
NEW_EACH_TIME = {"Content-Security-Policy", "Expires", "Content-Length"}


def shown(login, password, number=0):
    answer = attempt(Browser(REMOTE_ADDR=f"10.9.{number >> 8}.{number & 255}"), password, login)
    text = re.sub(r'(csrfmiddlewaretoken" value=|nonce=|X-CSRFToken": )"[^"]*"', "", answer.content.decode())
    headers = {name: value for name, value in answer.headers.items() if name not in NEW_EACH_TIME}
    return answer.status_code, headers, text.replace(login, "LOGIN").replace(str(len(answer.content)), "")


def test_known_unknown_disabled_and_without_a_password_read_the_same(staff):
    answers = {kind: shown(login, "wrong password here") for kind, login in staff.items()}
    assert len({status for status, _headers, _text in answers.values()}) == 1
    assert len({text for _status, _headers, text in answers.values()}) == 1
    assert len({tuple(sorted(headers.items())) for _status, headers, _text in answers.values()}) == 1


def test_a_disabled_person_with_the_right_password_reads_what_a_stranger_reads(staff):
    assert shown("dora", PASSWORD)[2] == shown("nobody", PASSWORD)[2]


@pytest.mark.slow
def test_nor_does_the_time_tell(staff):
    """Medians of many tries each, taken in turn. The drill holds a watch to it, to ten milliseconds; a
    machine that does other things too blurs a third of a second of hashing by more, so there the work is
    compared: the processor's time to a sixth (a hash more or less would be all of it), the questions to the
    database one by one."""
    clock, apart = (time.perf_counter, 10) if DRILL else (time.process_time, 50)
    spent, asked = {kind: [] for kind in staff}, {}
    for number in range(ROUNDS):
        for kind, login in staff.items():
            begun = clock()
            with CaptureQueriesContext(connection) as queries:
                shown(login, "wrong password here", number)
            spent[kind].append(clock() - begun)
            asked[kind] = [re.sub(r"\d+", "?", query["sql"].strip())[:40] for query in queries]
    medians = {kind: statistics.median(times) * 1000 for kind, times in spent.items()}
    tell("T13", rounds=ROUNDS, **{kind: f"{median:.1f} ms" for kind, median in medians.items()})
    assert min(medians.values()) > 5, "no password was hashed"
    assert max(medians.values()) - min(medians.values()) <= apart, medians
    assert all(questions == asked["known"] for questions in asked.values()), asked
