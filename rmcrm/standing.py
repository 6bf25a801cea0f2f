"""The application starts only as a database role that row-level security binds (ADR 0012)."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.db.backends.signals import connection_created

# Who has the rights of an owner passes what binds an owner only by FORCE, and may take that away.
_STANDING = """
SELECT role.rolname, role.rolsuper, role.rolbypassrls,
    (SELECT min(owned.relname) FROM pg_class owned WHERE owned.relkind IN ('r', 'p', 'v', 'm')
        AND owned.relpersistence <> 't' AND pg_has_role(role.oid, owned.relowner, 'USAGE'))
FROM pg_roles role WHERE role.rolname = current_user
"""


class StandsTooHigh(ImproperlyConfigured):
    """DATABASE_URL names a role above the wall."""


def refuse_above_the_wall(connection: Any) -> None:
    """Raise StandsTooHigh for a superuser, a role with BYPASSRLS, an owner of any table."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING)
        name, is_superuser, bypasses, owned = cursor.fetchone()
    if is_superuser:
        why = "is a superuser"
    elif bypasses:
        why = "has BYPASSRLS"
    elif owned:
        why = f"has the rights of the owner of {owned}"
    else:
        return
    raise StandsTooHigh(
        f"RM CRM does not start: the database role {name} of DATABASE_URL {why}, so PostgreSQL would show it "
        "every client, whoever asks. Give DATABASE_URL the application's own role, which owns nothing "
        "(docs/deployment.md), and the owner's to DATABASE_OWNER_URL."
    )


def _once(connection: Any, **_: Any) -> None:
    try:
        refuse_above_the_wall(connection)
    except StandsTooHigh:
        connection.close()  # the next one is looked at again
        raise
    connection_created.disconnect(dispatch_uid="standing")


def watch() -> None:
    """Whatever this process is, it is refused at its first connection."""
    if settings.DATABASE_ROLE == "app":
        connection_created.connect(_once, dispatch_uid="standing")


def look_now() -> None:
    """For what serves or works for long: do not start, rather than fail at the first request."""
    try:
        connection.ensure_connection()
    except OperationalError:
        return  # not there yet: the first connection is looked at
    connection.close()
