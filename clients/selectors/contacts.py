"""One contact: its record line by line, what was added to it, and who could have been there."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from clients import rules
from clients.access import Person, reach
from clients.models import Addendum, Client, Interaction
from clients.rules.record import RecordLine
from rulebook.selectors import pack
from staff.models import BookMember, User
from ui import formats


def late_hours(at: datetime, logged_at: datetime) -> int | None:
    """After how many hours it is late; None for what was logged sooner than any figure. 0 or 1 query."""
    if logged_at - at <= rules.SOON:
        return None
    return int(pack("interactions", timezone.localdate(logged_at))["late_hours"])


def colleagues_of(person: User, book_id: int) -> list[tuple[int, str]]:
    """Who may have been there too: the colleagues of the book and of the person's team. 1 query."""
    serving = BookMember.objects.at(timezone.now()).filter(book=book_id).values("user_id")
    near = Q(pk__in=serving)
    if person.team_id is not None:
        near |= Q(team_id=person.team_id)
    found = User.objects.filter(near, is_active=True).exclude(pk=person.pk)
    return list(found.order_by("name", "pk").values_list("pk", "name")[:60])


def colleagues_at(person: User, client_id: int) -> list[tuple[int, str]]:
    """The same of a file by its id; nobody where the person does not see it. 2 queries."""
    book = Client.objects.visible_to(person).filter(pk=client_id).values_list("book_id", flat=True).first()
    return colleagues_of(person, book) if book else []


def contacts_by_book(
    person: Person, books: list[int], people: list[int], since: datetime, until: datetime, anew: datetime
) -> list[tuple[int, int, int, int]]:
    """(by, book, from `since` until `until`, from `anew` on): contacts of these people with the clients of
    these books, which the person reaches. 1 query, by a function that asks the second wall once (ADR 12)."""
    walled = list(reach(person).all_walled)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM contacts_by_book(%s::bigint[], %s::bigint[], %s::bigint[], %s, %s, %s)",
            [books, walled, people, since, until, anew],
        )
        found: list[tuple[int, int, int, int]] = cursor.fetchall()
    return found


def client_by_number(person: Person, number: str) -> int | None:
    """The id of a client the person sees, None for a missing or foreign number. 1 query."""
    seen = Client.objects.visible_to(person).filter(number=number)
    found: int | None = seen.values_list("pk", flat=True).first()
    return found


@dataclass(frozen=True)
class RecordPage:
    """A contact with its record. `by_id` of an addendum tells whether the author or a colleague wrote it."""

    interaction: Interaction
    lines: list[RecordLine]
    addenda: list[Addendum]
    locked: bool

    @property
    def missing(self) -> list[RecordLine]:
        return [line for line in self.lines if not line.met and line.code != "late"]


def record_page(person: Person, interaction_id: int) -> RecordPage | None:
    """2 queries, 3 where colleagues attended."""
    found = Interaction.objects.visible_to(person).select_related("client", "by").with_id(interaction_id)
    if found is None:
        return None
    addenda = list(Addendum.objects.filter(interaction=found).select_related("by").order_by("pk"))
    return RecordPage(found, lines_of(found), addenda, timezone.now() >= found.locks_at)


def lines_of(interaction: Interaction) -> list[RecordLine]:
    """The record against what is required of it. 1 query where colleagues attended."""
    ids = interaction.colleagues
    names = (
        list(User.objects.filter(pk__in=ids).order_by("name").values_list("name", flat=True)) if ids else []
    )
    country = interaction.jurisdiction
    return rules.record_lines(
        {
            "at": timezone.localtime(interaction.at),
            "by": interaction.by.name,
            "colleagues": names,
            "channel_label": str(interaction.get_channel_display()),
            "purpose_label": str(interaction.get_purpose_display()),
            "jurisdiction": formats.locale_of("en").territories.get(country, country),
            **{name: getattr(interaction, name) for name in _AS_IT_IS},
        }
    )


_AS_IT_IS = (
    "channel", "outbound", "summary", "place", "attendees", "products", "advice_given", "order_details",
    "inducement", "recording", "follow_up", "off_channel", "late_reason",
)  # fmt: skip
