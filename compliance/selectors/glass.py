"""The uses of break-glass: whose right rests, what waits for a review, and what was opened in the hour."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.models import AuditEvent
from clients.access import Person
from compliance.models import GlassUse
from compliance.rules import glass as rules
from compliance.selectors.desk import chosen
from rulebook.selectors import pack
from staff.models import User
from ui.paging import Page, keyset

SHOWN = 200  # events of one hour

# A page by its URL name, else by its room.
_PLACES = {
    "client": _("Client page"),
    "file_history": _("History of the file"),
    "identifier": _("A number shown in full"),
    "compliance:glass_new": _("Break-glass"),
    "compliance:glass_end": _("Break-glass"),
    "clients:documents": _("Documents"),
    "clients:document": _("Documents"),
    "clients:interactions": _("Contacts"),
    "clients:interaction_new": _("Contacts"),
    "clients": _("Client file"),
    "portfolios": _("Holdings"),
    "compliance": _("Compliance"),
    "onboarding": _("Onboarding"),
    "needs": _("Needs"),
    "reviews": _("Portfolio review"),
    "opportunities": _("Opportunities"),
    "api": _("Programming interface"),
}


def place_in_words(source: str) -> str:
    """ "GET /clients/7/documents/" -> "Documents"; the address itself stands in the audit."""
    try:
        found = resolve(source.partition(" ")[2])
    except Resolver404:
        return str(_("Elsewhere")) if source else ""
    return str(_PLACES.get(found.view_name) or _PLACES.get(found.namespace) or _("Another page"))


@dataclass(frozen=True)
class Right:
    """How many uses of this person wait for a review, and since when one is overdue."""

    waiting: int
    overdue_since: date | None


def right_of(person: User) -> Right:
    """PostgreSQL counts: by now the files are closed to whoever broke into them. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM glass_waiting(%s)", [person.pk])
        waiting, first_due = cursor.fetchone()
    late = first_due is not None and first_due < timezone.localdate()
    return Right(waiting, first_due if late else None)


@dataclass(frozen=True)
class GlassForm:
    """What the form says before anything is typed: how long it lasts, and whether the right rests."""

    minutes: int
    letters: int
    review_days: int
    refusals: list[str]


def glass_form(person: User) -> GlassForm:
    """2 queries."""
    glass, right = pack("access", timezone.localdate())["glass"], right_of(person)
    return GlassForm(
        glass["minutes"],
        glass["reason_letters"],
        glass["review_days"],
        rules.refusals_of_the_right(right.waiting, right.overdue_since, glass["waiting_at_most"]),
    )


def glass_list(person: Person, asked: Mapping[str, Any], today: date) -> Page[GlassUse]:
    """What waits for a review, the longest due first, or what was reviewed, the latest first. 3 queries."""
    state = asked.get("state", "waiting")
    if state in ("waiting", "overdue"):
        rows, sort = chosen(person, "glass", asked, today), "due_on"
        if state == "overdue":
            rows = rows.filter(due_on__lt=today)
    else:
        rows, sort = GlassUse.objects.visible_to(person).filter(verdict=state), "-at"
    found = rows.select_related("client", "user", "grant", "reviewed_by")
    return keyset(found, sort, after=asked.get("after"), before=asked.get("before"))


@dataclass(frozen=True)
class Deed:
    """One event of the hour, and on which page it was."""

    event: AuditEvent
    place: str


@dataclass(frozen=True)
class UsePage:
    use: GlassUse
    events: list[Deed]
    refusals: list[str]

    @property
    def more(self) -> bool:
        return len(self.events) == SHOWN


def use_page(person: User, use_id: int) -> UsePage | None:
    """One use, and everything the person did on this file while it was open, from the audit. 2 queries."""
    use: GlassUse | None = (
        GlassUse.objects.visible_to(person)
        .select_related("client", "user", "grant__ended_by", "reviewed_by")
        .with_id(use_id)
    )
    if use is None:
        return None
    hour = AuditEvent.objects.filter(
        by_id=use.user_id, client_id=use.client_id, at__gte=use.at, at__lte=use.grant.ends_at
    )
    return UsePage(
        use,
        [
            Deed(event, place_in_words(event.source))
            for event in hour.only("id", "at", "verb", "why", "source").order_by("at", "id")[:SHOWN]
        ],
        rules.refusals_to_review(
            bool(use.verdict), person.is_same_person(use.user_id), "said below", is_open=use.is_open
        ),
    )
