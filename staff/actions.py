"""What a person does with the own account, one with the sessions of others, and two with a role."""

from django.db import connection
from rest_framework.authtoken.models import Token

from audit.record import record
from staff import rules, selectors
from staff.lock import action
from staff.login import notices, oidc, sessions, starting
from staff.models import PersonChange, User
from staff.roles import May
from ui.refusals import NotVisible, refuse_if

State = PersonChange.State


@action(May.ACCOUNT_KEEP, "session ended", remember=("session_id",))
def end_session(_: None, *, by: User, session_id: int) -> int:
    """One of the own sessions, on whichever device; somebody else's is not there."""
    return sessions.end(by, only=session_id)


@action(May.ACCOUNT_KEEP, "other sessions ended")
def end_other_sessions(_: None, *, by: User, this: int | None) -> int:
    """All of the own but the one in which this is asked. The API token stays: programs do not log in."""
    return sessions.end(by, but=this)


@action(May.SESSIONS_END, "sessions ended by an administrator", remember=("person",))
def end_sessions_of(_: None, *, by: User, person: User) -> int:
    """All of a colleague's, and the API token: a lost device, a dismissal."""
    return _shut_out(person, by)


def _shut_out(person: User, by: User) -> int:
    """Whatever is open ends at the next click, and the token with it; how many sessions that were."""
    ended = sessions.end_all(person)
    if ended.tokens:
        record("API token removed", by=by, subject=person, payload={"tokens_ended": ended.tokens})
    return ended.sessions


@action(May.ACCOUNT_KEEP, "API token made", step_up=True)
def make_token(_: None, *, by: User) -> str:
    """A new key to the API, shown once; the one before opens nothing from now on."""
    Token.objects.filter(user=by).delete()
    made: str = Token.objects.create(user=by).key
    notices.tell(by, notices.What.TOKEN)
    return made


@action(May.ACCOUNT_KEEP, "API token removed")
def remove_token(_: None, *, by: User) -> int:
    ended, _kinds = Token.objects.filter(user=by).delete()
    return int(ended)


@action(May.PASSWORDS_START, "password started by an administrator", remember=("person",), step_up=True)
def start_password(_: None, *, by: User, person: User) -> None:
    """A colleague is new here, or forgot: a code goes to the colleague's mail, and nobody else sees it."""
    refuse_if(starting.refusals_to_start(person))
    notices.tell(person, notices.What.STARTED)
    starting.ask_for_code(person)


# --- roles and teams: one person asks, a second one confirms; to disable one is enough -------------------


@action(
    May.PEOPLE_CHANGE, "change of a colleague asked for", remember=("person_id", "role", "team", "is_active")
)
def propose_person_change(
    _: None, *, by: User, person_id: int, role: str, team: int | None, is_active: bool, reason: str
) -> PersonChange:
    """Another role, another team, or the way back of who was disabled; nothing happens yet."""
    person = _held(person_id)
    refuse_if(
        rules.refusals_to_change_person(
            oneself=by.is_same_person(person.pk),
            changes=(role, team, is_active) != (person.role, person.team_id, person.is_active),
            role_by_bank=role != person.role and oidc.comes_by_bank(person),
            waits=person.changes.filter(state=State.WAITING).exists(),
            needs_team=team is None and selectors.needs_team(role),
        )
    )
    made: PersonChange = PersonChange.objects.create(
        person=person,
        role=role,
        team_id=team,
        is_active=is_active,
        reason=reason.strip(),
        fingerprint=selectors.fingerprint_of(person),
        asked_by=by,
    )
    return made


@action(May.PEOPLE_CONFIRM, "change of a colleague confirmed", remember=("change_id",), step_up=True)
def confirm_person_change(_: None, *, by: User, change_id: int) -> PersonChange:
    """The second person's word: it is so from now on, and what was begun before ends."""
    change = _held_change(change_id)
    refuse_if(selectors.refusals_to_confirm_person(change, by))
    person = change.person
    before = {"role": person.role, "team": person.team_id, "is_active": person.is_active}
    person.role, person.team_id, person.is_active = change.role, change.team_id, change.is_active
    person.save(update_fields=["role", "team", "is_active"])
    change.decide(State.CONFIRMED, by)
    change.save(update_fields=["state", "decided_by", "decided_at"])
    _shut_out(person, by)
    after = {"role": person.role, "team": person.team_id, "is_active": person.is_active}
    told = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    record("person changed", by=by, subject=person, payload=told | {"asked_by": change.asked_by_id})
    return change


@action(May.PEOPLE_CHANGE, "change of a colleague ended", remember=("change_id",))
def end_person_change(_: None, *, by: User, change_id: int) -> PersonChange:
    """Refused by a second person, or taken back by who asked."""
    change = _held_change(change_id)
    refuse_if(rules.refusals_to_end(change.stands))
    change.decide(State.WITHDRAWN if change.asked_by_id == by.pk else State.REFUSED, by)
    change.save(update_fields=["state", "decided_by", "decided_at"])
    return change


@action(May.PEOPLE_CHANGE, "person disabled", remember=("person_id",), step_up=True)
def disable_person(_: None, *, by: User, person_id: int) -> User:
    """At once and by one person: it only takes away. What waited for this colleague falls."""
    person = _held(person_id)
    with connection.cursor() as cursor:  # one after the other: of the last two officers one stays
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('people disabled'))")
    refuse_if(
        rules.refusals_to_disable(
            oneself=by.is_same_person(person.pk),
            is_active=person.is_active,
            last_officer=selectors.is_last(person),
        )
    )
    person.is_active = False
    person.save(update_fields=["is_active"])
    _shut_out(person, by)
    for change in person.changes.select_for_update().filter(state=State.WAITING):
        change.decide(State.FALLEN, None)
        change.save(update_fields=["state", "decided_by", "decided_at"])
    return person


def _held(person_id: int) -> User:
    held: User | None = User.objects.select_for_update(no_key=True).filter(pk=person_id).first()
    if held is None:
        raise NotVisible(f"staff.User {person_id}")
    return held


def _held_change(change_id: int) -> PersonChange:
    """Locked, with the person it is about: of two who decide at once one waits, and then finds it decided."""
    known = PersonChange.objects.select_for_update(of=("self", "person"), no_key=True)
    held: PersonChange | None = known.select_related("person", "asked_by").filter(pk=change_id).first()
    if held is None:
        raise NotVisible(f"staff.PersonChange {change_id}")
    return held
