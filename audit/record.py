"""Write one event, in the transaction of what it tells about."""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal

from django.db import InternalError, OperationalError, ProgrammingError, connection
from psycopg2.extras import Json

_INSERT = """
INSERT INTO {table} (verb, by_id, by_login, by_role, path, why, subject_type, subject_id, client_id,
                         source, ip, request_id, payload)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


class AuditUnavailable(Exception):
    """An event could not be written: then what it tells about does not happen, and nothing of a client is
    served."""


@contextmanager
def _or_nothing():
    try:
        yield
    except (OperationalError, ProgrammingError, InternalError) as error:
        raise AuditUnavailable(type(error).__name__) from error


@dataclass(frozen=True)
class Origin:
    """Where a request came from: set once per request or job, read by every event in it."""

    source: str = ""
    ip: str | None = None
    request_id: str = ""


NOWHERE = Origin()
_origin: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


@contextmanager
def coming_from(source: str, ip: str | None = None, request_id: str = ""):
    """Every event written inside says it came from here."""
    token = _origin.set(Origin(source[:200], ip, request_id))
    try:
        yield
    finally:
        _origin.reset(token)


# --- by which figures ------------------------------------------------------------------------------------
_judged: ContextVar[dict[str, int] | None] = ContextVar("judged", default=None)


@contextmanager
def judging():
    """What is decided inside tells by which figures: yields {rule pack: version}, filled as they are read."""
    told = {}
    token = _judged.set(told)
    try:
        yield told
    finally:
        _judged.reset(token)


def judged_by(pack: str, version: int) -> None:
    """These figures were read; who only looks decides nothing."""
    told = _judged.get()
    if told is not None:
        told[pack] = version


def record(
    verb: str,
    *,
    by: Any,
    subject: Any = None,
    client_id: int | None = None,
    path: str = "",
    why: str = "",
    payload: dict[str, Any] | None = None,
    into: Literal["audit_event", "suspicion_event"] = "audit_event",
) -> None:
    """Add one event. `by` is a staff.User or None; `subject` a model instance or ("clients.Client", 7).

    `payload` takes ids, codes, counts and field names: never a name, a text or an amount of a client.
    `into` is another table of the same columns, for what must not be known to who reads the audit.
    Raises AuditUnavailable: no event, no data.
    """
    kind, subject_id = _named(subject)
    origin = _origin.get()
    with _or_nothing(), connection.cursor() as cursor:
        cursor.execute(
            _INSERT.format(table=into),
            [
                verb,
                getattr(by, "pk", None),
                getattr(by, "login", "") or "",
                getattr(by, "role", "") or "",
                path[:200],
                why[:500],
                kind,
                subject_id,
                client_id,
                origin.source,
                origin.ip,
                origin.request_id,
                Json(payload or {}),
            ],
        )


_INSERT_EACH = """
INSERT INTO audit_event (verb, by_id, by_login, by_role, subject_type, subject_id, client_id,
                         source, ip, request_id, payload)
SELECT %s, %s, %s, %s, 'clients.Client', client_id, client_id, %s, %s, %s, %s
FROM unnest(%s::bigint[]) AS client_id
"""


def record_each(verb: str, *, by: Any, client_ids: list[int], payload: dict[str, Any] | None = None) -> None:
    """Add the same event for each of these clients, in one statement: for work on thousands of files."""
    origin = _origin.get()
    person = [getattr(by, "pk", None), getattr(by, "login", "") or "", getattr(by, "role", "") or ""]
    with _or_nothing(), connection.cursor() as cursor:
        cursor.execute(
            _INSERT_EACH,
            [verb, *person, origin.source, origin.ip, origin.request_id, Json(payload or {}), client_ids],
        )


def _named(subject: Any) -> tuple[str, int | None]:
    if subject is None:
        return "", None
    if isinstance(subject, tuple):
        return subject
    return subject._meta.label, subject.pk
