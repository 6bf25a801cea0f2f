"""Tell PostgreSQL for whom it works: below every query stands a wall that asks (ADR 0012).

What a person, or a shift that works without one, may see PostgreSQL works out itself. Nobody told: nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg2
from django.db import connection, transaction
from django.db.backends.signals import connection_created
from django.utils import timezone

NIGHT_SHIFT, COMMAND_LINE = "night_shift", "command_line"
WHOLE_BANK = "whole_bank"  # every book, and nothing behind a barrier: for totals that anybody may read


def carry_person(person_id: int | None, shift: str = "") -> list[str | None]:
    """For whom this transaction runs; it forgets at its end. Returns what was carried before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT carry_person(%s, %s, %s)", [person_id, shift, timezone.now()])
        before: list[str | None] = cursor.fetchone()[0]
    return before


@contextmanager
def transaction_for(person_id: int | None, shift: str = "") -> Iterator[None]:
    """One transaction that carries this person, or shift. Inside another, what that carried comes back."""
    nested = connection.in_atomic_block
    with transaction.atomic():
        before = carry_person(person_id, shift)
        yield
        if nested:
            _put_back(before)


@contextmanager
def carrying(person_id: int | None, shift: str = "") -> Iterator[None]:
    """A span of many transactions for one person or shift: a worker's job, a sweep, a command. Never a page.

    The connection carries them meanwhile, also one opened anew, and after it whom it carried before.
    """
    if connection.in_atomic_block:
        within = carry_person(person_id, shift)
        try:
            yield
        finally:
            with suppress(psycopg2.Error):  # what broke puts it back where it is undone
                _put_back(within)
        return

    def tell(connection: Any, **_: Any) -> list[str | None]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT carry_person(%s, %s, %s, false)", [person_id, shift, timezone.now()])
            before: list[str | None] = cursor.fetchone()[0]
        return before

    connection.ensure_connection()  # before one that opens is told: else what is found there is ourselves
    connection_created.connect(tell)
    before: list[str | None] = []
    try:
        before = tell(connection)
        yield
    finally:
        connection_created.disconnect(tell)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT put_back(%s::text[], false)", [before])
        except Exception:  # whatever it was: nobody may work on with somebody else's rights
            connection.close()  # a connection on which it cannot be said is given up


def _put_back(before: list[str | None]) -> None:
    """Past Django's cursor: only where transactions are nested, that is in tests, which count its queries."""
    if not connection.needs_rollback:  # that puts it back as well
        with connection.connection.cursor() as cursor:
            cursor.execute("SELECT put_back(%s::text[])", [before])
