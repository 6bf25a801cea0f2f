"""How a bank's own clients came in: the file, what was found in it, who is here by it."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.models import Client, OnFile
from staff.models import User
from vault.fields import EncryptedTextField, is_encrypted


def _next(sequence: str) -> models.Func:
    """The next number of a sequence of the database."""
    return models.Func(models.Value(sequence), function="nextval", output_field=models.BigIntegerField())


class ClientImport(models.Model):
    """One file of clients on its way in. Seen by who may import clients, and by nobody else."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("To be mapped")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        LOADING = "loading", _("Being loaded")
        LOADED = "loaded", _("Loaded")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        DISCARDED = "discarded", _("Discarded")

    state = models.CharField(max_length=12, choices=State.choices, default=State.UPLOADED)
    title = models.CharField(max_length=200)  # what the sender called the file
    file = models.FileField(upload_to="imports/%Y/%m", max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    header = models.JSONField(default=list)
    sheets = models.JSONField(default=list)
    lines = models.PositiveIntegerField(default=0)
    mapping = models.JSONField(default=dict)  # onboarding.rules.imports.mapping
    asked = models.PositiveIntegerField(default=0)  # how often work was asked for: makes the jobs' keys
    job_id = models.BigIntegerField(null=True)
    sentence = models.CharField(max_length=500, blank=True)  # why the last work came to nothing
    read = models.PositiveIntegerField(default=0)
    fresh = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # None: a command
    made_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(null=True)
    loaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    loaded_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["loading", "loaded"]) | Q(errors=0),
                name="what_is_loaded_has_no_error",
            ),
        ]


class ImportProblem(models.Model):
    """One cell that is wrong, or somebody who may be here already. Gone when the import is discarded."""

    class Kind(models.TextChoices):
        ERROR = "error", _("Error")
        WARNING = "warning", _("Warning")
        KNOWN = "known", _("Here already")
        DUPLICATE = "duplicate", _("Perhaps a duplicate")

    of = models.ForeignKey(ClientImport, models.CASCADE, related_name="problems", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=100)
    value = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300)
    other_id = models.BigIntegerField(null=True)  # the client it may be; shown only to who may see that one

    class Meta:
        indexes = [models.Index(fields=["of", "kind", "line", "id"], name="import_problem_line")]


# As they will stand on the file, moved by SQL.
_OF_A_PARTY: dict[str, Any] = {"bound_to": ("client_id", "party_id"), "indexed": True}
_PAPER = _OF_A_PARTY | {"stands_for": "clients_identifier.number"}
_TAX = _OF_A_PARTY | {"stands_for": "clients_taxresidence.number"}


class StagedClient(models.Model):
    """One line of a file as the client it will become. Filled by COPY, unlogged: made again when lost."""

    # Without constraint and index of its own: 100,000 checks of one and the same row.
    of = models.ForeignKey(
        ClientImport, models.CASCADE, related_name="staged", db_constraint=False, db_index=False
    )
    line = models.PositiveIntegerField()
    # Drawn ahead: what is encrypted is bound to them, and one INSERT a table suffices.
    client_id = models.BigIntegerField(db_default=_next("clients_client_id_seq"))
    party_id = models.BigIntegerField(db_default=_next("clients_party_id_seq"))
    known = models.BooleanField(default=False)
    number = models.CharField(max_length=30)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=250)
    given_names = models.CharField(max_length=150)
    family_name = models.CharField(max_length=150)
    native_name = models.CharField(max_length=250)
    born_on = models.DateField(null=True)
    sex = models.CharField(max_length=1)
    nationality = models.CharField(max_length=2)
    residence = models.CharField(max_length=2)
    domicile = models.CharField(max_length=2)
    occupation = models.CharField(max_length=120)
    legal_form = models.CharField(max_length=30)
    book_id = models.BigIntegerField()
    segment = models.CharField(max_length=20)
    stage = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    since_on = models.DateField()
    last_contact_on = models.DateField()
    kyc_due_on = models.DateField()  # of nobody told: the day of the check, for here the file is new
    branch = models.CharField(max_length=100)
    language = models.CharField(max_length=10)
    currency = models.CharField(max_length=3)
    preferred_channel = models.CharField(max_length=20)
    preferences = models.TextField()
    phone = models.CharField(max_length=20)
    second_phone = models.CharField(max_length=20)
    email = models.CharField(max_length=254)
    address = models.CharField(max_length=300)
    passport = EncryptedTextField(max_length=50, **_PAPER)
    passport_country = models.CharField(max_length=2)
    passport_expires_on = models.DateField(null=True)
    id_card = EncryptedTextField(max_length=50, **_PAPER)
    id_card_country = models.CharField(max_length=2)
    id_card_expires_on = models.DateField(null=True)
    register = EncryptedTextField(max_length=50, **_PAPER)
    register_country = models.CharField(max_length=2)
    lei = EncryptedTextField(max_length=20, **_PAPER)
    tax_country = models.CharField(max_length=2)
    tax_number = EncryptedTextField(max_length=50, **_TAX)
    tax_missing_reason = models.CharField(max_length=200)
    words = ArrayField(models.TextField())
    keys = ArrayField(models.TextField())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="a_file_tells_of_a_client_once"),
            *(
                is_encrypted(column, f"a_staged_{column}_is_encrypted")
                for column in ("passport", "id_card", "register", "lei", "tax_number")
            ),
        ]


class ImportedClient(OnFile):
    """That a client came in by a file, and on which line."""

    client = models.OneToOneField(Client, models.CASCADE, primary_key=True, related_name="imported")
    # Written by the load of that import alone; 100,000 checks of one and the same row.
    of = models.ForeignKey(ClientImport, models.PROTECT, related_name="clients", db_constraint=False)
    line = models.PositiveIntegerField()
