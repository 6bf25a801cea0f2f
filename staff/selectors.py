"""What the pages about one's own account show."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from rest_framework.authtoken.models import Token

from staff.login import notices, sessions
from staff.models import LoginNotice, LoginSession, User


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


def kinds_of_factors(person: User) -> dict[int, str]:
    """Of keys, apps and sets of recovery codes."""
    return dict(Authenticator.objects.filter(user=person).values_list("pk", "type"))
