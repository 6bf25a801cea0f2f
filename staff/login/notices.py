"""What a person should hear of the own login: it stands on the account page, and a mail says so.

The mail is written by alerts/, which looks here. It holds no secret and nothing that a thief could use: what
happened, when, and where one looks and puts it right (ASVS V6.3.5, V6.3.7).
"""

from datetime import timedelta

from allauth.core import context
from django.utils import timezone

from staff import rules
from staff.login.throttle import key_of
from staff.models import LoginAttempt, LoginNotice, User

What = LoginNotice.What
SELDOM: dict[str, timedelta] = {
    What.HALF: timedelta(hours=1),
    What.TRIES: timedelta(hours=1),
}  # what somebody else could make rain
BY_OTHERS = {What.STARTED, What.REVOKED}  # from where the administrator did it is in the audit
KEPT = timedelta(days=90)


def tell(person: User, what: str) -> None:
    """In the transaction of what it tells about."""
    now = timezone.now()
    if what in SELDOM and LoginNotice.objects.filter(user=person, what=what, at__gt=now - SELDOM[what]):
        return
    by_person = context.request is not None and what not in BY_OTHERS
    meta = context.request.META if by_person else {}
    browser, system = rules.device_named(meta.get("HTTP_USER_AGENT", ""))
    LoginNotice.objects.create(
        user=person,
        what=what,
        at=now,
        address=meta.get("REMOTE_ADDR") or None,
        browser=browser,
        system=system,
    )


def tell_of_tries() -> None:
    """Whose login was tried too often. Looked for afterwards: at the login it would take time for those who
    exist alone, and so say who does."""
    since = timezone.now() - timedelta(hours=1)
    keys = set(LoginAttempt.objects.filter(told=True, at__gt=since).values_list("login", flat=True))
    if not keys:
        return
    for person in User.objects.filter(is_active=True):
        if key_of(person.login) in keys:
            tell(person, What.TRIES)


def lately(person: User) -> list[LoginNotice]:
    """The last ten. 1 query."""
    return list(person.login_notices.filter(at__gt=timezone.now() - KEPT).order_by("-at", "-pk")[:10])
