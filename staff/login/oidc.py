"""Log in by the bank's identity provider (OpenID Connect): whoever the bank linked, as what a claim says.

Nobody is made here and nobody is matched by an e-mail address: a person was made by the bank and linked to
`iss` + `sub` by `bin/manage link_identity`. The token's signature is always checked (allauth leaves that to
TLS), its nonce is bound to the state, PKCE is on, and the role comes from one mapped claim or not at all.
Whoever logs out there is logged out here: the provider says so itself (back-channel logout).
"""

import logging
from functools import cached_property
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
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from requests.exceptions import RequestException

from audit.record import record
from staff import rules
from staff.login import sessions
from staff.login.factors import remember_factor
from staff.models import User

log = logging.getLogger("rmcrm.login")
PROVIDER = "bank"  # as it stands in our addresses
# What the header of a token says it is (`typ`): one about a person says so, or nothing. One that opens an API
# ("at+jwt") says nothing about who holds it.
IDENTITY = ("", "jwt")
LOGOUT = ("logout+jwt",)
LOGOUT_SECONDS = 2 * 60  # a logout token is believed for so long, whatever it says itself
LONGEST_TOKEN = 16 * 1024
LOGGED_OUT = "http://schemas.openid.net/event/backchannel-logout"
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

    @cached_property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself; believed only as the issuer whom the bank's settings name."""
        with social().get_requests_session() as session:
            found = session.get(self.get_provider().server_url)
            found.raise_for_status()
        config: dict[str, Any] = found.json()
        if config.get("issuer") != settings.OIDC_URL:
            raise NotBelieved("another issuer")
        return config

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        if request.GET.get("iss", settings.OIDC_URL) != settings.OIDC_URL:  # RFC 9207
            raise NotBelieved("another issuer")
        claims = self.believed(app, str(kwargs["response"].get("id_token") or ""), IDENTITY)
        if not constant_time_compare(str(claims.get("nonce", "")), nonce_of(request.GET.get("state", ""))):
            raise NotBelieved("another nonce")
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", "" if several else app.client_id) != app.client_id:
            raise NotBelieved("for another party")
        if is_long_ago(claims):
            raise NotBelieved("shown too long ago")
        wanted = ("iss", "sub", "sid", "acr", "amr", "auth_time", settings.OIDC_ROLE_CLAIM)
        known = {name: claims[name] for name in wanted if name in claims}
        known["identity"] = uid_of(claims["iss"], claims["sub"])
        return self.get_provider().sociallogin_from_response(request, {"id_token": known})

    def believed(self, app: Any, token: str, kinds: tuple[str, ...]) -> dict[str, Any]:
        """The claims of a token of one of these kinds (`typ`), from this provider, for us, in its time."""
        try:
            header = jwt.get_unverified_header(token)
            if str(header.get("typ", "")).casefold() not in kinds:
                raise NotBelieved("another kind of token")
            claims: dict[str, Any] = jwt.decode(
                token,
                key=self._key_of(header),
                algorithms=[header["alg"]],
                issuer=settings.OIDC_URL,
                audience=app.client_id,
                leeway=30,
                options={"require": ["iss", "aud", "exp", "iat", *(["sub"] if kinds == IDENTITY else [])]},
            )
        except (jwt.PyJWTError, KeyError, ValueError) as error:
            raise NotBelieved("no token that holds") from error
        return claims

    def _key_of(self, header: dict[str, Any]) -> Any:
        """The key that the token names; where it names none, the provider's only one (OpenID Core 10.1).

        Looked for where the provider keeps its keys, never where a token says.
        """
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
        return keys[0].key


class Bank(OpenIDConnectProvider):
    """The bank's identity provider. Nothing of what is asked of it comes from our own address's query."""

    oauth2_adapter_class = Identities

    def wk_server_url(self, url: str) -> str:
        return f"{url.rstrip('/')}/.well-known/openid-configuration"

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
        request.session_there = str(claims.get("sid", ""))  # type: ignore[attr-defined]
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


def is_long_ago(claims: dict[str, Any]) -> bool:
    """Did the person show at the provider who it is before any session of today's could have begun?

    A provider that remembers a browser for weeks must not make our twelve hours endless.
    """
    at = claims.get("auth_time")
    if isinstance(at, bool) or not isinstance(at, int | float):
        return False
    return int(timezone.now().timestamp()) - at > settings.SESSION_TOTAL_SECONDS


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
    return _at_the_provider(request, OAuth2LoginView)


@login_not_required
@require_GET
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from there, with a code."""
    return _at_the_provider(request, OAuth2CallbackView)


def _at_the_provider(request: HttpRequest, view: Any) -> HttpResponse:
    _only_where_there_is_one()
    try:
        return view.adapter_view(Identities(request, PROVIDER))(request)
    except (OAuth2Error, RequestException) as error:  # it is away, or not whom the bank named
        why = str(error) if isinstance(error, NotBelieved) else "not completed"
        return _refused(request, None, why).response


# --- the provider says that somebody logged out there (OpenID Connect Back-Channel Logout 1.0) -------------


@csrf_exempt  # no browser comes here: the provider does, with a token that it signed
@login_not_required
@require_POST
def logged_out(request: HttpRequest) -> HttpResponse:
    """End what was begun with that session there; what was begun after the token was made stays."""
    _only_where_there_is_one()
    adapter = Identities(request, PROVIDER)
    try:
        said = _said_logged_out(adapter, str(request.POST.get("logout_token", "")))
    except (OAuth2Error, RequestException) as error:
        # To the log and not to the audit: whoever comes here is nobody yet, and could fill it.
        log.warning("a logout by the bank was refused: %s", error if isinstance(error, NotBelieved) else "-")
        return JsonResponse({"error": "invalid_request"}, status=400)
    with transaction.atomic():
        for person, ended in sessions.end_begun_there(_whom(said), said.get("sid"), before=int(said["iat"])):
            record("logged out by the bank", by=None, subject=person, payload={"sessions": ended})
    return HttpResponse(status=200)


def _whom(said: dict[str, Any]) -> User | None:
    """The person of a logout token; None where it names a session alone."""
    if not said.get("sub"):
        return None
    account = SocialAccount.objects.filter(provider=PROVIDER, uid=uid_of(said["iss"], said["sub"])).first()
    return account.user if account else User()  # whoever is nobody here has no session here


def _said_logged_out(adapter: Identities, token: str) -> dict[str, Any]:
    """The claims of a logout token; raises NotBelieved."""
    if not token or len(token) > LONGEST_TOKEN:
        raise NotBelieved("no token that holds")
    claims = adapter.believed(adapter.get_provider().app, token, LOGOUT)
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGGED_OUT), dict) or "nonce" in claims:
        raise NotBelieved("another kind of token")
    if not claims.get("jti") or not (claims.get("sub") or claims.get("sid")):
        raise NotBelieved("no token that holds")
    if int(timezone.now().timestamp()) - claims["iat"] > LOGOUT_SECONDS:
        raise NotBelieved("too late")
    return claims
