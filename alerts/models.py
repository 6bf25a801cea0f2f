"""What deserves attention, and how it reached whom."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from alerts.registry import rules
from alerts.rules import To
from clients.access import FileQuerySet, Person
from clients.models import OnFile
from staff.models import User
from staff.roles import Role

OFFICERS = frozenset({Role.COMPLIANCE, Role.MLRO})  # who gets what is To.COMPLIANCE, and may know of it


class Urgency(models.IntegerChoices):
    LATE = 1, _("Late")
    SOON = 2, _("Due")
    NOTE = 3, _("For your information")


def for_officers_alone() -> list[str]:
    """The rules of which only officers know: that a name is on a list, the book must not learn."""
    return [rule.name for rule in rules().values() if rule.to == To.COMPLIANCE]


def kept_from(person: Person) -> list[str]:
    """The rules whose alerts do not exist for `person`."""
    return [] if person.role in OFFICERS else for_officers_alone()


class AlertQuerySet(FileQuerySet["Alert"]):
    def open(self):
        return self.filter(closed_at__isnull=True)

    def visible_to(self, person: Person, at: datetime | None = None) -> Self:
        """Of the files that `person` sees, without what is for compliance alone."""
        return super().visible_to(person, at).exclude(rule__in=kept_from(person))

    def hold(self, pk: int, by: Person, how: str) -> tuple[Any, str, int] | None:
        held = super().hold(pk, by, how)
        return None if held is None or held[0].rule in kept_from(by) else held


class Alert(OnFile):
    """One reason to look at one client. Holds ids and codes; its words are made when it is shown."""

    rule = models.CharField(max_length=60)  # "retention.contact_overdue", declared in a room's alerts.py
    subject_id = models.BigIntegerField()  # the row the rule speaks of, of the kind the rule says
    occurrence = models.CharField(max_length=40)  # "2026-11-21": the same again is the same alert
    urgency = models.PositiveSmallIntegerField(choices=Urgency.choices)
    due_on = models.DateField()
    facts = models.JSONField(default=dict)  # days, codes, percentages: what the sentence needs
    made_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_why = models.CharField(max_length=40, blank=True)  # "done", "dismissed", "no longer so"
    reason = models.CharField(max_length=200, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["client", "urgency", "due_on"],
                name="alert_open_client",
                condition=models.Q(closed_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["rule", "subject_id", "occurrence"], name="an_alert_is_made_once")
        ]


class Delivery(models.Model):
    """One alert to one person by one channel, once."""

    class Channel(models.TextChoices):
        INBOX = "inbox", _("Inbox")
        EMAIL = "email", _("E-mail")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        READ = "read", _("Read")
        UNCERTAIN = "uncertain", _("Uncertain")  # e-mail: a process died in the middle, a copy may exist
        DROPPED = "dropped", _("Dropped")  # closed before anybody saw it

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="deliveries")
    recipient = models.ForeignKey(User, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)
    snoozed_until = models.DateField(null=True)  # the recipient asked not to see it before that day
    mail = models.ForeignKey("Mail", models.SET_NULL, null=True, related_name="deliveries")

    class Meta:
        indexes = [models.Index(fields=["recipient", "channel", "state", "-id"], name="delivery_recipient")]
        constraints = [
            models.UniqueConstraint(
                fields=["alert", "channel", "recipient"], name="an_alert_is_delivered_once"
            )
        ]


class Mail(models.Model):
    """A mail to staff: counts and links, no client data. Written first, sent by a job, which says when.

    In the demo nothing leaves; the outbox page shows it.
    """

    to = models.ForeignKey(User, models.CASCADE, related_name="mails")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    message_id = models.CharField(max_length=200, unique=True)  # the same at every try
    made_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    doubts = models.PositiveSmallIntegerField(default=0)  # how often a process died in the middle of sending

    class Meta:
        indexes = [
            models.Index(fields=["to", "-made_at"], name="mail_to"),
            models.Index(fields=["id"], name="mail_unsent", condition=models.Q(sent_at__isnull=True)),
        ]


class Walk(models.Model):
    """How far the looks of one rule have come through the bank, so that each look is short."""

    rule = models.CharField(max_length=60, primary_key=True)
    after = models.BigIntegerField(default=0)  # the last client looked at
    busy_ms = models.PositiveIntegerField(default=0)  # spent on this round so far
    finished_at = models.DateTimeField(null=True)  # when the last whole round ended
    rest_until = models.DateTimeField(null=True)  # a round that took long is not begun again at once
