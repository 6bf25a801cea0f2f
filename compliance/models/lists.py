"""Sanctions lists as they stood on any day."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.models import Identifier
from staff.models import User


class ListVersion(models.Model):
    """One imported state of one sanctions list. Exactly one version of a list is active."""

    source = models.CharField(max_length=60)  # "ofac", "eu", "un", "own", or "own " and a name
    published_on = models.DateField()
    sha256 = models.CharField(max_length=64)
    entities = models.PositiveIntegerField()
    names = models.PositiveIntegerField(default=0)  # as the file writes them, repeated ones too
    added = models.PositiveIntegerField(default=0)
    amended = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    imported_at = models.DateTimeField(auto_now_add=True)
    imported_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # None: the command
    active = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "sha256"], name="a_list_file_is_imported_once"),
            models.UniqueConstraint(
                fields=["source"], condition=Q(active=True), name="a_list_has_one_active_version"
            ),
        ]


class ListedEntityQuerySet(models.QuerySet["ListedEntity"]):
    def listed(self):
        """On a list today."""
        return self.filter(until__isnull=True)


PAPERS = dict(Identifier.Kind.choices) | {"tax": _("Tax number"), "vessel": _("Number of a vessel")}


class ListedEntity(models.Model):
    """A person, organisation or vessel on a sanctions list, as it stood from one list version to another.

    An entry that changes ends and begins anew, so a decision holds only for the entry it was made on, and the
    entries of any past day can be asked for.
    """

    source = models.CharField(max_length=60)
    reference = models.CharField(max_length=40)  # the list's own number
    content = models.CharField(max_length=64)  # hash of all that screening compares
    since = models.ForeignKey(ListVersion, models.PROTECT, related_name="begun")
    until = models.ForeignKey(ListVersion, models.PROTECT, null=True, related_name="ended")
    kind = models.CharField(max_length=20)  # "person", "organisation", "vessel", "aircraft"
    name = models.CharField(max_length=400)
    born_on = models.TextField(blank=True)  # "18 Sep 1964; circa 1966", as lists.reading.Entry says it
    born_in = models.TextField(blank=True)
    countries = models.TextField(blank=True)  # ISO 3166 alpha-2 or the list's word, divided by blanks
    programmes = models.TextField(blank=True)
    identifiers = models.JSONField(default=list)  # [kind, number, country] of lists.reading.Paper
    screened = models.BooleanField(default=False)  # a finished run has compared the whole bank with it

    objects = ListedEntityQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="entries_to_screen", condition=Q(screened=False, until=None))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "reference"],
                condition=Q(until__isnull=True),
                name="an_entity_is_listed_once_at_a_time",
            )
        ]

    @property
    def papers(self) -> list[tuple[str, str, str]]:
        """What a paper is called, the code of its country or the list's word for it, its number."""
        return [(PAPERS.get(kind, kind), country, number) for kind, number, country in self.identifiers]


class ListedName(models.Model):
    """A name or alias of a listed entity, as the list writes it."""

    entity = models.ForeignKey(ListedEntity, models.CASCADE, related_name="names")
    name = models.CharField(max_length=400)
    strong = models.BooleanField(default=True)  # False: the list itself calls the alias weak
