"""What the at-risk page shows, and what books were worth at the ends of quarters."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import IntegerField, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from alerts.models import Alert
from clients.access import Person
from clients.models import Client, Task, TaskKind
from retention.alerts import reason_words
from retention.models import QuarterValue

SHOWN = 100


@dataclass(frozen=True)
class AtRisk:
    """A client who may leave, with the reasons in words, and whether a call is planned."""

    client: Client
    alert: Alert
    points: int
    reasons: list[str]
    call_on: date | None


def at_risk(person: Person) -> list[AtRisk]:
    """Clients who may leave, the most points first, then the most assets; 100 at most. 2 queries."""
    alerts = list(
        Alert.objects.visible_to(person)
        .filter(rule="retention.at_risk", closed_at__isnull=True)
        .annotate(points=Cast(KT("facts__points"), IntegerField()))
        .select_related("client")
        .order_by("-points", "-client__value", "pk")[:SHOWN]
    )
    calls: dict[int, date] = dict(
        Task.objects.open()
        .filter(client_id__in=[alert.client_id for alert in alerts], kind=TaskKind.CALL)
        .order_by("-due_on")
        .values_list("client_id", "due_on")
    )
    return [
        AtRisk(
            client=alert.client,
            alert=alert,
            points=alert.facts["points"],
            reasons=[reason_words(code, alert.facts) for code in alert.facts["codes"]],
            call_on=calls.get(alert.client_id),
        )
        for alert in alerts
    ]


def worth_by_book(person: Person, books: Collection[int], since: date) -> list[tuple[int, date, Decimal]]:
    """(book, the end of a quarter, what its clients of today were worth then), the oldest first. 1 query.

    Client by client, and so without the same files as any sum of today: a sum of the whole book, compared
    with one that leaves a file behind a barrier out, would tell what that file holds.
    """
    return list(
        QuarterValue.objects.unwalled(person)
        .filter(client__book_id__in=list(books), on__gte=since)
        .values_list("client__book_id", "on")
        .annotate(total=Sum("value"))
        .order_by("on")
    )
