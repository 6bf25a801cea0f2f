"""Every rating as it was given, what was set by hand, and what other figures would change."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.access import FileQuerySet
from clients.models import OnFile, Risk
from staff.models import User


class RatingRecord(OnFile):
    """One rating of a client, with every factor, so that it can be read and defended years later."""

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="ratings")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # None: the night shift
    cause = models.CharField(max_length=20)  # "facts", "review", "rules", "override", "pep", "adverse"
    level = models.CharField(max_length=10, choices=Risk.choices)  # that holds
    computed = models.CharField(max_length=10, choices=Risk.choices)
    by_sum = models.CharField(max_length=10, choices=Risk.choices)
    floor = models.CharField(max_length=10, blank=True)
    points = models.DecimalField(max_digits=8, decimal_places=2)
    factors = models.JSONField(default=list)  # rules.rating.as_rows
    bands = models.JSONField(default=dict)  # medium_from, high_from, as they were
    pack_version = models.PositiveSmallIntegerField()
    override = models.ForeignKey("RatingOverride", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["client", "-id"], name="rating_record_client")]


class OverrideQuerySet(FileQuerySet["RatingOverride"]):
    def in_force(self):
        return self.filter(state=RatingOverride.State.IN_FORCE)

    def waiting(self):
        return self.filter(state=RatingOverride.State.WAITING)


class RatingOverride(OnFile):
    """A rating set by hand beside the computed one. Upward by one person, downward by two; it always ends."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for a second officer")
        IN_FORCE = "in_force", _("In force")
        REFUSED = "refused", _("Refused")
        ENDED = "ended", _("Ended")

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="rating_overrides")
    level = models.CharField(max_length=10, choices=Risk.choices)
    computed = models.CharField(max_length=10, choices=Risk.choices)  # when it was set
    upward = models.BooleanField()
    reason = models.CharField(max_length=300)
    until_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=12, blank=True)  # "expired", "changed", "withdrawn", "replaced"
    pack_version = models.PositiveSmallIntegerField()
    decide_by: date  # while it waits, by the clock of the desk: its selectors say it

    objects = OverrideQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["until_on"], name="override_in_force", condition=Q(state="in_force")),
            models.Index(fields=["asked_at", "id"], name="override_waiting", condition=Q(state="waiting")),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="an_override_has_a_reason"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="who_asks_does_not_decide_an_override",
            ),
            models.CheckConstraint(
                condition=Q(upward=True) | ~Q(state="in_force") | Q(decided_by__isnull=False),
                name="a_downward_override_takes_two_people",
            ),
            models.UniqueConstraint(
                fields=["client"], condition=Q(state="in_force"), name="one_override_holds_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["client"], condition=Q(state="waiting"), name="one_override_waits_at_a_time"
            ),
        ]


class DryRun(models.Model):
    """What a draft of the figures would change in the bank, counted to the end; listed up to a cap."""

    pack_id = models.BigIntegerField()  # rulebook.RulePack
    digest = models.CharField(max_length=64)  # of the figures that were tried
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    on = models.DateField()  # the day as of which it judged
    finished_at = models.DateTimeField(null=True)  # None: under way, or broken off
    judged = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)  # clients whose rating differs
    moved = models.PositiveIntegerField(default=0)  # whose review would be due on another day
    overdue = models.PositiveIntegerField(default=0)  # whose review would become overdue
    ways = models.JSONField(default=dict)  # "low>high": clients
    books = models.JSONField(default=dict)  # book id: {"low>high": clients, "overdue": clients}
    # By another screening threshold, of a sample: {"parties": compared, "now": hits, "then": hits}.
    hits = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["pack_id", "-id"], name="dry_run_pack")]


class DryRunRow(OnFile):
    """One client whom a draft would rate otherwise or whose review it would move."""

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="+")
    run = models.ForeignKey(DryRun, models.CASCADE, related_name="rows")
    before = models.CharField(max_length=10, choices=Risk.choices)
    after = models.CharField(max_length=10, choices=Risk.choices)
    # By the figures in force; None: of a run before it was kept.
    points_before = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    points = models.DecimalField(max_digits=8, decimal_places=2)
    due_before = models.DateField()
    due_after = models.DateField()
    why = models.JSONField(default=list)  # rules.rating.differences
    of_screening = models.BooleanField(default=False)  # it would tell of hits or notes: not for everybody
    owner: str  # who serves the client, and why it changes in words: its selector says both
    reasons: list[str]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "client"], name="a_dry_run_lists_a_client_once")
        ]
