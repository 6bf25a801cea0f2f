"""THE LOCK for reading: what a person may see, decided here and nowhere else. Writing: staff/lock.py.

`reach` resolves a person to literal arrays of book ids and client ids (2.7 ms a list at a million clients,
against 56 ms for subqueries joined by OR); `visible_to` filters by them. `at` is an argument, so that the
past can be asked too. A barrier takes files out of whatever somebody reaches (ADR 0017).
"""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from math import ceil
from typing import Any, Self, TypeVar

from django.db import connection, models
from django.db.models import DateTimeField, F, Func, Q
from django.db.models.expressions import RawSQL
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone

from audit.record import record
from clients.rules import brake as rules
from rulebook.selectors import pack
from staff.models import User
from staff.night import NightShift
from staff.roles import ROLES, May, Reach, Role
from ui import screen
from ui.refusals import NotPermitted, NotVisible, refuse_if

Person = User | NightShift
M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Glass:
    """A file that nobody gave: broken into with a reason, open until `ends_at` (compliance.actions.glass)."""

    client_id: int
    ends_at: datetime

    @property
    def minutes(self) -> int:
        """Left, the one under way included."""
        return max(0, ceil((self.ends_at - timezone.now()).total_seconds() / 60))


@dataclass(frozen=True)
class Reached:
    """What one person sees at one instant: everything, or these books and these single clients.

    In either case without the files behind a barrier of which the person is no insider.
    """

    everything: bool = False
    books: dict[int, str] = field(default_factory=dict)  # book id -> by which right
    clients: dict[int, str] = field(default_factory=dict)  # client id -> by which grant
    reasons: dict[int, str] = field(default_factory=dict)  # and why it was given: a text, for no audit
    walled: frozenset[int] = frozenset()  # of these books and clients: behind a barrier. Of everything: below
    # Who sees every book may stand before thousands of such files: PostgreSQL is asked for them each time.
    outside: tuple[int, datetime] | None = None  # (person, at); None of who sees some books, and of a shift
    then: datetime | None = None  # a past instant: the books are those of then, and what was in them
    glass: dict[int, "Glass"] = field(default_factory=dict)  # client id -> opened by break-glass, until when
    led: frozenset[int] = frozenset()  # books of the teams one leads
    opened: frozenset[int] = frozenset()  # files opened within the last hour, where they are counted
    released: int = 0  # and how often the brake was released in it

    def right_to(self, client_id: int, book_id: int) -> str:
        """By which right a client is seen, in words for the audit. It was seen: no barrier is looked at."""
        if self.everything:
            return "sees all books"
        return self.books.get(book_id) or self.clients.get(client_id, "")

    @cached_property
    def all_walled(self) -> frozenset[int]:
        """The files in reach behind a barrier. 1 query for who sees every book."""
        if self.outside is None:
            return self.walled
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {_WALLED_OFF}", self.outside)
            return frozenset(pk for (pk,) in cursor.fetchall())

    @property
    def whole_bank(self) -> bool:
        """Everything, and nothing behind a barrier: who may read a total of the whole bank."""
        return self.everything and not self.all_walled

    def lends(self, book_id: int) -> bool:
        """Owner of this book, or lead of its team: who may open what is in it to others."""
        return book_id in self.led or self.books.get(book_id, "").startswith("owner of ")


def reach(person: Person, at: datetime | None = None, *, fresh: bool = False) -> Reached:
    """What `person` sees at `at` (now). Resolved once per person object, that is once per request.

    The past is told by how everything stood then (ADR 21), the time to come by what is written down today.
    """
    if at is not None and at < timezone.now():
        return _reach_then(person, at)
    known: Reached | None = getattr(person, "_reach", None)
    if at is None and not fresh and known is not None:
        return known
    found = _resolve(person, at or timezone.now(), renew=fresh)
    if at is None:
        person._reach = found  # type: ignore[union-attr]
    return found


def _reach_then(person: Person, at: datetime) -> Reached:
    """The same rule, asked of the tables as they stood: of the person too."""
    if isinstance(person, User):
        with connection.cursor() as cursor:
            cursor.execute(_as_it_stood(_PERSON), {"person": person.pk, "at": at})
            row = cursor.fetchone()
        if row is None:
            return Reached(then=at)
        person = User(pk=person.pk, role=row[0], is_active=row[1], team_id=row[2])
    found = _resolve(person, at, then=True)
    # The rows of a barrier are dated themselves; which of its files these books held then is not asked.
    outside = None if person.pk is None else (person.pk, at)
    return replace(found, then=at, walled=frozenset(), outside=outside)


def _resolve(person: Person, at: datetime, *, renew: bool = False, then: bool = False) -> Reached:
    """renew: PostgreSQL works out anew what the transaction carries, in the same round trip (ADR 0012).

    then: the tables are read as they stood at `at`.
    """
    kind = _reach_kind(person)
    if kind == Reach.NONE:
        return Reached()
    if kind == Reach.ALL:
        return Reached(everything=True, outside=None if person.pk is None else (person.pk, at))
    books, clients, reasons, glass, led = {}, {}, {}, {}, {}
    walled, opened, released = set(), set(), 0
    with connection.cursor() as cursor:
        own = _as_it_stood(_OWN) if then else _RENEWED_OWN if renew else _OWN
        cursor.execute(own, {"person": person.pk, "at": at, "since": at - HOUR})
        for what, pk, words, ends_at, grant in cursor.fetchall():
            if what == _WALLED:
                walled.add(pk)
            elif what == _BOOK:
                books[pk] = f"{words} of book {pk}"
            elif what == _OPENED:
                opened.add(pk)
            elif what == _RELEASED:
                released = pk
            elif what == BREAK_GLASS:
                clients[pk], reasons[pk] = f"break-glass, grant {grant}", words
                glass[pk] = Glass(pk, ends_at)
            else:
                clients[pk], reasons[pk] = f"granted for {what}, grant {grant}", words
        # A lead without a team leads nothing: `team IS NULL` must never match the root of the tree.
        if kind == Reach.TEAM and person.team_id is not None:
            below = _as_it_stood(_TEAM_BOOKS) if then else _TEAM_BOOKS
            cursor.execute(below, {"team": person.team_id, "person": person.pk, "at": at})
            for pk, team_id in cursor.fetchall():
                if team_id is None:
                    walled.add(pk)
                else:
                    led[pk] = f"leads team {team_id}"
            books = led | books
    return Reached(
        books=books,
        clients=clients,
        walled=frozenset(walled),
        reasons=reasons,
        glass=glass,
        led=frozenset(led),
        opened=frozenset(opened),
        released=released,
    )


def _reach_kind(person: Person) -> Reach:
    if isinstance(person, NightShift):
        return person.reach_kind
    if not person.is_active or not person.may(May.CLIENTS_SEE):
        return Reach.NONE
    return ROLES[Role(person.role)].reach


BREAK_GLASS = "break_glass"  # clients.models.GrantPurpose, which this file cannot import
# What stands behind a barrier no table tells who is outside of it; a function of the owner's does, by ids.
_WALLED_OFF = "walled_off(%s, %s)"
_OWN = """
WITH own AS MATERIALIZED (
    SELECT 'book' AS what, book_id AS id, role AS words, NULL::timestamptz AS ends_at, NULL::bigint AS lent
    FROM staff_bookmember WHERE user_id = %(person)s AND during @> %(at)s::timestamptz
    UNION ALL
    SELECT purpose, content_object_id, reason, ends_at, id FROM clients_clientgrant
    WHERE user_id = %(person)s AND starts_at <= %(at)s AND (ends_at IS NULL OR ends_at > %(at)s)
)
SELECT what, id, words, ends_at, lent FROM own
UNION ALL
SELECT 'walled', walled_off(%(person)s, %(at)s, ARRAY(SELECT id FROM own WHERE what = 'book'),
                            ARRAY(SELECT id FROM own WHERE what <> 'book')), '', NULL, NULL
UNION ALL
SELECT verb, CASE verb WHEN 'file opened' THEN client_id ELSE count(*) END, '', NULL, NULL FROM audit_event
WHERE by_id = %(person)s AND at > %(since)s AND verb IN ('file opened', 'brake released')
GROUP BY verb, client_id
"""
_BOOK, _WALLED = "book", "walled"
_OPENED, _RELEASED = "file opened", "brake released"  # what open_file and clients.actions.brake say
HOUR = timedelta(hours=1)
_RENEWED_OWN = "SELECT carry_anew(%(at)s);" + _OWN
_TEAM_BOOKS = """
WITH RECURSIVE below AS (
    SELECT id FROM staff_team WHERE id = %(team)s
    UNION SELECT child.id FROM staff_team child JOIN below ON child.parent_id = below.id
), led AS MATERIALIZED (
    SELECT book.id, book.team_id FROM staff_book book JOIN below ON book.team_id = below.id
)
SELECT id, team_id FROM led
UNION ALL
SELECT walled_off(%(person)s, %(at)s, ARRAY(SELECT id FROM led)), NULL
"""
_PERSON = "SELECT role, is_active, team_id FROM staff_user WHERE id = %(person)s"
# Of what decides about access, how it stood: a kind of right that is added gets a history and joins here.
_STOOD = ", ".join(
    f"{table} AS (SELECT * FROM {table}_history WHERE stood @> %(at)s::timestamptz)"  # noqa: S608
    for table in ("staff_user", "staff_team", "staff_book", "staff_bookmember", "clients_clientgrant")
)
_SEEN_THEN = """
SELECT client_id FROM clients_covered
WHERE stood @> %s::timestamptz AND (book_id = ANY(%s::bigint[]) OR client_id = ANY(%s::bigint[]))
"""
_WITH = re.compile(r"\s*WITH (RECURSIVE )?")
_COVERED_BEFORE = "SELECT client_id FROM clients_coverage_history WHERE stood @> %s::timestamptz"


def _as_it_stood(sql: str) -> str:
    """The same question, in which the names of the tables stand for what they held at the instant `at`."""
    begins = _WITH.match(sql)
    rest = f", {sql[begins.end() :]}" if begins else f" {sql}"
    return f"WITH RECURSIVE {_STOOD}{rest}"


class FileQuerySet(models.QuerySet[M]):
    """Rows that belong to a client file. `model.client_path` leads to the client: "" for Client itself."""

    def visible_to(self, person: Person, at: datetime | None = None) -> Self:
        """Only what `person` may see at `at` (now)."""
        return self._within(reach(person, at))

    def _within(self, reached: Reached) -> Self:
        rows = self._unwalled(reached)
        if reached.then is not None:
            return rows._within_then(reached, reached.then)
        if reached.everything:
            return rows
        path = self.model.client_path  # type: ignore[attr-defined]
        to_book = f"{path}__book_id" if path else "book_id"
        seen = Q(**{f"{to_book}__in": list(reached.books)})
        if reached.clients:
            seen |= Q(**{f"{self._to_client}__in": list(reached.clients)})
        return rows.filter(seen)

    def unwalled(self, person: Person) -> Self:
        """Without the files behind a barrier that `person` is no insider of. For what asks for the books
        itself: all else passes `visible_to`."""
        return self._unwalled(reach(person))

    def _unwalled(self, reached: Reached) -> Self:
        rows: Self = _without_walled(self, self._to_client, reached)
        return rows

    @property
    def _to_client(self) -> str:
        path = self.model.client_path  # type: ignore[attr-defined]
        return f"{path}_id" if path else "id"

    def _within_then(self, reached: Reached, at: datetime) -> Self:
        to_client = self._to_client
        if not reached.everything:
            known = [at, list(reached.books), list(reached.clients)]
            return self.filter(**{f"{to_client}__in": RawSQL(_SEEN_THEN, known)})  # noqa: S611
        # Nearly all who are there: asked of each where a list comes by it, for a join would ask of the bank.
        since = Func(F(to_client), function="covered_since", output_field=DateTimeField())
        before = Q(**{f"{to_client}__in": RawSQL(_COVERED_BEFORE, [at])})  # noqa: S611
        return self.filter(Q(LessThanOrEqual(since, at)) | before)

    def with_id(self, pk: int) -> Any:
        """The row, or None. `first()` would put the one row in order, which costs more than to read it."""
        return next(iter(self.filter(pk=pk).order_by()), None)

    def hold(self, pk: int, by: Person, how: str) -> tuple[Any, str, int] | None:
        """For staff.lock: lock the row and what decides who sees it, then look with fresh statements."""
        place = _lock(self.model, pk, how, by)
        if place is None:
            return None
        reached = reach(by, fresh=True)
        seen = self._within(reached).with_id(pk)
        return None if seen is None else (seen, reached.right_to(*place), place[0])


def unwalled(rows: Any, person: Person, field: str = "client_id") -> Any:
    """`rows` of a table that is no client's file, but tells of one: those of no file behind a barrier."""
    return _without_walled(rows, field, reach(person))


def _without_walled(rows: Any, field: str, reached: Reached) -> Any:
    if reached.outside is not None:
        return rows.exclude(**{f"{field}__in": RawSQL(f"SELECT {_WALLED_OFF}", reached.outside)})  # noqa: S611
    return rows.exclude(**{f"{field}__in": list(reached.walled)}) if reached.walled else rows


class FileManager(models.Manager.from_queryset(FileQuerySet)):  # type: ignore[misc]
    """The manager of every client-bound model."""


_STRENGTH = {"change": "NO KEY UPDATE", "parent": "KEY SHARE", "move": "UPDATE"}


def _lock(model: type[models.Model], pk: int, how: str, by: Person) -> tuple[int, int] | None:
    """Lock the row, its client, its book and the rows that give `by` the right; (client id, book id).

    None when there is no such row. Role, team and activity of `by` are read as they are now.
    """
    table, path = model._meta.db_table, model.client_path  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        client_id: int = pk
        if path:
            cursor.execute(f'SELECT "{path}_id" FROM "{table}" WHERE id = %s FOR {_STRENGTH[how]}', [pk])  # noqa: S608
            if (row := cursor.fetchone()) is None:
                return None
            client_id = row[0]
        strength = "KEY SHARE" if path else _STRENGTH[how]
        cursor.execute(_PLACE_AND_RIGHTS.format(strength=strength), {"client": client_id, "by": by.pk})
        client, book, person, role, is_active, team_id, *_ = cursor.fetchone()
    if client is None:
        return None
    if not isinstance(by, NightShift):
        if person is None:
            raise NotPermitted("staff", "")
        by.role, by.is_active, by.team_id = role, is_active, team_id
    return client, book


# The right itself is read after this, with a statement of its own: whoever waited here for a handover, which
# holds the book until it is done, then reads what it left.
_PLACE_AND_RIGHTS = """
WITH place AS (SELECT c.id, b.id AS book, c.barrier_id
               FROM clients_client c JOIN staff_book b ON b.id = c.book_id
               WHERE c.id = %(client)s FOR {strength} OF c FOR SHARE OF b),
     person AS (SELECT id, role, is_active, team_id FROM staff_user WHERE id = %(by)s FOR SHARE),
     member AS (SELECT m.id FROM staff_bookmember m JOIN place ON m.book_id = place.book
                WHERE m.user_id = %(by)s FOR SHARE OF m),
     lent AS (SELECT g.id FROM clients_clientgrant g JOIN place ON g.content_object_id = place.id
              WHERE g.user_id = %(by)s FOR SHARE OF g),
     inside AS (SELECT i.id FROM clients_barrierinsider i JOIN place ON i.barrier_id = place.barrier_id
                WHERE i.user_id = %(by)s FOR SHARE OF i)
SELECT place.id, place.book, person.id, person.role, person.is_active, person.team_id,
       (SELECT count(*) FROM member), (SELECT count(*) FROM lent), (SELECT count(*) FROM inside)
FROM (SELECT) one LEFT JOIN place ON true LEFT JOIN person ON true
"""


def open_file(person: Person, client_id: int, why: str = "") -> Any:
    """The client, or NotVisible; that it was opened is recorded in the same transaction."""
    from clients.models import Client

    client = Client.objects.visible_to(person).with_id(client_id)
    if client is None:
        raise NotVisible(f"clients.Client {client_id}")
    reached = reach(person)
    path = reached.right_to(client.pk, client.book_id)
    if client.book_id not in reached.books:
        person._glass = reached.glass.get(client.pk)  # type: ignore[union-attr]  # the page's banner says so
    if client.pk not in reached.opened and len(reached.opened) >= rules.NEVER_BELOW:
        refuse_if(rules.refusals_to_open(*braked(reached)), noted="files brake", onward="clients:brake")
    record("file opened", by=person, subject=client, client_id=client.pk, path=path, why=why)
    screen.opened(client.pk, client.name, client.number)
    return client


def braked(reached: Reached) -> tuple[int, int, dict[str, int], int]:
    """(files opened within the hour, clients of the own books, the figures, releases). 2 queries."""
    from clients.models import Client

    own = Client.objects.filter(book__in=reached.books).count()
    return len(reached.opened), own, pack("access", timezone.localdate())["brake"], reached.released


def glass_on_page(person: Person) -> Glass | None:
    """Of the file that this request opened, if by break-glass: what the banner of the page says."""
    return getattr(person, "_glass", None)


def show_list(person: Person, what: str, filters: dict[str, Any], client_ids: list[int]) -> None:
    """Record that a list or a search was shown: one event with its filter names and the clients on it."""
    record(
        "list shown",
        by=person,
        payload={
            "list": what,
            "filters": sorted(key for key, value in filters.items() if value),
            "clients": client_ids,
        },
    )
