"""To another machine by TLS alone, and only to whom the installation's own authority vouches for (V12.3)."""

import contextlib
import importlib.util
import os
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from datetime import timedelta
from http.client import HTTPException
from pathlib import Path

import psycopg2
import pytest
import redis
from cryptography import x509
from django.conf import settings
from django.db import OperationalError, connection
from django.db.utils import ConnectionHandler
from kombu import Connection

from audit.seals.connecting import apart
from rmcrm import rules
from rmcrm.management.commands import make_bank
from rmcrm.settings import database
from tests.deploy.test_production_settings import load
from tests.rmcrm.fronts import Front, serving, to_socket

_spec = importlib.util.spec_from_file_location("make_secrets", settings.BASE_DIR / "deploy/make_secrets.py")
make_secrets = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(make_secrets)


def written(folder, files):
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o600)  # libpq reads a key that its user alone reads
    return folder


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """The certificates that docker-compose.yml runs with."""
    return written(tmp_path_factory.mktemp("ours"), make_secrets.certificates())


@pytest.fixture(scope="module")
def others(tmp_path_factory):
    """Of another authority, for the same names: what somebody in the middle has."""
    return written(tmp_path_factory.mktemp("others"), make_secrets.certificates())


@pytest.fixture
def before():
    """Fronts that a test puts up; gone with it."""
    up = []

    def put(behind, context, **how):
        up.append(Front(behind, context, **how))
        return up[-1]

    yield put
    for each in up:
        each.stop()


# --- PostgreSQL ---------------------------------------------------------------------------------------------


@pytest.fixture
def postgres(before, db):
    place = connection.settings_dict

    def put(context):
        path = f"{place['HOST']}/.s.PGSQL.{place['PORT'] or 5432}"
        if not place["HOST"].startswith("/"):
            pytest.skip("the tests' PostgreSQL listens on no socket")
        return before(to_socket(path), context, asks=True)

    return put


def url_of(front, more, host="localhost"):
    place = connection.settings_dict
    return f"postgres://{place['USER']}:{place['PASSWORD']}@{host}:{front.port}/{place['NAME']}?{more}"


def ask(front, more, host="localhost"):
    """One question through the front, as the application asks; was it over TLS?"""
    url = url_of(front, more, host)
    read = rules.read_database(url) | {"ENGINE": "django.db.backends.postgresql"}
    read["OPTIONS"] |= {"connect_timeout": 5}
    handler = ConnectionHandler({"default": read})
    try:
        with handler["default"].cursor() as cursor:
            cursor.execute("SELECT 1")
        return handler["default"].connection.info.ssl_in_use
    finally:
        handler.close_all()


def test_postgres_is_reached_by_tls_as_the_shape_makes_it(postgres, ours):
    front = postgres(serving(ours / "postgres_cert", ours / "postgres_key"))
    assert ask(front, f"sslmode=verify-full&sslrootcert={ours}/ca_cert") is True
    assert front.served == 1


def test_postgres_is_not_believed_with_a_certificate_of_somebody_else(postgres, ours, others):
    front = postgres(serving(others / "postgres_cert", others / "postgres_key"))
    with pytest.raises(OperationalError, match="certificate verify failed"):
        ask(front, f"sslmode=verify-full&sslrootcert={ours}/ca_cert")
    assert front.served == 0


def test_no_connection_of_ours_leaves_that_out(postgres, ours, others):
    """Beside Django's there are two: what reads the audit's two streams, and what fills a bank."""
    ways = {
        "audit": lambda url: apart(ConnectionHandler({"default": database(url)})["default"]),
        "a bank": make_bank.connect,
    }
    for what, connect in ways.items():
        front = postgres(serving(ours / "postgres_cert", ours / "postgres_key", believes=ours / "ca_cert"))
        mine = f"sslcert={ours}/app_login&sslkey={ours}/app_login"
        with contextlib.closing(
            connect(url_of(front, f"sslmode=verify-full&sslrootcert={ours}/ca_cert&{mine}"))
        ) as made:
            assert made.info.ssl_in_use, what
        with pytest.raises(psycopg2.OperationalError, match="certificate verify failed"):
            connect(url_of(front, f"sslmode=verify-full&sslrootcert={others}/ca_cert&{mine}"))
        assert front.served == 1, what


def test_nor_with_a_good_one_of_another_name(postgres, ours):
    front = postgres(serving(ours / "postgres_cert", ours / "postgres_key"))
    with pytest.raises(OperationalError, match=r"127\.0\.0\.1"):
        ask(front, f"sslmode=verify-full&sslrootcert={ours}/ca_cert", host="127.0.0.1")


def test_nor_without_one_and_the_password_is_not_sent_in_plain(postgres, ours):
    front = postgres(None)
    with pytest.raises(OperationalError, match="does not support SSL"):
        ask(front, f"sslmode=verify-full&sslrootcert={ours}/ca_cert")
    assert front.in_plain == b""


def test_the_database_lets_in_who_brings_a_certificate_of_this_installation(postgres, ours, others):
    """V13.2.1: no unchanging word, but what is renewed; PostgreSQL reads the role off it."""
    front = postgres(serving(ours / "postgres_cert", ours / "postgres_key", believes=ours / "ca_cert"))
    ends = f"sslmode=verify-full&sslrootcert={ours}/ca_cert"
    for key, certificate in (
        ("none", "none"),
        (others / "app_login", others / "app_login"),
        (ours / "web_key", ours / "web_cert"),  # a server's is for serving
    ):
        with pytest.raises(OperationalError):
            ask(front, f"{ends}&sslcert={certificate}&sslkey={key}")
    assert front.served == 0
    mine = ours / "app_login"
    assert ask(front, f"{ends}&sslcert={mine}&sslkey={mine}") is True


# --- Redis --------------------------------------------------------------------------------------------------


@pytest.fixture
def broker(before):
    place = redis.connection.parse_url(settings.REDIS_URL)
    if "port" not in place:
        pytest.skip("the tests' Redis listens on no port")

    def put(context):
        return before(lambda: socket.create_connection((place["host"], place["port"])), context)

    return put


def redis_url(front, more, host="localhost"):
    word = redis.connection.parse_url(settings.REDIS_URL).get("password", "")
    return f"rediss://:{word}@{host}:{front.port}/0?{more}"


def by_redis(url):
    client = redis.Redis.from_url(url, socket_timeout=5)
    try:
        return client.ping()
    finally:
        client.close()


def by_celery(url):
    with Connection(url, ssl=rules.celerys_tls(url), transport_options={"max_retries": 0}) as broker:
        broker.connect()
        return True


WAYS = pytest.mark.parametrize("way", [by_redis, by_celery])


@WAYS
def test_redis_is_reached_by_tls_as_the_shape_makes_it(broker, ours, way):
    front = broker(serving(ours / "redis_cert", ours / "redis_key"))
    assert way(redis_url(front, f"ssl_ca_certs={ours}/ca_cert"))
    assert front.served


@WAYS
@pytest.mark.parametrize(
    ("whose", "host"), [("others", "localhost"), ("ours", "127.0.0.1"), (None, "localhost")]
)
def test_redis_is_not_believed_with_another_one_or_without(broker, ours, others, way, whose, host):
    folder = {"ours": ours, "others": others}.get(whose)
    front = broker(serving(folder / "redis_cert", folder / "redis_key") if folder else None)
    with pytest.raises(Exception, match=r"(?i)certificate|ssl|closed|reset|EOF"):
        way(redis_url(front, f"ssl_ca_certs={ours}/ca_cert", host))
    assert front.served == 0
    assert b"AUTH" not in front.in_plain


@WAYS
def test_redis_lets_in_who_brings_a_certificate_of_this_installation(broker, ours, others, way):
    front = broker(serving(ours / "redis_cert", ours / "redis_key", believes=ours / "ca_cert"))
    ends = f"ssl_ca_certs={ours}/ca_cert"
    for more in ("", f"&ssl_certfile={others}/app_login&ssl_keyfile={others}/app_login"):
        with pytest.raises(Exception, match=r"(?i)certificate|ssl|closed|reset|EOF"):
            way(redis_url(front, ends + more))
    assert front.served == 0
    assert way(redis_url(front, f"{ends}&ssl_certfile={ours}/app_login&ssl_keyfile={ours}/app_login"))


# --- from the proxy to the web ------------------------------------------------------------------------------

WSGI = """
def application(environ, start):
    start("200 OK", [("Content-Type", "text/plain")])
    return [environ["wsgi.url_scheme"].encode()]
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def wait_for(port):
    for _ in range(100):
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port)).close()
            return
        time.sleep(0.1)


def test_the_web_speaks_tls_as_the_shape_starts_it(tmp_path, ours):
    (tmp_path / "tiny.py").write_text(WSGI, encoding="utf-8")
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface=wsgi", "tiny:application", f"--port={port}"]
    command += [f"--ssl-certificate={ours}/web_cert", f"--ssl-keyfile={ours}/web_key", "--log-level=error"]
    server = subprocess.Popen(command, cwd=tmp_path)
    try:
        context = ssl.create_default_context(cafile=ours / "ca_cert")
        wait_for(port)
        with urllib.request.urlopen(f"https://localhost:{port}/", context=context) as answer:
            assert answer.read() == b"https"
        with pytest.raises((OSError, HTTPException)):  # in plain it says nothing that could be read
            urllib.request.urlopen(f"http://localhost:{port}/")
    finally:
        server.terminate()
        server.wait()


# --- production starts with nothing less --------------------------------------------------------------------

CA = "sslrootcert=/x/ca.pem"
AWAY, VERIFIED = "postgres://a:b@db.example/rmcrm", "postgres://a:b@db.example/rmcrm?sslmode=verify-full"


@pytest.mark.parametrize(
    ("refusals", "says"),
    [
        (rules.refusals_to_reach_database(AWAY), "another machine"),
        (rules.refusals_to_reach_database(f"{AWAY}?sslmode=require&{CA}"), "sslmode=verify-full"),
        (rules.refusals_to_reach_database(f"{AWAY}?sslmode=verify-ca&{CA}"), "sslmode=verify-full"),
        (rules.refusals_to_reach_redis("redis://:x@redis.example:6379/0"), "begin with rediss://"),
        (
            rules.refusals_to_reach_redis("rediss://redis.example/0?ssl_cert_reqs=none"),
            "look at the certificate",
        ),
        (
            rules.refusals_to_reach_redis("rediss://redis.example/0?ssl_check_hostname=0"),
            "look at the certif",
        ),
        (rules.refusals_to_reach_mail("mail.example", 25), "587"),
        (rules.refusals_to_reach_scanner("tcp://scanner.example:3310"), "tunnel"),
    ],
)
def test_to_another_machine_nothing_goes_in_plain(refusals, says):
    assert says in refusals[0]


def test_with_tls_or_on_one_machine_it_does():
    good = [
        rules.refusals_to_reach_database(f"{VERIFIED}&{CA}"),
        rules.refusals_to_reach_database("postgres://a:b@%2Frun%2Fpostgresql/rmcrm"),
        rules.refusals_to_reach_database("postgres://a:b@[::1]:5432/rmcrm"),
        rules.refusals_to_reach_database(""),  # no such role here
        rules.refusals_to_reach_redis("rediss://:x@redis.example:6379/0?ssl_ca_certs=/x/ca.pem"),
        rules.refusals_to_reach_redis("redis://127.0.0.1:6379/0"),
        rules.refusals_to_reach_redis("unix:///run/redis.sock"),
        rules.refusals_to_reach_mail("mail.example", 465),
        rules.refusals_to_reach_mail("localhost", 25),
        rules.refusals_to_reach_scanner("unix:///run/clamd"),
        rules.refusals_to_reach_scanner("tcp://127.0.0.1:3310"),
        rules.refusals_to_reach_scanner(""),
    ]
    assert good == [[]] * len(good)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("DATABASE_URL", AWAY),
        ("DATABASE_SEALER_URL", AWAY),
        ("REDIS_URL", "redis://:x@redis.example:6379/0"),
        ("SMTP_PORT", "25"),
        ("RMCRM_CLAMD", "tcp://scanner.example:3310"),
    ],
)
def test_production_does_not_start_with_a_connection_in_plain(name, plain):
    ran = load(**{"SMTP_HOST": "mail.example", name: plain})
    assert ran.returncode != 0
    assert f"ImproperlyConfigured: {name} " in ran.stderr
    assert "x@redis" not in ran.stderr


def test_an_address_is_read_as_it_is_written():
    read = rules.read_database("postgres://a%40b:p%2F@db.example:6432/my%20bank?sslmode=verify-full&x=y")
    assert read == {
        "NAME": "my bank", "USER": "a@b", "PASSWORD": "p/", "HOST": "db.example", "PORT": "6432",
        "OPTIONS": {"sslmode": "verify-full"},
    }  # fmt: skip
    assert rules.read_database("postgres://a:b@%2Frun%2Fpg/x")["HOST"] == "/run/pg"
    assert rules.read_database("postgres://a:b@[::1]:5432/x")["HOST"] == "::1"


def test_mail_leaves_by_tls_with_a_look_at_the_certificate():
    from django.core.mail.backends.smtp import EmailBackend

    context = EmailBackend(use_tls=True).ssl_context
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_the_certificates_of_the_shape_are_for_its_servers_alone(ours):
    for server in make_secrets.SERVERS:
        found = x509.load_pem_x509_certificate((ours / f"{server}_cert").read_bytes())
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert names.get_values_for_type(x509.DNSName) == [server, "localhost"]
        assert found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    for role in make_secrets.ROLES:  # for logging in alone, and as this role of PostgreSQL alone
        found = x509.load_pem_x509_certificate((ours / f"{role}_login").read_bytes())
        assert found.subject.rfc4514_string() == f"CN=rmcrm_{role}"
        uses = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        assert list(uses) == [x509.oid.ExtendedKeyUsageOID.CLIENT_AUTH]
        assert found.not_valid_after_utc - found.not_valid_before_utc <= timedelta(days=100)
    assert not [file for file in os.listdir(ours) if "ca" in file and "key" in file]  # nobody signs more
    assert Path(ours / "ca_cert").read_text(encoding="utf-8").count("BEGIN") == 1
