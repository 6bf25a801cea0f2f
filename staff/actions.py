"""What a person does with the own account, and an administrator with the sessions of others."""

from rest_framework.authtoken.models import Token

from audit.record import record
from staff.lock import action
from staff.login import notices, sessions, starting
from staff.models import User
from staff.roles import May
from ui.refusals import refuse_if


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
