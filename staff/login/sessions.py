"""A person's sessions: begun at login, seen now and then, ended by their owner, an administrator or time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.authtoken.models import Token

from staff import rules
from staff.models import LoginSession, User


def begin(request: HttpRequest, user: User) -> None:
    """After the login has given the session its new key."""
    now = timezone.now()
    browser, system = rules.device_named(request.META.get("HTTP_USER_AGENT", ""))
    row = LoginSession.objects.create(
        user=user,
        session_key=request.session.session_key or "",
        address=request.META.get("REMOTE_ADDR") or None,
        browser=browser,
        system=system,
        bank_sid=getattr(request, "session_there", "")[:255],
        begun_at=now,
        seen_at=now,
    )
    stamp = int(now.timestamp())
    # "begun" anew: a session that was there before the login lasts no longer for it, and none shorter.
    request.session.update({"row": row.pk, "row_key": row.session_key, "begun": stamp, "seen": stamp})


def seen(request: HttpRequest) -> None:
    """Still there. A session that got another key (a changed password does that) takes its row along."""
    row, key = request.session.get("row"), request.session.session_key
    if row is not None:
        LoginSession.objects.filter(pk=row).update(seen_at=timezone.now(), session_key=key)
        request.session["row_key"] = key


def has_moved(request: HttpRequest) -> bool:
    return request.session.get("row_key", request.session.session_key) != request.session.session_key


def open_sessions(user: User) -> list[LoginSession]:
    """Those that still let somebody in, the last seen first. 2 queries."""
    now = timezone.now()
    rows = list(
        user.login_sessions.filter(
            seen_at__gte=now
            - timedelta(seconds=settings.SESSION_IDLE_SECONDS + settings.SESSION_TOUCH_SECONDS),
            begun_at__gte=now - timedelta(seconds=settings.SESSION_TOTAL_SECONDS),
        ).order_by("-seen_at", "-pk")
    )
    alive = set(
        Session.objects.filter(
            session_key__in=[row.session_key for row in rows], expire_date__gt=now
        ).values_list("session_key", flat=True)
    )
    return [row for row in rows if row.session_key in alive]


def end(user: User, *, only: int | None = None, but: int | None = None) -> int:
    """End one, all, or all but one of a person's sessions; how many had not ended yet."""
    rows = user.login_sessions.exclude(pk=but) if but is not None else user.login_sessions.all()
    if only is not None:
        rows = rows.filter(pk=only)
    keys = list(rows.values_list("session_key", flat=True))
    ended, _kinds = Session.objects.filter(session_key__in=keys).delete()
    rows.delete()
    return ended


@dataclass(frozen=True)
class Ended:
    sessions: int
    tokens: int


def end_all(user: User) -> Ended:
    """Nothing that was open for this person is: neither a session nor the API token, which outlives them."""
    tokens, _kinds = Token.objects.filter(user=user).delete()
    return Ended(end(user), tokens)


def end_begun_there(person: User | None, sid: str | None, *, before: int) -> list[tuple[User, int]]:
    """End what was begun by the bank's identity provider up to `before` (seconds): by its session `sid`, or
    where it names none all of this person. Whose, and how many had not ended yet."""
    rows = LoginSession.objects.filter(begun_at__lt=datetime.fromtimestamp(before + 1, tz=UTC))
    if person is None:
        rows = rows.filter(bank_sid=sid).exclude(bank_sid="")
    else:
        rows = rows.filter(user_id=person.pk, **({"bank_sid__in": [sid, ""]} if sid else {}))
    of_whom: dict[User, list[int]] = {}
    for row in rows.select_related("user"):
        of_whom.setdefault(row.user, []).append(row.pk)
    return [(owner, sum(end(owner, only=pk) for pk in pks)) for owner, pks in of_whom.items()]


def forget() -> None:
    """Rows whose time is over."""
    now = timezone.now()
    LoginSession.objects.filter(begun_at__lt=now - timedelta(seconds=settings.SESSION_TOTAL_SECONDS)).delete()
    Session.objects.filter(expire_date__lt=now).delete()
