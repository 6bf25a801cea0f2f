"""What My day shows: what is due and why, the meetings, and the figures of the own books."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils import timezone

from alerts.models import Alert, Urgency
from alerts.registry import rules as known_rules
from alerts.selectors import open_alerts, show_alerts
from clients.access import reach
from clients.models import Client, Interaction, Task, TaskKind
from compliance.models import Attestation
from compliance.selectors.sampling import attestation_due
from dashboards import rules
from opportunities.models import Opportunity
from retention.selectors import worth_by_book
from rulebook.days import due_before, quarter_end_before
from staff.models import User
from ui.formats import midnight

ROWS = 12  # what one person can take in; the rest is one click away in the inbox
FETCHED = 200
# Alerts that are shown as the tasks they speak of, with their weight.
PROMISE, TASK = TASK_RULES = ("retention.promise_due", "retention.task_due")


@dataclass(frozen=True)
class Line:
    """One reason in a row: an alert or a task."""

    sentence: str
    due_on: date
    urgency: int
    weight: int
    alert: Alert | None = None
    task: Task | None = None

    @property
    def late(self) -> bool:
        return self.urgency == Urgency.LATE


@dataclass
class Due:
    """One client and every reason why it is on the list, the weightiest first."""

    client: Client
    lines: list[Line] = field(default_factory=list)

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def rank(self) -> tuple[int, date, float]:
        return rules.rank(self.first.late, self.first.weight, self.first.due_on, float(self.client.value))


@dataclass(frozen=True)
class Figures:
    """The own books today, and what to compare with."""

    clients: int
    value: Decimal
    value_before: Decimal | None
    value_history: list[Decimal]
    contacts: int
    contacts_before: int
    late: int
    soon: int
    pipeline: int
    pipeline_values: list[tuple[str, Decimal]]
    kyc_soon: int
    kyc_overdue: int
    silent: int

    @property
    def value_change(self) -> float | None:
        return rules.change_percent(float(self.value), float(self.value_before or 0))


@dataclass(frozen=True)
class Day:
    due: list[Due]
    more: int  # clients due beyond the rows shown
    whole: bool  # False: even more is due than was read
    meetings: list[Task]
    figures: Figures
    attestation: Attestation | None  # of the channels used, when it is due


def my_day(person: User, now: datetime) -> Day:
    """9 queries beyond the person's reach, however large the bank."""
    today = timezone.localdate(now)
    alerts = open_alerts(person, today)
    counts = dict(alerts.order_by().values_list("urgency").annotate(Count("pk")))
    due, whole = _due(person, alerts, today)
    return Day(
        due=due[:ROWS],
        more=max(0, len(due) - ROWS),
        whole=whole,
        meetings=_meetings(person, today),
        figures=_figures(person, today, counts),
        attestation=attestation_due(person),
    )


def _due(person: User, alerts: Any, today: date) -> tuple[list[Due], bool]:
    """Alerts and open tasks by client, ranked, and whether these are all. 2 queries."""
    rows: dict[int, Due] = {}
    tasks = Task.objects.visible_to(person).open().filter(assigned_to_id=person.pk, due_on__lte=today)
    open_tasks = list(tasks.select_related("client").order_by("due_on", "id")[: FETCHED + 1])
    for task in open_tasks:
        if (
            task.starts_at is None or timezone.localdate(task.starts_at) < today
        ):  # today's meetings stand apart
            rows.setdefault(task.client_id, Due(task.client)).lines.append(_task_line(task, today))
    ordered = alerts.exclude(rule__in=TASK_RULES).select_related("client").order_by("urgency", "due_on", "id")
    shown_alerts = show_alerts(ordered[: FETCHED + 1])
    for shown in shown_alerts:
        alert = shown.alert
        line = Line(shown.sentence, alert.due_on, alert.urgency, shown.rule.weight, alert=alert)
        rows.setdefault(alert.client_id, Due(alert.client)).lines.append(line)
    for row in rows.values():
        row.lines.sort(key=lambda line: rules.rank(line.late, line.weight, line.due_on, 0))
    whole = max(len(open_tasks), len(shown_alerts)) <= FETCHED
    return sorted(rows.values(), key=lambda row: row.rank), whole


def _task_line(task: Task, today: date) -> Line:
    return Line(
        task.title,
        task.due_on,
        int(Urgency.LATE if task.due_on < today else Urgency.SOON),
        known_rules()[PROMISE if task.promise else TASK].weight,
        task=task,
    )


def _meetings(person: User, today: date) -> list[Task]:
    """Today's meetings by the hour. 1 query."""
    begins = midnight(today)
    held = Task.objects.visible_to(person).open().filter(assigned_to_id=person.pk, kind=TaskKind.MEETING)
    today_only = held.filter(starts_at__gte=begins, starts_at__lt=begins + timedelta(days=1))
    return list(today_only.select_related("client").order_by("starts_at", "id")[:20])


def _figures(person: User, today: date, counts: dict[int, int]) -> Figures:
    """4 queries."""
    books = list(reach(person).books)
    silent_since = today - timedelta(days=90)
    owes_review = Q(state__in=["active", "dormant"])
    own = Client.objects.unwalled(person).filter(book_id__in=books)
    now = own.aggregate(
        clients=Count("pk"),
        value=Sum("value", default=Decimal(0)),
        kyc_soon=Count("pk", filter=owes_review & Q(kyc_due_on__lt=due_before(today, 30))),
        kyc_overdue=Count("pk", filter=owes_review & Q(kyc_due_on__lt=today)),
        silent=Count("pk", filter=Q(last_contact_on__lt=silent_since)),
    )
    month = today.replace(day=1)
    history: dict[date, Decimal] = defaultdict(Decimal)
    for _book, on, worth in worth_by_book(person, books, today - timedelta(days=366)):
        history[on] += worth
    contacts, pipeline = _contacts(person, month, today), _pipeline(person)
    return Figures(
        **now,
        value_before=history.get(quarter_end_before(today)),
        value_history=[*history.values(), now["value"]],
        late=counts.get(Urgency.LATE, 0),
        soon=counts.get(Urgency.SOON, 0),
        contacts=contacts["now"],
        contacts_before=contacts["before"],
        pipeline=sum(n for _currency, n, _total in pipeline),
        pipeline_values=[(currency, total) for currency, _n, total in pipeline],
    )


def _contacts(person: User, month: date, today: date) -> dict[str, int]:
    """Contacts this month, and last month up to the same day. 1 query."""
    before = rules.month_before(month)
    same_day = min(before + (today - month), month - timedelta(days=1))
    counts: dict[str, int] = (
        Interaction.objects.visible_to(person)
        .filter(by_id=person.pk, at__gte=midnight(before))
        .aggregate(
            now=Count("pk", filter=Q(at__gte=midnight(month))),
            before=Count("pk", filter=Q(at__lt=midnight(same_day + timedelta(days=1)))),
        )
    )
    return counts


def _pipeline(person: User) -> list[tuple[str, int, Decimal]]:
    """(currency, how many, their value) of the person's open opportunities: nothing is converted. 1 query."""
    mine = Opportunity.objects.visible_to(person).open().filter(owner_id=person.pk)
    return list(mine.values_list("currency").annotate(n=Count("pk"), total=Sum("value")).order_by("-total"))
