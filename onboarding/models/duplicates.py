"""Two files that may be the same person or organisation."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.access import FileQuerySet
from clients.models import OnFile
from staff.models import User


class PossibleDuplicateQuerySet(FileQuerySet["PossibleDuplicate"]):
    def open(self):
        return self.filter(state=PossibleDuplicate.State.OPEN)


class PossibleDuplicate(OnFile):
    """The file that is being opened and one that was there: operations and compliance judge it.

    It hangs on the opened file; a selector shows it only to who may see both.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        SAME = "same", _("The same")
        DIFFERENT = "different", _("Different")

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="possible_duplicates")
    other = models.ForeignKey("clients.Client", models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)  # codes of rules/duplicates.py
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = PossibleDuplicateQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["found_at", "id"], name="possible_duplicate_queue", condition=Q(state="open")
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["client", "other"], name="a_pair_is_found_once"),
            models.CheckConstraint(condition=~Q(client=F("other")), name="nobody_is_a_duplicate_of_oneself"),
        ]
