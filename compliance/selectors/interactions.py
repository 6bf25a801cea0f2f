"""The officer's two searches: what was said with clients, and who opened which file."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from audit.models import AuditEvent
from clients.access import Person, reach, unwalled
from clients.models import Client, Interaction
from staff.models import User
from staff.selectors import names_of
from ui.formats import midnight
from ui.paging import Page, keyset

LATEST = 20_000  # of so many contacts with the words the list is made, before anything else narrows it
# Letter for letter as in the index "interaction_words".
WORDS = "to_tsvector('simple', clients_interaction.summary || ' ' || clients_interaction.notes)"


def interaction_list(person: Person, asked: dict[str, Any]) -> Page[Interaction]:
    """Contacts by words, person, channel, days, client, the latest first. 2 queries, 3 beyond page 1."""
    found = Interaction.objects.visible_to(person).select_related("client", "by")
    if words := asked.get("words"):
        found = _with_words(found, words, asked)
    if login := asked.get("person"):
        found = found.filter(by__login=login)
    if number := asked.get("number"):
        found = found.filter(client__number=number)
    for field in ("channel", "client"):
        if value := asked.get(field):
            found = found.filter(**{field: value})
    found = _between(found, asked)
    return keyset(found, "-at", after=asked.get("after"), before=asked.get("before"))


def _with_words(found: QuerySet[Interaction], words: str, asked: dict[str, Any]) -> QuerySet[Interaction]:
    """By PostgreSQL's own function: below a policy the index of words could not be entered (ADR 0012).

    What a person or a file narrows is few enough to be read row by row, and older than the function looks.
    """
    if asked.get("person") or asked.get("number") or asked.get("client"):
        return found.alias(said=RawSQL(WORDS, [], output_field=SearchVectorField())).filter(  # noqa: S611
            said=SearchQuery(words, config="simple", search_type="websearch")
        )
    since, until = _days(asked)
    known = [words, since, until, asked.get("channel", ""), LATEST]
    return found.filter(pk__in=RawSQL("SELECT interactions_with_words(%s, %s, %s, %s, %s)", known))


def _days(asked: dict[str, Any]) -> tuple[datetime | None, datetime | None]:
    """The asked days, both included, as the first instant and the first after."""
    first, last = asked.get("from_on"), asked.get("until_on")
    return (
        midnight(first) if first else None,
        midnight(last + timedelta(days=1)) if last and last < date.max else None,
    )


def _between(rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
    """Rows whose `at` lies within the asked days, both included."""
    since, until = _days(asked)
    if since:
        rows = rows.filter(at__gte=since)
    return rows.filter(at__lt=until) if until else rows


@dataclass(frozen=True)
class Openings:
    """A page of "file opened" events, the clients that the reader sees by id, and who opened by login."""

    page: Page[AuditEvent]
    clients: dict[int, Client]
    names: dict[str, str]
    of_person: int | None = None  # ids, when it was asked for one person or one client whom the reader sees
    of_client: int | None = None


def file_openings(person: Person, asked: dict[str, Any]) -> Openings:
    """Who opened which file, by which right and why, the latest first.

    4 queries, 5 beyond the first page, one more for each of person and client number.
    """
    events = unwalled(AuditEvent.objects.filter(verb="file opened"), person)
    if not reach(person).everything:
        events = events.none()
    who = None
    if login := asked.get("person"):
        who = User.objects.filter(login=login).values_list("pk", flat=True).first()
        events = events.filter(by_id=who) if who else events.none()
    client_id = asked.get("client")
    if number := asked.get("number"):
        client_id = (
            Client.objects.visible_to(person).filter(number=number).values_list("pk", flat=True).first() or 0
        )
    if client_id is not None:
        events = events.filter(client_id=client_id)
    page = keyset(
        _between(events, asked).only("id", "at", "by_login", "by_role", "path", "why", "client_id", "source"),
        "-at",
        after=asked.get("after"),
        before=asked.get("before"),
    )
    ids = {event.client_id for event in page if event.client_id} | ({client_id} if client_id else set())
    clients = Client.objects.visible_to(person).only("name", "number").in_bulk(ids)
    names = names_of(event.by_login for event in page)
    return Openings(page, clients, names, who, client_id if client_id in clients else None)
