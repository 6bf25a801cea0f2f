"""What the team board shows: one row a book, every figure with its list."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils import timezone

from alerts.models import Alert, Urgency
from alerts.selectors import Shown, show_alerts
from clients.access import reach
from clients.models import Client
from clients.selectors import contacts_by_book
from dashboards import rules
from opportunities.models import Opportunity
from retention.selectors import worth_by_book
from rulebook.days import quarter_end_before
from rulebook.selectors import pack
from staff.models import Book, BookMember, User
from ui.formats import midnight

TASK_RULES = {"retention.task_due", "retention.promise_due"}
CONTACT_RULE = "retention.contact_overdue"


@dataclass
class BookRow:
    """One book: its owner now, its size against the band, activity, pipeline and what is overdue."""

    book: Book
    owner: User | None
    segments: dict[str, int] = field(default_factory=dict)
    clients: int = 0
    value: Decimal = Decimal(0)
    value_before: Decimal | None = None
    kyc_overdue: int = 0
    contacts: int = 0
    contacts_before: int = 0
    pipeline: int = 0
    pipeline_values: list[tuple[str, Decimal]] = field(default_factory=list)
    late: int = 0
    contact_overdue: int = 0
    tasks_overdue: int = 0
    load: int = 0
    status: str = "in_range"

    @property
    def value_change(self) -> float | None:
        return rules.change_percent(float(self.value), float(self.value_before or 0))

    @property
    def tone(self) -> str:
        return {"critical": "late", "over": "warn", "under": "info"}.get(self.status, "good")


@dataclass(frozen=True)
class Team:
    rows: list[BookRow]
    teams: list[str]
    on: date
    pack_version: int

    def total(self, what: str) -> Any:
        return sum((getattr(row, what) for row in self.rows), start=0)

    @property
    def totals(self) -> dict[str, Any]:
        return {
            what: self.total(what)
            for what in ("clients", "value", "kyc_overdue", "contacts", "contacts_before", "pipeline", "late",
                         "contact_overdue", "tasks_overdue")
        }  # fmt: skip


def team(person: User, now: datetime) -> Team:
    """8 queries beyond the person's reach, however many RMs and clients."""
    today = timezone.localdate(now)
    bands = pack("coverage", today)
    rows = _books(person, now)
    _sizes(person, rows, today)
    _before(person, rows, today)
    _activity(person, rows, today)
    _pipelines(person, rows)
    _duties(person, rows)
    for row in rows.values():
        row.load = rules.coverage_load(row.segments, bands.body)
        row.status = rules.coverage_status(row.segments, bands.body)
    ordered = sorted(rows.values(), key=lambda row: (row.owner is None, -row.late, row.book.name))
    teams = sorted({row.book.team.name for row in rows.values()})
    return Team(rows=ordered, teams=teams, on=today, pack_version=bands.version)


def _books(person: User, now: datetime) -> dict[int, BookRow]:
    """The books in reach with their owners of the moment. 2 queries."""
    books = Book.objects.filter(pk__in=list(reach(person).books)).select_related("team").order_by("name")
    owners = BookMember.objects.at(now).owners().filter(book__in=books.order_by()).select_related("user")
    owner_of = {member.book_id: member.user for member in owners}
    return {book.pk: BookRow(book, owner_of.get(book.pk)) for book in books}


def _sizes(person: User, rows: dict[int, BookRow], today: date) -> None:
    """Clients and assets by book and segment. 1 query."""
    sizes = (
        Client.objects.unwalled(person)
        .filter(book_id__in=rows)
        .order_by()
        .values_list("book_id", "segment")
        .annotate(
            n=Count("pk"),
            served=Count("pk", filter=Q(state__in=["active", "dormant"])),
            total=Sum("value"),
            overdue=Count("pk", filter=Q(kyc_due_on__lt=today) & Q(state__in=["active", "dormant"])),
        )
    )
    for book_id, segment, clients, served, value, overdue in sizes:
        row = rows[book_id]
        row.segments[segment] = served
        row.clients += clients
        row.value += value
        row.kyc_overdue += overdue


def _before(person: User, rows: dict[int, BookRow], today: date) -> None:
    """What the same clients were worth at the end of the last quarter. 1 query."""
    for book_id, _on, value in worth_by_book(person, rows, quarter_end_before(today)):
        rows[book_id].value_before = value


def _activity(person: User, rows: dict[int, BookRow], today: date) -> None:
    """Contacts of each owner in the own book, this month and last month to the same day. 1 query."""
    month = today.replace(day=1)
    before = rules.month_before(month)
    same_day = min(before + (today - month), month - timedelta(days=1))
    owners = [row.owner.pk for row in rows.values() if row.owner]
    spans = midnight(before), midnight(same_day + timedelta(days=1)), midnight(month)
    for by_id, book_id, before_n, now_n in contacts_by_book(person, list(rows), owners, *spans):
        row = rows[book_id]
        if row.owner and row.owner.pk == by_id:
            row.contacts, row.contacts_before = now_n, before_n


def _pipelines(person: User, rows: dict[int, BookRow]) -> None:
    """Open opportunities by owner, where the client is in the owner's book. 1 query."""
    owners = [row.owner.pk for row in rows.values() if row.owner]
    totals: dict[tuple[int, int], list[tuple[str, int, Decimal]]] = defaultdict(list)
    opportunities = (
        Opportunity.objects.unwalled(person)
        .open()
        .filter(owner_id__in=owners, client__book_id__in=rows)
        .order_by()
        .values_list("owner_id", "client__book_id", "currency")
        .annotate(n=Count("pk"), total=Sum("value"))
    )
    for owner_id, book_id, currency, n, value in opportunities:
        totals[owner_id, book_id].append((currency, n, value))
    for book_id, row in rows.items():
        parts = totals.get((row.owner.pk, book_id), []) if row.owner else []
        row.pipeline = sum(n for _c, n, _v in parts)
        row.pipeline_values = sorted(((c, v) for c, _n, v in parts), key=lambda part: -part[1])


def _duties(person: User, rows: dict[int, BookRow]) -> None:
    """Late alerts by book and rule. 1 query."""
    late = (
        Alert.objects.visible_to(person)
        .filter(client__book_id__in=rows, closed_at__isnull=True, urgency=Urgency.LATE)
        .order_by()
        .values_list("client__book_id", "rule")
        .annotate(Count("pk"))
    )
    for book_id, rule, n in late:
        row = rows[book_id]
        row.late += n
        row.contact_overdue += n if rule == CONTACT_RULE else 0
        row.tasks_overdue += n if rule in TASK_RULES else 0


def duties(person: User, book_id: int, only: str) -> tuple[Book | None, list[Shown], int]:
    """(the book, its late alerts of one kind, the oldest first, how many). 200 at most. 3 queries."""
    book = Book.objects.filter(pk=book_id, pk__in=list(reach(person).books)).first()
    alerts = Alert.objects.visible_to(person).filter(
        client__book_id=book_id, closed_at__isnull=True, urgency=Urgency.LATE
    )
    if only == "contact":
        alerts = alerts.filter(rule=CONTACT_RULE)
    elif only == "tasks":
        alerts = alerts.filter(rule__in=TASK_RULES)
    shown = show_alerts(alerts.select_related("client").order_by("due_on", "pk")[:200])
    return book, shown, alerts.count()
