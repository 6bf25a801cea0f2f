"""Politically exposed persons on a file, and what the press or a court says of them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.models import OnFile, Party
from compliance.rules import pep
from staff.models import User


class PepRole(OnFile):
    """A high public office that counts for a party of this file: its own, a relative's or an associate's."""

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="pep_roles")
    party = models.ForeignKey(Party, models.CASCADE, related_name="pep_roles")
    capacity = models.CharField(max_length=10, choices=list(pep.CAPACITIES.items()), default="holder")
    holder = models.CharField(max_length=200, blank=True)  # whose family or associate the party is
    function = models.CharField(max_length=20, choices=list(pep.FUNCTIONS.items()))
    title = models.CharField(max_length=200, blank=True)  # the office in the source's words
    country = models.CharField(max_length=2)
    level = models.CharField(max_length=15, choices=list(pep.LEVELS.items()))
    since_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)  # None: still in office
    source = models.CharField(max_length=300)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # who noted the last day
    lapsed_on = models.DateField(null=True, blank=True)  # since when it no longer counts

    class Meta:
        indexes = [
            models.Index(
                fields=["until_on"],
                name="pep_role_in_its_tail",
                condition=Q(until_on__isnull=False, lapsed_on__isnull=True),
            )
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="a_pep_role_names_its_source"),
            models.CheckConstraint(
                condition=Q(since_on__isnull=True)
                | Q(until_on__isnull=True)
                | Q(until_on__gte=F("since_on")),
                name="an_office_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(capacity="holder") | ~Q(holder=""), name="a_relative_of_a_pep_names_the_pep"
            ),
        ]


class AdverseNote(OnFile):
    """Adverse information about a party, dated and sourced. Seen by compliance alone (EU AMLR Art. 73)."""

    class Severity(models.TextChoices):
        LOW = "low", _("Low")
        MEDIUM = "medium", _("Medium")
        HIGH = "high", _("High")

    client = models.ForeignKey("clients.Client", models.CASCADE, related_name="adverse_notes")
    party = models.ForeignKey(Party, models.CASCADE, related_name="adverse_notes")
    severity = models.CharField(max_length=10, choices=Severity.choices)
    source = models.CharField(max_length=300)
    source_on = models.DateField()
    text = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)  # it counts no longer
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["client"], name="adverse_open", condition=Q(closed_at__isnull=True))]
        constraints = [
            models.CheckConstraint(
                condition=~Q(source="") & ~Q(text=""), name="adverse_information_has_a_source_and_a_text"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(closed_reason=""),
                name="adverse_information_is_closed_for_a_reason",
            ),
        ]
