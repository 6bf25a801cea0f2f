"""What the bank's identity provider says: believed from it alone, for us, in its time (ASVS V9, V10)."""

import base64
import hmac
import json
import time

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client as Browser
from rest_framework.authtoken.models import Token

from audit.models import AuditEvent
from staff.models import LoginSession, User
from tests.deploy.test_production_settings import load
from tests.staff.comers import is_in
from tests.staff.provider import ACCESS, CLIENT, LOGGED_OUT, Provider, sent_to


@pytest.fixture(scope="module")
def running():
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(running, settings, rita):
    """Our settings as a bank would make them, with Rita as `r-17` there."""
    running.says, running.token, running.asked = {}, "", []
    settings.OIDC_URL, settings.OIDC_ROLES = running.url, {"crm-rm": "rm"}
    app = {
        "provider_id": "bank", "name": "Bank login", "client_id": CLIENT, "secret": "a secret",
        "settings": {"server_url": running.url, "uid_field": "identity", "oauth_pkce_enabled": True},
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    call_command("link_identity", "rita", running.url, "r-17")
    return running


def come(provider, make=None, query="", browser=None):
    """A browser that went there and came back with the token that `make(nonce)` makes."""
    browser = browser or Browser()
    asked = sent_to(browser.post("/accounts/bank/"))
    make = make or (lambda nonce: provider.signed(provider.about_rita(nonce=nonce)))
    provider.token = make(asked["nonce"])
    browser.get(f"/accounts/bank/back/?code=a-code&state={asked['state']}{query}")
    return browser


def why_not(browser):
    assert not is_in(browser)
    return AuditEvent.objects.filter(verb="login failed").latest("id").why


def with_claims(provider, **claims):
    return lambda nonce: provider.signed(provider.about_rita(nonce=nonce, **claims))


def test_a_right_one_is_believed(provider):
    assert is_in(come(provider))
    assert is_in(come(provider, with_claims(provider, aud=[CLIENT])))
    assert is_in(come(provider, with_claims(provider, aud=[CLIENT, "another"], azp=CLIENT)))
    assert is_in(come(provider, query=f"&iss={provider.url}"))


HOUR = 3600


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        # V9.2.1: in its time
        ({"exp": -HOUR}, "no token that holds"),
        ({"exp": None}, "no token that holds"),
        ({"iat": None}, "no token that holds"),
        ({"iat": HOUR}, "no token that holds"),
        ({"nbf": HOUR}, "no token that holds"),
        # V9.2.3, V10.5.4: for us
        ({"aud": "another"}, "no token that holds"),
        ({"aud": ["another", "a third"]}, "no token that holds"),
        ({"aud": None}, "no token that holds"),
        ({"aud": CLIENT.upper()}, "no token that holds"),
        ({"aud": [CLIENT, "another"]}, "for another party"),
        ({"azp": "another"}, "for another party"),
        # V10.5.3: from whom the bank named
        ({"iss": "https://another.example"}, "no token that holds"),
        ({"iss": None}, "no token that holds"),
        ({"sub": None}, "no token that holds"),
        # V10.5.1: for this login
        ({"nonce": "x"}, "another nonce"),
        ({"nonce": None}, "another nonce"),
        # V7.6.1: shown there today
        ({"auth_time": -13 * HOUR}, "shown too long ago"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_one_that_is_not_for_us_now_is_not_believed(provider, claims, why):
    """Each rightly signed by the provider's own key: the claim alone is wrong."""
    shifted = {"exp", "iat", "nbf", "auth_time"}
    now = int(time.time())
    claims = {
        name: now + value if name in shifted and value is not None else value
        for name, value in claims.items()
    }
    # The claim that a test is about comes last: a nonce of its own stands in place of the right one.
    browser = come(
        provider, lambda nonce: provider.signed(provider.about_rita(**({"nonce": nonce} | claims)))
    )
    assert why_not(browser) == why


def by_another_key(provider, nonce, **headers):
    return provider.signed(provider.about_rita(nonce=nonce), key=provider.other, **headers)


def with_the_public_key(provider, nonce):
    """The oldest trick: what everybody may know, taken as a shared secret."""
    public = provider.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head = {"alg": "HS256", "typ": "JWT", "kid": "ours"}
    parts = [json.dumps(part).encode() for part in (head, provider.about_rita(nonce=nonce))]
    text = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    signature = base64.urlsafe_b64encode(hmac.digest(public, text, "sha256")).rstrip(b"=")
    return (text + b"." + signature).decode()


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda provider, nonce: by_another_key(provider, nonce), "no token that holds"),
        (
            lambda provider, nonce: by_another_key(provider, nonce, jku=f"{provider.url}/evil/keys"),
            "no token that holds",
        ),
        (
            lambda provider, nonce: by_another_key(provider, nonce, x5u=f"{provider.url}/evil/keys"),
            "no token that holds",
        ),
        (
            lambda provider, nonce: by_another_key(provider, nonce, jwk=provider.evil_keys()["keys"][0]),
            "no token that holds",
        ),
        (lambda provider, nonce: by_another_key(provider, nonce, kid="not there"), "no token that holds"),
        (with_the_public_key, "signed by nobody"),
    ],
    ids=["another key", "jku", "x5u", "jwk", "an unknown kid", "the public key as a secret"],
)
def test_keys_come_from_where_the_provider_keeps_them_and_nowhere_else(provider, make, why):
    browser = come(provider, lambda nonce: make(provider, nonce))
    assert why_not(browser) == why
    assert not [path for path in provider.asked if path.startswith("/evil")]


@pytest.mark.parametrize("typ", ["at+jwt", "logout+jwt", "application/at+jwt", "dpop+jwt"])
def test_a_token_of_another_kind_says_nothing_about_who_comes(provider, typ):
    """One that opens an API, or that ends a session, rightly signed and with all claims of the right kind."""
    browser = come(provider, lambda nonce: provider.signed(provider.about_rita(nonce=nonce), typ=typ))
    assert why_not(browser) == "another kind of token"


@pytest.mark.parametrize("issuer", ["https://evil.example", None, ""])
def test_a_provider_that_says_it_is_somebody_else_is_not_believed(provider, issuer):
    """Neither when it is asked where to go, nor when a browser comes back from it (OpenID Discovery 4.3)."""
    browser = Browser()
    asked = sent_to(browser.post("/accounts/bank/"))
    provider.says = {"issuer": issuer}
    provider.token = provider.signed(provider.about_rita(nonce=asked["nonce"], iss=issuer))
    answer = browser.get(f"/accounts/bank/back/?code=a-code&state={asked['state']}")
    assert (answer.status_code, why_not(browser)) == (403, "another issuer")
    assert Browser().post("/accounts/bank/").status_code == 403


def test_an_answer_of_another_provider_is_not_taken_for_ours(provider):
    """Mix-up: there is one provider, and an answer that names another one (RFC 9207) is none of it."""
    assert why_not(come(provider, query="&iss=https%3A%2F%2Fevil.example")) == "another issuer"
    from allauth.socialaccount.adapter import get_adapter
    from allauth.socialaccount.models import SocialApp

    SocialApp.objects.create(provider="openid_connect", provider_id="evil", name="Evil", client_id="x")
    assert [app.provider_id for app in get_adapter().list_apps(None)] == ["bank"]


def test_a_provider_that_is_away_is_an_answer_and_no_broken_page(provider, settings):
    browser = Browser()
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = (
        "http://localhost:9"
    )
    answer = browser.post("/accounts/bank/")
    assert answer.status_code == 403
    assert "Try again" in answer.content.decode()


def test_a_token_stays_where_it_is_needed(provider):
    """V10.1.1: not in the database, not in the session, not in a cookie, not on a page, not in the audit."""
    browser = come(provider)
    assert is_in(browser)
    places = {
        "the session": json.dumps(dict(browser.session.items()), default=str),
        "the sessions' table": str(list(Session.objects.values_list("session_data", flat=True))),
        "cookies": str(browser.cookies),
        "a page": browser.get("/accounts/").content.decode(),
        "what is known of the account": str(list(SocialAccount.objects.values("extra_data"))),
        "the audit": str(list(AuditEvent.objects.values("payload", "why", "source"))),
    }
    for place, text in places.items():
        for token in (ACCESS, provider.token, provider.token.split(".")[2]):
            assert token not in text, place
    assert not SocialToken.objects.exists()


def test_production_asks_no_provider_without_tls():
    changes = {"RMCRM_OIDC_ROLES": '{"a": "rm"}', "RMCRM_OIDC_CLIENT_ID": "x"}
    assert load(RMCRM_OIDC_URL="https://id.bank.example", **changes).returncode == 0
    ran = load(RMCRM_OIDC_URL="http://id.bank.example", **changes)
    assert "https://" in ran.stderr
    assert ran.returncode != 0


# --- the provider logs somebody out -------------------------------------------------------------------------


def say_logged_out(token):
    return Browser().post("/accounts/bank/logged-out/", {"logout_token": token})


def test_whoever_logs_out_at_the_bank_is_logged_out_here(provider, theo, page_of):
    rita, of_theo = come(provider), page_of(theo)
    key = Token.objects.create(user_id=rita.session["_auth_user_id"]).key
    answer = say_logged_out(provider.logout_token())
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert (is_in(rita), is_in(of_theo)) == (False, True)
    told = AuditEvent.objects.get(verb="logged out by the bank")
    assert (told.subject_id, told.payload) == (User.objects.get(login="rita").pk, {"sessions": 1})
    assert Token.objects.filter(key=key).exists()  # programs do not log in, nor out


def test_one_session_there_ends_what_was_begun_with_it(provider):
    desk = come(provider)
    phone = come(provider, with_claims(provider, sid="there-2"))
    assert say_logged_out(provider.logout_token(sub=None, sid="there-2")).status_code == 200
    assert (is_in(desk), is_in(phone)) == (True, False)
    assert say_logged_out(provider.logout_token(sid="there-1")).status_code == 200
    assert not is_in(desk)


def test_a_session_of_nobody_here_ends_nothing(provider, page_of, theo):
    """Nor do those of people whose session there has no number: theirs is not the one that is named."""
    rita, of_theo = come(provider, with_claims(provider, sid=None)), page_of(theo)
    for claims in ({"sub": "somebody else"}, {"sub": None, "sid": "there-9"}):
        assert say_logged_out(provider.logout_token(**claims)).status_code == 200
    assert is_in(rita)
    assert is_in(of_theo)


def test_what_was_begun_afterwards_stays_so_a_token_sent_twice_ends_nothing_new(provider):
    rita = come(provider)
    made = provider.logout_token(iat=int(time.time()) - 60)
    assert say_logged_out(made).status_code == 200
    assert is_in(rita)
    LoginSession.objects.update(begun_at="2026-01-01T00:00Z")
    assert say_logged_out(made).status_code == 200
    assert not is_in(rita)


@pytest.mark.parametrize(
    "claims",
    [
        {"typ": "JWT"},
        {"typ": "at+jwt"},
        {"nonce": "x"},
        {"events": None},
        {"events": {}},
        {"events": {"another event": {}}},
        {"events": {LOGGED_OUT: "yes"}},
        {"events": [LOGGED_OUT]},
        {"aud": "another"},
        {"iss": "https://another.example"},
        {"sub": None},
        {"jti": None},
        {"exp": None},
        {"exp": 1},
        {"iat": 1},
        {"iat": None},
        {"key": "another"},
    ],
    ids=str,
)
def test_nobody_else_logs_somebody_out(provider, claims):
    """V10.5.5: of the right kind, with the event, without a nonce, signed by the provider, of this moment."""
    rita = come(provider)
    if "key" in claims:
        claims = {"key": provider.other}
    answer = say_logged_out(provider.logout_token(**claims))
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})
    assert is_in(rita)


def test_neither_does_a_token_about_who_somebody_is(provider):
    rita = come(provider)
    for token in (provider.token, "", "x" * 100_000, "a.b.c"):
        assert say_logged_out(token).status_code == 400
    assert is_in(rita)


def test_where_there_is_no_provider_there_is_no_such_door(db):
    assert say_logged_out("x").status_code == 404
