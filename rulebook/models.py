"""What the bank decided: dated, versioned rule packs. Figures that differ by bank or country live here."""

from django.db import models
from django.db.models import F, Q


class RulePackQuerySet(models.QuerySet["RulePack"]):
    def activated(self):
        return self.filter(activated_at__isnull=False)

    def drafts(self):
        return self.filter(activated_at__isnull=True, withdrawn_at__isnull=True)

    def in_force(self, on):
        """What holds on that day, the newest of each pack first."""
        return self.activated().filter(valid_from__lte=on).order_by("name", "-valid_from", "-version")


class RulePack(models.Model):
    """One version of one set of figures, in force from a day on. Two people bring it into force.

    The database lets nobody change a version that was activated: what it judged can be read for ever.
    """

    name = models.CharField(max_length=40)  # "kyc", "contact", "suitability"
    version = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    body = models.JSONField()
    reason = models.CharField(max_length=300, blank=True)  # why the figures change
    written_by_id = models.BigIntegerField(null=True)  # None: came with the product
    written_at = models.DateTimeField(auto_now_add=True, null=True)
    tried = models.CharField(max_length=64, blank=True)  # digest of the body whose effect was shown
    activated_by_id = models.BigIntegerField(null=True)
    activated_at = models.DateTimeField(null=True)
    withdrawn_by_id = models.BigIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = RulePackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="a_pack_has_one_body_per_version"),
            models.CheckConstraint(
                condition=Q(written_by_id__isnull=True) | ~Q(written_by_id=F("activated_by_id")),
                name="a_pack_is_activated_by_a_second_person",
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(activated_at__isnull=True, withdrawn_at__isnull=True),
                name="a_pack_has_one_draft_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(activated_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="an_activated_pack_is_not_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(written_by_id__isnull=True)
                | Q(activated_at__isnull=True)
                | Q(activated_by_id__isnull=False),
                name="an_activated_pack_says_by_whom",
            ),
        ]

    @property
    def is_draft(self) -> bool:
        return self.activated_at is None and self.withdrawn_at is None
