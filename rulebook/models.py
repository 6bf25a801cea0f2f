"""What the bank decided: dated, versioned rule packs. Figures that differ by bank or country live here."""

from django.db import models
from django.db.models import F, Q


class RulePack(models.Model):
    """One version of one set of figures, in force from a day on. Two people bring it into force."""

    name = models.CharField(max_length=40)  # "kyc", "contact", "suitability"
    version = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    body = models.JSONField()
    written_by_id = models.BigIntegerField(null=True)  # None: came with the product
    activated_by_id = models.BigIntegerField(null=True)
    activated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="a_pack_has_one_body_per_version"),
            models.CheckConstraint(
                condition=Q(written_by_id__isnull=True) | ~Q(written_by_id=F("activated_by_id")),
                name="a_pack_is_activated_by_a_second_person",
            ),
        ]
