"""Large exports: files with many clients in them, made when a second person has confirmed it."""

from django.db import models

from staff.models import Proposal, four_eyes


class LargeExport(Proposal):
    """A file with more clients than one person takes out alone (rule pack "access"); its job is asked for on
    the second person's word. `kind` and `args` are of the job: ids and codes.
    """

    waits_at = "compliance:audit"

    kind = models.CharField(max_length=60)
    args = models.JSONField()
    clients = models.PositiveIntegerField()  # counted up to one above the figure
    pack_version = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=200, unique=True)  # sent twice it is asked for once

    class Meta:
        indexes = [
            models.Index(
                fields=["asked_at"], name="large_export_waiting", condition=models.Q(state="waiting")
            ),
        ]
        constraints = four_eyes("a_large_export")
