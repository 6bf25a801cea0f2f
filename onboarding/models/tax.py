"""What a holder certified about tax: FATCA and CRS."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.access import FileQuerySet
from clients.models import OnFile, Party
from staff.models import User
from vault.fields import EncryptedJSONField, is_encrypted


class SelfCertificationQuerySet(FileQuerySet["SelfCertification"]):
    def current(self):
        return self.filter(superseded_at__isnull=True)


class SelfCertification(OnFile):
    """One signed form of one party. A newer one of the same form supersedes it; none is ever rewritten."""

    class Form(models.TextChoices):
        CRS = "crs", _("CRS self-certification")
        W9 = "w9", _("W-9")
        W8BEN = "w8ben", _("W-8BEN")
        W8BENE = "w8bene", _("W-8BEN-E")

    class FatcaStatus(models.TextChoices):
        ACTIVE = "active_nffe", _("Active non-financial entity")
        PASSIVE = "passive_nffe", _("Passive non-financial entity: its controlling persons count")
        FINANCIAL = "ffi", _("Financial institution")
        EXEMPT = "exempt", _("Exempt beneficial owner")

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="self_certifications")
    party = models.ForeignKey(Party, models.CASCADE, related_name="self_certifications")
    form = models.CharField(max_length=8, choices=Form.choices)
    signed_on = models.DateField()
    # [{"country", "number", "missing_reason"}]
    residences = EncryptedJSONField(default=list, bound_to=["client_id", "party_id"])
    fatca_status = models.CharField(max_length=12, choices=FatcaStatus.choices, blank=True)
    explanation = models.CharField(max_length=300, blank=True)  # of what contradicts the file
    valid_until = models.DateField(null=True)  # None: until circumstances change
    changed_on = models.DateField(null=True)  # circumstances have changed
    superseded_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    pack_version = models.PositiveSmallIntegerField()

    objects = SelfCertificationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["valid_until"],
                name="self_certification_end",
                condition=Q(superseded_at__isnull=True, valid_until__isnull=False),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "form"],
                condition=Q(superseded_at__isnull=True),
                name="a_party_has_one_current_certification_of_a_form",
            ),
            models.CheckConstraint(
                condition=Q(changed_on__isnull=True) | Q(changed_on__gte=F("signed_on")),
                name="circumstances_change_after_the_signature",
            ),
            is_encrypted("residences", "what_was_certified_is_encrypted"),
        ]
