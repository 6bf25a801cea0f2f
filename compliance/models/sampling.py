"""The audit of interactions: plans, what each drew, every step of a review; attestations of channels."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from clients.models import Addendum, Interaction, OnFile, Risk, Task
from compliance.rules import sampling as rules
from staff.models import Team, User


class SamplePlan(models.Model):
    """One draw from the records logged in a period, so told that anybody can draw it again.

    `figures` are those of rule pack "interactions" at `pack_version` that judged it. No plan is removed, and
    none overlaps another: nobody draws again until the sample pleases.
    """

    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("until"))
    seed = models.CharField(max_length=64)
    pack_version = models.PositiveSmallIntegerField()
    figures = models.JSONField()
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # None: the night shift
    asked_at = models.DateTimeField(auto_now_add=True)
    job_id = models.BigIntegerField(null=True)
    drawn_at = models.DateTimeField(null=True)  # None: being drawn
    population = models.PositiveIntegerField(default=0)
    always = models.PositiveIntegerField(default=0)
    random = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)  # rules.sampling.digest_of the whole population

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_record_is_drawn_from_by_one_plan",
                expressions=[
                    (
                        Func(
                            F("first_on"),
                            F("last_on"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    )
                ],
            ),
            models.CheckConstraint(
                condition=Q(population__gte=F("always") + F("random")), name="a_sample_is_part_of_all"
            ),
        ]

    @property
    def drawn(self) -> int:
        return self.always + self.random

    @property
    def rest(self) -> int:
        return self.population - self.always


class SampleItem(OnFile):
    """One record that a plan drew, why, and where its review stands. `due_on`: of what it waits for now."""

    class Why(models.TextChoices):
        RISK = rules.HIGH_RISK, _("Client of high risk")
        OFF_CHANNEL = rules.OFF_CHANNEL, _("Channel not recorded")
        LATE = rules.LATE, _("Late entry")
        ADVICE_GAPS = rules.ADVICE_GAPS, _("Advice without a whole record")
        RANDOM = rules.RANDOM, _("Random share")

    class State(models.TextChoices):
        DRAWN = rules.DRAWN, _("To review")
        QUERIED = rules.QUERIED, _("Question open")
        ANSWERED = rules.ANSWERED, _("Answer in")
        FAILED = rules.FAILED, _("Failed, to be mended")
        PASSED = rules.PASSED, _("Passed")
        REMEDIATED = rules.REMEDIATED, _("Failed, mended")

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="samples")
    plan = models.ForeignKey(SamplePlan, models.PROTECT, related_name="items")
    interaction = models.ForeignKey(Interaction, models.PROTECT, related_name="samples")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")  # the author's, when drawn
    channel = models.CharField(max_length=20)
    why = models.CharField(max_length=12, choices=Why.choices)
    risk = models.CharField(max_length=10, choices=Risk.choices)  # the client's, when drawn
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAWN)
    due_on = models.DateField()
    asked_of = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)  # passed or failed
    task = models.OneToOneField(Task, models.SET_NULL, null=True, related_name="+")  # what is to be mended

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["interaction"], name="a_record_is_drawn_once"),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("author")),
                name="nobody_reviews_what_they_logged",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["passed", "failed", "remediated"])
                | Q(reviewed_by__isnull=False, decided_at__isnull=False),
                name="a_decided_sample_says_by_whom",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_on", "id"], name="sample_state_due"),
            models.Index(fields=["due_on", "id"], name="sample_due"),
            models.Index(fields=["plan", "state"], name="sample_plan_state"),
            models.Index(fields=["author", "state"], name="sample_author"),
        ]


class SampleStep(OnFile):
    """What happened to a sample. `lines`: the record as judged, by the system's look and the officer's."""

    class Said(models.TextChoices):
        PASSED = "passed", _("Passed")
        QUERIED = "queried", _("Asked")
        ANSWERED = "answered", _("Answered")
        FAILED = "failed", _("Failed")
        REMEDIATED = "remediated", _("Found mended")
        REJECTED = "rejected", _("Found not mended")

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="samplesteps")
    item = models.ForeignKey(SampleItem, models.CASCADE, related_name="steps")
    said = models.CharField(max_length=12, choices=Said.choices)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    note = models.CharField(max_length=1000, blank=True)  # the question, what is to be mended, why not
    due_on = models.DateField(null=True)
    lines = models.JSONField(default=list)  # [{code, label, met, sentence, found}]
    addendum = models.OneToOneField(Addendum, models.PROTECT, null=True, related_name="+")
    pack_version = models.PositiveSmallIntegerField()


class Attestation(models.Model):
    """Once a period who serves clients says whether a channel was used that the bank does not record."""

    person = models.ForeignKey(User, models.PROTECT, related_name="attestations")
    first_on = models.DateField()
    last_on = models.DateField()
    due_on = models.DateField()
    pack_version = models.PositiveSmallIntegerField()
    attested_at = models.DateTimeField(null=True)
    used = models.BooleanField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "first_on"], name="a_period_is_attested_once"),
            models.CheckConstraint(
                condition=Q(attested_at__isnull=True, used__isnull=True)
                | Q(attested_at__isnull=False, used__isnull=False),
                name="an_attestation_says_what",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "id"], name="attestation_missing", condition=Q(attested_at__isnull=True)
            ),
        ]


class OffChannelUse(OnFile):
    """A contact on an unrecorded channel, as declared: to be captured as an interaction."""

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="offchanneluses")
    attestation = models.ForeignKey(Attestation, models.PROTECT, related_name="uses")
    on = models.DateField()
    what = models.CharField(max_length=100)  # which channel
    task = models.OneToOneField(Task, models.SET_NULL, null=True, related_name="+")
    interaction = models.OneToOneField(Interaction, models.PROTECT, null=True, related_name="+")
