"""Whom we serve: client files and all that hangs on them."""

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from clients.access import FileManager, FileQuerySet
from staff.models import Book, Proposal, User, four_eyes
from vault.fields import EncryptedTextField, index_of, is_encrypted

ON_PARTY = ("client_id", "party_id")  # what the number of a paper is bound to (ADR 20)


class Segment(models.TextChoices):
    MASS = "mass", _("Mass retail")
    AFFLUENT = "affluent", _("Affluent")
    HNW = "hnw", _("High net worth")
    SME = "sme", _("SME")
    CORPORATE = "corporate", _("Corporate")


class Stage(models.TextChoices):
    """Life stages of persons and growth stages of organisations."""

    STUDENT = "student", _("Student")
    STARTING = "starting", _("Starting out")
    FAMILY = "family", _("Family")
    ESTABLISHED = "established", _("Established")
    RETIREMENT = "retirement", _("Retirement")
    START_UP = "start_up", _("Start-up")
    GROWTH = "growth", _("Growth")
    MATURE = "mature", _("Mature")
    SUCCESSION = "succession", _("Succession")


class State(models.TextChoices):
    LEAD = "lead", _("Lead")
    ONBOARDING = "onboarding", _("Onboarding")
    ACTIVE = "active", _("Active")
    DORMANT = "dormant", _("Dormant")
    CLOSED = "closed", _("Closed")


SERVED = [State.ACTIVE, State.DORMANT]


class Risk(models.TextChoices):
    UNRATED = "unrated", _("Not rated")
    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


class Kind(models.TextChoices):
    PERSON = "person", _("Person")
    ORGANISATION = "organisation", _("Organisation")


class PartyKind(models.TextChoices):
    """What stands on a file. A trust owns and is owned, but is no client."""

    PERSON = "person", _("Person")
    ORGANISATION = "organisation", _("Organisation")
    TRUST = "trust", _("Trust or foundation")


class Channel(models.TextChoices):
    CALL = "call", _("Call")
    MEETING = "meeting", _("Meeting")
    VIDEO = "video", _("Video meeting")
    EMAIL = "email", _("E-mail")
    LETTER = "letter", _("Letter")
    VISIT = "visit", _("Visit")
    MESSAGE = "message", _("Secure message")


class Barrier(models.Model):
    """An information barrier: of the files behind it only its insiders know that they are there (ADR 0017).

    It narrows what the role, the book and a grant give, and widens nothing. Every change of it is a
    BarrierProposal that a second person confirmed; `version` counts them.
    """

    name = models.CharField(max_length=100)
    reason = models.CharField(max_length=300)
    made_at = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)


class Household(models.Model):
    """Clients who live or decide together. A file shows of it only the members its reader may see."""

    name = models.CharField(max_length=200)


class ClientQuerySet(FileQuerySet["Client"]):
    def served(self):
        return self.filter(state__in=SERVED)


class Labelled(models.Model):
    """A model whose `get_FIELD_display` looks the one label up.

    Django's own hashes every label of the field each time, which translates them all: that was a twentieth of
    a client's page.
    """

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: Any) -> str:
        value = getattr(self, field.attname)
        return force_str(_labels(field).get(value, value), strings_only=True)


@cache
def _labels(field: Any) -> dict[Any, Any]:
    return dict(field.flatchoices)


class Client(Labelled):
    """A client file: one person, couple or organisation the bank serves. A lead is one in an early state.

    `risk`, `kyc_due_on` (compliance) and `value` (portfolios, in the bank's reporting currency) are kept here
    by the rooms that own them, so that a list needs one table.
    """

    client_path = ""

    number = models.CharField(_("client number"), max_length=30)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=250)  # of the main party, as lists print and sort it
    # Found by client_book_name and client_household: one index more costs an import of a bank a second.
    book = models.ForeignKey(Book, models.PROTECT, related_name="clients", db_index=False)
    household = models.ForeignKey(
        Household, models.SET_NULL, null=True, blank=True, related_name="clients", db_index=False
    )
    state = models.CharField(max_length=20, choices=State.choices, default=State.LEAD)
    segment = models.CharField(_("segment"), max_length=20, choices=Segment.choices)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage.choices)
    domicile = models.CharField(_("domicile"), max_length=2)  # ISO 3166-1 alpha-2
    language = models.CharField(_("language"), max_length=10, default="en")
    currency = models.CharField(
        _("currency"), max_length=3, default="EUR"
    )  # ISO 4217, in which the client thinks
    preferred_channel = models.CharField(max_length=20, choices=Channel.choices, default=Channel.CALL)
    preferences = models.TextField(blank=True)
    branch = models.CharField(max_length=100, blank=True)
    since_on = models.DateField()  # the file was opened
    # The relationship ended, or was refused. PostgreSQL writes it where nobody did: the years for which a
    # file is kept begin here (compliance.rules.keeping).
    closed_on = models.DateField(null=True, blank=True)
    risk = models.CharField(max_length=10, choices=Risk.choices, default=Risk.UNRATED)
    kyc_due_on = models.DateField()  # a file that was never reviewed is due since it was opened
    value = models.DecimalField(max_digits=18, decimal_places=2, default=0)  # AUM in the reporting currency
    value_on = models.DateField(null=True, blank=True)
    last_contact_on = models.DateField()  # or, never contacted, the day the file was opened
    vulnerable = models.BooleanField(default=False)
    # Kept by a trigger on BarrierFile, and by nobody else: what both walls ask of a row, and what totals of
    # the whole bank leave out.
    barrier = models.ForeignKey(
        Barrier, models.PROTECT, null=True, editable=False, related_name="+", db_index=False
    )

    objects = ClientQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["book", "name", "id"], name="client_book_name"),
            models.Index(fields=["book", "value", "id"], name="client_book_value"),
            models.Index(fields=["book", "last_contact_on", "id"], name="client_book_contact"),
            models.Index(fields=["book", "kyc_due_on", "id"], name="client_book_kyc"),
            models.Index(fields=["name", "id"], name="client_name"),
            models.Index(fields=["value", "id"], name="client_value"),
            models.Index(fields=["last_contact_on", "id"], name="client_contact"),
            models.Index(fields=["kyc_due_on", "id"], name="client_kyc"),
            # Whom the bank serves, by the day: a clock is counted without opening one file.
            models.Index(
                fields=["kyc_due_on", "id"],
                name="client_kyc_served",
                condition=Q(state__in=["active", "dormant"]),
            ),
            # For who sees the whole bank: a rare combination of these is found by their bitmaps.
            # The richest of a segment stand together: by value alone the walk passes all others, more in a
            # larger bank. What the second wall asks of a row lies beside it, so that a list is counted here.
            models.Index(
                fields=["segment", "value", "id"], include=["book", "barrier"], name="client_segment_value"
            ),
            models.Index(fields=["state"], name="client_state"),
            # Who left the bank, the longest ago first: those whose years are over stand at its beginning.
            models.Index(
                fields=["closed_on", "id"], name="client_closed", condition=Q(closed_on__isnull=False)
            ),
            models.Index(fields=["risk"], name="client_risk"),
            models.Index(fields=["domicile"], name="client_domicile"),
            models.Index(fields=["stage"], name="client_stage"),
            models.Index(fields=["household"], name="client_household", condition=Q(household__isnull=False)),
            models.Index(
                fields=["book", "id"],
                include=["barrier"],
                name="client_behind_barrier",
                condition=Q(barrier__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="a_client_number_is_given_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="a_client_value_is_not_negative"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="a_client_has_a_known_state"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False)
                | (~Q(state="closed") & Q(closed_on__isnull=True)),
                name="a_closed_file_says_since_when",
            ),
            models.CheckConstraint(
                condition=Q(segment__in=Segment.values), name="a_client_has_a_known_segment"
            ),
        ]


class GrantPurpose(models.TextChoices):
    """For what a file is open to somebody who does not work its book."""

    ADVICE = "advice", _("Specialist advice")
    OPINION = "opinion", _("Second opinion")
    SERVICE = "service", _("Service of the client")
    COMPLAINT = "complaint", _("Work on a complaint")
    TRANSACTION = "transaction", _("A transaction or a project")
    BREAK_GLASS = "break_glass", _("Break-glass")  # nobody lent it: compliance.actions.break_glass


class ClientGrant(UserObjectPermissionBase):
    """One client open to one colleague for a time, a purpose and a reason. Read by clients.access.reach.

    It ends by itself at `ends_at`; whoever ends it sooner moves that forward and is told in `ended_by`.
    """

    content_object = models.ForeignKey(Client, models.CASCADE, related_name="grants")
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    purpose = models.CharField(
        _("purpose"),
        max_length=20,
        choices=GrantPurpose.choices,
        default=GrantPurpose.ADVICE,
        db_default=GrantPurpose.ADVICE,
    )
    reason = models.CharField(max_length=300)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    client_path = "content_object"
    objects = FileManager()

    class Meta:  # of its own: guardian's says unique, but a second dated grant must be possible
        indexes = [models.Index(fields=["user", "content_object"], name="grant_user_client")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="a_grant_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_grant_has_a_reason"),
            models.CheckConstraint(
                condition=Q(purpose__in=GrantPurpose.values), name="a_grant_has_a_known_purpose"
            ),
            models.CheckConstraint(
                condition=~Q(purpose="break_glass") | Q(ends_at__isnull=False),
                name="a_broken_glass_is_whole_again",
            ),
        ]


class BarrierInsider(models.Model):
    """Who knows of the files behind a barrier, from when to when."""

    barrier = models.ForeignKey(Barrier, models.PROTECT, related_name="insiders")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    during = DateTimeRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="an_insider_is_named_once_at_a_time",
                expressions=[
                    (F("barrier"), RangeOperators.EQUAL),
                    (F("user"), RangeOperators.EQUAL),
                    (F("during"), RangeOperators.OVERLAPS),
                ],
            )
        ]


class BarrierFile(models.Model):
    """Which file stands behind a barrier, from when to when. It obeys no lock: who manages barriers sees it.

    Without a `client_path`, therefore: what it shows is a client's number and never a name.
    """

    barrier = models.ForeignKey(Barrier, models.PROTECT, related_name="files")
    client = models.ForeignKey(Client, models.CASCADE, related_name="+", db_index=False)
    number = models.CharField(max_length=30)  # the client's: its own row is hidden from who manages
    during = DateTimeRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="a_file_stands_behind_one_barrier_at_a_time",
                expressions=[
                    (F("client"), RangeOperators.EQUAL),
                    (F("during"), RangeOperators.OVERLAPS),
                ],
            )
        ]


class BarrierProposal(Proposal):
    """A change of a barrier that one person of compliance asks for and another confirms."""

    waits_at = "compliance:barriers"

    class Kind(models.TextChoices):
        RAISE = "raise", _("New barrier")
        CHANGE = "change", _("Change")
        LIFT = "lift", _("Lift the barrier")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    barrier = models.ForeignKey(Barrier, models.PROTECT, null=True, related_name="proposals")
    name = models.CharField(max_length=100, blank=True)  # of a new barrier
    people_in = ArrayField(models.BigIntegerField(), default=list)  # ids of staff.User
    people_out = ArrayField(models.BigIntegerField(), default=list)
    files_in = ArrayField(models.BigIntegerField(), default=list)  # ids of Client
    files_out = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        indexes = [
            models.Index(fields=["asked_at"], name="barrier_waiting", condition=Q(state="waiting")),
        ]
        constraints = [
            *four_eyes("a_barrier"),
            models.CheckConstraint(
                condition=Q(kind="raise") | Q(barrier__isnull=False), name="a_change_is_of_a_barrier"
            ),
        ]


class OnFile(Labelled):
    """What hangs on a client and obeys its lock."""

    client_path = "client"
    client = models.ForeignKey(Client, models.CASCADE, related_name="%(class)ss")
    objects = FileManager()

    class Meta:
        abstract = True


class PartyQuerySet(FileQuerySet["Party"]):
    def gone(self, on: date):
        """Once in a role of this file, and in none on that day; never the client itself (ADR 21).

        Whom a role that holds is told of stands on the file too: a company between, while it has owners.
        """
        holds = Relationship.objects.on(on).filter(Q(party=OuterRef("pk")) | Q(of=OuterRef("pk")))
        once = Relationship.ever.filter(party=OuterRef("pk"))
        return self.filter(Exists(once), ~Exists(holds), is_client=False)


class PartyManager(FileManager.from_queryset(PartyQuerySet)):  # type: ignore[misc]
    """The manager of parties."""


class Party(OnFile):
    """A person or organisation on this file: the client itself, a spouse, owner, director, adviser."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="parties", db_index=False)
    kind = models.CharField(max_length=20, choices=PartyKind.choices)
    is_client = models.BooleanField(default=False)
    name = models.CharField(_("name"), max_length=250)  # in full, Latin letters
    given_names = models.CharField(_("given names"), max_length=150, blank=True)
    family_name = models.CharField(_("family name"), max_length=150, blank=True)
    native_name = models.CharField(_("name in its own script"), max_length=250, blank=True)
    born_on = models.DateField(_("born or founded on"), null=True, blank=True)
    sex = models.CharField(max_length=1, blank=True)  # "f", "m", "" unknown or organisation
    nationality = models.CharField(_("nationality or seat"), max_length=2, blank=True)
    residence = models.CharField(_("country of residence"), max_length=2, blank=True)
    occupation = models.CharField(_("occupation or industry"), max_length=120, blank=True)
    legal_form = models.CharField(max_length=30, blank=True)
    # Id of the Client who this is, where it has a file of its own. Shown to who may see that file too, so in
    # no history and by no foreign key: what is deleted there stays here.
    own_file = models.BigIntegerField(null=True, editable=False)

    objects = PartyManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "own_file"],
                condition=Q(own_file__isnull=False),
                name="a_client_is_one_party_of_a_file",
            ),
            # By it a file's parties are found, and what hangs on a party points at both (OnParty).
            models.UniqueConstraint(fields=["client", "id"], name="a_party_is_on_one_file"),
            models.UniqueConstraint(
                fields=["client"], condition=Q(is_client=True), name="a_file_has_one_main_party"
            ),
        ]


class RelationKind(models.TextChoices):
    SPOUSE = "spouse", _("Spouse")
    CHILD = "child", _("Child")
    DIRECTOR = "director", _("Director")
    OWNER = "owner", _("Owner")
    ADVISER = "adviser", _("Adviser")
    SIGNATORY = "signatory", _("Authorised signatory")
    SETTLOR = "settlor", _("Settlor")
    TRUSTEE = "trustee", _("Trustee")
    PROTECTOR = "protector", _("Protector")
    BENEFICIARY = "beneficiary", _("Beneficiary")
    HOLDER = "holder", _("Joint holder")


# Who stands behind another: these roles have a history, and are changed by clients.actions.owners alone.
OF_A_TRUST = [RelationKind.SETTLOR, RelationKind.TRUSTEE, RelationKind.PROTECTOR, RelationKind.BENEFICIARY]
OWNING = [RelationKind.OWNER, *OF_A_TRUST]
SIGNING = [RelationKind.OWNER, RelationKind.DIRECTOR, RelationKind.SIGNATORY]  # may stand for an organisation


class RelationshipQuerySet(FileQuerySet["Relationship"]):
    def on(self, day: date):
        """In force on that day: since it began, and before the day it ended. No beginning: ever since."""
        begun = Q(since_on__isnull=True) | Q(since_on__lte=day)
        return self.filter(begun, Q(until_on__isnull=True) | Q(until_on__gt=day))


class RelationshipManager(FileManager.from_queryset(RelationshipQuerySet)):  # type: ignore[misc]
    """What holds or held. What was entered by mistake held on no day: it is in `Relationship.ever` alone."""

    def get_queryset(self) -> models.QuerySet["Relationship"]:
        return super().get_queryset().filter(struck_at=None)  # type: ignore[no-any-return]


class Relationship(OnFile):
    """`party` is the <kind> of `of`: both on this file. Shares are percent, 0 to 100.

    It holds from `since_on` until the day before `until_on`. When a share changes, this row ends. What was
    entered by mistake does not end, it is struck out, and what is right stands in a row `instead_of` it.
    """

    party = models.ForeignKey(Party, models.CASCADE, related_name="roles")
    of = models.ForeignKey(Party, models.CASCADE, related_name="related")
    kind = models.CharField(max_length=20, choices=RelationKind.choices)
    share = models.DecimalField(max_digits=6, decimal_places=3, null=True, blank=True)
    since_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    struck_at = models.DateTimeField(_("struck out at"), null=True, editable=False)
    struck_by = models.ForeignKey(
        User,
        models.PROTECT,
        verbose_name=_("struck out by"),
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
    )
    struck_why = models.CharField(
        _("what was wrong"), max_length=300, blank=True, default="", db_default="", editable=False
    )
    instead_of = models.ForeignKey(
        "self", models.CASCADE, null=True, editable=False, related_name="+", db_index=False
    )

    objects = RelationshipManager()
    ever = RelationshipQuerySet.as_manager()  # with what was struck out

    class Meta:
        indexes = [
            models.Index(fields=["struck_at"], name="role_struck_out", condition=Q(struck_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(struck_at__isnull=True, struck_by__isnull=True, struck_why="")
                | Q(struck_at__isnull=False, struck_by__isnull=False) & ~Q(struck_why=""),
                name="who_strikes_a_role_out_says_why",
            ),
            models.UniqueConstraint(
                fields=["instead_of"],
                condition=Q(instead_of__isnull=False),
                name="a_role_is_corrected_once",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True)
                | Q(since_on__isnull=True)
                | Q(until_on__gte=F("since_on")),
                name="a_role_does_not_end_before_it_begins",
            ),
            models.CheckConstraint(condition=~Q(party=F("of")), name="nobody_is_related_to_oneself"),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | (Q(share__gt=0) & Q(share__lte=100)),
                name="a_share_is_a_percentage",
            ),
        ]


class OnParty(OnFile):
    """What hangs on a party of the same file: one foreign key on both says so (migration 0006)."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="%(class)ss", db_constraint=False)

    class Meta:
        abstract = True


class ContactPoint(OnParty):
    """A way to reach a party."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")
        ADDRESS = "address", _("Address")

    party = models.ForeignKey(Party, models.CASCADE, related_name="contact_points", db_constraint=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    value = models.CharField(max_length=300)  # phones in E.164
    preferred = models.BooleanField(default=False)


class Identifier(OnParty):
    """A passport, an identity card, a register number."""

    class Kind(models.TextChoices):
        PASSPORT = "passport", _("Passport")
        ID_CARD = "id_card", _("Identity card")
        REGISTER = "register", _("Register number")
        LEI = "lei", _("LEI")

    party = models.ForeignKey(Party, models.CASCADE, related_name="identifiers", db_constraint=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    country = models.CharField(max_length=2)
    number = EncryptedTextField(max_length=50, bound_to=ON_PARTY, indexed=True)
    number_index = index_of("number")
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["expires_on"], name="identifier_expiry", condition=Q(expires_on__isnull=False)
            ),
            models.Index(fields=["number_index"], name="identifier_number"),  # is somebody here already?
        ]
        constraints = [is_encrypted("number", "the_number_of_a_paper_is_encrypted")]


class TaxResidence(OnParty):
    """Where a party pays tax, with the number or the reason why there is none (CRS)."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="tax_residences", db_constraint=False)
    party = models.ForeignKey(Party, models.CASCADE, related_name="tax_residences", db_constraint=False)
    country = models.CharField(max_length=2)
    number = EncryptedTextField(max_length=50, blank=True, bound_to=ON_PARTY, indexed=True)
    number_index = index_of("number")
    missing_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["number_index"], name="tax_number", condition=~Q(number_index=""))]
        constraints = [
            models.CheckConstraint(
                condition=~Q(number="", missing_reason=""), name="a_tax_residence_has_a_number_or_a_reason"
            ),
            is_encrypted("number", "a_tax_number_is_encrypted"),
        ]


# Columns that came later, and that who loads whole banks leaves out.
_BLANK: dict[str, Any] = {"blank": True, "default": "", "db_default": ""}
_EMPTY: dict[str, Any] = {
    "blank": True,
    "default": list,
    "db_default": Value([], ArrayField(models.BigIntegerField())),
}


class Purpose(models.TextChoices):
    SERVICE = "service", _("Service")
    REVIEW = "review", _("Review")
    ADVICE = "advice", _("Advice")
    SALES = "sales", _("New business")
    COURTESY = "courtesy", _("Courtesy")
    COMPLAINT = "complaint", _("Complaint")
    ADMIN = "admin", _("Administration")


class Interaction(OnFile):
    """A contact that took place: who spoke with the client when, how, on whose initiative and about what.

    The minimum record is MiFID II delegated regulation 2017/565 Art. 76(9); what it asks of which contact is
    told by rules.record. Its author may correct it for `lock_hours`; then the database refuses to change or
    remove it (migration 0009), and what is to be said later is an Addendum.
    """

    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices)
    outbound = models.BooleanField(_("we contacted the client"), default=True)
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices)
    at = models.DateTimeField(_("when"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=100, blank=True)
    attendees = models.CharField(_("attendees of the client"), max_length=300, blank=True)
    # Beside the author: ids of staff.User. Who attended reviews nothing of it.
    colleagues = ArrayField(models.BigIntegerField(), verbose_name=_("colleagues who attended"), **_EMPTY)
    jurisdiction = models.CharField(_("country where the client was"), max_length=2, **_BLANK)
    summary = models.CharField(_("summary"), max_length=300)
    notes = models.TextField(_("notes"), blank=True)
    products = models.CharField(_("products discussed"), max_length=300, **_BLANK)
    advice_given = models.BooleanField(_("advice was given"), default=False)
    order_details = models.CharField(_("order"), max_length=300, **_BLANK)
    inducement = models.CharField(_("inducement or gift"), max_length=200, **_BLANK)
    recording = models.CharField(_("recording"), max_length=200, **_BLANK)
    follow_up = models.CharField(_("follow-up"), max_length=300, **_BLANK)
    off_channel = models.BooleanField(_("on a channel that is not recorded"), default=False, db_default=False)
    # Why it was logged later than the bank allows; whatever has a reason here counts as a late entry.
    late_reason = models.CharField(_("why it is logged late"), max_length=300, **_BLANK)
    by = models.ForeignKey(User, models.PROTECT, related_name="interactions")
    logged_at = models.DateTimeField(auto_now_add=True)
    lock_hours = models.PositiveSmallIntegerField(db_default=24)  # of the figures in force when it was logged

    class Meta:
        indexes = [
            models.Index(fields=["client", "-at", "-id"], name="interaction_client_at"),
            models.Index(fields=["at", "id"], name="interaction_at"),
            models.Index(fields=["by", "at"], name="interaction_by_at"),
            # For the samples of compliance: rows come in the order they are logged, so it costs little.
            BrinIndex(fields=["logged_at"], name="interaction_logged"),
        ]

    @property
    def locks_at(self) -> datetime:
        """Until then its author may correct it."""
        return self.logged_at + timedelta(hours=self.lock_hours)

    @property
    def late_entry(self) -> bool:
        return bool(self.late_reason)


class Addendum(OnFile):
    """What is said about a contact after its record was locked. Nothing of it is ever changed or removed."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="addenda")
    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="addenda")
    text = models.TextField(_("addendum"), max_length=2000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="an_addendum_says_something")]


class TaskKind(models.TextChoices):
    CALL = "call", _("Call")
    MEETING = "meeting", _("Meeting")
    DOCUMENT = "document", _("Document")
    REVIEW = "review", _("Review")
    FOLLOW_UP = "follow_up", _("Follow-up")


class TaskQuerySet(FileQuerySet["Task"]):
    def open(self):
        return self.filter(done_at__isnull=True)


class Task(OnFile):
    """Something to do for a client, by a day; a meeting also has its hour (`starts_at`)."""

    kind = models.CharField(max_length=20, choices=TaskKind.choices)
    title = models.CharField(_("title"), max_length=200)
    due_on = models.DateField(_("due on"))
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    assigned_to = models.ForeignKey(User, models.PROTECT, related_name="tasks")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    promise = models.BooleanField(_("promised to the client"), default=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["assigned_to", "due_on"],
                name="task_open_by_person",
                condition=Q(done_at__isnull=True),
            ),
            models.Index(fields=["client", "due_on"], name="task_client"),
        ]


class DocumentKind(models.TextChoices):
    IDENTITY = "identity", _("Identity document")
    ADDRESS = "address", _("Proof of address")
    REGISTER = "register", _("Register extract")
    OWNERS = "owners", _("Beneficial owners")
    FUNDS = "funds", _("Source of funds")
    TAX = "tax", _("Tax self-certification")
    INCOME = "income", _("Proof of income")
    PROPERTY = "property", _("Papers of the property")
    ACCOUNTS = "accounts", _("Annual accounts")
    STATUTES = "statutes", _("Statutes")
    MANDATE = "mandate", _("Mandate contract")
    CONTRACT = "contract", _("Contract")
    REPORT = "report", _("Report")
    OTHER = "other", _("Other")


class Document(OnFile):
    """A stored file: served only through the lock, kept outside the web root under a name of ours."""

    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind.choices)
    title = models.CharField(_("title"), max_length=200)  # what the sender called it
    file = models.FileField(upload_to="documents/%Y/%m", max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)


class UploadDay(models.Model):
    """How much a person has sent in a day, of whichever clients: counted, so that nobody fills the disk."""

    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    on = models.DateField()
    files = models.PositiveIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "on"], name="a_day_of_uploads_is_counted_once")
        ]


class LifeEvent(OnFile):
    """Something that changes what a client needs: a birth, a move, a sale of the firm."""

    class Kind(models.TextChoices):
        MARRIAGE = "marriage", _("Marriage")
        BIRTH = "birth", _("Birth of a child")
        EDUCATION = "education", _("Education")
        EMPLOYMENT = "employment", _("New employment")
        HOME = "home", _("New home")
        RETIREMENT = "retirement", _("Retirement")
        INHERITANCE = "inheritance", _("Inheritance")
        FOUNDED = "founded", _("Company founded")
        EXPANSION = "expansion", _("Expansion")
        SUCCESSION = "succession", _("Succession")

    client = models.ForeignKey(Client, models.CASCADE, related_name="life_events")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    on = models.DateField()
    reported_by_client = models.BooleanField(default=True)


class SearchName(models.Model):
    """The words of all names on a file, folded to Latin lower case: what a name search looks through.

    A word is matched through SearchWord first, so that typos cost a small dictionary and not the bank. Made
    from the file again at any time, it is found by a join with it: no foreign key watches it.
    """

    client_path = "client"
    client = models.OneToOneField(
        Client, models.CASCADE, primary_key=True, related_name="search_name", db_constraint=False
    )
    words = ArrayField(models.TextField())
    objects = FileManager()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="search_name_words")]


class SearchWord(models.Model):
    """Every word that occurs in a name, once: prefix and typo search run here."""

    word = models.TextField(primary_key=True)

    class Meta:
        # Prefixes by an index that Django gives a key of text (text_pattern_ops).
        indexes = [GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="search_word_trigrams")]


class SearchKey(OnFile):
    """A phone, e-mail address or client number, folded: found by its beginning. Of an account a blind index.

    As SearchName without a foreign key: a bank's import would look it up three times a client.
    """

    client = models.ForeignKey(Client, models.CASCADE, related_name="searchkeys", db_constraint=False)
    key = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["key"], opclasses=["text_pattern_ops"], name="search_key_prefix")]
