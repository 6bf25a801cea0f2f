"""How a client joins: steps, required documents, approval."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.access import FileQuerySet
from clients.models import Document, DocumentKind, OnFile, Party
from staff.models import User


class OnboardingQuerySet(FileQuerySet["Onboarding"]):
    def running(self):
        """Worked on, or on hold."""
        state = Onboarding.State
        return self.exclude(state__in=[state.APPROVED, state.REJECTED, state.SET_ASIDE])

    def to_compare(self):
        """Whose people nobody has compared with the whole bank yet."""
        return self.running().filter(compared_at__isnull=True)


class Onboarding(OnFile):
    """The way of one client from first data to active. One a client."""

    class State(models.TextChoices):
        COLLECTING = "collecting", _("Collecting data and documents")
        IN_REVIEW = "in_review", _("Waiting for a second person")
        ON_HOLD = "on_hold", _("On hold")
        SET_ASIDE = "set_aside", _("Set aside")
        APPROVED = "approved", _("Approved, client is active")
        REJECTED = "rejected", _("Rejected")

    client = models.OneToOneField("clients.Client", models.CASCADE, related_name="onboarding")
    state = models.CharField(max_length=12, choices=State.choices, default=State.COLLECTING)
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    products = models.JSONField(default=list)  # product kinds the client wants
    pack_version = models.PositiveSmallIntegerField(default=1)
    saved = models.JSONField(default=dict, db_default={})  # step -> who saved it last, when; who ever did
    hold_reason = models.CharField(max_length=30, blank=True, db_default="")
    hold_note = models.CharField(max_length=300, blank=True, db_default="")
    held_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    compared_at = models.DateTimeField(null=True)  # with the whole bank, for duplicates
    # What was done to find who stands behind an organisation, and of which owners that was said.
    owners_search = models.TextField(blank=True, db_default="")
    owners_searched = models.CharField(max_length=64, blank=True, db_default="")
    papers_asked_to = models.BigIntegerField(default=0, db_default=0)  # the last role that papers follow from

    objects = OnboardingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "started_at"], name="onboarding_state")]


class RequiredDocument(OnFile):
    """A document this onboarding needs, why, and how far it is."""

    class State(models.TextChoices):
        MISSING = "missing", _("Missing")
        IN_REVIEW = "in_review", _("In review")
        APPROVED = "approved", _("Approved")
        TO_REVISE = "to_revise", _("To revise")
        REJECTED = "rejected", _("Rejected")
        EXPIRED = "expired", _("Expired")

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="required_documents")
    onboarding = models.ForeignKey(Onboarding, models.CASCADE, related_name="required")
    kind = models.CharField(max_length=20)  # a clients.DocumentKind
    party = models.ForeignKey(Party, models.CASCADE, null=True, related_name="+")  # None: the client's own
    why = models.CharField(max_length=60)  # a code of WHYS in rules/requirements.py: "identity_of_person"
    state = models.CharField(max_length=12, choices=State.choices, default=State.MISSING)
    reason = models.CharField(max_length=60, blank=True)  # why it must be revised or was rejected, a code
    document = models.ForeignKey(Document, models.SET_NULL, null=True, related_name="+")
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # the officer who reads
    due_on = models.DateField(null=True)  # by when the client should have brought it
    valid_until = models.DateField(null=True)  # of an approved one: then it expires and is asked for again

    @property
    def label(self) -> str:
        return str(dict(DocumentKind.choices).get(self.kind, self.kind))

    @property
    def stand(self) -> str:
        """The state as the trade calls it: an uploaded paper is in review once an officer has taken it."""
        waits = self.state == self.State.IN_REVIEW and self.taken_by_id is None
        return str(_("Uploaded")) if waits else str(self.get_state_display())

    class Meta:
        indexes = [
            models.Index(
                fields=["valid_until"], name="required_document_expiry", condition=Q(state="approved")
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["onboarding", "party", "kind"],
                nulls_distinct=False,
                name="a_kind_of_document_is_required_once_of_each",
            ),
            models.CheckConstraint(
                condition=Q(state="missing") | Q(document__isnull=False) | Q(state="rejected"),
                name="only_a_missing_document_has_no_file",
            ),
        ]
