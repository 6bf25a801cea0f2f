"""The stage: PostgreSQL as in production (the owner migrates, the application uses it) and the cast."""

import ast
import gc
import hashlib
import os
from contextlib import closing, suppress
from functools import partial
from threading import get_ident

import psycopg2
import pytest
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as property_tests

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright runs an event loop in the test's thread

# How long an example takes says on a busy machine nothing about the code.
property_tests.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
property_tests.load_profile("house")


# --- the second wall -------------------------------------------------------------------------------------
# A test makes and reads rows as who sees every book: its connections carry that for the session. Requests do
# not: each begins with nobody, as in production, and the page carries who asks. Jobs and sweeps carry theirs.
@pytest.fixture(scope="session", autouse=True)
def _tests_see_every_book():
    from django.core.handlers.base import BaseHandler
    from django.db.backends.signals import connection_created

    def see(every, connection):
        with connection.connection.cursor() as cursor:  # past Django's, which counts
            value = "all" if every else ""
            cursor.execute(
                "SELECT set_config('rmcrm.reach', %s, false), set_config('rmcrm.barriers', %s, false)",
                [value] * 2,
            )

    answering = set()  # the threads that serve a request

    def tell(connection, **_):
        with connection.connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '60s'")  # a row that nobody lets go of fails its test
        see(get_ident() not in answering, connection)

    get_response = BaseHandler.get_response

    def from_nobody(self, request):
        from django.db import connection

        answering.add(get_ident())
        if connection.connection is not None:
            see(False, connection)
        try:
            return get_response(self, request)
        finally:
            answering.discard(get_ident())
            if connection.connection is not None:
                with suppress(psycopg2.Error):
                    see(True, connection)

    connection_created.connect(tell, weak=False)
    BaseHandler.get_response = from_nobody


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    """Make the test database and migrate it as the owner; go on as the application."""
    from django.db import connection
    from django.db.backends.signals import connection_created

    from rmcrm.settings import database, env
    from rmcrm.standing import watch

    # The owner migrates here, in a process that is the application's.
    connection_created.disconnect(dispatch_uid="standing")
    with django_db_blocker.unblock():
        application = dict(connection.settings_dict)
        owner = database(env("DATABASE_OWNER_URL"))
        connection.close()
        connection.settings_dict.update({key: owner[key] for key in ("USER", "PASSWORD", "HOST", "PORT")})
        _copy_of_the_migrated(connection)
        _remember_seeded_tables(connection)
        connection.close()
        connection.settings_dict.update(
            {key: application[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
        )
    watch()
    yield
    with django_db_blocker.unblock():
        connection.close()


def _copy_of_the_migrated(connection):
    """Migrations run once for this state of the product; what tests write in is a copy of that database."""
    create = partial(connection.creation.create_test_db, verbosity=0, autoclobber=True, serialize=False)
    names, migrated = connection.settings_dict["TEST"], f"migrated_{_digest_of_the_tables()}"
    mine, making = names["NAME"], "migrated_in_the_making"
    place = {key.lower(): connection.settings_dict[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
    beside = psycopg2.connect(dbname=connection.settings_dict["NAME"], **place)
    beside.autocommit = True
    with closing(beside), beside.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('migrated'))")  # the other lane wants the same
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'migrated\\_%'")
        found = {name for (name,) in cursor.fetchall()}
        if migrated not in found:
            for old in found:
                cursor.execute(f'DROP DATABASE "{old}"')
            names["NAME"] = making
            create()
            connection.close()
            cursor.execute(f'ALTER DATABASE "{making}" RENAME TO "{migrated}"')
        names.update(NAME=mine, TEMPLATE=migrated)
        create()


def _digest_of_the_tables():
    """All that makes the tables: packages, settings, models, migrations, and what of ours these import."""
    home = settings.BASE_DIR
    parts = ("*/migrations/*.py", "*/models/*.py", "*/models.py", "rmcrm/**/*.py")
    ahead, seen = [path for part in parts for path in home.glob(part)], {home / "requirements.txt"}
    while ahead:
        path = ahead.pop()
        if path not in seen:
            seen.add(path)
            ahead += (file for name in _imported_by(path) for file in _files_of_module(home, name))
    told = hashlib.sha256()
    for path in sorted(seen):
        told.update(str(path).encode() + path.read_bytes())
    return told.hexdigest()[:16]


def _imported_by(path):
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (node.module, *(f"{node.module}.{each.name}" for each in node.names))


def _files_of_module(home, name):
    place = home.joinpath(*name.split("."))
    return [file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()]


@pytest.fixture(scope="session", autouse=True)
def _little_garbage():
    """What was loaded stays: to look through it for garbage again and again takes a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


# --- tests that commit -----------------------------------------------------------------------------------
# Django cleans up after them by TRUNCATE, which the application role may not do, and would empty what
# migrations filled. So the owner cleans, and leaves those tables and the append-only audit alone. Rules are
# of both kinds: the packs of the migrations stay, what a test drafted goes.
SEEDED = {"suspicion_event", "suspicion_seal", "django_migrations"}
PACKS: list[int] = []


def _remember_seeded_tables(connection):
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}")')
            if cursor.fetchone()[0]:
                SEEDED.add(table)
        cursor.execute("SELECT id FROM rulebook_rulepack")
        PACKS.extend(pk for (pk,) in cursor.fetchall())


def _clean_as_owner(self):
    from django.db import connection

    from rmcrm.settings import database, env

    owner = database(env("DATABASE_OWNER_URL"))
    with connection.cursor() as cursor:
        tables = [t for t in connection.introspection.table_names(cursor) if t not in SEEDED]
    tables = [table for table in tables if not table.startswith("audit_")]
    names = ", ".join(f'"{table}"' for table in tables)
    place = {key.lower(): owner[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
    as_owner = psycopg2.connect(dbname=connection.settings_dict["NAME"], **place)
    for chance in range(5):  # a page asked for last may still be answered, and hold a table
        try:
            with as_owner, as_owner.cursor() as cursor:
                cursor.execute("SET lock_timeout = '10s'")
                cursor.execute(f"TRUNCATE {names} RESTART IDENTITY")
                cursor.execute("ALTER TABLE rulebook_rulepack DISABLE TRIGGER USER")
                cursor.execute("DELETE FROM rulebook_rulepack WHERE id <> ALL(%s)", [PACKS])
                cursor.execute("ALTER TABLE rulebook_rulepack ENABLE TRIGGER USER")
            break
        except psycopg2.errors.DeadlockDetected:
            if chance == 4:
                raise
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
def _static_files_are_looked_for_once():
    """Each browser of a test begins with middleware of its own, and that looks through all static files."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    look, found = WhiteNoiseMiddleware.add_files_from_finders, {}

    def add_files(self):
        if not found:
            look(self)
            found.update(self.files)
        self.files.update(found)

    WhiteNoiseMiddleware.add_files_from_finders = add_files


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
