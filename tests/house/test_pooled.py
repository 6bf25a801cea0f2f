"""T3. Many requests of two people over the same few connections to the database: none is shown what the other
may see. Served as in production (one connection a process), and by threads that share a process too.

In every run tests/house/test_two_walls.py does the same in one thread.
"""

import http.client
import random
import threading

import pytest
from django.conf import settings
from django.db import connection

from clients.actions import index_file
from tests.cast import browser_of, make_cast
from tests.drills import drill, tell


def asked_for(cast):
    """(person, address, status, whose name stands there; whose does not)."""
    for person, own, foreign in ((cast.rita, cast.anna, cast.omar), (cast.otto, cast.omar, cast.anna)):
        yield person, "/clients/", 200, own, foreign
        yield person, "/api/v1/clients/", 200, own, foreign
        yield person, f"/clients/?sort=-value&name={own.name.split()[0]}", 200, own, foreign
        yield person, "/search/?q=keller+omar", 200, None, foreign
        yield person, f"/clients/{own.pk}/", 200, own, foreign
        yield person, f"/api/v1/clients/{own.pk}/", 200, own, foreign
        yield person, f"/clients/{foreign.pk}/", 404, None, foreign
        yield person, f"/api/v1/clients/{foreign.pk}/", 404, None, foreign


class Asker(threading.Thread):
    """One kept connection to the web server, over which both ask in no order."""

    def __init__(self, port, cookies, requests, times, seed):
        super().__init__()
        self.port, self.cookies, self.requests, self.times = port, cookies, requests, times
        self.chance = random.Random(seed)
        self.wrong, self.asked, self.turns = [], 0, 0

    def run(self):
        link, last = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60), None
        while self.asked < self.times:
            person, url, status, own, foreign = self.chance.choice(self.requests)
            link.request("GET", url, headers={"Cookie": self.cookies[person.pk], "Host": "localhost"})
            answer = link.getresponse()
            text = answer.read().decode()
            self.asked += 1
            self.turns += last not in (None, person)
            last = person
            if answer.status != status or foreign.name in text or (own and own.name not in text):
                self.wrong.append(f"{person.login} {url}: {answer.status}")
        link.close()


@drill
@pytest.mark.parametrize(("threads", "many"), [(1, 10_000), (4, 2_500)])
def test_two_people_over_the_same_connections_are_shown_their_own(served, threads, many):
    cast = make_cast()
    seed, port = random.SystemRandom().randrange(10**6), served(threads=threads)
    name = settings.SESSION_COOKIE_NAME
    cookies = {
        person.pk: f"{name}={browser_of(person).cookies[name].value}" for person in (cast.rita, cast.otto)
    }
    for file in (cast.anna, cast.omar):
        index_file(file)
    requests = list(asked_for(cast))
    askers = [Asker(port, cookies, requests, many // 4, seed + at) for at in range(4)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND usename = current_user AND pid <> pg_backend_pid()"
        )
        ((lines,),) = cursor.fetchall()
    tell(
        "T3", seed=seed, threads=threads, requests=sum(asker.asked for asker in askers),
        turns=sum(asker.turns for asker in askers), connections=lines,
        wrong=sum(len(asker.wrong) for asker in askers),
    )  # fmt: skip
    assert [line for asker in askers for line in asker.wrong] == []
    assert sum(asker.asked for asker in askers) >= many
    assert sum(asker.turns for asker in askers) > many / 3
    assert 0 < lines <= 2 * threads
