"""How staff log in: allauth, without sign-up, without a word about who exists; each try is recorded."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from rest_framework.authtoken.models import Token

from audit.record import record
from staff.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the bank, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        record("logged in", by=user, subject=user)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Whose login it was, if anybody's; not what was typed, which may be a password."""
        meant = User.objects.filter(login=credentials.get("username") or "").first()
        record("login failed", by=None, subject=meant)

    def set_password(self, user: Any, password: str) -> None:
        """Whoever changes a password fears that somebody knows it: the key to the API ends with it."""
        super().set_password(user, password)
        ended, _kinds = Token.objects.filter(user=user).delete()
        record("password changed", by=user, subject=user, payload={"tokens_ended": ended})

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            record("logged out", by=request.user, subject=request.user)
        super().logout(request)
