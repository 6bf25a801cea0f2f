"""How staff log in: allauth, without sign-up, without a word about who exists; each try is recorded.

Templates, forms and adapters are ours, the steps are allauth's: password, then the factor, then the session.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm
from allauth.core import context
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from rest_framework.authtoken.models import Token

from audit.record import record
from staff.login import kept, notices, oidc, sessions, throttle
from staff.login.confirmation import confirm, is_confirmed
from staff.login.factors import confirmed
from staff.models import PasswordCode, User


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the bank, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    # --- who it is ---------------------------------------------------------------------------------------
    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """One try, if there is one left. Disabled, or come by the bank: both read what a stranger reads."""
        attempt = _spend(request, credentials.get("username") or "")
        user = authenticate(request, **credentials)
        if user is not None and user.is_active and not oidc.comes_by_bank(user):
            throttle.give_back(attempt)
            return user
        self.authentication_failed(request, **credentials)
        return None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Whose login it was, if anybody's; not what was typed, which may be a password."""
        meant = User.objects.filter(login=credentials.get("username") or "").first()
        record("login failed", by=None, subject=meant)

    def reauthenticate(self, user: Any, password: str) -> bool:
        request = context.request
        right: bool = super().reauthenticate(user, password) and not oidc.comes_by_bank(user)
        if right:
            confirmed(request, "password")
        else:
            record("confirmation failed", by=user, subject=user, payload={"with": "password"})
        return right

    def get_reauthentication_methods(self, user: Any) -> Any:
        ways = super().get_reauthentication_methods(user)
        if not oidc.comes_by_bank(user):
            return ways
        return [way for way in ways if way["id"] != "reauthenticate"]

    def is_reauthentication_required(self, *, app: str) -> bool:
        return not is_confirmed(context.request.session)

    # --- in and out --------------------------------------------------------------------------------------
    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        sessions.begin(request, user)
        told = getattr(request, "identity", None)
        if told is None or oidc.shown_lately(told):
            confirm(request.session)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        told = getattr(request, "identity", None)  # what the bank's identity provider said, if it was asked
        record("logged in", by=user, subject=user, payload=told)
        if (found := kept.kept_form(request)) and kept.is_ours(found.page):
            kwargs["redirect_url"] = found.page
        if throttle.key_of(user.login) not in throttle.devices_of(request):
            notices.tell(user, notices.What.DEVICE)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        throttle.know_device(request, response, user.login)
        return response

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            record("logged out", by=request.user, subject=request.user)
            if (row := request.session.get("row")) is not None:
                sessions.end(request.user, only=row)
        super().logout(request)

    # --- what changes ------------------------------------------------------------------------------------
    def set_password(self, user: Any, password: str) -> None:
        """Whoever changes a password fears that somebody knows it: the API token and sessions end with it,
        and a code for another one."""
        super().set_password(user, password)
        PasswordCode.objects.filter(user=user).delete()
        ended, _kinds = Token.objects.filter(user=user).delete()
        sessions.end(user, but=context.request.session.get("row"))
        record("password changed", by=user, subject=user, payload={"tokens_ended": ended})
        notices.tell(user, notices.What.PASSWORD)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")


class PasswordForm(ChangePasswordForm):
    """A new password for the old one, which is not to be guessed here either."""

    def clean_oldpassword(self) -> str:
        attempt = _spend(context.request, self.user.login)
        typed: str = super().clean_oldpassword()
        throttle.give_back(attempt)
        return typed


def _spend(request: HttpRequest, login: str) -> Any:
    try:
        return throttle.spend(request, login)
    except throttle.TooOften as too_often:
        raise ValidationError(too_often.sentence) from too_often
