"""Clients who go from one book to another, asked for by one person and confirmed by a second."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.models import OnFile
from staff.models import Book, Proposal, User, four_eyes


class Handover(Proposal):
    """Clients of one book who are to go to another one, from a day on; only then they do (ADR 0022).

    What comes along is told in counts as the asker saw them; who the clients are stands on HandoverClient,
    behind both walls. Of a file behind a barrier the whole handover is known to its insiders alone.
    """

    waits_at = "cockpit:handovers"

    class Cause(models.TextChoices):
        """For the audit, which takes no text."""

        LEAVES = "leaves", _("The colleague leaves or changes places")
        ABSENCE = "absence", _("A long absence")
        LOAD = "load", _("The book is too large")
        CLIENT = "client", _("The client asked for it")
        CONFLICT = "conflict", _("A conflict of interest")
        MOVE = "move", _("The client moved, or needs another desk")
        UNDO = "undo", _("To undo a handover")

    from_book = models.ForeignKey(Book, models.PROTECT, related_name="handed_out")
    to_book = models.ForeignKey(Book, models.PROTECT, related_name="handed_in")
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # until now; a pool has none
    receiver = models.ForeignKey(User, models.PROTECT, related_name="+")
    cause = models.CharField(max_length=10, choices=Cause.choices)
    effective_on = models.DateField()
    told = models.JSONField(default=dict)  # counts and sums when it was asked for (selectors.Owed)
    done_at = models.DateTimeField(null=True)
    undoes = models.ForeignKey("self", models.PROTECT, null=True, related_name="undone_by")

    class Meta:
        indexes = [
            models.Index(
                fields=["effective_on", "id"],
                name="handover_open",
                condition=Q(state__in=["waiting", "confirmed"], done_at__isnull=True),
            ),
            models.Index(fields=["-done_at"], name="handover_done", condition=Q(done_at__isnull=False)),
        ]
        constraints = [
            *four_eyes("a_handover"),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(decided_by=F("receiver")),
                name="who_receives_clients_does_not_confirm_it",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(state="confirmed"),
                name="a_handover_is_done_when_it_is_confirmed",
            ),
            models.CheckConstraint(
                condition=~Q(from_book=F("to_book")), name="a_handover_is_to_another_book"
            ),
        ]

    @property
    def is_planned(self) -> bool:
        """Confirmed, and its day has not come."""
        return self.state == self.State.CONFIRMED and self.done_at is None


class HandoverClient(OnFile):
    """One client of a handover."""

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="handovers")
    handover = models.ForeignKey(Handover, models.CASCADE, related_name="lines")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "client"], name="a_client_is_handed_over_once_a_handover"
            )
        ]
