"""What happens around every view: the session's clock, the login, no caching, the ways to say no."""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter as accounts
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import is_valid_path, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from psycopg2.extensions import TransactionRollbackError
from whitenoise.middleware import WhiteNoiseMiddleware

from audit.record import AuditUnavailable, coming_from, record
from staff.login.confirmation import asked_by
from staff.login.factors import must_set_up
from staff.login.kept import drop, keep, kept_form, page_of
from staff.login.sessions import has_moved, seen
from staff.requests import StaffRequest
from staff.roles import May
from staff.rules import session_is_over
from suspicion.journal import record as suspicion_record
from ui import screen
from ui.carrying import transaction_for
from ui.pages import back_to, is_poll
from ui.refusals import NotPermitted, NotVisible, Refused, Unconfirmed
from vault.cipher import Unreadable

log = logging.getLogger("rmcrm.audit")


class SessionClock:
    """Idle 15 minutes or 12 hours in all, and the session is over. Written at most once a minute."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        was_in = request.user.is_authenticated
        if was_in:
            self._look(request)
        with self._read_by(request.user):
            response = self.get_response(request)
        if was_in and not request.user.is_authenticated:
            # Whoever sits down next finds nothing by the Back button (ASVS V14.3.1).
            # The cookie that knows the device stays.
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    @staticmethod
    @contextmanager
    def _read_by(person: Any) -> Iterator[None]:
        """Dates and times are told, and what is typed is read, in the language and by the clock of who asks.

        What is stored is of one clock for all (UTC), and so are the days of the night shift.
        """
        if not person.is_authenticated:
            yield
            return
        translation.activate(person.language)
        with timezone.override(person.clock):
            yield

    def _look(self, request: HttpRequest) -> None:
        now = int(timezone.now().timestamp())
        begun = request.session.setdefault("begun", now)
        last = request.session.setdefault("seen", now)
        over = session_is_over(
            begun, last, now, idle=settings.SESSION_IDLE_SECONDS, total=settings.SESSION_TOTAL_SECONDS
        )
        if over or not request.user.is_active:
            # Whose form may be kept.
            request.ended = request.user.get_username() if over else ""  # type: ignore[attr-defined]
            logout(request)
        elif (now - last >= settings.SESSION_TOUCH_SECONDS and not is_poll(request)) or has_moved(request):
            request.session["seen"] = max(now, last)
            seen(request)


class LoginRequired(LoginRequiredMiddleware):
    """To the login and back to the page one was on; a form that was just sent is kept meanwhile."""

    def handle_no_permission(self, request: HttpRequest, view_func) -> HttpResponseRedirect:
        if request.method == "POST":
            keep(request, getattr(request, "ended", ""))
        name = self.get_redirect_field_name(view_func)
        return redirect_to_login(page_of(request), self.get_login_url(view_func), name)


class SecondFactor:
    """Where the bank demands a second factor, whoever has none sets one up before anything else."""

    OPEN = (
        "account_logout",
        "account_reauthenticate",
        "account_change_password",
        "account_kept_form",
        "healthz",
    )

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view_func, view_args, view_kwargs) -> HttpResponse | None:
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        if not request.user.is_authenticated or name in self.OPEN or name.startswith("mfa_"):
            return None
        if not must_set_up(cast(StaffRequest, request)):
            return None
        if is_api(request):
            sentence = _("Set up a second factor first, in the browser.")
            return answer(request, 403, _("Not permitted"), [sentence], code="second_factor_required")
        return back_to(request, reverse("mfa_index"))


class Screen:
    """A page leaves here as the person's screen may show it: ui/screen.py, where the modes are told."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        kept = request.session.get("screen", {}) if request.user.is_authenticated else {}
        with screen.answering_on(screen.Screen(kept.get("mode", screen.SHOWN), kept.get("client"))) as on:
            response = self.get_response(request)
            if on.mode != screen.SHOWN and response.headers.get("Content-Type", "").startswith("text/html"):
                response.content = screen.sieved(response.content.decode(), on).encode()
                if address := response.headers.get("HX-Push-Url"):  # what the address line will show
                    response.headers["HX-Push-Url"] = screen.words_to_hide(on).address(address)
            return response

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        if request.method == "POST" and not is_api(request) and screen.holds_dots(request.POST):
            sentence = _("A hidden value stood in this form. Show names and figures and open it again.")
            return answer(request, 409, _("Not possible now"), [sentence])
        if is_api(request) and screen.current().mode != screen.SHOWN:
            # A token carries no session, so this is somebody who looks at the API in the browser.
            return answer(request, 409, _("Not possible now"), [screen.sentence()])
        return None


class StaticFiles(WhiteNoiseMiddleware):
    """The rooms' files, without the list of them all, which lies among them for Django to read."""

    def add_file_to_dictionary(self, url: str, path: str, stat_cache: Any = None) -> None:
        if not url.startswith(self.static_prefix + ManifestStaticFilesStorage.manifest_name):
            super().add_file_to_dictionary(url, path, stat_cache)


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
    """Give each event its origin; answer NotVisible 404, NotPermitted 403, Refused 409; no audit, no key 503.

    The view's transaction is undone by then, so the denial is written in one of its own, before the answer.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id, kept_before = str(uuid.uuid4()), request.session.get("kept")
        # The address and not a header: a header can be forged. Behind a proxy, the server is told to set it.
        source = f"{request.method} {request.path}"
        with coming_from(source, request.META.get("REMOTE_ADDR") or None, request_id), asked_by(request):
            response = self.get_response(request)
        if response.status_code == 405 and not response.content and not is_api(request):
            return self._no_page(request, response)
        if request.method == "POST" and response.status_code < 400 and kept_before:
            found, same = kept_form(request), request.session.get("kept") == kept_before
            if found is not None and same and found.path == request.get_full_path():
                drop(request)  # it was sent now
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        try:
            return self._answer(request, error)
        except AuditUnavailable as unavailable:  # nor is a denial told that is not written down
            return self._answer(request, unavailable)

    def _answer(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, AuditUnavailable):
            log.error("the audit takes no event (%s): answered 503", error)
            sentences = [_("What you asked for could not be recorded, so it was not done and is not shown.")]
            return answer(request, 503, _("Back in a moment"), sentences)
        if isinstance(error, Unreadable):
            log.error("an encrypted value cannot be read (%s): answered 503", error)
            sentences = [_("A number on this file cannot be decrypted: nothing is shown, and it is logged.")]
            return answer(request, 503, _("Back in a moment"), sentences)
        if isinstance(error, Unconfirmed | ReauthenticationRequired):
            return self._ask_who_it_is(request)
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
            if error.noted:
                self._deny(request, "refused", error.noted)
            return self._refuse(request, error.sentences, error.onward)
        if isinstance(error.__cause__, TransactionRollbackError):  # two waited for each other, one goes on
            sentence = _("Somebody else changed the same at this moment, so nothing was done. Send it again.")
            return self._refuse(request, [sentence])
        return None

    @staticmethod
    def _no_page(request: HttpRequest, empty: HttpResponse) -> HttpResponse:
        """An address that takes only what a form sends, with the way to the page above. It is found by the
        address alone, for things that are there and for others: whether they are is the lock's to say.
        """
        sentences = [_("This address takes what a form sends, and there is no page at it. Nothing was done.")]
        found = answer(request, 405, _("No page here"), sentences, back=page_above(request.path))
        found.headers["Allow"] = empty.headers.get("Allow", "")
        return found

    @staticmethod
    def _refuse(request: HttpRequest, sentences: list[str], onward: str = "") -> HttpResponse:
        """With the way back to the form, where what was typed is filled in again; a toast leaves it there."""
        if request.method == "POST" and not is_api(request) and not is_htmx(request):
            kept = screen.current().mode == screen.SHOWN and keep(
                request, request.user.get_username(), refused=True
            )
            back = page_of(request) if "Referer" in request.headers else ""
            return answer(
                request, 409, _("Not possible now"), sentences, onward=onward, back=back, kept_again=kept
            )
        return answer(request, 409, _("Not possible now"), sentences, onward=onward)

    @staticmethod
    def _ask_who_it_is(request: HttpRequest) -> HttpResponse:
        """To the page that asks for the password or a factor, and back to the form as it was typed."""
        ways = accounts().get_reauthentication_methods(request.user)
        if is_api(request) or not ways:
            sentence = _("Confirm first that it is you: log out, log in, and do it within {minutes} minutes.")
            told = sentence.format(minutes=settings.STEP_UP_SECONDS // 60)
            return answer(request, 403, _("Not permitted"), [told], code="confirmation_required")
        keep(request, request.user.get_username(), here_only=True)
        return back_to(request, f"{ways[0]['url']}?{urlencode({'next': page_of(request)})}")

    @staticmethod
    def _deny(request: HttpRequest, how: str, what: str) -> None:
        by = request.user if request.user.is_authenticated else None
        place = request.resolver_match
        # What the team asks of its own room stands in its journal: a wrong number, too, tells that it works.
        of_the_team = by is not None and by.may(May.SUSPICION_WORK)
        inside = place is not None and place.app_name == "suspicion"
        journal = suspicion_record if inside and of_the_team else record
        with transaction_for(by.pk if by is not None else None):
            journal("denied", by=by, why=how, payload={"asked": what})


def page_above(path: str) -> str:
    """The nearest address above that is one of the house: "/onboarding/7/facts/" -> "/onboarding/7/"."""
    above = path.rstrip("/")
    while above := above.rpartition("/")[0]:
        if is_valid_path(f"{above}/"):
            return f"{above}/"
    return "/"


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def answer(
    request: HttpRequest,
    status: int,
    title: str,
    sentences: list[str],
    code: str = "",
    onward: str = "",
    **told: Any,
) -> HttpResponse:
    """A refusal as the asker reads it: JSON (`code` for a program), a toast for htmx, or a page."""
    if is_api(request):
        reasons = {"title": title, "reasons": sentences} | ({"code": code} if code else {})
        return JsonResponse(reasons, status=status)
    template = "ui/refusals.html" if is_htmx(request) else f"{status}.html"
    context = {"title": title, "sentences": sentences, "onward": onward and reverse(onward)} | told
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated or status >= 500:
        return render(request, template, context, status=status)
    with transaction_for(person.pk):  # the shell around it counts what the person has to read
        return render(request, template, context, status=status)
