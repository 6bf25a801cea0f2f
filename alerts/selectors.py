"""What the inbox and the outbox show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils import timezone

from alerts.models import Alert, Delivery, Mail, Urgency
from alerts.registry import rules
from alerts.rules import AlertRule
from clients.access import Person
from clients.models import Client
from staff.models import User
from staff.roles import May
from staff.selectors import names_of
from ui.paging import Page, keyset

UNREAD_CAP = 100


@dataclass(frozen=True)
class Shown:
    """An alert with its words, made now and through the lock."""

    alert: Alert
    client: Client
    rule: AlertRule
    sentence: str
    url: str
    label: str

    @property
    def is_late(self) -> bool:
        return self.alert.urgency == Urgency.LATE

    @property
    def tone(self) -> str:
        return "late" if self.is_late else "neutral"


def show_alerts(alerts: Iterable[Alert]) -> list[Shown]:
    """Words and links for alerts fetched with their clients; a rule that is gone shows nothing.

    One query more where a sentence tells of a colleague.
    """
    known = rules()
    found = [(alert, known[alert.rule]) for alert in alerts if alert.rule in known]
    names = names_of(alert.facts.get(each) for alert, rule in found for each in rule.people)
    return [_shown(alert, rule, names) for alert, rule in found]


def _shown(alert: Alert, rule: AlertRule, names: Mapping[str, str]) -> Shown:
    people = {each: names.get(login, login) for each in rule.people if (login := alert.facts.get(each))}
    late = alert.due_on < timezone.localdate()  # the night counts days by one clock for all, its reader not
    ids = {"client": [alert.client_id], "subject": [alert.subject_id], "": []}[rule.act.of]
    return Shown(
        alert=alert,
        client=alert.client,
        rule=rule,
        sentence=rule.sentence({**alert.facts, **people, "late": late}),
        url=reverse(rule.act.url, args=ids),
        label=str(rule.act.label),
    )


def open_alerts(person: Person, today: date) -> QuerySet[Alert]:
    """The open alerts delivered to `person`, not snoozed, of clients `person` may see now."""
    mine = Delivery.objects.filter(recipient_id=person.pk, channel=Delivery.Channel.INBOX).filter(
        Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=today)
    )
    alerts: QuerySet[Alert] = Alert.objects.visible_to(person).filter(closed_at__isnull=True)
    return alerts.filter(pk__in=mine.values("alert_id"))


def inbox(person: User, asked: dict[str, Any], today: date) -> tuple[dict[int, int], int, Page[Alert]]:
    """({urgency: how many}, the urgency shown, its page, earliest first). 2 queries, 3 beyond page one."""
    alerts = open_alerts(person, today)
    if rule := asked.get("rule"):
        alerts = alerts.filter(rule=rule)
    counts = dict(alerts.order_by().values_list("urgency").annotate(Count("pk")))
    urgency = asked.get("urgency") or min(counts, default=int(Urgency.LATE))
    page = keyset(
        alerts.filter(urgency=urgency).select_related("client"),
        "due_on",
        after=asked.get("after"),
        before=asked.get("before"),
        size=30,
        counted=False,
    )
    return counts, int(urgency), page


def dismissed_lately(person: User) -> list[Shown]:
    """What `person` dismissed last, to take it back. 1 query, 2 where one tells of a colleague."""
    gone = Alert.objects.visible_to(person).filter(closed_by_id=person.pk, closed_why="dismissed")
    since = timezone.now() - timedelta(days=2)
    return show_alerts(gone.filter(closed_at__gt=since).select_related("client").order_by("-closed_at")[:5])


def unread_count(person: Person) -> int:
    """New alerts in the inbox of `person`, counted to 100. 1 query, and what the reach takes when unknown."""
    told = RawSQL(_TOLD, [person.pk, timezone.localdate()])  # noqa: S611 - a constant
    new = Alert.objects.visible_to(person).filter(pk__in=told, closed_at__isnull=True)
    # Every page asks this: to count at most a hundred ids here is quicker than a query around the query, and
    # Django puts a join to deliveries together more slowly than PostgreSQL answers it.
    return len(new.order_by().values_list("pk", flat=True)[:UNREAD_CAP])


_TOLD = """
SELECT alert_id FROM alerts_delivery
WHERE recipient_id = %s AND channel = 'inbox' AND state = 'waiting'
  AND (snoozed_until IS NULL OR snoozed_until <= %s)
"""


def outbox(person: User, asked: dict[str, Any]) -> Page[Mail]:
    """Mails to staff, the newest first: one's own, or everybody's for who may see them. 1 or 2 queries."""
    mails = Mail.objects.select_related("to")
    if not person.may(May.MAIL_SEE):
        mails = mails.filter(to_id=person.pk)
    return keyset(mails, "-id", after=asked.get("after"), before=asked.get("before"), size=30, counted=False)
