"""The uses of break-glass: who opened which file in need, and what compliance found when it looked."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.access import FileQuerySet
from clients.models import ClientGrant, OnFile
from staff.models import User


class GlassUseQuerySet(FileQuerySet["GlassUse"]):
    def waiting(self):
        """Nobody has looked at them yet."""
        return self.filter(verdict="")


class GlassUse(OnFile):
    """One file opened by break-glass. Reason and hour stand on its grant; this is the review of it."""

    class Verdict(models.TextChoices):
        JUSTIFIED = "justified", _("Justified")
        NOT_JUSTIFIED = "not_justified", _("Not justified")

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="glass_uses")
    grant = models.OneToOneField(ClientGrant, models.PROTECT, related_name="glass_use")
    user = models.ForeignKey(User, models.PROTECT, related_name="glass_uses")
    at = models.DateTimeField()
    due_on = models.DateField()  # of the review; afterwards the person breaks no glass until it is done
    pack_version = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=20, choices=Verdict.choices, blank=True)
    words = models.CharField(_("what the review found"), max_length=1000, blank=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)

    objects = GlassUseQuerySet.as_manager()

    @property
    def is_open(self) -> bool:
        """The file is still open to who broke the glass."""
        return bool(self.grant.ends_at and timezone.now() < self.grant.ends_at)

    class Meta:
        indexes = [
            models.Index(fields=["due_on", "id"], name="glass_waiting", condition=Q(verdict="")),
            models.Index(fields=["user"], name="glass_waiting_person", condition=Q(verdict="")),
            models.Index(fields=["-at", "-id"], name="glass_at"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("user")),
                name="nobody_reviews_the_glass_they_broke",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", words="", reviewed_by__isnull=True, reviewed_at__isnull=True)
                | (
                    Q(verdict__in=["justified", "not_justified"], reviewed_by__isnull=False)
                    & Q(reviewed_at__isnull=False)
                    & ~Q(words="")
                ),
                name="a_review_of_a_use_says_what_by_whom_and_when",
            ),
        ]
