"""Who may open the books of a team: what its lead certifies, what was signed, and what is overdue."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from audit.models import AuditEvent
from clients.access import Person, reach
from clients.models import Client, ClientGrant, GrantPurpose
from compliance.models import Recertification
from compliance.rules import recertification as rules
from compliance.selectors.desk import chosen
from staff.models import Book, BookMember, BookRole, Team
from staff.roles import May
from staff.selectors import names_of
from ui.paging import Page, keyset


def led_teams(person: Person) -> set[int]:
    """The teams with books that this person leads. 1 query."""
    return set(Book.objects.filter(pk__in=reach(person).led).values_list("team_id", flat=True))


def recertification_list(person: Person, asked: Mapping[str, Any], today: date) -> Page[Recertification]:
    """What one's teams owe, or all, the longest due first; or what was signed, newest first. 3 queries."""
    if asked.get("state") == "signed":
        rows, sort = Recertification.objects.filter(certified_at__isnull=False), "-id"
    else:
        rows, sort = chosen(person, "recertifications", asked, today), "due_on"
    if not person.may(May.ACCESS_AUDIT):
        rows = rows.filter(team__in=led_teams(person))
    found = rows.select_related("team", "certified_by", "asked_by")
    return keyset(found, sort, after=asked.get("after"), before=asked.get("before"))


def teams_to_ask() -> list[tuple[int, str]]:
    """Teams with books, by name. 1 query."""
    teams = Team.objects.filter(pk__in=Book.objects.values("team"))
    return list(teams.order_by("name", "pk").values_list("pk", "name"))


def recertification_of(person: Person, pk: int) -> Recertification | None:
    """One of a team that the person leads, or any for who audits access. 1 or 2 queries."""
    found: Recertification | None = (
        Recertification.objects.select_related("team", "certified_by", "asked_by").filter(pk=pk).first()
    )
    if found is None or person.may(May.ACCESS_AUDIT) or found.team_id in led_teams(person):
        return found
    return None


def lines_of(person: Person, team_id: int, now: datetime) -> list[dict[str, Any]]:
    """Every right to open a book of this team, or one file of it, by the book. 2 queries.

    Of a break-glass, which is over within the hour and reviewed apart, nothing.
    """
    members = (
        BookMember.objects.filter(book__team=team_id)
        .exclude(during__fully_lt=(now, None))
        .select_related("user")
        .order_by("book", "role", "pk")
    )
    grants = (
        ClientGrant.objects.visible_to(person)
        .filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))
        .filter(content_object__book__team=team_id)
        .exclude(purpose=GrantPurpose.BREAK_GLASS)
        .select_related("user", "content_object")
        .order_by("content_object__book", "pk")
    )
    return [
        {
            "key": f"m{each.pk}", "what": "member", "login": each.user.login, "role": each.role,
            "book": each.book_id, "client": None, "begins": _day(each.during.lower),
            "ends": _day(each.during.upper),
        }
        for each in members
    ] + [
        {
            "key": f"g{each.pk}", "what": "grant", "login": each.user.login, "role": each.purpose,
            "book": each.content_object.book_id, "client": each.content_object_id,
            "begins": _day(each.starts_at), "ends": _day(each.ends_at),
        }
        for each in grants
    ]  # fmt: skip


def _day(moment: datetime | None) -> str:
    return timezone.localdate(moment).isoformat() if moment else ""


@dataclass(frozen=True)
class Right:
    """A line in words: who, by which right, until when. `may_end` is false for the owner of a book."""

    line: Mapping[str, Any]
    who: str
    right: str
    book: str
    client: Client | None
    begins: date | None
    ends: date | None
    may_end: bool


@dataclass(frozen=True)
class RecertificationPage:
    owed: Recertification
    rights: list[Right]
    digest: str  # of the lines as they stand, for who signs
    intact: bool  # what was signed is as the audit has it
    clients: list[int]


def recertification_page(person: Person, owed: Recertification) -> RecertificationPage:
    """The lines as they stand now, or as they were signed. 5 queries, 4 for what was signed."""
    signed = owed.certified_at is not None
    lines = owed.lines if signed else lines_of(person, owed.team_id, timezone.now())
    ids = {line["client"] for line in lines if line["client"]}
    clients = Client.objects.visible_to(person).only("name", "number").in_bulk(ids)
    # Of a file that the reader does not see, walled since or gone, no line tells.
    lines = [line for line in lines if not line["client"] or line["client"] in clients]
    books = dict(Book.objects.filter(pk__in={line["book"] for line in lines}).values_list("pk", "name"))
    names = names_of(line["login"] for line in lines)
    return RecertificationPage(
        owed,
        [_right(line, names, books, clients) for line in lines],
        "" if signed else rules.digest_of(lines),
        not signed or _is_intact(owed),
        sorted(clients),
    )


def _right(
    line: Mapping[str, Any], names: Mapping[str, str], books: Mapping[int, str], clients: Mapping[int, Client]
) -> Right:
    member = line["what"] == "member"
    labels: Collection[Any] = BookRole.choices if member else GrantPurpose.choices
    return Right(
        line,
        names.get(line["login"], line["login"]),
        str(dict(labels).get(line["role"], line["role"])),
        books.get(line["book"], ""),
        None if member else clients.get(line["client"]),
        date.fromisoformat(line["begins"]) if line["begins"] else None,
        date.fromisoformat(line["ends"]) if line["ends"] else None,
        not rules.refusals_to_end(line["what"], line["role"]),
    )


def _is_intact(signed: Recertification) -> bool:
    """The lines give the seal, and the audit holds that seal. 1 query."""
    told = AuditEvent.objects.filter(
        verb="access certified", subject_type="compliance.Recertification", subject_id=signed.pk
    )
    sealed = [payload.get("seal") for payload in told.values_list("payload", flat=True)]
    return rules.digest_of(signed.lines) == signed.seal and signed.seal in sealed
