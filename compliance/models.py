"""What must be true: KYC, screening, consents, approvals, checks."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.access import FileManager, FileQuerySet
from clients.models import OnFile, Party, Risk
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
    pep = models.BooleanField(default=False)
    source_of_funds = models.CharField(max_length=60, blank=True)
    purpose = models.CharField(max_length=60, blank=True)
    facts_at = models.DateTimeField(null=True, blank=True)  # source, purpose and PEP were asked; None: never
    facts_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    screened_at = models.DateTimeField(null=True, blank=True)  # this client alone; whole runs: ScreeningRun
    reviewed_on = models.DateField(null=True, blank=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    next_review_on = models.DateField()
    pack_version = models.PositiveSmallIntegerField(default=1)

    objects = FileManager()

    class Meta:
        indexes = [models.Index(fields=["next_review_on", "id"], name="kyc_next_review")]

    @property
    def facts_known(self) -> bool:
        return bool(self.facts_at or (self.source_of_funds and self.purpose))


class ListVersion(models.Model):
    """One imported state of one sanctions list. Exactly one version of a list is active."""

    source = models.CharField(max_length=20)  # "ofac"
    published_on = models.DateField()
    sha256 = models.CharField(max_length=64)
    entities = models.PositiveIntegerField()
    added = models.PositiveIntegerField(default=0)
    amended = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    imported_at = models.DateTimeField(auto_now_add=True)
    active = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "sha256"], name="a_list_file_is_imported_once"),
            models.UniqueConstraint(
                fields=["source"], condition=Q(active=True), name="a_list_has_one_active_version"
            ),
        ]


class ListedEntityQuerySet(models.QuerySet["ListedEntity"]):
    def listed(self):
        """On a list today."""
        return self.filter(until__isnull=True)


class ListedEntity(models.Model):
    """A person, organisation or vessel on a sanctions list, as it stood from one list version to another.

    An entry that changes ends and begins anew, so a decision holds only for the entry it was made on, and the
    entries of any past day can be asked for.
    """

    source = models.CharField(max_length=20)
    reference = models.CharField(max_length=40)  # the list's own number
    content = models.CharField(max_length=64)  # hash of all that screening compares
    since = models.ForeignKey(ListVersion, models.PROTECT, related_name="begun")
    until = models.ForeignKey(ListVersion, models.PROTECT, null=True, related_name="ended")
    kind = models.CharField(max_length=20)  # "person", "organisation", "vessel", "aircraft"
    name = models.CharField(max_length=400)
    born_on = models.CharField(max_length=200, blank=True)  # as the list says it: often a year only
    countries = models.CharField(max_length=200, blank=True)  # ISO 3166 alpha-2, or the list's word
    programmes = models.CharField(max_length=300, blank=True)

    objects = ListedEntityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "reference"],
                condition=Q(until__isnull=True),
                name="an_entity_is_listed_once_at_a_time",
            )
        ]


class ListedName(models.Model):
    """A name or alias of a listed entity, and the same folded (Latin, lower case, words sorted)."""

    entity = models.ForeignKey(ListedEntity, models.CASCADE, related_name="names")
    name = models.CharField(max_length=400)
    folded = models.CharField(max_length=400)
    strong = models.BooleanField(default=True)  # False: the list itself calls the alias weak

    class Meta:
        indexes = [GinIndex(fields=["folded"], opclasses=["gin_trgm_ops"], name="listed_name_trigrams")]


class ScreeningRun(models.Model):
    """One comparison of the whole bank with the active lists: when, with which, and what came out."""

    versions = models.JSONField(default=list)  # ids of the ListVersions compared with
    scorer = models.PositiveSmallIntegerField()  # rules.screening.SCORER
    threshold = models.PositiveSmallIntegerField()
    pack_version = models.PositiveSmallIntegerField()
    parties = models.PositiveIntegerField(default=0)
    names = models.PositiveIntegerField(default=0)
    new_hits = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)  # None: under way, or broken off


class ScreeningHitQuerySet(FileQuerySet["ScreeningHit"]):
    def undecided(self):
        return self.filter(state__in=[ScreeningHit.State.OPEN, ScreeningHit.State.PROPOSED])

    def unresolved(self):
        """Whatever forbids to go on: undecided, or a match."""
        return self.exclude(state=ScreeningHit.State.CLEARED)


class ScreeningHit(OnFile):
    """A party of a file that looks like a listed entity, with the sentence why; two people decide."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        PROPOSED = "proposed", _("Decided once, waits for a second person")
        CLEARED = "cleared", _("No match")
        CONFIRMED = "confirmed", _("Match")

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="hits")
    party = models.ForeignKey(Party, models.CASCADE, related_name="hits")
    entity = models.ForeignKey(ListedEntity, models.CASCADE, related_name="hits")
    score = models.PositiveSmallIntegerField()  # 0 to 100
    sentence = models.CharField(max_length=500)
    details = models.JSONField(default=dict)  # rules.screening.Likeness, for the page side by side
    scorer = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField(auto_now_add=True)
    verdict = models.CharField(max_length=10, blank=True)  # "match" or "no_match"
    reason = models.CharField(max_length=200, blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = ScreeningHitQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "score", "id"], name="hit_queue")]
        constraints = [
            models.UniqueConstraint(fields=["party", "entity"], name="a_party_hits_an_entity_once"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="a_hit_is_decided_by_a_second_person",
            ),
        ]


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
