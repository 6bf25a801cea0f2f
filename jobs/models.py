"""Durable background work: what is due is a row; Celery only wakes the drain (ADR 0003)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from jobs.registry import kinds


class State(models.TextChoices):
    DUE = "due"
    CLAIMED = "claimed"
    DONE = "done"
    FAILED = "failed"  # will be tried again at `due_at`
    UNCERTAIN = "uncertain"  # the outside world may have seen it: whoever asked decides, this job is over
    DEAD = "dead"  # given up


FINISHED = {State.DONE, State.DEAD, State.UNCERTAIN}


class JobQuerySet(models.QuerySet["Job"]):
    def claimable(self, at):
        """Due, or left behind by a worker whose lease ran out."""
        return self.filter(
            Q(state__in=[State.DUE, State.FAILED], due_at__lte=at)
            | Q(state=State.CLAIMED, lease_until__lt=at)
        )

    def unfinished(self):
        return self.filter(state__in=[State.DUE, State.CLAIMED, State.FAILED])


class Job(models.Model):
    """One piece of work. `args` holds ids and codes, no client data; `key` makes asking twice do it once."""

    kind = models.CharField(max_length=60)  # "alerts.mail", found in jobs.registry
    key = models.CharField(max_length=200, unique=True)
    args = models.JSONField(default=dict)
    person_id = models.BigIntegerField(null=True)  # whose rights it runs with; None: the night shift
    state = models.CharField(max_length=12, choices=State.choices, default=State.DUE)
    due_at = models.DateTimeField(default=timezone.now)
    owner = models.CharField(max_length=60, blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_units = models.PositiveIntegerField(default=0)
    all_units = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], name="job_due", condition=Q(state__in=["due", "failed"])),
            models.Index(fields=["lease_until"], name="job_claimed", condition=Q(state="claimed")),
        ]

    @property
    def label(self):
        """What it is, in words; "" where its room gave none."""
        return kinds()[self.kind].label if self.kind in kinds() else ""


class Beat(models.Model):
    """When each tick of the schedule last ran to its end."""

    name = models.CharField(max_length=60, primary_key=True)
    ran_at = models.DateTimeField()
    error = models.CharField(max_length=300, blank=True)
