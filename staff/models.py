"""Who works here: people, the tree of teams, the books and who works them when."""

from datetime import date, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Lower, Trim
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from staff.roles import ROLES, May, Role, may


class Team(models.Model):
    """A node in the tree of teams, with the clock and the calendar its people live by."""

    name = models.CharField(max_length=100)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    time_zone = models.CharField(max_length=50, default="Europe/Zurich")
    calendar = models.CharField(max_length=10, default="CH")  # ISO 3166 country whose holidays count


class UserManager(BaseUserManager["User"]):
    def create_user(self, login: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(login=login, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


ADDRESS = Lower(Trim("email"))  # by which two logins are one person's


class User(AbstractBaseUser):
    """A member of staff. There is no superuser: nobody walks around the lock."""

    login = models.CharField(_("login"), max_length=150, unique=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=30, choices=[(role, ROLES[role].label) for role in Role])
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="people")
    language = models.CharField(max_length=10, default="en")
    is_active = models.BooleanField(default=True)
    joined_on = models.DateField(null=True, blank=True)

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[str(role) for role in Role]), name="a_role_is_one_of_the_table"
            )
        ]
        indexes = [models.Index(ADDRESS, name="logins_of_a_person")]

    def may(self, permission: May) -> bool:
        return self.is_active and may(self.role, permission)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must match: a new password ends the sessions of the old one, a new role too."""
        held = f"{self.password}|{self.role}"
        return salted_hmac("staff.User.session", held, secret=secret, algorithm="sha256").hexdigest()

    @cached_property
    def logins(self) -> frozenset[int]:
        """Ids of all logins of this person: two that share an address are taken for one person. 1 query."""
        if not self.email.strip():
            return frozenset([self.pk])
        known = User.objects.annotate(address=ADDRESS).filter(address=Lower(Trim(Value(self.email))))
        return frozenset([self.pk, *known.values_list("pk", flat=True)])

    def is_same_person(self, *others: int | None) -> bool:
        """Is one of these logins this person's, be it a second one (four eyes)? 1 query at most."""
        known = {other for other in others if other is not None}
        return self.pk in known or (bool(known) and not known.isdisjoint(self.logins))

    @property
    def clock(self) -> ZoneInfo:
        """By which times are told to this person, and days are counted: the team's, else the bank's."""
        return ZoneInfo(self.team.time_zone if self.team else settings.CLOCK)

    @property
    def role_label(self) -> str:
        return str(ROLES[Role(self.role)].label)

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


class Book(models.Model):
    """The unit of coverage: a client is in exactly one book, and who works the book sees the client."""

    name = models.CharField(max_length=100)
    team = models.ForeignKey(Team, models.PROTECT, related_name="books")
    is_pool = models.BooleanField(default=False)  # clients to whom nobody is assigned yet


class BookRole(models.TextChoices):
    OWNER = "owner", _("Owner")
    ASSISTANT = "assistant", _("Assistant")
    SPECIALIST = "specialist", _("Specialist")
    DEPUTY = "deputy", _("Deputy")


class BookMemberQuerySet(models.QuerySet["BookMember"]):
    def at(self, moment):
        return self.filter(during__contains=moment)

    def owners(self):
        return self.filter(role=BookRole.OWNER)


class BookMember(models.Model):
    """Who works a book, as what, from when to when. A handover changes one row, a holiday cover adds one."""

    book = models.ForeignKey(Book, models.CASCADE, related_name="members")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=BookRole.choices)
    during = DateTimeRangeField()

    objects = BookMemberQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "book"])]
        constraints = [
            ExclusionConstraint(
                name="a_book_has_one_owner_at_a_time",
                expressions=[(F("book"), RangeOperators.EQUAL), (F("during"), RangeOperators.OVERLAPS)],
                condition=Q(role="owner"),
            ),
            models.CheckConstraint(condition=Q(role__in=BookRole.values), name="a_member_has_a_known_role"),
        ]


class SavedView(models.Model):
    """A list someone comes back to: a page and the filters of its URL."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=50)  # the URL name, "clients:list"
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=2000, blank=True)  # a name in it is sealed (staff/typed.py)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "page", "name"], name="a_view_has_one_name_per_person_and_page"
            )
        ]


class LoginSession(models.Model):
    """One person's session as the person knows it: which device, from where, since when, last seen.

    What logs in is Django's session; this row stands beside it, so that it can be shown and ended.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="login_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=20, blank=True)
    system = models.CharField(max_length=20, blank=True)
    bank_sid = models.CharField(max_length=255, blank=True)  # of the session at the bank's identity provider
    begun_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)


class PasswordCode(models.Model):
    """The one code by which a person sets a password that nobody else knows: its hash, for half an hour."""

    user = models.OneToOneField(User, models.CASCADE, related_name="password_code")
    digest = models.CharField(max_length=64)
    ends_at = models.DateTimeField()


class LoginNotice(models.Model):
    """Something about the own login that a person should hear of (staff/login/notices.py)."""

    class What(models.TextChoices):
        DEVICE = "device", _("Log-in on a device that was not known")
        HALF = "half", _("The right password, but a wrong second factor")
        TRIES = "tries", _("Too many tries with wrong passwords or codes")
        PASSWORD = "password", _("Password changed")
        STARTED = "started", _("A new password was started by an administrator")
        ADDED = "added", _("Second factor added")
        REMOVED = "removed", _("Second factor removed")
        REVOKED = "revoked", _("All second factors taken away by an administrator")
        CODES = "codes", _("New recovery codes made")
        CODE_USED = "code used", _("Recovery code used")
        TOKEN = "token", _("New key to the API made")

    user = models.ForeignKey(User, models.CASCADE, related_name="login_notices")
    what = models.CharField(max_length=10, choices=What.choices)
    at = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=20, blank=True)
    system = models.CharField(max_length=20, blank=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-at"], name="notices_of_a_login"),
            models.Index(fields=["user"], name="notices_to_mail", condition=Q(mailed_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    what__in=[
                        "device",
                        "half",
                        "tries",
                        "password",
                        "started",
                        "added",
                        "removed",
                        "revoked",
                        "codes",
                        "code used",
                        "token",
                    ]
                ),
                name="a_notice_is_of_a_known_kind",
            )
        ]


class LoginAttempt(models.Model):
    """A password or a code that was looked at and found wrong; kept for a day (staff/login/throttle.py).

    Whose login it was is a keyed hash: people type passwords into that field, and names of nobody.
    """

    class Kind(models.TextChoices):
        PASSWORD = "password"  # noqa: S105 - the word
        CODE = "code"

    login = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=32, blank=True)  # known to have been this person's, or ""
    told = models.BooleanField(default=False)  # no try: the audit was told that further ones are turned away
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["login", "at"], name="tries_of_a_login"),
            models.Index(fields=["address", "at"], name="tries_from_an_address"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["password", "code"]), name="a_try_is_of_a_known_kind"
            )
        ]


def last_day_to_confirm() -> date:
    """Of what is asked for today; the front door hands down how long that is (settings.PROPOSAL_DAYS)."""
    today = timezone.localdate()
    days: int = import_string(settings.PROPOSAL_DAYS)(today)
    return today + timedelta(days=days)


class Proposal(models.Model):
    """What one person asks for and a second one confirms; only then anything happens (ADR 0022).

    `fingerprint` is of all it is about as the asker saw it: once that has changed, nobody confirms it.
    After its last day it is void, by the figures of the day on which it was asked for. Whoever makes one a
    table adds `four_eyes("a_barrier")` to its constraints, and says on which page such ones wait.
    """

    waits_at: ClassVar[str]  # URL name

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for a second person")
        CONFIRMED = "confirmed", _("Confirmed")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        FALLEN = "fallen", _("Fallen: what it was about has changed")
        EXPIRED = "expired", _("Void: nobody confirmed it in time")

    reason = models.CharField(max_length=300)
    fingerprint = models.CharField(max_length=64)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    until_on = models.DateField(default=last_day_to_confirm)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def stands(self) -> str:
        """Its state as of today: whose last day has passed is void before the night shift says so."""
        is_late = self.state == self.State.WAITING and self.until_on < timezone.localdate()
        return self.State.EXPIRED if is_late else self.state

    @property
    def standing(self) -> str:
        """The same in words."""
        return str(self.State(self.stands).label)

    def decide(self, state: str, by: User | None) -> None:
        """Inside an action that has locked the row: the second person's word, or that it falls by itself."""
        self.state, self.decided_by, self.decided_at = state, by, timezone.now()


def four_eyes(what: str) -> list[models.CheckConstraint]:
    """What PostgreSQL itself holds of a Proposal: who asked does not decide, and somebody does."""
    open_to_nobody = ~Q(state__in=["confirmed", "refused"])
    return [
        models.CheckConstraint(
            condition=open_to_nobody | ~Q(decided_by=F("asked_by")),
            name=f"who_asks_for_{what}_does_not_decide",
        ),
        models.CheckConstraint(
            condition=open_to_nobody | Q(decided_by__isnull=False), name=f"{what}_is_decided_by_somebody"
        ),
        models.CheckConstraint(condition=~Q(reason=""), name=f"{what}_has_a_reason"),
    ]


class PersonChange(Proposal):
    """Another role or team of a colleague, or the way back of one who was disabled (ADR 0022).

    What is to be so stands here whole; disabling needs nobody else and is no row of it.
    """

    waits_at = "account_people"

    person = models.ForeignKey(User, models.PROTECT, related_name="changes")
    role = models.CharField(max_length=30, choices=[(role, ROLES[role].label) for role in Role])
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            *four_eyes("a_change_of_staff"),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | (~Q(decided_by=F("person")) & ~Q(asked_by=F("person")) & Q(decided_by__isnull=False)),
                name="nobody_changes_oneself",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[str(role) for role in Role]), name="a_change_is_to_a_role_of_the_table"
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="waiting"), name="one_change_of_a_person_waits"
            ),
        ]
