"""The accounts an opening plans: operations opens them in the core system once the client is approved."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.models import OnFile
from onboarding.models.openings import Onboarding
from portfolios.models import AccountKind
from vault.fields import EncryptedTextField, is_encrypted


class PlannedAccount(OnFile):
    """One account as the client needs it: currency, kind, card, limits, online banking, statements."""

    class Card(models.TextChoices):
        DEBIT = "debit", _("Debit card")
        CREDIT = "credit", _("Credit card")

    class Statements(models.TextChoices):
        MONTHLY = "monthly", _("Monthly")
        QUARTERLY = "quarterly", _("Quarterly")
        YEARLY = "yearly", _("Yearly")
        EACH_BOOKING = "each_booking", _("With each booking")

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="planned_accounts")
    onboarding = models.ForeignKey(Onboarding, models.CASCADE, related_name="accounts")
    kind = models.CharField(max_length=20, choices=AccountKind.choices)
    currency = models.CharField(max_length=3)
    card = models.CharField(max_length=10, choices=Card.choices, blank=True)
    card_limit = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    overdraft = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    online = models.BooleanField(default=True)
    statements = models.CharField(max_length=12, choices=Statements.choices, default=Statements.MONTHLY)
    funded_from = EncryptedTextField(max_length=34, blank=True, bound_to=["client_id"])  # an IBAN

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(card="", card_limit__isnull=True) | ~Q(card=""),
                name="a_card_limit_belongs_to_a_card",
            ),
            models.CheckConstraint(
                condition=Q(card_limit__isnull=True) | Q(card_limit__gte=0),
                name="a_card_limit_is_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(overdraft__isnull=True) | Q(overdraft__gte=0), name="an_overdraft_is_not_negative"
            ),
            is_encrypted("funded_from", "where_first_money_comes_from_is_encrypted"),
        ]
