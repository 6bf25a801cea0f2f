"""Who was compared with the lists, and what came of it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.access import FileQuerySet
from clients.models import OnFile, Party
from compliance.models.lists import ListedEntity
from staff.models import User


class ScreeningRun(models.Model):
    """One comparison of the whole bank with the active lists: when, with which, and what came out."""

    versions = models.JSONField(default=list)  # ids of the ListVersions compared with
    scorer = models.PositiveSmallIntegerField()  # rules.screening.SCORER
    threshold = models.PositiveSmallIntegerField()
    pack_version = models.PositiveSmallIntegerField()
    parties = models.PositiveIntegerField(default=0)
    names = models.PositiveIntegerField(default=0)
    new_hits = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)  # None: under way, or broken off


class ScreeningHitQuerySet(FileQuerySet["ScreeningHit"]):
    def undecided(self):
        return self.filter(state__in=[ScreeningHit.State.OPEN, ScreeningHit.State.PROPOSED])

    def unresolved(self):
        """Whatever forbids to go on: undecided, or a match."""
        return self.exclude(state=ScreeningHit.State.CLEARED)


class ScreeningHit(OnFile):
    """A party of a file that looks like a listed entity, with the sentence why; two people decide."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        PROPOSED = "proposed", _("Decided once, waits for a second person")
        CLEARED = "cleared", _("No match")
        CONFIRMED = "confirmed", _("Match")

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="hits")
    party = models.ForeignKey(Party, models.CASCADE, related_name="hits")
    entity = models.ForeignKey(ListedEntity, models.CASCADE, related_name="hits")
    score = models.PositiveSmallIntegerField()  # 0 to 100
    sentence = models.CharField(max_length=500)
    details = models.JSONField(default=dict)  # rules.screening.Likeness, for the page side by side
    scorer = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField(auto_now_add=True)
    verdict = models.CharField(max_length=10, blank=True)  # "match" or "no_match"
    reason = models.CharField(max_length=200, blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = ScreeningHitQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "score", "id"], name="hit_queue")]
        constraints = [
            models.UniqueConstraint(fields=["party", "entity"], name="a_party_hits_an_entity_once"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="a_hit_is_decided_by_a_second_person",
            ),
        ]
