"""What is remembered of a suspicion. It stands apart: tables, ids, journal and remembered forms of its own,
no foreign key into the bank's files, and row-level security, so that nothing else moves because of it.

Reached by the MLRO's team alone; everyone else may only add a case as received (docs/adr/0009).
"""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.access import Person
from staff.roles import May
from ui.models import Remembered


class TeamQuerySet(models.QuerySet[Any]):
    """Rows for the MLRO's team; for everyone else there are none, here and in PostgreSQL."""

    def visible_to(self, person: Person) -> Self:
        return self if person.may(May.SUSPICION_WORK) else self.none()

    def hold(self, pk: int, by: Person, how: str) -> tuple[Any, str, int | None] | None:
        """For staff.lock: the locked row, or None for who must not know whether there is one."""
        held = self.visible_to(by).select_for_update(of=("self",)).filter(pk=pk).first()
        return None if held is None else (held, "suspicion desk", held.client_id)


class Ground(models.TextChoices):
    PAYMENTS = "payments", _("Payments or cash that do not fit")
    ORIGIN = "origin", _("Where the money comes from")
    PAPERS = "papers", _("Documents or identity")
    OWNERS = "owners", _("Who is really behind it")
    CONDUCT = "conduct", _("How the client behaves")
    SANCTIONS = "sanctions", _("Sanctions or terrorism")
    OTHER = "other", _("Something else")


class Knows(models.TextChoices):
    NO = "no", _("No")
    PERHAPS = "perhaps", _("Perhaps")
    YES = "yes", _("Yes")


class Case(models.Model):
    """One suspicion as it was handed over, which never changes, and how far the MLRO has come with it."""

    class State(models.TextChoices):
        RECEIVED = "received", _("To take up")
        ASSESSING = "assessing", _("Assessing")
        REPORTING = "reporting", _("To report")
        REPORTED = "reported", _("Reported")
        CLOSED = "closed", _("Closed")

    class Access(models.TextChoices):
        UNDECIDED = "", _("Not asked for")
        WITHHOLD = "withhold", _("Withhold")
        DISCLOSE = "disclose", _("Disclose")

    # As it was handed over. No foreign keys: the case outlives the client's file, and locks nothing of it.
    key = models.CharField(max_length=64)  # of what was sent, so that sending it twice hands it over once
    made_at = models.DateTimeField(default=timezone.now)
    by_id = models.BigIntegerField()
    by_name = models.CharField(max_length=200)
    by_role = models.CharField(max_length=30)
    reported_client_id = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=300)  # whom it is about, in the words of that day
    ground = models.CharField(max_length=20, choices=Ground.choices)
    what = models.TextField()
    noticed_on = models.DateField(null=True)
    amount = models.CharField(max_length=100, blank=True)
    knows = models.CharField(max_length=10, choices=Knows.choices, default=Knows.NO)
    # Where it stands.
    client_id = models.BigIntegerField(null=True, db_index=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    due_on = models.DateField()  # the end of the clock that runs in this state
    taken_by_id = models.BigIntegerField(null=True)
    taken_by_name = models.CharField(max_length=200, blank=True)
    taken_at = models.DateTimeField(null=True)
    legal_hold = models.BooleanField(default=True)  # until the MLRO lifts it nothing of it is deleted
    access = models.CharField(max_length=10, choices=Access.choices, blank=True)
    pack_version = models.PositiveSmallIntegerField()  # of the figures "suspicion" behind due_on

    objects = TeamQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "due_on", "id"], name="suspicion_queue")]
        constraints = [
            models.UniqueConstraint(fields=["by_id", "key"], name="a_suspicion_is_handed_over_once"),
            models.CheckConstraint(
                condition=Q(
                    state__in=["received", "assessing", "reporting", "reported", "closed"],
                ),
                name="a_suspicion_has_a_known_state",
            ),
            models.CheckConstraint(
                condition=Q(state="received") | Q(taken_by_id__isnull=False),
                name="a_suspicion_is_worked_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(what="") & ~Q(subject=""), name="a_suspicion_says_of_whom_and_what"
            ),
        ]


class Entry(models.Model):
    """One line in the record of a case: added, never changed."""

    class Kind(models.TextChoices):
        TAKEN = "taken", _("Taken up")
        NOTE = "note", _("Note")
        CLIENT = "client", _("Client found")
        DECISION = "decision", _("Decision")
        FILED = "filed", _("Filed")
        HEARD = "heard", _("The FIU")
        HOLD = "hold", _("Legal hold")
        ACCESS = "access", _("Access request")

    case = models.ForeignKey(Case, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    value = models.CharField(max_length=60, blank=True)  # what was decided, a reference
    text = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    by_id = models.BigIntegerField()
    by_name = models.CharField(max_length=200)
    pack_version = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["case", "at"], name="suspicion_record")]


class Filing(models.Model):
    """A report to the financial intelligence unit: a draft until it is filed, then fixed."""

    class Answer(models.TextChoices):
        WAITING = "", _("Waiting")
        CONSENT = "consent", _("May go on")
        REFUSED = "refused", _("Must not go on")
        SILENT = "silent", _("Nothing within the waiting period")

    case = models.ForeignKey(Case, models.PROTECT, related_name="filings")
    grounds = models.TextField(blank=True)  # the facts and why they are suspicious
    wanted = models.TextField(blank=True)  # the payments or acts that wait for the FIU
    made_at = models.DateTimeField(default=timezone.now)
    by_name = models.CharField(max_length=200)
    reference = models.CharField(max_length=60, blank=True)
    filed_on = models.DateField(null=True)
    waiting_until = models.DateField(null=True)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    answered_on = models.DateField(null=True)
    pack_version = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(filed_on__isnull=True), name="a_case_has_one_draft_report"
            ),
            models.CheckConstraint(
                condition=Q(filed_on__isnull=True) | ~Q(reference=""), name="a_filed_report_has_a_reference"
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True) | Q(answered_on__gte=F("filed_on")),
                name="the_fiu_answers_after_the_report",
            ),
        ]


class FiuRequest(models.Model):
    """A question from the FIU, with the day by which it wants its answer (AMLR Art. 69)."""

    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="requests")
    reference = models.CharField(max_length=60)
    subject = models.CharField(max_length=300)
    asked = models.TextField()
    received_on = models.DateField()
    urgent = models.BooleanField(default=False)
    due_on = models.DateField()
    made_at = models.DateTimeField(default=timezone.now)
    by_name = models.CharField(max_length=200)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_name = models.CharField(max_length=200, blank=True)
    pack_version = models.PositiveSmallIntegerField()

    objects = TeamQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | ~Q(answer=""), name="an_answer_to_the_fiu_has_words"
            )
        ]

    @property
    def client_id(self) -> int | None:
        return self.case.client_id if self.case else None


class Event(models.Model):
    """The compartment's own audit: the columns of audit_event, append-only, in a table of its own."""

    at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    by_id = models.BigIntegerField(null=True)
    by_login = models.CharField(max_length=150, blank=True)
    by_role = models.CharField(max_length=30, blank=True)
    path = models.CharField(max_length=200, blank=True)
    why = models.CharField(max_length=500, blank=True)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)
    client_id = models.BigIntegerField(null=True)
    source = models.CharField(max_length=200, blank=True)
    ip = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=36, blank=True)
    payload = models.JSONField(default=dict)
    row_hash = models.BinaryField(editable=False)

    objects = TeamQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "suspicion_event"


class Answer(Remembered):
    """Which forms of the team were answered already: not kept where those of everyone else are."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "key"], name="a_key_is_answered_once_in_the_compartment"
            )
        ]
