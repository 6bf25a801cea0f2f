"""How long files are kept: what holds one, and which ones two people had deleted."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.access import FileQuerySet
from clients.models import Client, OnFile
from staff.models import Proposal, User, four_eyes


class LegalHoldQuerySet(FileQuerySet["LegalHold"]):
    def in_force(self, on: date):
        """Not lifted, and an authority's not over."""
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=on), lifted_at__isnull=True)


class LegalHold(OnFile):
    """Nothing of this client's file is deleted, whatever the years say. One officer sets it, two lift it."""

    class Kind(models.TextChoices):
        LEGAL = "legal", _("Legal hold")
        AUTHORITY = "authority", _("Longer for an authority")

    client = models.ForeignKey(Client, models.CASCADE, related_name="legal_holds")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.CharField(max_length=300)
    until_on = models.DateField(
        null=True
    )  # the last day of an authority's; a legal hold has no end of its own
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True)
    pack_version = models.PositiveSmallIntegerField()  # of the figures "keeping"

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_hold_has_a_reason"),
            models.CheckConstraint(
                condition=Q(kind="legal", until_on__isnull=True)
                | Q(kind="authority", until_on__isnull=False),
                name="an_authority_says_until_when",
            ),
        ]


class HoldLift(OnFile, Proposal):
    """That a hold is lifted: one officer asks, a second one confirms."""

    waits_at = "compliance:keeping"

    client = models.ForeignKey(Client, models.CASCADE, related_name="hold_lifts")
    hold = models.ForeignKey(LegalHold, models.CASCADE, related_name="lifts")

    class Meta:
        constraints = [
            *four_eyes("a_lift"),
            models.UniqueConstraint(
                fields=["hold"], condition=Q(state="waiting"), name="one_lift_of_a_hold_waits"
            ),
        ]


class FileDeletionQuerySet(FileQuerySet["FileDeletion"]):
    def under_way(self):
        """Asked for, or confirmed and not done yet."""
        return self.filter(state__in=["waiting", "confirmed"], done_at__isnull=True)


class FileDeletion(OnFile, Proposal):
    """A whole file that two officers have deleted: all that stays of the client, an id and no name.

    The years are those of the day it was asked for. `gone` counts the rows by table as they went, and
    `certificate` is the hash of it all. The row is the list by which a restored backup forgets again.
    """

    waits_at = "compliance:keeping"

    # It stays when the client is gone, so nothing watches the key.
    client = models.ForeignKey(Client, models.DO_NOTHING, related_name="deletions", db_constraint=False)
    ended_on = models.DateField()
    kept_until = models.DateField()
    pack_version = models.PositiveSmallIntegerField()
    done_at = models.DateTimeField(null=True)
    gone = models.JSONField(default=dict)  # table -> rows
    files = models.PositiveIntegerField(default=0)  # papers on disk
    certificate = models.CharField(max_length=64, blank=True)

    objects = FileDeletionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-done_at", "-id"], name="deletion_done", condition=~Q(certificate=""))
        ]
        constraints = [
            *four_eyes("a_deletion"),
            models.UniqueConstraint(
                fields=["client"], condition=Q(state="waiting"), name="one_deletion_of_a_file_waits"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, certificate="")
                | (Q(done_at__isnull=False, state="confirmed") & ~Q(certificate="")),
                name="a_file_is_deleted_when_two_have_said_so",
            ),
        ]

    def as_told(self) -> dict[str, Any]:
        """What the certificate is the hash of."""
        return {
            "client": self.client_id,
            "ended_on": str(self.ended_on),
            "kept_until": str(self.kept_until),
            "pack_version": self.pack_version,
            "asked_by": self.asked_by_id,
            "asked_at": self.asked_at.isoformat(),
            "confirmed_by": self.decided_by_id,
            "confirmed_at": self.decided_at.isoformat() if self.decided_at else "",
            "done_at": self.done_at.isoformat() if self.done_at else "",
            "gone": self.gone,
            "files": self.files,
        }
