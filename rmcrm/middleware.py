"""What happens around every view: the session's clock, no caching, and the four ways to say no."""

import uuid

from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from audit.record import coming_from, record
from staff.roles import May
from suspicion.journal import record as suspicion_record
from ui.pages import carry_person, is_poll
from ui.refusals import NotPermitted, NotVisible, Refused


class SessionClock:
    """Idle 15 minutes or 12 hours in all, and the session is over. Written at most once a minute."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(timezone.now().timestamp())
            begun = request.session.setdefault("begun", now)
            seen = request.session.setdefault("seen", now)
            idle, total = now - seen, now - begun
            if (
                idle > settings.SESSION_IDLE_SECONDS
                or total > settings.SESSION_TOTAL_SECONDS
                or not request.user.is_active
            ):
                logout(request)
            elif idle >= settings.SESSION_TOUCH_SECONDS and not is_poll(request):
                request.session["seen"] = now
        if request.user.is_authenticated:
            translation.activate(request.user.language)
        return self.get_response(request)


class NoStore:
    """A page with client data stays in no cache, and no other site embeds what it answers.

    Cross-Origin-Resource-Policy is the one such header that neither Django nor a package of ours sets.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class Answers:
    """Give every event its origin, and answer NotVisible 404, NotPermitted 403, Refused 409.

    The view's transaction is undone by then, so the denial is written in one of its own, before the answer.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = str(uuid.uuid4())
        # The address and not a header: a header can be forged. Behind a proxy, the server is told to set it.
        source = f"{request.method} {request.path}"
        with coming_from(source, request.META.get("REMOTE_ADDR") or None, request_id):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotVisible):
            self._deny(request, "not found", error.subject)
            return answer(
                request, 404, _("Not found"), [_("There is nothing here, or nothing that you may see.")]
            )
        if isinstance(error, NotPermitted):
            self._deny(request, "not permitted", str(error.permission))
            sentence = error.sentence or _("Your role does not include this: {permission}.").format(
                permission=error.permission
            )
            return answer(request, 403, _("Not permitted"), [sentence])
        if isinstance(error, Refused):
            return answer(request, 409, _("Not possible now"), error.sentences)
        return None

    @staticmethod
    def _deny(request: HttpRequest, how: str, what: str) -> None:
        by = request.user if request.user.is_authenticated else None
        place = request.resolver_match
        # What the team asks of its own room stands in its journal: a wrong number, too, tells that it works.
        of_the_team = by is not None and by.may(May.SUSPICION_WORK)
        inside = place is not None and place.app_name == "suspicion"
        journal = suspicion_record if inside and of_the_team else record
        with transaction.atomic():
            carry_person(by.pk if by is not None else None)
            journal("denied", by=by, why=how, payload={"asked": what})


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def answer(request: HttpRequest, status: int, title: str, sentences: list[str]) -> HttpResponse:
    """A refusal as the asker reads it: JSON, a toast for htmx, or a page."""
    if is_api(request):
        return JsonResponse({"title": title, "reasons": sentences}, status=status)
    template = "ui/refusals.html" if request.headers.get("HX-Request") == "true" else f"{status}.html"
    return render(request, template, {"title": title, "sentences": sentences}, status=status)
