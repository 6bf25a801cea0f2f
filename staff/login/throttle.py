"""Whether one more password or code is looked at. Counted in PostgreSQL: a flushed Redis forgets nothing.

`spend` counts a try before it is judged, one login at a time, so that a thousand at once are not all the
first; a try that was right is given back. What is turned away reads the same whether the login exists or not.
"""

import math
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import ngettext

from audit.record import record
from staff import rules
from staff.models import LoginAttempt, User

Kind = LoginAttempt.Kind
DEVICE_SECONDS = 180 * 24 * 60 * 60
PEOPLE_PER_DEVICE = 8  # a shared desk


class TooOften(Exception):
    """It was not looked at. `minutes`: when it would be."""

    def __init__(self, minutes: int) -> None:
        super().__init__(minutes)
        self.minutes = minutes

    @property
    def sentence(self) -> str:
        return ngettext(
            "Too many tries. Wait {minutes} minute, then try again.",
            "Too many tries. Wait {minutes} minutes, then try again.",
            self.minutes,
        ).format(minutes=self.minutes)


def spend(request: HttpRequest, login: str, kind: str = Kind.PASSWORD) -> LoginAttempt:
    """The try, counted as failed until `give_back`; raises TooOften when it is one too many."""
    key, now, address = key_of(login), timezone.now(), request.META.get("REMOTE_ADDR") or None
    device = devices_of(request).get(key, "")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"login {key}"])
        wait = _wait(key, kind, address, device, now)
        if not wait:
            return LoginAttempt.objects.create(login=key, kind=kind, address=address, device=device, at=now)
        _tell(key, kind, address, login, now)
    raise TooOften(math.ceil(wait / timedelta(minutes=1)))


def give_back(attempt: LoginAttempt) -> None:
    """It was right, and counts for nothing."""
    attempt.delete()


def _wait(key: str, kind: str, address: str | None, device: str, now) -> timedelta:
    mine = LoginAttempt.objects.filter(login=key, kind=kind, told=False, at__gt=now - rules.LONGEST)
    tries = list(mine.values_list("at", "address", "device"))
    if device:  # whatever others try elsewhere
        budget = rules.PER_CODE if kind == Kind.CODE else rules.PER_PLACE
        return rules.wait((at for at, _from, on in tries if on == device), budget, now)
    unknown = [(at, place) for at, place, on in tries if not on]
    if kind == Kind.CODE:
        return rules.wait((at for at, _place in unknown), rules.PER_CODE, now)
    _many, span = rules.PER_ADDRESS[0]
    nearby = LoginAttempt.objects.filter(address=address, device="", told=False, at__gt=now - span)
    return max(
        rules.wait((at for at, place in unknown if place == address), rules.PER_PLACE, now),
        rules.wait((at for at, _place in unknown), rules.PER_LOGIN, now),
        rules.wait(nearby.order_by("-at").values_list("at", flat=True)[:_many], rules.PER_ADDRESS, now),
    )


def _tell(key: str, kind: str, address: str | None, login: str, now) -> None:
    """Once a quarter of an hour: ten thousand tries are not ten thousand lines of the audit."""
    since = now - timedelta(minutes=15)
    if LoginAttempt.objects.filter(login=key, address=address, told=True, at__gt=since).exists():
        return
    LoginAttempt.objects.create(login=key, kind=kind, address=address, told=True, at=now)
    record(
        "login throttled", by=None, subject=User.objects.filter(login=login).first(), payload={"with": kind}
    )


# --- devices that somebody logged in from ---------------------------------------------------------------


def key_of(login: str) -> str:
    return salted_hmac("staff.login.throttle", login.strip().casefold(), algorithm="sha256").hexdigest()


def devices_of(request: HttpRequest) -> dict[str, str]:
    """Whose device this is: key of a login -> the device's number for it, last login last. Signed by us."""
    try:
        kept = signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt="staff.device", max_age=DEVICE_SECONDS
        )
    except signing.BadSignature:
        return {}
    return kept if isinstance(kept, dict) else {}


def know_device(request: HttpRequest, response: HttpResponseBase, login: str) -> None:
    """From now on this browser has a budget of its own for this person."""
    kept, key = devices_of(request), key_of(login)
    number = kept.pop(key, "") or get_random_string(16)
    kept = dict([*kept.items(), (key, number)][-PEOPLE_PER_DEVICE:])
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps(kept, salt="staff.device"),
        max_age=DEVICE_SECONDS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
