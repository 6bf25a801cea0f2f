"""What the bank knows of a client and what the client allowed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.access import FileManager
from clients.models import OnFile, Risk
from staff.models import User


class KycFile(OnFile):
    """What the bank knows of a client and when it last made sure. One a client."""

    class State(models.TextChoices):
        MISSING = "missing", _("Never reviewed")
        CURRENT = "current", _("Current")
        IN_REVIEW = "in_review", _("In review")

    client = models.OneToOneField("clients.Client", models.CASCADE, related_name="kyc")
    state = models.CharField(max_length=12, choices=State.choices, default=State.MISSING)
    rating = models.CharField(max_length=10, choices=Risk.choices, default=Risk.UNRATED)
    rating_reasons = models.JSONField(default=list)  # codes: "country:IR", "pep", "cash_business"
    pep = models.BooleanField(default=False)  # the client's own answer; offices are PepRole rows
    # DeliveryChannel: how the client was met; a default of the database too, for who loads by COPY
    channel = models.CharField(max_length=20, blank=True, default="", db_default="")
    source_of_funds = models.CharField(max_length=60, blank=True)
    purpose = models.CharField(max_length=60, blank=True)
    # ProductKind: wanted at opening, or agreed since. What is held is added from the portfolio.
    products = ArrayField(models.CharField(max_length=20), default=list, db_default=[])
    pep_holders = ArrayField(models.BigIntegerField(), default=list, db_default=[])  # joint ones who said yes
    facts_at = models.DateTimeField(null=True, blank=True)  # source, purpose and PEP were asked; None: never
    # Nobody asks for the files of one person: no index, which each file of an import would be put into.
    facts_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    screened_at = models.DateTimeField(null=True, blank=True)  # this client alone; whole runs: ScreeningRun
    reviewed_on = models.DateField(null=True, blank=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    next_review_on = models.DateField()
    pack_version = models.PositiveSmallIntegerField(default=1)

    objects = FileManager()

    class Meta:
        indexes = [models.Index(fields=["next_review_on", "id"], name="kyc_next_review")]

    @property
    def facts_known(self) -> bool:
        return bool(self.facts_at or (self.source_of_funds and self.purpose))


class Consent(OnFile):
    """What a client allowed us to do, for which purpose, by which channel."""

    purpose = models.CharField(max_length=30)  # "marketing", "profiling", "recording"
    channel = models.CharField(max_length=20, blank=True)
    given_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "purpose", "channel"],
                condition=Q(withdrawn_on__isnull=True),
                name="a_consent_is_given_once_at_a_time",
            )
        ]


class ReviewTrigger(OnFile):
    """Why a file is reviewed outside its cycle, and by when. A review settles it."""

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="review_triggers")
    code = models.CharField(max_length=30)  # rulebook.rules.words.TRIGGERS
    occurrence = models.CharField(max_length=60)  # what set it off: makes looking twice do it once
    at = models.DateTimeField(auto_now_add=True)
    due_on = models.DateField()
    due_before = models.DateField(null=True, blank=True)  # when the file was due, where this moved it
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["client", "due_on"], name="review_trigger_open", condition=Q(settled_at__isnull=True)
            ),
            models.Index(
                fields=["due_on", "id"], name="review_trigger_due", condition=Q(settled_at__isnull=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "code", "occurrence"], name="a_review_is_set_off_once_by_one_thing"
            )
        ]


class Measure(OnFile):
    """One enhanced measure that was done: evidence, an approval, a look at the account."""

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="measures")
    code = models.CharField(max_length=30)  # rulebook.rules.words.MEASURES
    done_on = models.DateField()
    note = models.CharField(max_length=300)
    document = models.ForeignKey("clients.Document", models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    pack_version = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(note=""), name="a_measure_says_what_was_done"),
        ]


class DeliveryChannel(models.TextChoices):
    """How the client was met when the relationship began."""

    IN_PERSON = "in_person", _("In person")
    VIDEO = "video", _("Video identification")
    REMOTE = "remote", _("At a distance, by papers")
    INTRODUCER = "introducer", _("Through an introducer")


class SourceOfFunds(models.TextChoices):
    """Where the money comes from. What each weighs stands in rule pack "kyc"."""

    SALARY = "salary", _("Salary")
    PENSION = "pension", _("Pension")
    SAVINGS = "savings", _("Savings")
    BUSINESS_INCOME = "business_income", _("Own business")
    CASH_BUSINESS = "cash_business", _("A business that lives on cash")
    SALE_OF_PROPERTY = "sale_of_property", _("Sale of property or a company")
    INHERITANCE = "inheritance", _("Inheritance")
    GIFT = "gift", _("Gift")
    CRYPTO = "crypto", _("Crypto assets")
    OTHER = "other", _("Other")


class RelationPurpose(models.TextChoices):
    """What the client wants the bank for."""

    DAILY_BANKING = "daily_banking", _("Everyday banking")
    SAVINGS = "savings", _("Saving")
    WEALTH = "wealth", _("Investing")
    CREDIT = "credit", _("Borrowing")
    BUSINESS = "business", _("Business payments")
    CROSS_BORDER = "cross_border", _("Payments across borders")
    OTHER = "other", _("Other")
