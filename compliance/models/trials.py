"""Whom a draft of figures would move, as its last dry run found it."""

from django.db import models

from clients.models import OnFile


class TrialRow(OnFile):
    """One client whom a draft would move, in one way. Of the figures "kyc" it is a DryRunRow that says so."""

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="+")
    pack_id = models.BigIntegerField()  # rulebook.RulePack
    way = models.CharField(max_length=20)  # rules.trials.Way; the result of the run says it in words
    now = models.CharField(max_length=300)
    then = models.CharField(max_length=300)
    why = models.JSONField(default=list)  # sentences
    owner: str  # who serves the client, and the way in words: its selector says both
    way_words: str

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pack_id", "client", "way"], name="a_dry_run_lists_a_client_once_a_way"
            )
        ]
