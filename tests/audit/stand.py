"""A database of its own for the audit alone, with its four roles, a sealer and two anchors: to be tampered
with."""

import os
import subprocess
import sys
import time
from functools import partial
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.conf import settings

from audit.seals.anchors import FileAnchor
from audit.seals.chains import AUDIT, HEADER
from audit.seals.checking import check
from audit.seals.sealing import Key, Sealer

URLS = {
    "app": "DATABASE_URL",
    "owner": "DATABASE_OWNER_URL",
    "loader": "DATABASE_LOADER_URL",
    "sealer": "DATABASE_SEALER_URL",
}
TABLES = "audit_event, audit_seal, audit_pulse, audit_anchor, audit_check"
PRIVATE = "11" * 32


def at_database(url, name):
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


class Stand:
    """`owner` stands for the superuser: these tables are the owner's, so it can do to them whatever a
    superuser can
    (the embedded cluster lets no superuser log in)."""

    def __init__(self, name, folder):
        self.name, self.folder, self.opened = name, folder, []
        self.anchors = [FileAnchor(place, folder / place / "seals.log") for place in ("first", "second")]
        self.key = Key(PRIVATE)
        self.app, self.owner = self.connect("app"), self.connect("owner")
        self.run(
            f"ALTER TABLE audit_event DISABLE TRIGGER USER; ALTER TABLE audit_seal DISABLE TRIGGER USER;"
            f"TRUNCATE {TABLES} RESTART IDENTITY;"
            f"ALTER TABLE audit_event ENABLE TRIGGER USER; ALTER TABLE audit_seal ENABLE TRIGGER USER"
        )
        self.sealer = self.new_sealer()

    def connect(self, role):
        connection = psycopg2.connect(at_database(os.environ[URLS[role]], self.name))
        connection.autocommit = True
        self.opened.append(connection)
        return connection

    def new_sealer(self, key=None, anchors=None):
        return Sealer(self.connect("sealer"), key or self.key, self.anchors if anchors is None else anchors)

    def close(self):
        for connection in self.opened:
            connection.close()

    def run(self, sql, *values, role="owner"):
        with getattr(self, role).cursor() as cursor:
            cursor.execute(sql, values or None)
            return cursor.fetchall() if cursor.description else None

    def tamper(self, sql, *values):
        """As a superuser: without triggers."""
        self.run("ALTER TABLE audit_event DISABLE TRIGGER USER; ALTER TABLE audit_seal DISABLE TRIGGER USER")
        try:
            return self.run(sql, *values)
        finally:
            self.run(
                "ALTER TABLE audit_event ENABLE TRIGGER USER; ALTER TABLE audit_seal ENABLE TRIGGER USER"
            )

    def rehash(self, where):
        """Give rows the hash of what they say now, as somebody would who knows the arithmetic."""
        self.tamper(
            "UPDATE audit_event SET payload_hash = sha256(convert_to(payload::text, 'UTF8')) WHERE " + where
        )
        self.tamper(
            f"UPDATE audit_event AS e SET row_hash = sha256(convert_to({HEADER}, 'UTF8')) WHERE e." + where
        )

    def happen(self, *verbs, client_id=7):
        """Events as the application writes them, one transaction each; their numbers."""
        return [
            self.run(
                "INSERT INTO audit_event (verb, by_login, client_id, payload) VALUES (%s, 'rita', %s, %s) "
                "RETURNING id",
                verb,
                client_id,
                '{"clients": [7, 8], "words": "a \\"b\\" \\\\ ü"}',
                role="app",
            )[0][0]
            for verb in verbs
        ]

    def seal(self, *verbs):
        """Each of these events under a seal of its own; (event, seal) of each."""
        pairs = []
        for verb in verbs:
            [event] = self.happen(verb)
            self.sealer.round()
            pairs.append((event, self.sealer.work[0][0].head["number"]))
        return pairs

    def check(self, keys=None, anchors=None, **how):
        url = partial(self.connect, "sealer")
        return check(
            url,
            AUDIT,
            keys=[self.key.public] if keys is None else keys,
            anchors=self.anchors if anchors is None else anchors,
            **how,
        )

    def found_inside(self, **how):
        """What could be found without any anchor; that there should be some is said, too."""
        found = self.found(anchors=[], **how)
        assert ("anchor", None) in found
        return found - {("anchor", None)}

    def found(self, **how):
        """{("event", 3), ("seal", 2), ("anchor", None)}: what the verification names."""
        return {(finding.what, finding.number) for finding in self.check(**how).findings}


def drop(cursor, name):
    """Sessions that were closed take a moment to be gone, and the owner may not end those of other roles."""
    for tries in range(50):
        try:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            return
        except psycopg2.errors.ObjectInUse:
            if tries == 49:
                raise
            time.sleep(0.2)


def make_database(name):
    owner = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    owner.autocommit = True
    with owner.cursor() as cursor:
        drop(cursor, name)
        cursor.execute(f'CREATE DATABASE "{name}"')
    owner.close()
    env = os.environ | {url: at_database(os.environ[url], name) for url in URLS.values()}
    command = [sys.executable, "manage.py", "migrate", "audit", "--verbosity", "0"]
    subprocess.run(command, cwd=settings.BASE_DIR, env=env, check=True)


def drop_database(name):
    owner = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    owner.autocommit = True
    with owner.cursor() as cursor:
        drop(cursor, name)
    owner.close()
