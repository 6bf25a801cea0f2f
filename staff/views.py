"""My account: what lets me in, where I am logged in, my API token; and how an administrator ends sessions."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.adapter import get_adapter as mfa
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit.record import record
from staff import actions, forms, selectors
from staff.login import confirmation, kept, oidc
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui import screen
from ui.pages import back_to, or_404, page, show
from ui.refusals import NotVisible, refuse_if


@require_GET
@page
def account(request: StaffRequest) -> HttpResponse:
    """Password, factors, sessions and key, each with what it is for."""
    return show(request, "account/account.html", _account(request))


def _account(request: StaffRequest, **more: Any) -> dict[str, Any]:
    shown = selectors.account(request.user, request.session.get("row"))
    return {
        "account": shown,
        "by_bank": oidc.comes_by_bank(request.user),
        "may_end_sessions": request.user.may(May.SESSIONS_END),
        **more,
    }


@require_POST
@page
def session_end(request: StaffRequest, session_id: int) -> HttpResponse:
    """The one in which it is asked ends by logging out."""
    if session_id == request.session.get("row"):
        return back_to(request, reverse("account_logout"))
    if actions.end_session(None, by=request.user, session_id=session_id):
        messages.success(request, _("The session has ended: on that device one must log in again."))
    return back_to(request, reverse("account"))


@require_POST
@page
def sessions_end(request: StaffRequest) -> HttpResponse:
    actions.end_other_sessions(None, by=request.user, this=request.session.get("row"))
    messages.success(request, _("All other sessions have ended."))
    return back_to(request, reverse("account"))


@require_POST
@page
def token_new(request: StaffRequest) -> HttpResponse:
    """Shown in the answer and never again: it is not kept in words that could be shown."""
    return show(
        request, "account/account.html", _account(request, token=actions.make_token(None, by=request.user))
    )


@require_POST
@page
def token_removal(request: StaffRequest) -> HttpResponse:
    actions.remove_token(None, by=request.user)
    messages.success(request, _("The key is gone: whatever used it is turned away from now on."))
    return back_to(request, reverse("account"))


@require_http_methods(["GET", "POST"])
@page
def colleague_sessions(request: StaffRequest) -> HttpResponse:
    """For an administrator: all sessions of one colleague end, at the next click, and the API token."""
    only_with(request, May.SESSIONS_END)
    form = forms.LoginOfForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        person = selectors.colleague(form.cleaned_data["login"])
        if person is None:
            form.add_error("login", _("Nobody has this login."))
        else:
            many = actions.end_sessions_of(None, by=request.user, person=person)
            told = ngettext(
                "{many} session of {name} has ended.", "{many} sessions of {name} have ended.", many
            )
            messages.success(request, told.format(many=many, name=person.name))
            return back_to(request, reverse("account_sessions_of"))
    return show(request, "account/sessions_of.html", {"form": form}, status=422 if form.errors else 200)


# --- a form that was kept ---------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@page
def kept_form(request: StaffRequest) -> HttpResponse:
    """All that was typed, to be looked over and sent where its own page cannot be filled. POST drops it."""
    found = or_404(kept.kept_form(request), "kept form")
    refuse_if([screen.sentence()] if screen.current().mode != screen.SHOWN else [])
    if request.method == "POST":
        kept.drop(request)
        messages.success(request, _("What was kept of the form is gone."))
        return back_to(request, found.page)
    return show(request, "account/kept.html", {"found": found})


# --- allauth's pages that change what lets one in ---------------------------------------------------------


def by_password_only(view: Callable[..., Any]) -> Callable[..., Any]:
    """Who comes by the bank's identity provider has no password here, and makes none."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and oidc.comes_by_bank(request.user):
            raise NotVisible("password")
        return view(request, *args, **kwargs)

    return guarded


def confirmed_first(view: Callable[..., Any]) -> Callable[..., Any]:
    """For who has shown a short while ago who it is; everyone else is asked, and led back.

    What a POST adds or takes away is recorded in the same transaction.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        person = request.user
        if not person.is_authenticated:
            return view(request, *args, **kwargs)
        confirmation.demand()
        with transaction.atomic():
            before = selectors.kinds_of_factors(person)
            response = view(request, *args, **kwargs)
            after = selectors.kinds_of_factors(person) if request.method == "POST" else before
            for verb, changed in (
                ("second factor added", after.keys() - before.keys()),
                ("second factor removed", before.keys() - after.keys()),
            ):
                for pk in sorted(changed):
                    record(verb, by=person, subject=person, payload={"kind": {**before, **after}[pk]})
        return response

    return guarded


class RemoveKey(RemoveWebAuthnView):
    """Not the last factor where the bank demands one; allauth asks this for the app's codes only."""

    def form_valid(self, form: Any) -> HttpResponse:
        if not mfa().can_delete_authenticator(self.get_object()):
            messages.error(self.request, _("This is your only second factor. Add another one first."))
            return back_to(self.request, reverse("account"))
        return super().form_valid(form)
