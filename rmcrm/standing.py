"""The application starts as a role that row-level security binds (ADR 0012), with the keys of this bank."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.db.backends.signals import connection_created

from vault.standing import OtherKeys, refuse_other_keys

# Who has the rights of an owner passes what binds an owner only by FORCE, and may take that away. A member
# without the rights takes them by SET ROLE; and whoever a policy of the loader or the owner names sees all.
_STANDING = """
WITH me AS (SELECT oid, rolname FROM pg_roles WHERE rolname = current_user),
high AS (SELECT role.rolname, role.rolsuper FROM pg_roles role, me
    WHERE (role.rolsuper OR role.rolbypassrls) AND pg_has_role(me.oid, role.oid, 'MEMBER')
    ORDER BY role.rolname <> me.rolname, role.rolsuper DESC LIMIT 1)
SELECT me.rolname, high.rolname, high.rolsuper,
    (SELECT min(owned.relname) FROM pg_class owned WHERE owned.relkind IN ('r', 'p', 'v', 'm')
        AND owned.relpersistence <> 't' AND pg_has_role(me.oid, owned.relowner, 'MEMBER')),
    (SELECT min(relname) FROM pg_policy JOIN pg_class behind ON behind.oid = polrelid, unnest(polroles) named
        WHERE polname IN ('of_the_loader', 'of_the_owner') AND pg_has_role(me.oid, named, 'MEMBER'))
FROM me LEFT JOIN high ON true
"""


class StandsTooHigh(ImproperlyConfigured):
    """DATABASE_URL names a role above the wall."""


def refuse_above_the_wall(connection: Any) -> None:
    """Raise StandsTooHigh for a superuser, a role with BYPASSRLS, an owner of any table, the loader, and a
    member of one of these."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING)
        name, high, is_superuser, owned, passes = cursor.fetchone()
    if high == name:
        why = "is a superuser" if is_superuser else "has BYPASSRLS"
    elif high:
        why = f"may become {high}, which {'is a superuser' if is_superuser else 'has BYPASSRLS'}"
    elif owned:
        why = f"has the rights of the owner of {owned}"
    elif passes:
        why = f"is let through to all of {passes}, as the loader is"
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
        refuse_other_keys(connection)
    except (StandsTooHigh, OtherKeys):
        connection.close()  # the next one is looked at again
        raise
    connection_created.disconnect(dispatch_uid="standing")


def watch() -> None:
    """Whatever this process is, it is refused at its first connection."""
    if settings.DATABASE_ROLE == "app":
        connection_created.connect(_once, dispatch_uid="standing")


def look_now() -> None:
    """For what serves or works for long: do not start, rather than fail at the first request.

    What is for all the clients of a bank (RMCRM_DATABASE_ROLE) is for single commands.
    """
    if settings.DATABASE_ROLE != "app":
        raise StandsTooHigh(
            f"RM CRM does not start: RMCRM_DATABASE_ROLE is {settings.DATABASE_ROLE}, so PostgreSQL would "
            "not look at who asks. Leave it out: each command takes the role that it needs by itself."
        )
    try:
        connection.ensure_connection()
    except OperationalError:
        return  # not there yet: the first connection is looked at
    connection.close()
