"""What is known of each holder beside the client's own KYC file."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.models import OnFile, Party
from staff.models import User


class SourceOfWealth(models.TextChoices):
    """How the whole wealth came about; the source of funds is where this money comes from."""

    EMPLOYMENT = "employment", _("Employment")
    BUSINESS = "business", _("Own business")
    SALE_OF_BUSINESS = "sale_of_business", _("Sale of a business")
    INHERITANCE = "inheritance", _("Inheritance")
    PROPERTY = "property", _("Property")
    INVESTMENTS = "investments", _("Investments")
    GIFT = "gift", _("Gift or divorce")
    OTHER = "other", _("Other")


class HolderFacts(OnFile):
    """One holder: of a joint one all that is asked, of the client itself the source of wealth."""

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="holder_facts")
    party = models.OneToOneField(Party, models.CASCADE, related_name="holder_facts")
    source_of_funds = models.CharField(max_length=60, blank=True)
    pep = models.BooleanField(default=False)
    facts_at = models.DateTimeField(null=True)  # a joint holder was asked
    source_of_wealth = models.CharField(max_length=30, choices=SourceOfWealth.choices, blank=True)
    wealth_note = models.CharField(max_length=500, blank=True)  # how it came about, in a sentence
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now=True)
