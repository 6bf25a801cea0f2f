"""How a relationship ends: one asks, a second one confirms. And that a lead came to nothing."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.access import FileQuerySet
from clients.models import OnFile
from onboarding.rules import endings as rules
from staff.models import Proposal, User, four_eyes


class EndingQuerySet(FileQuerySet["Ending"]):
    def waiting(self):
        return self.filter(state=Ending.State.WAITING)


class Ending(OnFile, Proposal):
    """That the relationship with a client ends. While it waits, the client is being ended (offboarding)."""

    waits_at = "onboarding:endings"

    class Cause(models.TextChoices):
        WISH = "wish", _("The client's wish")
        OTHER_BANK = "other_bank", _("Moved to another bank")
        DECEASED = "deceased", _("The client has died")
        RISK_APPETITE = "risk_appetite", _("No longer within the risk the bank takes")
        INACTIVE = "inactive", _("Inactive")
        OTHER = "other", _("Another reason")

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="endings")
    cause = models.CharField(_("reason"), max_length=20, choices=Cause.choices)
    answer = models.CharField(max_length=300, blank=True)  # why a second person returned it

    objects = EndingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["asked_at", "id"], name="ending_waiting", condition=Q(state="waiting"))
        ]
        constraints = [
            *four_eyes("an_end"),
            models.CheckConstraint(condition=Q(cause__in=rules.CAUSES), name="an_end_has_a_known_cause"),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(answer=""), name="a_returned_end_says_why"
            ),
            models.UniqueConstraint(
                fields=["client"], condition=Q(state="waiting"), name="one_end_of_a_relationship_waits"
            ),
        ]

    @property
    def standing(self) -> str:
        """A no of the second person gives it back to who asked."""
        return str(_("Returned")) if self.state == self.State.REFUSED else super().standing

    @property
    def is_of_compliance(self) -> bool:
        """An officer decides."""
        return self.cause in rules.OF_COMPLIANCE


class SetAside(OnFile):
    """That a lead, or an opening, came to nothing: its file is closed. Taken up again, it is as before."""

    class Cause(models.TextChoices):
        NO_INTEREST = "no_interest", _("Not interested")
        UNREACHED = "unreached", _("Cannot be reached")
        OTHER_BANK = "other_bank", _("Chose another bank")
        NOT_OURS = "not_ours", _("No client for this bank")
        TWICE = "twice", _("Has a file already, under another number")
        MISTAKE = "mistake", _("Opened by mistake: the wrong kind, or the wrong person")
        OTHER = "other", _("Another reason")

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="set_asides")
    cause = models.CharField(_("reason"), max_length=20, choices=Cause.choices)
    reason = models.CharField(max_length=300, blank=True)  # in words
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    taken_up_at = models.DateTimeField(null=True)
    taken_up_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cause__in=rules.LEAD_CAUSES), name="a_lead_is_set_aside_for_a_known_cause"
            ),
            models.CheckConstraint(
                condition=~Q(cause="other") | ~Q(reason=""), name="another_reason_to_set_aside_is_said"
            ),
            models.CheckConstraint(
                condition=Q(taken_up_at__isnull=True, taken_up_by__isnull=True)
                | Q(taken_up_at__isnull=False, taken_up_by__isnull=False),
                name="a_lead_is_taken_up_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["client"], condition=Q(taken_up_at__isnull=True), name="a_lead_is_set_aside_once"
            ),
        ]
