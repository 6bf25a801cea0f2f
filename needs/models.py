"""What clients want and can bear: assessments with separate scores, and goals."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.models import OnFile
from staff.models import User


class Assessment(OnFile):
    """One questionnaire, answered. Tolerance and capacity stay separate (MiFID II 2017/565 Art. 54)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SIGNED = "signed", _("Signed by the client")
        SUPERSEDED = "superseded", _("Superseded")

    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    answers = models.JSONField(default=dict)  # question code -> answer code or number
    tolerance = models.PositiveSmallIntegerField(
        null=True
    )  # 0 to 100: how much loss the client wants to bear
    capacity = models.PositiveSmallIntegerField(null=True)  # 0 to 100: how much loss the client can bear
    knowledge = models.JSONField(default=dict)  # asset class -> "none" | "basic" | "experienced"
    band = models.PositiveSmallIntegerField(null=True)  # 1 conservative to 5 aggressive, of the lower score
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    signed_at = models.DateTimeField(null=True)
    valid_until = models.DateField(null=True)
    pack_version = models.PositiveSmallIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["client", "-id"], name="assessment_client")]
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(state="signed"), name="a_client_has_one_valid_assessment"
            ),
            models.UniqueConstraint(
                fields=["client"], condition=Q(state="draft"), name="a_client_has_one_draft_assessment"
            ),
            models.CheckConstraint(
                condition=~Q(state="signed")
                | Q(tolerance__isnull=False, capacity__isnull=False, valid_until__isnull=False),
                name="a_signed_assessment_is_scored",
            ),
        ]


class Goal(OnFile):
    """Something a client saves or invests for: an amount by a day."""

    name = models.CharField(_("goal"), max_length=120)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    currency = models.CharField(max_length=3)
    by_on = models.DateField(_("by"))
    product_kind = models.CharField(
        max_length=20, blank=True
    )  # what would serve it, a portfolios.ProductKind
    reached_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="a_goal_is_more_than_nothing")]
