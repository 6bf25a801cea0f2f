"""Production settings: silent under `check --deploy`, and refused where they are not production's."""

import os
import secrets
import subprocess
import sys

import pytest
from django.conf import settings

GOOD = {
    "RMCRM_MODE": "production",
    "RMCRM_SECRET_KEY": secrets.token_urlsafe(60),
    "RMCRM_FIELD_KEYS": f"index {secrets.token_hex(32)}\n1f {secrets.token_hex(32)}",
    "RMCRM_BREACHED_LIST": "none",
    "RMCRM_HOSTS": "crm.bank.example",
    "RMCRM_ORIGINS": "https://crm.bank.example",
    "RMCRM_BASE_URL": "https://crm.bank.example",
    "DATABASE_URL": "postgres://app:x@db.example:5432/rmcrm?sslmode=verify-full&sslrootcert=/x/ca.pem",
    "REDIS_URL": "rediss://:x@redis.example:6379/0?ssl_ca_certs=/x/ca.pem",
}
QUIET = ("RMCRM_", "DATABASE_", "REDIS_", "SMTP_", "PORT", "DJANGO_")


def python(*arguments: str, **changes: str | None) -> subprocess.CompletedProcess:
    """Run in a fresh process with these settings and none of ours."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(QUIET)}
    env |= {"RMCRM_HOME": "/nonexistent"} | GOOD
    for name, value in changes.items():
        env.pop(name) if value is None else env.update({name: value})
    how = {"cwd": settings.BASE_DIR, "env": env, "capture_output": True, "text": True, "check": False}
    return subprocess.run([sys.executable, *arguments], **how)


def load(**changes: str | None) -> subprocess.CompletedProcess:
    return python("-c", "import rmcrm.settings", **changes)


def test_the_deployment_checks_have_nothing_to_say():
    # What needs the database is left out: this is about settings.
    ran = python("manage.py", "check", "--deploy", "--fail-level", "INFO")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "no issues" in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"RMCRM_DEBUG": "1"}, "never in production"),
        ({"RMCRM_SECRET_KEY": "demo-only-and-refused-in-production"}, "50 or more random characters"),
        ({"RMCRM_SECRET_KEY": "x" * 49}, "50 or more random characters"),
        ({"RMCRM_SECRET_KEY": None}, "Set RMCRM_SECRET_KEY (or RMCRM_SECRET_KEY_FILE"),
        ({"RMCRM_FIELD_KEYS": None}, "Set RMCRM_FIELD_KEYS (or RMCRM_FIELD_KEYS_FILE"),
        ({"RMCRM_FIELD_KEYS": "1f abc"}, "RMCRM_FIELD_KEYS: Line 1 of the field keys is not"),
        ({"RMCRM_BREACHED_LIST": None}, "Set RMCRM_BREACHED_LIST"),
        ({"DATABASE_URL": None}, "Set DATABASE_URL (or DATABASE_URL_FILE"),
        ({"RMCRM_MODE": "prod"}, "demo, test or production"),
        ({"RMCRM_DATABASE_ROLE": "owner"}, "Set DATABASE_OWNER_URL"),
    ],
)
def test_production_does_not_start_with_this_and_says_what_to_do(changes, says):
    ran = load(**changes)
    assert ran.returncode != 0
    assert says in ran.stderr
    for name in ("RMCRM_SECRET_KEY", "DATABASE_URL"):
        assert GOOD[name] not in ran.stdout + ran.stderr


def test_a_demo_may_start_with_the_demo_secret_and_production_with_a_good_one():
    assert load().returncode == 0
    assert load(RMCRM_MODE="demo", RMCRM_SECRET_KEY=None).returncode == 0


def test_a_secret_may_come_from_a_file(tmp_path):
    file = tmp_path / "key"
    file.write_text(secrets.token_urlsafe(60) + "\n", encoding="utf-8")
    assert load(RMCRM_SECRET_KEY=None, RMCRM_SECRET_KEY_FILE=str(file)).returncode == 0
    file.write_text("short", encoding="utf-8")
    assert load(RMCRM_SECRET_KEY=None, RMCRM_SECRET_KEY_FILE=str(file)).returncode != 0


def test_production_serves_tls_alone_and_hardens_its_cookies():
    names = [
        "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_NAME",
        "CSRF_COOKIE_NAME", "DEBUG", "DEMO", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SESSION_COOKIE_HTTPONLY",
    ]  # fmt: skip
    ran = python("-c", f"from rmcrm import settings; print([getattr(settings, name) for name in {names}])")
    expected = [True, True, True, "__Host-session", "__Host-csrf", False, False, True, True]
    assert ran.stdout.strip() == str(expected)


def test_the_visitors_address_is_believed_from_the_proxy_alone():
    told = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "rmcrm.settings"
from rmcrm import wsgi
inner = []
wsgi.application.__wrapped__.get_response = None
def asked(address):
    environ = {"REMOTE_ADDR": address, "HTTP_X_FORWARDED_FOR": "203.0.113.9"}
    try:
        wsgi.application(environ, None)
    except Exception:
        pass
    return environ["REMOTE_ADDR"]
print(asked("172.30.240.2"), asked("198.51.100.7"))
"""
    ran = python("-c", told, RMCRM_PROXIES="172.30.240.0/28")
    assert ran.stdout.split() == ["203.0.113.9", "198.51.100.7"], ran.stderr[-500:]
