"""GET /healthz: 200 only when database, sealer, Redis, worker and beat are alive, else 503 naming which is
not."""

import psycopg2
import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection

from rmcrm.celery import _beat_lives, _worker_lives, alive
from rmcrm.settings import database, env

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _all_alive(settings, db):
    """Signs of life in a Redis database of the tests' own."""
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"KEY_PREFIX": "test_health"},
    }
    _worker_lives()
    _beat_lives()
    pulse("0 seconds")


def pulse(ago: str) -> None:
    """What the sealer says of itself, once a second."""
    sealer = database(env("DATABASE_SEALER_URL"))
    place = {key.lower(): sealer[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
    with (
        psycopg2.connect(dbname=connection.settings_dict["NAME"], **place) as there,
        there.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO audit_pulse (chain, at) VALUES ('audit', now() - %s::interval) "
            "ON CONFLICT (chain) DO UPDATE SET at = EXCLUDED.at",
            [ago],
        )
    there.close()


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


def test_a_sealer_that_said_nothing_for_five_seconds_is_named(client):
    pulse("5 seconds")
    assert missing(client) == ["sealer"]


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
    assert missing(client) == ["database", "sealer"]
