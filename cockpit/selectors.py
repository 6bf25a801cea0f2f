"""Handovers: what waits, what is planned, what was done; what a choice of clients would mean."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.expressions import RawSQL
from django.utils import timezone

from alerts.models import Alert, for_officers_alone
from clients.access import Person, reach
from clients.models import SERVED, Client, Task
from cockpit import rules
from cockpit.models import Handover, HandoverClient
from onboarding.models import Onboarding
from opportunities.models import Opportunity
from staff.models import Book, BookMember, User
from staff.roles import May, Role
from ui.carrying import NIGHT_SHIFT, transaction_for
from ui.paging import Page, keyset

State = Handover.State
SOON = timedelta(days=30)
SHOWN = 100  # of what is over, a page


# --- who knows of a handover -----------------------------------------------------------------------------
def visible_handovers(person: Person) -> QuerySet[Handover]:
    """Of the books one leads, one's own proposals, and what was done for or with one's book.

    The first wall of Handover, which leads to many clients: what holds one behind a barrier is left out.
    """
    known = Handover.objects.select_related("from_book", "to_book", "owner", "receiver", "asked_by")
    known = known.select_related("decided_by")
    reached = reach(person)
    if person.pk is not None:  # before a shift stands no barrier
        hidden = RawSQL("SELECT handovers_walled_off(%s, %s)", [person.pk, timezone.now()])
        known = known.exclude(pk__in=hidden)
    if reached.everything:
        return known
    mine = Q(done_at__isnull=False) & (Q(owner=person.pk) | Q(receiver=person.pk))
    led = Q(from_book__in=reached.led) | Q(to_book__in=reached.led)
    return known.filter(led | mine | Q(asked_by=person.pk))


def decides(person: Person, handover: Handover) -> bool:
    """Does this person lead one of the two teams, or see every book, and may hand clients over?"""
    reached = reach(person)
    led = {handover.from_book_id, handover.to_book_id} & set(reached.led)
    return person.may(May.CLIENTS_HAND_OVER) and (reached.everything or bool(led))


@dataclass(frozen=True)
class Told:
    """A handover in a list."""

    handover: Handover
    mine: bool


@dataclass(frozen=True)
class Handovers:
    waiting: list[Told]
    planned: list[Told]
    over: list[Told]


def handover_list(person: User) -> Handovers:
    """What waits for a second person, what waits for its day, what is over. 3 queries."""
    known = visible_handovers(person)
    waiting = known.filter(state=State.WAITING).order_by("effective_on", "pk")
    planned = known.filter(state=State.CONFIRMED, done_at__isnull=True).order_by("effective_on", "pk")
    over = known.exclude(pk__in=waiting.values("pk")).exclude(pk__in=planned.values("pk"))

    def told(found: Any) -> list[Told]:
        return [Told(each, each.asked_by_id == person.pk) for each in found]

    return Handovers(told(waiting[:500]), told(planned[:500]), told(over.order_by("-pk")[:SHOWN]))


@dataclass(frozen=True)
class HandoverPage:
    handover: Handover
    lines: Page[HandoverClient]  # those of them whom the reader sees
    hidden: int  # how many of them the reader does not see: they are another team's
    owed: "Owed"
    refusals: list[str]
    end_refusals: list[str]
    undo_refusals: list[str]
    mine: bool
    may_act: bool


def handover_page(person: User, handover_id: int, asked: dict[str, Any]) -> HandoverPage | None:
    """One handover: who is in it, what they owe, and whether the reader confirms it. 15 queries at most."""
    handover = visible_handovers(person).filter(pk=handover_id).first()
    if handover is None:
        return None
    own = handover.asked_by_id == person.pk  # taken back by the login that asked; confirmed by another person
    lines = HandoverClient.objects.visible_to(person).filter(handover=handover).select_related("client")
    page = keyset(lines, "id", after=asked.get("after"), before=asked.get("before"))
    owed = Owed(**handover.told)
    done = handover.done_at is not None
    left = lines.filter(client__book=handover.to_book_id).count() if done else 0
    return HandoverPage(
        handover=handover,
        lines=page,
        hidden=max(0, owed.clients - (page.count or 0)),
        owed=owed,
        refusals=refusals_to_confirm(handover, person),
        end_refusals=rules.refusals_to_end(handover.stands, done, decides=decides(person, handover), own=own),
        undo_refusals=rules.refusals_to_undo(done, left, handover.owner_id is not None),
        mine=own,
        may_act=person.may(May.CLIENTS_HAND_OVER),
    )


def refusals_to_confirm(handover: Handover, by: User) -> list[str]:
    """One answer for the button and for the guard."""
    return rules.refusals_to_confirm(
        handover.stands,
        own=by.is_same_person(handover.asked_by_id),
        receives=by.is_same_person(handover.receiver_id),
        decides=decides(by, handover),
        stale=handover.stands == State.WAITING and is_stale(handover),
    )


# --- what is to be handed over ---------------------------------------------------------------------------
@dataclass(frozen=True)
class Owed:
    """What comes along with some clients, as whoever reads it sees them. `assets`: currency -> sum."""

    clients: int
    assets: dict[str, str]
    tasks: int
    promises: int
    kyc: int
    onboardings: int
    opportunities: int
    alerts: int

    @property
    def sums(self) -> list[tuple[str, Decimal]]:
        return [(code, Decimal(worth)) for code, worth in sorted(self.assets.items())]

    def as_told(self) -> dict[str, Any]:
        return asdict(self)


def owed_by(person: Person, ids: Collection[int], today: date) -> Owed:
    """7 queries. Assets in the reporting currency, by the currency in which the client thinks.

    What an officer asks for, leads and relationship managers read: alerts are those that they may know of.
    """
    clients = Client.objects.visible_to(person).filter(pk__in=ids)
    of_them = Q(client__in=ids)
    sums = clients.values("currency").annotate(n=Count("pk"), worth=Sum("value")).order_by("currency")
    rows = list(sums)
    tasks = Task.objects.visible_to(person).open().filter(of_them)
    alerts = Alert.objects.visible_to(person).open().exclude(rule__in=for_officers_alone())
    running = [Onboarding.State.COLLECTING, Onboarding.State.IN_REVIEW, Onboarding.State.ON_HOLD]
    return Owed(
        clients=sum(row["n"] for row in rows),
        assets={row["currency"]: str(row["worth"]) for row in rows},
        **tasks.aggregate(tasks=Count("pk"), promises=Count("pk", filter=Q(promise=True))),
        kyc=clients.filter(state__in=SERVED, kyc_due_on__lte=today + SOON).count(),
        onboardings=Onboarding.objects.visible_to(person).filter(of_them, state__in=running).count(),
        opportunities=Opportunity.objects.visible_to(person).open().filter(of_them).count(),
        alerts=alerts.filter(of_them).count(),
    )


@dataclass(frozen=True)
class Chosen:
    """The clients of a form, of those the reader sees; `to` and `cause` where an undo says them."""

    clients: list[Client]
    book: Book | None
    to: str = ""
    cause: str = ""
    undoes: Handover | None = None


def chosen(person: User, asked: dict[str, Any]) -> Chosen:
    """By `client` ids, a whole `book`, or `undo` of a handover. 2 queries, 4 for an undo."""
    seen = Client.objects.visible_to(person).select_related("book").order_by("name", "pk")
    undoes, to, cause = None, "", ""
    if asked.get("undo"):
        undoes = visible_handovers(person).filter(pk=asked["undo"], done_at__isnull=False).first()
        if undoes is None:
            return Chosen([], None)
        lines = HandoverClient.objects.visible_to(person).filter(handover=undoes)
        found = list(seen.filter(pk__in=lines.values("client"), book=undoes.to_book_id))
        to, cause = f"book-{undoes.from_book_id}", Handover.Cause.UNDO.value
    elif asked.get("book"):
        found = list(seen.filter(book=asked["book"])[: rules.MOST + 1])
    else:
        found = list(seen.filter(pk__in=asked.get("client") or [])[: rules.MOST + 1])
    return Chosen(found, found[0].book if found else None, to, cause, undoes)


def receivers(person: User, book: Book | None) -> list[tuple[str, str]]:
    """Relationship managers who work here, with the book that would grow; a new one for who has none.

    2 queries. Also of other teams: a client moves, a desk closes.
    """
    people = User.objects.filter(is_active=True, role=Role.RM, team__isnull=False).select_related("team")
    owned = BookMember.objects.owners().at(timezone.now()).select_related("book")
    books: dict[int, list[Book]] = {}
    for member in owned.filter(user__role=Role.RM, user__is_active=True).order_by("book__name", "pk"):
        books.setdefault(member.user_id, []).append(member.book)
    found = []
    for each in people.order_by("name", "pk"):
        where = each.team.name if each.team else ""
        for one in books.get(each.pk, []):
            if book is None or one.pk != book.pk:
                named = each.name if one.name == each.name else f"{each.name}: {one.name}"
                found.append((f"book-{one.pk}", f"{named} ({where})"))
        if each.pk not in books:
            found.append((f"person-{each.pk}", f"{each.name}: a new book ({where})"))
    return found


def books_to_hand_over(person: User) -> list[tuple[Book, str]]:
    """Books whose clients the reader may hand over, with their owners. 2 queries."""
    reached = reach(person)
    books = Book.objects.order_by("name", "pk") if reached.everything else None
    if books is None:
        books = Book.objects.filter(pk__in=list(reached.led)).order_by("name", "pk")
    found = list(books[:200])
    members = BookMember.objects.owners().at(timezone.now()).filter(book__in=found).select_related("user")
    owners = {member.book_id: member.user.name for member in members}
    return [(book, owners.get(book.pk, "")) for book in found]


def owner_of(book_id: int) -> User | None:
    """Who owns a book now. 1 query."""
    member = (
        BookMember.objects.owners().at(timezone.now()).filter(book=book_id).select_related("user").first()
    )
    return member.user if member else None


def waits_elsewhere(ids: Collection[int]) -> set[int]:
    """Other handovers that are open and hold one of these clients, of those that the carried person sees."""
    lines = HandoverClient.objects.filter(client__in=ids, handover__done_at__isnull=True)
    lines = lines.filter(handover__state__in=[State.WAITING, State.CONFIRMED])
    return set(lines.values_list("handover_id", flat=True))


def walled_from(colleague: User, ids: Collection[int]) -> int:
    """From how many of these files does a barrier keep this colleague? 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM walled_off(%s, %s, '{}'::bigint[], %s::bigint[])",
            [colleague.pk, timezone.now(), list(ids)],
        )
        return int(cursor.fetchone()[0])


# --- whether it is still so ------------------------------------------------------------------------------
def ids_of(handover: Handover) -> list[int]:
    """All clients of it, in the order in which they are locked. Asked as the night shift, who sees them."""
    lines = HandoverClient.objects.filter(handover=handover).order_by("client_id")
    return list(lines.values_list("client_id", flat=True))


def fingerprint(ids: Sequence[int], from_book: int, to_book: int, receiver: int) -> str:
    """Of all a handover is about: each client's book and barrier, who owns both books, who receives.

    The same for whoever looks: the night shift does. 3 queries.
    """
    clients = Client.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "book_id", "barrier_id")
    owners = BookMember.objects.owners().at(timezone.now()).filter(book__in=[from_book, to_book])
    people = User.objects.filter(pk=receiver).values_list("pk", "role", "is_active")
    told = [
        from_book,
        to_book,
        *(sorted(map(list, rows), key=str) for rows in (owners.values_list("book_id", "user_id"), people)),
        [list(row) for row in clients],
        len(ids),
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def is_stale(handover: Handover) -> bool:
    """Has anything changed since it was asked for: an owner, a role, a barrier, where a client is?"""
    with transaction_for(None, NIGHT_SHIFT):
        ids = ids_of(handover)
        now = fingerprint(ids, handover.from_book_id, handover.to_book_id, handover.receiver_id)
        return handover.fingerprint != now or walled_from(handover.receiver, ids) > 0


def handovers_to_settle() -> list[int]:
    """For the sweep: what is open and is no longer so, or whose day has come. 1 query, and 5 for each."""
    known = Handover.objects.filter(state__in=[State.WAITING, State.CONFIRMED], done_at__isnull=True)
    today = timezone.localdate()
    found = known.select_related("receiver").order_by("effective_on", "pk")
    return [each.pk for each in found if is_due(each, today) or is_stale(each)]


def is_due(handover: Handover, today: date) -> bool:
    return handover.is_planned and handover.effective_on <= today
