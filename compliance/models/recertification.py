"""Twice a year, whoever leads a team says of everybody who may open its books: keeps it, or does not."""

from django.db import models
from django.db.models import Q

from staff.models import Team, User


class Recertification(models.Model):
    """What one team owes by a day, and, signed, what was decided. Ids, codes and logins: no client's name.

    `lines`: [{"key", "what", "login", "role" or "purpose", "book", "client", "begins", "ends", "keep"}]
    """

    team = models.ForeignKey(Team, models.PROTECT, related_name="recertifications")
    opened_at = models.DateTimeField(auto_now_add=True)
    due_on = models.DateField()
    pack_version = models.PositiveSmallIntegerField()
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # None: it was time
    reason = models.CharField(max_length=300, blank=True)
    certified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    certified_at = models.DateTimeField(null=True)
    lines = models.JSONField(default=list)
    seal = models.CharField(max_length=64, blank=True)  # of the lines; the audit has it too

    class Meta:
        indexes = [
            models.Index(
                fields=["due_on", "id"], name="recertification_open", condition=Q(certified_at__isnull=True)
            ),
            models.Index(fields=["team", "-certified_at"], name="recertification_team"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["team"],
                condition=Q(certified_at__isnull=True),
                name="a_team_owes_one_recertification_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(certified_at__isnull=True, certified_by__isnull=True, seal="")
                | (Q(certified_at__isnull=False, certified_by__isnull=False) & ~Q(seal="")),
                name="a_signed_recertification_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(asked_by__isnull=True) | ~Q(reason=""),
                name="a_recertification_asked_for_has_a_reason",
            ),
        ]

    @property
    def kept(self) -> int:
        return sum(bool(line["keep"]) for line in self.lines)

    @property
    def ended(self) -> int:
        return len(self.lines) - self.kept
