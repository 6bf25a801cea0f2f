"""What the pages about one's own account show, and those about colleagues."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator
from django.db.models import Q
from django.utils import timezone
from rest_framework.authtoken.models import Token

from staff import rules
from staff.login import notices, oidc, sessions
from staff.models import Book, BookMember, LoginNotice, LoginSession, PersonChange, Team, User
from staff.roles import ROLES, May, Reach, Role, may


def clock_of(person_id: int) -> ZoneInfo:
    """By which somebody's work is done while nobody looks on; handed down to the jobs. 1 query."""
    return User.objects.select_related("team").get(pk=person_id).clock


@dataclass(frozen=True)
class Account:
    """`codes`: recovery codes not yet used, None where there are none. `token_since`: of the API token."""

    keys: list[Authenticator]
    app: Authenticator | None
    codes: int | None
    sessions: list[LoginSession]
    this: int | None
    token_since: datetime | None
    notices: list[LoginNotice]

    @property
    def has_factor(self) -> bool:
        return bool(self.keys or self.app)


def account(person: User, this: int | None) -> Account:
    """5 queries. `this`: the session in which it is asked."""
    factors = list(Authenticator.objects.filter(user=person).order_by("created_at"))
    codes = next((each for each in factors if each.type == Authenticator.Type.RECOVERY_CODES), None)
    return Account(
        keys=[each for each in factors if each.type == Authenticator.Type.WEBAUTHN],
        app=next((each for each in factors if each.type == Authenticator.Type.TOTP), None),
        codes=len(codes.data.get("hashes", [])) if codes else None,
        sessions=sessions.open_sessions(person),
        this=this,
        token_since=Token.objects.filter(user=person).values_list("created", flat=True).first(),
        notices=notices.lately(person),
    )


def colleague(login: str) -> User | None:
    return User.objects.filter(login=login).first()


def names_of(logins: Iterable[str | None]) -> dict[str, str]:
    """{login: name}, for what is remembered by login and read by people. 1 query, none for nobody."""
    asked = {login for login in logins if login}
    return dict(User.objects.filter(login__in=asked).values_list("login", "name")) if asked else {}


def kinds_of_factors(person: User) -> dict[int, str]:
    """Of keys, apps and sets of recovery codes."""
    return dict(Authenticator.objects.filter(user=person).values_list("pk", "type"))


# --- colleagues, and what is to change of them -----------------------------------------------------------
FOUND = 50  # colleagues a search shows
CONFIRMING = [role for role in Role if may(role, May.PEOPLE_CONFIRM)]


@dataclass(frozen=True)
class People:
    waiting: list[PersonChange]
    found: list[User]
    more: bool


def people_page(words: str) -> People:
    """What waits for a second person; colleagues by login or name. 2 queries."""
    waiting = _changes().filter(state=PersonChange.State.WAITING).order_by("asked_at", "pk")
    found: list[User] = []
    if words:
        named = Q(login__icontains=words) | Q(name__icontains=words)
        found = list(User.objects.filter(named).select_related("team").order_by("name", "pk")[: FOUND + 1])
    return People(list(waiting[:500]), found[:FOUND], len(found) > FOUND)


@dataclass(frozen=True)
class PersonPage:
    person: User
    by_bank: bool
    books: list[Book]  # owned now: they stay, whatever becomes of their owner
    waiting: PersonChange | None
    history: list[PersonChange]
    refusals: list[str]  # to confirm what waits
    mine: bool
    disable_refusals: list[str]
    sessions: int


def person_page(reader: User, person_id: int) -> PersonPage | None:
    """A colleague: role, team, what waits, what was decided. 10 queries at most."""
    person = User.objects.select_related("team").filter(pk=person_id).first()
    if person is None:
        return None
    changes = list(_changes().filter(person=person).order_by("-pk")[:50])
    waiting = next((each for each in changes if each.state == PersonChange.State.WAITING), None)
    owned = BookMember.objects.owners().at(timezone.now()).filter(user=person).select_related("book")
    return PersonPage(
        person=person,
        by_bank=oidc.comes_by_bank(person),
        books=[member.book for member in owned.order_by("book__name")],
        waiting=waiting,
        history=[each for each in changes if each is not waiting],
        refusals=refusals_to_confirm_person(waiting, reader) if waiting else [],
        mine=waiting is not None and waiting.asked_by_id == reader.pk,
        disable_refusals=rules.refusals_to_disable(
            oneself=reader.is_same_person(person.pk), is_active=person.is_active, last_officer=is_last(person)
        ),
        sessions=len(sessions.open_sessions(person)),
    )


def _changes() -> Any:
    return PersonChange.objects.select_related("person", "person__team", "team", "asked_by", "decided_by")


def refusals_to_confirm_person(change: PersonChange, by: User) -> list[str]:
    """One answer for the button and for the guard."""
    waits = change.stands == PersonChange.State.WAITING
    return rules.refusals_to_confirm_person(
        change.stands,
        own=by.is_same_person(change.asked_by_id),
        oneself=by.is_same_person(change.person_id),
        reports=waits and asks_who_reports(change),
        by_is_reporting=by.role == Role.MLRO,
        stale=waits and change.fingerprint != fingerprint_of(change.person),
    )


def fingerprint_of(person: User) -> str:
    """Of what a change begins from."""
    told = [person.pk, person.role, person.team_id, person.is_active]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def is_last(person: User) -> bool:
    """Is this the only one left who confirms a way back? 1 query for who confirms."""
    if person.role not in CONFIRMING:
        return False
    return not User.objects.filter(role__in=CONFIRMING, is_active=True).exclude(pk=person.pk).exists()


def asks_who_reports(change: PersonChange) -> bool:
    """Is it about who sees suspicions, and a reporting officer's to confirm? 1 query where it is about that.

    One who is disabled counts too: else whoever disables the only one has the next made by anybody. Only the
    way back of that one takes no other, for nobody new sees them.
    """
    person = change.person
    if Role.MLRO not in (change.role, person.role):
        return False
    reporting = User.objects.filter(role=Role.MLRO)
    if change.role != person.role:
        return reporting.exists()
    return change.is_active and not person.is_active and reporting.filter(is_active=True).exists()


def needs_team(role: str) -> bool:
    """A lead without a team leads nothing, a relationship manager without one has no book."""
    return role == Role.RM or ROLES[Role(role)].reach == Reach.TEAM


def teams_to_choose() -> list[tuple[int, str]]:
    """1 query."""
    return list(Team.objects.order_by("name", "pk").values_list("pk", "name"))
