"""Whom RM CRM talks to inside: on this machine as it likes, to another one by TLS alone. Pure.

TLS without a look at the certificate keeps out nobody who can stand in the middle: `verify-full` it is, and
`rediss://`, or in production nothing starts (ASVS V12.3).
"""

import ssl
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

LIBPQ = ("sslmode", "sslrootcert", "sslcert", "sslkey")  # as PostgreSQL's own addresses say it
REDIS = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile")  # as redis-py's do
_HERE = {"", "localhost", "127.0.0.1", "::1"}


def is_here(host: str) -> bool:
    """This machine: a socket's folder, or the loopback, which no cable reaches."""
    return host in _HERE or host.startswith("/")


def read_database(url: str) -> dict[str, Any]:
    """postgres://user:password@host:port/name?sslmode=…; a host that begins with %2F is a socket's folder."""
    parts = urlsplit(url)
    extra = parse_qs(parts.query)
    host = parts.netloc.rsplit("@", 1)[-1]
    host = unquote(host.rsplit(":", 1)[0] if parts.port else host).strip("[]")
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(extra.get("host", [host])[0]),
        "PORT": str(parts.port or extra.get("port", [""])[0]),
        "OPTIONS": {name: extra[name][0] for name in LIBPQ if name in extra},
    }


def refusals_to_reach_database(url: str) -> list[str]:
    """Why production does not connect there; [] when it does, or when no address is given."""
    read = read_database(url)
    if is_here(read["HOST"]) or read["OPTIONS"].get("sslmode") == "verify-full":
        return []
    return [
        "leads to another machine: let it end with ?sslmode=verify-full&sslrootcert=/path/of/the/ca.pem "
        "(docs/deployment.md, Connections inside)."
    ]


def refusals_to_reach_redis(url: str) -> list[str]:
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    if parts.scheme == "unix" or (parts.scheme == "redis" and is_here(parts.hostname or "")):
        return []
    weak = {"ssl_cert_reqs": "required", "ssl_check_hostname": "true"}
    if any(query.get(name, [good])[0].lower() != good for name, good in weak.items()):
        return ["does not look at the certificate: leave ssl_cert_reqs and ssl_check_hostname out."]
    if parts.scheme == "rediss":
        return []
    return [
        "leads to another machine: let it begin with rediss:// and end with "
        "?ssl_ca_certs=/path/of/the/ca.pem (docs/deployment.md, Connections inside)."
    ]


def celerys_tls(url: str) -> dict[str, Any] | None:
    """The same in Celery's words, which takes from an address what it is told to alone."""
    parts = urlsplit(url)
    if parts.scheme != "rediss":
        return None
    query = parse_qs(parts.query)
    return {"ssl_cert_reqs": ssl.CERT_REQUIRED, "ssl_check_hostname": True} | {
        name: query[name][0] for name in REDIS if name in query
    }


def refusals_to_reach_scanner(address: str) -> list[str]:
    """clamd knows no TLS, and gets whole papers."""
    parts = urlsplit(address)
    if not address or parts.scheme == "unix" or is_here(parts.hostname or ""):
        return []
    return [
        "leads to another machine, and clamd knows no TLS: let a tunnel (stunnel) on this one carry it, and "
        "give its address."
    ]


def refusals_to_reach_mail(host: str, port: int) -> list[str]:
    if is_here(host) or port in (465, 587):
        return []
    return ["is 587 (STARTTLS) or 465 (TLS) for a mail server on another machine."]
