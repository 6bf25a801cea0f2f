"""The portfolio review: what was found, said and decided, and the paper the client got."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.models import Document, OnFile
from staff.models import User
from vault.fields import EncryptedJSONField, is_encrypted


class Review(OnFile):
    """One review of one client's portfolio, valued at one day's prices."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("Prepared")
        HELD = "held", _("Held")

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", _("Proposal accepted")
        DECLINED = "declined", _("Proposal declined")
        LATER = "later", _("Client wants to think about it")
        NONE = "none", _("Nothing to decide")

    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARED)
    as_of = models.DateField()
    currency = models.CharField(max_length=3)
    value = models.DecimalField(max_digits=18, decimal_places=2)
    # Accounts, positions, prices, rates and days as they were, strings for Decimals.
    valuation = EncryptedJSONField(default=dict, bound_to=["client_id"])
    findings = models.JSONField(default=list)  # codes and figures of portfolios.rules
    band = models.PositiveSmallIntegerField(null=True)  # of the assessment then valid
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(auto_now_add=True)
    held_on = models.DateField(null=True)
    talk = models.TextField(_("what was said"), blank=True)
    recommendation = models.TextField(_("our recommendation"), blank=True)
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    report = models.ForeignKey(Document, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["client", "-id"], name="review_client")]
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(state="prepared"), name="a_client_has_one_review_under_way"
            ),
            models.CheckConstraint(
                condition=~Q(state="held") | (Q(held_on__isnull=False) & ~Q(decision="")),
                name="a_held_review_has_a_day_and_a_decision",
            ),
            is_encrypted("valuation", "a_valuation_is_encrypted"),
        ]
