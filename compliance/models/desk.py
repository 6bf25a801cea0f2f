"""What the officer's desk remembers: what a file lacks, reminders, reviews as they were done, figures."""

from django.db import models
from django.db.models import F, Q

from clients.models import OnFile, Risk, Task
from staff.models import Book, Team, User


class FileGap(OnFile):
    """Something the rules require of a served client that is missing, or that ends soon or has ended.

    Found by the sweep alone (rules.gaps, rmcrm/schedule.py): one row a client and kind.
    """

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="gaps")
    kind = models.CharField(max_length=30)  # rules.gaps.GapRule
    ends_on = models.DateField(null=True)  # the last day of what there is; None: there is nothing
    risk = models.CharField(max_length=10, choices=Risk.choices)  # of the client, so that one table is asked
    place_id = models.BigIntegerField(null=True)  # where it is mended, if that is not the client's own page
    found_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "id"], name="gap_missing", condition=Q(ends_on__isnull=True)),
            models.Index(
                fields=["kind", "risk", "id"], name="gap_missing_risk", condition=Q(ends_on__isnull=True)
            ),
            models.Index(
                fields=["kind", "ends_on", "id"], name="gap_ending", condition=Q(ends_on__isnull=False)
            ),
            models.Index(fields=["ends_on", "id"], name="gap_ending_any", condition=Q(ends_on__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["client", "kind"], name="a_file_lacks_a_thing_once"),
        ]


class DeskSweep(models.Model):
    """One look through the bank for what files lack: the figures of the desk are as of its end."""

    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)  # None: under way, or broken off
    on = models.DateField()
    clients = models.PositiveIntegerField(default=0)  # served, looked at
    counts = models.JSONField(default=dict)  # kind -> {"missing": files, "ended": files, "ending": files}

    class Meta:
        indexes = [
            models.Index(
                fields=["-finished_at"],
                name="desk_sweep_done",
                condition=Q(finished_at__isnull=False),
            )
        ]


class RiskFigure(models.Model):
    """How many clients of a team, country, segment and risk are served, and what they are worth."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    country = models.CharField(max_length=2)
    segment = models.CharField(max_length=20)
    risk = models.CharField(max_length=10)
    clients = models.PositiveIntegerField()
    value = models.DecimalField(max_digits=22, decimal_places=2)  # in the reporting currency
    pep = models.PositiveIntegerField()
    edd = models.PositiveIntegerField()  # whose risk asks for enhanced measures


class KycReview(OnFile):
    """A KYC review as it was done: when it was due, when it took place, and in whose book."""

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="kyc_reviews")
    due_on = models.DateField()
    reviewed_on = models.DateField()
    days_late = models.PositiveIntegerField()  # 0: in time
    level = models.CharField(max_length=10, choices=Risk.choices)  # the rating it led to
    book = models.ForeignKey(Book, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["reviewed_on", "id"], name="kyc_review_day"),
            models.Index(fields=["team", "reviewed_on", "id"], name="kyc_review_team"),
            models.Index(fields=["reviewed_on", "id"], name="kyc_review_late", condition=Q(days_late__gt=0)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(days_late=0) | Q(reviewed_on__gt=F("due_on")),
                name="a_late_review_came_after_its_day",
            )
        ]


class ReviewFigure(models.Model):
    """How many reviews of a team in a month were so many days late."""

    month = models.DateField()  # its first day
    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    days_late = models.PositiveIntegerField()
    reviews = models.PositiveIntegerField()


class Reminder(OnFile):
    """Compliance asks a relationship manager for what a file lacks: a task on the desk, until it is there."""

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=30)  # rules.gaps.GapRule
    task = models.OneToOneField(Task, models.SET_NULL, null=True, related_name="+")  # None: it is gone
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_by__isnull=False),
                name="a_reminder_is_withdrawn_by_somebody",
            )
        ]
