"""GET /healthz: 200 only when database, Redis, worker and beat are alive, else 503 naming which is not."""

import pytest
from django.core.cache import cache
from django.db import DatabaseError

from rmcrm.celery import _beat_lives, _worker_lives, alive

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _all_alive(settings):
    """Signs of life in a Redis database of the tests' own."""
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"KEY_PREFIX": "test_health"},
    }
    _worker_lives()
    _beat_lives()


def missing(client):
    answer = client.get("/healthz")
    body = answer.json()
    assert answer.status_code == (200 if body["ok"] else 503)
    return body["missing"]


def test_all_is_well_without_a_login(client):
    assert missing(client) == []


@pytest.mark.parametrize("part", ["worker", "beat"])
def test_a_part_without_a_sign_of_life_is_named(client, part):
    cache.delete(f"alive:{part}")
    assert missing(client) == [part]


def test_a_sign_of_life_fades(client):
    alive("worker")
    cache.touch("alive:worker", 0)
    assert missing(client) == ["worker"]


def test_without_redis_nobody_can_say_that_they_live(client, settings):
    nobody_there = {"LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": settings.CACHES["default"] | nobody_there}
    assert missing(client) == ["redis", "worker", "beat"]


def test_without_the_database(client, monkeypatch):
    from rmcrm import health

    class Away:
        def cursor(self):
            raise DatabaseError

    monkeypatch.setattr(health, "connection", Away())
    assert missing(client) == ["database"]
