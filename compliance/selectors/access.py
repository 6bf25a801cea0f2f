"""Who could see a client, and which clients a person could see, at any instant that is kept (ADR 21)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from clients.access import Person
from clients.models import Client
from staff.models import Book, BookRole, Team, User
from staff.roles import ROLES, May, Reach
from ui import screen
from ui.paging import Page, keyset

# Worked out from the history alone, and by spans: a right held where the spans of all it takes meet. So one
# question tells who, by which right and since when. clients/access.py asks for one instant and one person:
# tests/compliance/test_who_sees.py proves the two equal.
_RIGHTS = """
WITH RECURSIVE cover AS (
    SELECT client_id, book_id, range_agg(stood) AS held FROM clients_covered
    WHERE client_id = ANY(%(clients)s) GROUP BY client_id, book_id
), fit AS (  -- at work, and in a role that sees clients
    SELECT id AS person, team_id, kind, range_agg(stood) AS held
    FROM staff_user_history
    JOIN unnest(%(roles)s::text[], %(kinds)s::text[]) AS seeing (role, kind) USING (role)
    WHERE is_active AND (%(person)s IS NULL OR id = %(person)s) GROUP BY id, team_id, kind
), own AS (
    SELECT person, range_agg(held) AS held FROM fit WHERE kind <> 'all' GROUP BY person
), above AS (  -- each team whose lead sees the book: its own, and those over it
    SELECT id AS book_id, team_id, range_agg(stood) AS held FROM staff_book_history
    WHERE id IN (SELECT book_id FROM cover) GROUP BY id, team_id
    UNION ALL
    SELECT above.book_id, team.parent_id, above.held * tstzmultirange(team.stood)
    FROM above JOIN staff_team_history team ON team.id = above.team_id
    WHERE team.parent_id IS NOT NULL AND NOT isempty(above.held * tstzmultirange(team.stood))
) CYCLE team_id SET again USING trail, rights AS (
    SELECT client_id, person, 'role' AS how, NULL::bigint AS book_id, NULL::bigint AS team_id, '' AS words,
           range_agg(cover.held * fit.held) AS held
    FROM cover, fit WHERE kind = 'all' GROUP BY client_id, person
    UNION ALL
    SELECT client_id, person, 'lead', book_id, team_id, '', range_agg(cover.held * above.held * fit.held)
    FROM cover JOIN above USING (book_id) JOIN fit USING (team_id) WHERE kind = 'team'
    GROUP BY client_id, person, book_id, team_id
    UNION ALL
    SELECT client_id, person, 'member', book_id, NULL, member.role,
           range_agg(cover.held * tstzmultirange(member.stood * member.during) * own.held)
    FROM cover JOIN staff_bookmember_history member USING (book_id) JOIN own ON own.person = member.user_id
    GROUP BY client_id, person, book_id, member.role
    UNION ALL
    SELECT client_id, person, CASE lent.purpose WHEN 'break_glass' THEN 'glass' ELSE 'grant' END, NULL, NULL,
           lent.reason,
           range_agg(cover.held * own.held
                     * tstzmultirange(lent.stood * tstzrange(lent.starts_at, lent.ends_at)))
    FROM cover JOIN clients_clientgrant_history lent ON lent.content_object_id = client_id
    JOIN own ON own.person = lent.user_id
    GROUP BY client_id, person, 3, lent.reason
), walled AS MATERIALIZED (  -- nobody's: when the file stood behind a barrier; an insider's: was open to him
    SELECT client_id, user_id, range_agg(held) AS held FROM barrier_spans(%(clients)s)
    GROUP BY client_id, user_id
), through AS (
    SELECT rights.*, rights.held - coalesce(walled.held - coalesce(inside.held, '{}'), '{}') AS left_over
    FROM rights
    LEFT JOIN walled ON walled.client_id = rights.client_id AND walled.user_id IS NULL
    LEFT JOIN walled inside ON inside.client_id = rights.client_id AND inside.user_id = rights.person
)
SELECT client_id, person, how, book_id, team_id, words, lower(span), upper(span)
FROM through, unnest(left_over) AS span WHERE span @> %(at)s::timestamptz
ORDER BY client_id, person,
         array_position(ARRAY['role', 'member', 'lead', 'grant', 'glass'], how), lower(span)
"""
_SEEING = {str(role): spec.reach for role, spec in ROLES.items() if May.CLIENTS_SEE in spec.may}


@dataclass(frozen=True)
class Right:
    """By which right a person sees a client; since when without a break, and until when if it ended."""

    client_id: int
    person_id: int
    how: str  # role, member, lead, grant or glass: in this order the audit says by which right it was opened
    sentence: str
    since: datetime
    until: datetime | None


def history_begins() -> datetime:
    """What was before was not kept. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT history_begins()")
        begins: datetime = cursor.fetchone()[0]
    return begins


def rights_at(at: datetime, clients: Iterable[int], person_id: int | None = None) -> list[Right]:
    """Every right by which these clients could be seen at `at`, by anyone or one person. 1 to 3 queries."""
    seeing = {role: kind for role, kind in _SEEING.items() if kind != Reach.NONE}
    asked = {
        "clients": list(clients), "person": person_id, "at": at,
        "roles": list(seeing), "kinds": [str(kind) for kind in seeing.values()],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_RIGHTS, asked)
        rows = cursor.fetchall()
    books = _names(Book, {row[3] for row in rows})
    teams = _names(Team, {row[4] for row in rows})
    return [
        Right(
            client, person, how, _sentence(how, books.get(book, ""), teams.get(team, ""), words), since, until
        )
        for client, person, how, book, team, words, since, until in rows
    ]


def _names(model: type[Book] | type[Team], ids: set[int | None]) -> dict[int | None, str]:
    known = {pk for pk in ids if pk is not None}
    return dict(model.objects.filter(pk__in=known).values_list("pk", "name")) if known else {}


def _sentence(how: str, book: str, team: str, words: str) -> str:
    if how == "role":
        return _("The role sees every client.")
    if how == "lead":
        return _("Leads %(team)s, and with it the book %(book)s.") % {"team": team, "book": book}
    if how == "member":
        role = BookRole(words).label if words in BookRole.values else words
        return _("%(role)s of the book %(book)s.") % {"role": role, "book": book}
    screen.notice("text", words)
    if how == "glass":
        return _("Opened in need, by break-glass: %(reason)s") % {"reason": words}
    return _("The file was lent: %(reason)s") % {"reason": words}


@dataclass(frozen=True)
class Seer:
    person: User
    rights: list[Right]


def who_sees(client: Client, at: datetime) -> list[Seer]:
    """Every person who could see this client at `at`, by name. 2 to 4 queries."""
    rights: dict[int, list[Right]] = {}
    for right in rights_at(at, [client.pk]):
        rights.setdefault(right.person_id, []).append(right)
    people = User.objects.filter(pk__in=rights).only("name", "login", "role").order_by("name", "pk")
    return [Seer(person, rights[person.pk]) for person in people]


@dataclass(frozen=True)
class Seen:
    """The clients one person could see, a page of them, and by which rights."""

    page: Page[Client]
    rights: dict[int, list[Right]]

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [{"client": client, "rights": self.rights.get(client.pk, [])} for client in self.page]


def what_sees(reader: Person, person: User, at: datetime, asked: dict[str, Any]) -> Seen:
    """The clients that `person` could see at `at`, of those whom `reader` sees now. 5 to 9 queries."""
    found = Client.objects.visible_to(reader).visible_to(person, at).only("name", "number", "book_id")
    page = keyset(found, "name", after=asked.get("after"), before=asked.get("before"))
    rights: dict[int, list[Right]] = {}
    for right in rights_at(at, [client.pk for client in page], person.pk):
        rights.setdefault(right.client_id, []).append(right)
    return Seen(page, rights)


def colleague_of(person_id: int) -> User | None:
    """Anyone who works or worked here. 1 query."""
    return User.objects.only("name", "login", "role", "is_active", "team_id").filter(pk=person_id).first()
