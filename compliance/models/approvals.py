"""Questions to a second person."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.access import FileQuerySet
from clients.models import OnFile
from staff.models import User


class ApprovalQuerySet(FileQuerySet["Approval"]):
    def waiting(self):
        return self.filter(decision=Approval.Decision.WAITING)


class Approval(OnFile):
    """A question to a second person. Who asks never decides."""

    class Decision(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    kind = models.CharField(max_length=40)  # "onboarding"
    subject_id = models.BigIntegerField()
    senior = models.BooleanField(default=False)  # only compliance may decide
    fingerprint = models.CharField(max_length=64, blank=True)  # of what is approved
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    decision = models.CharField(max_length=10, choices=Decision.choices, default=Decision.WAITING)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    decide_by: date  # while it waits, by the clock of the desk: its selectors say it

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["asked_at", "id"], name="approval_waiting", condition=Q(decision="waiting"))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id"],
                condition=Q(decision="waiting"),
                name="an_approval_is_asked_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="who_asks_does_not_approve",
            ),
        ]
