"""Log in by the bank's identity provider (OpenID Connect): whoever the bank linked, as what a claim says.

Nobody is made here and nobody is matched by an e-mail address: a person was made by the bank and linked to
`iss` + `sub` by `bin/manage link_identity`. The token's signature is always checked (allauth leaves that to
TLS), its nonce is bound to the state, PKCE is on, and the role comes from one mapped claim or not at all.
"""

from typing import Any

import jwt
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.adapter import get_adapter as social
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from audit.record import record
from staff import rules
from staff.login import sessions
from staff.login.factors import remember_factor
from staff.models import User

PROVIDER = "bank"  # as it stands in our addresses
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")


def uid_of(issuer: str, subject: str) -> str:
    return f"{issuer} {subject}"


def nonce_of(state: str) -> str:
    """A state is this session's, used once, ten minutes old at most; so is the nonce that follows from it."""
    return salted_hmac("staff.login.oidc.nonce", state, algorithm="sha256").hexdigest()


class NotBelieved(OAuth2Error):
    """The token does not hold; the word is ours, for the audit."""


class Identities(OpenIDConnectOAuth2Adapter):
    """Turns the code that the browser brought back into a token, believed only if it is for us."""

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        claims = self._claims(app, str(kwargs["response"].get("id_token") or ""))
        if not constant_time_compare(str(claims.get("nonce", "")), nonce_of(request.GET.get("state", ""))):
            raise NotBelieved("another nonce")
        if claims.get("azp", app.client_id) != app.client_id:
            raise NotBelieved("for another party")
        wanted = ("iss", "sub", "acr", "amr", "auth_time", settings.OIDC_ROLE_CLAIM)
        known = {name: claims[name] for name in wanted if name in claims}
        known["identity"] = uid_of(claims["iss"], claims["sub"])
        return self.get_provider().sociallogin_from_response(request, {"id_token": known})

    def _claims(self, app: Any, token: str) -> dict[str, Any]:
        try:
            algorithm, key = self._signed_with(token)
            claims: dict[str, Any] = jwt.decode(
                token,
                key=key,
                algorithms=[algorithm],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                leeway=30,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        except (jwt.PyJWTError, KeyError, ValueError) as error:
            raise NotBelieved("no token that holds") from error
        return claims

    def _signed_with(self, token: str) -> tuple[str, Any]:
        """The key that the token names; where it names none, the provider's only one (OpenID Core 10.1)."""
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in SIGNED_BY:
            raise NotBelieved("signed by nobody")
        with social().get_requests_session() as session:
            found = session.get(self.openid_config["jwks_uri"])
            found.raise_for_status()
        named = header.get("kid")
        keys = [
            each
            for each in jwt.PyJWKSet.from_dict(found.json()).keys
            if each.public_key_use in (None, "sig") and named in (None, each.key_id)
        ]
        if len(keys) != 1:
            raise NotBelieved("no token that holds")
        return header["alg"], keys[0].key


class Bank(OpenIDConnectProvider):
    """The bank's identity provider. Nothing of what is asked of it comes from our own address's query."""

    oauth2_adapter_class = Identities

    def redirect(
        self, request: HttpRequest, process: str, next_url: Any = None, **kwargs: Any
    ) -> HttpResponse:
        state = get_random_string(32)
        # Who sat down there hours ago says again who it is; whether it was done, `shown_lately` looks.
        asked = {"nonce": nonce_of(state), "max_age": str(settings.STEP_UP_SECONDS)}
        return super().redirect(
            request, "login", next_url, state_id=state, auth_params=asked, scope=["openid"]
        )


class Social(DefaultSocialAccountAdapter):
    """Who is let in: existing, linked, active, with exactly one role."""

    def get_provider(self, request: HttpRequest, provider: Any, client_id: Any = None) -> Bank:
        return Bank(request, app=self.get_app(request, provider=PROVIDER))

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[Any]:
        """The one of the settings: rows of the database are not looked at."""
        return [app for app in super().list_apps(None, provider, client_id) if app.pk is None]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        claims = sociallogin.account.extra_data["id_token"]
        person = sociallogin.user if sociallogin.is_existing else None
        if person is None or not person.is_active:
            raise _refused(request, person, "not linked to anybody who works here")
        role = rules.role_given(claims.get(settings.OIDC_ROLE_CLAIM), settings.OIDC_ROLES)
        if role is None:
            sessions.end_all(person)  # the bank took away what these were begun with
            raise _refused(request, person, "no role")
        change_role(person, role)
        said = {name: claims[name] for name in ("acr", "amr", "auth_time") if name in claims}
        # For the audit, which is written when the login is complete.
        request.identity = {"identity_provider": True, **said}  # type: ignore[attr-defined]
        methods = {claims.get("acr"), *(claims.get("amr") or [])}
        if methods & set(settings.OIDC_STRONG):
            remember_factor(request, person)  # the second factor was shown there

    def on_authentication_error(self, request: HttpRequest, provider: Any, **how: Any) -> None:
        error = how.get("exception")  # what a provider answers may hold a secret: only a word of ours is kept
        raise _refused(request, None, str(error) if isinstance(error, NotBelieved) else "not completed")


@transaction.atomic
def change_role(person: User, role: str) -> None:
    """The claim is the bank's word: a role that changed ends what was begun with the old one."""
    if person.role == role:
        return
    before, person.role = person.role, role
    person.save(update_fields=["role"])
    sessions.end(person)
    record(
        "role changed", by=None, subject=person, why="identity provider", payload={"from": before, "to": role}
    )


def comes_by_bank(person: User) -> bool:
    """Is the bank's identity provider this person's only way in? No password of ours goes round it."""
    return bool(settings.SOCIALACCOUNT_PROVIDERS) and SocialAccount.objects.filter(user=person).exists()


def shown_lately(told: dict[str, Any]) -> bool:
    """Did the person show at the provider who it is just now, and not only that the session there lasts?"""
    at = told.get("auth_time")
    if isinstance(at, bool) or not isinstance(at, int | float):
        return False
    now = int(timezone.now().timestamp())
    return rules.is_fresh(int(at), now, within=settings.STEP_UP_SECONDS)


def link(person: User, issuer: str, subject: str) -> None:
    """This identity is this person's from now on, and no other one is."""
    SocialAccount.objects.filter(user=person).delete()
    SocialAccount.objects.create(user=person, provider=PROVIDER, uid=uid_of(issuer, subject))


def _refused(request: HttpRequest, person: User | None, why: str) -> ImmediateHttpResponse:
    record("login failed", by=None, subject=person, why=why, payload={"with": "identity provider"})
    sentence = {
        "no role": _("Your account at the bank has no role, or several, in this application."),
        "not linked to anybody who works here": _(
            "Your account at the bank is not linked to an account here."
        ),
    }.get(why, _("The log-in at the bank's identity provider did not succeed. Try again from the beginning."))
    return ImmediateHttpResponse(render(request, "account/refused.html", {"sentence": sentence}, status=403))


def _only_where_there_is_one() -> None:
    if not settings.SOCIALACCOUNT_PROVIDERS:
        raise Http404


@login_not_required
@require_http_methods(["POST"])
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the identity provider. By POST, so that no other site starts it."""
    _only_where_there_is_one()
    return OAuth2LoginView.adapter_view(Identities(request, PROVIDER))(request)


@login_not_required
@require_GET
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from there, with a code."""
    _only_where_there_is_one()
    return OAuth2CallbackView.adapter_view(Identities(request, PROVIDER))(request)
