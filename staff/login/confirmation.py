"""Step-up: for what must not be done by whoever found a screen unlocked, say again who you are.

`@action(..., step_up=True)` asks for it. Whoever logged in, or gave the password or a factor again, within
RMCRM_STEP_UP_MINUTES has; a key to the API never has. Work outside a request (the night shift, the command
line, a job that somebody asked for) runs in no session that could have been left open.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from staff import rules
from ui.refusals import Unconfirmed

_in_request: ContextVar[HttpRequest | None] = ContextVar("confirmation", default=None)


@contextmanager
def asked_by(request: HttpRequest) -> Iterator[None]:
    """Whatever is done inside is done in this request's session."""
    token = _in_request.set(request)
    try:
        yield
    finally:
        _in_request.reset(token)


def confirm(session: Any) -> None:
    """The person has just shown who he or she is."""
    session["confirmed"] = int(timezone.now().timestamp())


def is_confirmed(session: Any) -> bool:
    now = int(timezone.now().timestamp())
    return rules.is_fresh(session.get("confirmed"), now, within=settings.STEP_UP_SECONDS)


def demand() -> None:
    """Raise Unconfirmed unless the session in which this is done was confirmed a short while ago."""
    request = _in_request.get()
    if request is not None and not is_confirmed(request.session):
        raise Unconfirmed
