"""What else would help the client: from a reason to first use."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.access import FileQuerySet
from clients.models import OnFile
from staff.models import User


class Stage(models.TextChoices):
    IDENTIFIED = "identified", _("Identified")
    NEED_CONFIRMED = "need_confirmed", _("Need confirmed")
    PROPOSED = "proposed", _("Proposed")
    ACCEPTED = "accepted", _("Accepted")
    IN_USE = "in_use", _("In use")
    DECLINED = "declined", _("Declined")


OPEN_STAGES = [Stage.IDENTIFIED, Stage.NEED_CONFIRMED, Stage.PROPOSED, Stage.ACCEPTED]


class OpportunityQuerySet(FileQuerySet["Opportunity"]):
    def open(self):
        return self.filter(stage__in=OPEN_STAGES)


class Opportunity(OnFile):
    """One product kind that would help one client, and why."""

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="opportunities")
    product_kind = models.CharField(max_length=20)  # a portfolios.ProductKind
    reason = models.CharField(max_length=40)  # a code of rules.py: "goal_without_product"
    facts = models.JSONField(default=dict)  # what the reason's sentence needs: ids, codes, figures
    stage = models.CharField(max_length=20, choices=Stage.choices, default=Stage.IDENTIFIED)
    value = models.DecimalField(_("expected value"), max_digits=18, decimal_places=2, default=0)
    currency = models.CharField(max_length=3, default="EUR")
    owner = models.ForeignKey(User, models.PROTECT, related_name="opportunities")
    made_at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(auto_now_add=True)
    closed_reason = models.CharField(max_length=40, blank=True)
    closed_note = models.CharField(max_length=300, blank=True, db_default="")

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["owner", "stage", "-moved_at"], name="opportunity_board")]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "product_kind"],
                condition=Q(stage__in=["identified", "need_confirmed", "proposed", "accepted"]),
                name="a_product_is_proposed_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(stage="declined") | ~Q(closed_reason=""), name="a_declined_opportunity_says_why"
            ),
        ]
