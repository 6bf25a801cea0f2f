"""My account: what lets me in, where I am logged in, my API token; and how an administrator ends sessions."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.adapter import get_adapter as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit.record import record
from staff import actions, forms, rules, selectors
from staff.login import confirmation, kept, notices, oidc, recovery, starting
from staff.login.factors import FACTORS, has_factor
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui import screen
from ui.pages import back_to, or_404, page, show
from ui.refusals import NotVisible, refuse_if

CODES = Authenticator.Type.RECOVERY_CODES


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
        "may_start_passwords": request.user.may(May.PASSWORDS_START),
        "may_change_people": request.user.may(May.PEOPLE_CHANGE),
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
        person = form.cleaned_data["login"]
        many = actions.end_sessions_of(None, by=request.user, person=person)
        told = ngettext("{many} session of {name} has ended.", "{many} sessions of {name} have ended.", many)
        messages.success(request, told.format(many=many, name=person.name))
        return back_to(request, reverse("account_sessions_of"))
    return show(request, "account/sessions_of.html", {"form": form}, status=422 if form.errors else 200)


# --- a password that nobody else knows ---------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@page
def password_of(request: StaffRequest) -> HttpResponse:
    """For an administrator: a colleague who is new or forgot gets a code by mail, which nobody else sees."""
    only_with(request, May.PASSWORDS_START)
    form = forms.LoginOfForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        person = form.cleaned_data["login"]
        actions.start_password(None, by=request.user, person=person)
        told = _("A code is on its way to {name}. It works once, and for {minutes} minutes.")
        messages.success(request, told.format(name=person.name, minutes=rules.PASSWORD_CODE_MINUTES))
        return back_to(request, reverse("account_password_of"))
    return show(request, "account/password_of.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password_start(request: HttpRequest) -> HttpResponse:
    """For who has the code. Nobody is logged in by it: the login, and the second factor, come after."""
    form = forms.StartedPasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        typed = form.cleaned_data
        refused = starting.set_password(
            request, login=typed["login"], code=typed["code"], password=typed["password1"]
        )
        if not refused:
            messages.success(request, _("Your password is set. Log in with it."))
            return back_to(request, reverse("account_login"))
        for field, sentences in refused.items():
            form.add_error(field, sentences)
    status = 422 if form.errors else 200
    return render(request, "account/password_start.html", {"form": form}, status=status)


# --- colleagues: their roles and teams -------------------------------------------------------------------


@require_GET
@page
def people(request: StaffRequest) -> HttpResponse:
    """What waits for a second person; colleagues by login or name."""
    only_with(request, May.PEOPLE_CHANGE)
    form = forms.PeopleFilter(request.GET)
    words = form.asked.get("who", "")
    record("colleagues shown", by=request.user)
    return show(
        request, "account/people.html", {"found": selectors.people_page(words), "form": form, "words": words}
    )


@require_http_methods(["GET", "POST"])
@page
def person(request: StaffRequest, person_id: int) -> HttpResponse:
    """A colleague's role and team; or ask for a change."""
    only_with(request, May.PEOPLE_CHANGE)
    found = or_404(selectors.person_page(request.user, person_id), f"staff.User {person_id}")
    shown = found.person
    initial = {"role": shown.role, "team": shown.team_id, "is_active": True}
    form = forms.PersonForm(
        request.POST or None,
        initial=initial,
        teams=selectors.teams_to_choose(),
        enabled=shown.is_active,
    )
    if request.method == "POST" and form.is_valid():
        told = {"is_active": shown.is_active} | form.cleaned_data
        actions.propose_person_change(None, by=request.user, person_id=person_id, **told)
        messages.success(request, _("Asked for. It is so when a second person of compliance confirms it."))
        return back_to(request, reverse("account_person", args=[person_id]))
    record("colleague shown", by=request.user, subject=shown)
    may_confirm = request.user.may(May.PEOPLE_CONFIRM)
    told = {"found": found, "shown": shown, "form": form, "may_confirm": may_confirm}
    return show(request, "account/person.html", told, status=422 if form.errors else 200)


@require_POST
@page
def person_disablement(request: StaffRequest, person_id: int) -> HttpResponse:
    """At once."""
    only_with(request, May.PEOPLE_CHANGE)
    disabled = actions.disable_person(None, by=request.user, person_id=person_id)
    messages.success(request, _("{name} is disabled from now on.").format(name=disabled.name))
    return back_to(request, reverse("account_person", args=[person_id]))


@require_POST
@page
def person_change_confirmation(request: StaffRequest, change_id: int) -> HttpResponse:
    """The second person's yes."""
    only_with(request, May.PEOPLE_CONFIRM)
    changed = actions.confirm_person_change(None, by=request.user, change_id=change_id)
    messages.success(request, _("Confirmed: it is so from now on."))
    return back_to(request, reverse("account_person", args=[changed.person_id]))


@require_POST
@page
def person_change_end(request: StaffRequest, change_id: int) -> HttpResponse:
    """The second person's no, or taken back by who asked."""
    only_with(request, May.PEOPLE_CHANGE)
    ended = actions.end_person_change(None, by=request.user, change_id=change_id)
    messages.success(request, _("Nothing changed."))
    return back_to(request, reverse("account_person", args=[ended.person_id]))


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
            if after.keys() - before.keys() and CODES not in after.values():
                recovery.make(request, person)  # with the first factor come the codes for the day it is lost
                response = back_to(request, reverse("mfa_view_recovery_codes"))
                after = selectors.kinds_of_factors(person)
            for verb, changed, told in (
                ("second factor added", after.keys() - before.keys(), notices.What.ADDED),
                ("second factor removed", before.keys() - after.keys(), notices.What.REMOVED),
            ):
                for pk in sorted(changed):
                    kind = {**before, **after}[pk]
                    record(verb, by=person, subject=person, payload={"kind": kind})
                    if kind in FACTORS:
                        notices.tell(person, told)
        return response

    return guarded


@require_GET
@page
def recovery_codes(request: StaffRequest) -> HttpResponse:
    """Those just made, this once; afterwards how many are left."""
    left = or_404(recovery.left(request.user), "recovery codes")
    fresh = recovery.take_to_show(request, request.user)
    return show(request, "mfa/recovery_codes/index.html", {"codes": fresh, "left": left})


@require_http_methods(["GET", "POST"])
@page
def recovery_codes_new(request: StaffRequest) -> HttpResponse:
    """Ten new ones; those of before open nothing from now on."""
    if request.method == "POST":
        first = _("Set up a security key or an app first: recovery codes are for the day when it is lost.")
        refuse_if([] if has_factor(request.user) else [first])
        recovery.make(request, request.user)
        notices.tell(request.user, notices.What.CODES)
        return back_to(request, reverse("mfa_view_recovery_codes"))
    return show(request, "mfa/recovery_codes/generate.html")


class RemoveKey(RemoveWebAuthnView):
    """Not the last factor where the bank demands one; allauth asks this for the app's codes only."""

    def form_valid(self, form: Any) -> HttpResponse:
        if not mfa().can_delete_authenticator(self.get_object()):
            messages.error(self.request, _("This is your only second factor. Add another one first."))
            return back_to(self.request, reverse("account"))
        return super().form_valid(form)
