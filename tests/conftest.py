"""The stage: PostgreSQL as in production (the owner migrates, the application uses it) and the cast."""

import os

import pytest
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as property_tests

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright runs an event loop in the test's thread

# How long an example takes says on a busy machine nothing about the code.
property_tests.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
property_tests.load_profile("house")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    """Make the test database and migrate it as the owner; go on as the application."""
    from django.db import connection

    from rmcrm.settings import database, env

    with django_db_blocker.unblock():
        application = dict(connection.settings_dict)
        owner = database(env("DATABASE_OWNER_URL"))
        connection.close()
        connection.settings_dict.update({key: owner[key] for key in ("USER", "PASSWORD", "HOST", "PORT")})
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        _remember_seeded_tables(connection)
        connection.close()
        connection.settings_dict.update(
            {key: application[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
        )
    yield
    with django_db_blocker.unblock():
        connection.close()


# --- tests that commit -----------------------------------------------------------------------------------
# Django cleans up after them by TRUNCATE, which the application role may not do, and would empty what
# migrations filled. So the owner cleans, and leaves those tables and the append-only audit alone.
SEEDED = {"suspicion_event", "suspicion_seal", "django_migrations"}


def _remember_seeded_tables(connection):
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}")')
            if cursor.fetchone()[0]:
                SEEDED.add(table)


def _clean_as_owner(self):
    import psycopg2
    from django.db import connection

    from rmcrm.settings import database, env

    owner = database(env("DATABASE_OWNER_URL"))
    with connection.cursor() as cursor:
        tables = [t for t in connection.introspection.table_names(cursor) if t not in SEEDED]
    tables = [table for table in tables if not table.startswith("audit_")]
    place = {key.lower(): owner[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
    as_owner = psycopg2.connect(dbname=connection.settings_dict["NAME"], **place)
    with as_owner, as_owner.cursor() as cursor:
        cursor.execute("SET lock_timeout = '10s'")
        cursor.execute("TRUNCATE " + ", ".join(f'"{table}"' for table in tables) + " RESTART IDENTITY")
    as_owner.close()


@pytest.fixture(scope="session", autouse=True)
def _owner_cleans_up():
    from django.test import TransactionTestCase

    TransactionTestCase._fixture_teardown = _clean_as_owner


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _own_uploads(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "uploads"},
        }
    }


@pytest.fixture(scope="session", autouse=True)
def _test_mode():
    assert settings.MODE == "test", "Run the tests with bin/test (or RMCRM_MODE=test)."


@pytest.fixture
def cast(db):
    """Rita the RM, Theo her lead, Cora from compliance, Otto an RM of another team, and their clients."""
    from tests.cast import make_cast

    return make_cast()


for _name in ("rita", "theo", "cora", "otto", "ada", "anna", "omar"):
    exec(f"@pytest.fixture\ndef {_name}(cast):\n    return cast.{_name}\n")  # one fixture a person, by name


@pytest.fixture
def page_of(client):
    """`page_of(rita).get(url)`: Django's test client, logged in as that person."""
    from tests.cast import browser_of

    return browser_of
