"""By the bank's identity provider: a real one on this machine, in a real browser.

The provider is oidc-provider-mock: discovery, keys, signed tokens and a login page of its own. `Tampering`
stands between it and us where a token is to be wrong.
"""

import base64
import json
import threading
import time

import pytest
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from django.urls import reverse
from oidc_provider_mock import User as Known
from oidc_provider_mock import app as provider_app
from playwright.sync_api import expect
from rest_framework.authtoken.models import Token
from werkzeug.serving import make_server

from audit.models import AuditEvent
from staff.login.oidc import nonce_of, uid_of
from staff.models import LoginSession, User
from tests.cast import make_cast
from tests.staff.comers import PASSWORD, attempt, inside, is_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROLES = {"crm-rm": "rm", "crm-compliance": "compliance"}
GROUPS = {"groups": ["everybody", "crm-rm"], "amr": ["pwd", "hwk"], "acr": "gold"}


class Tampering:
    """The provider, with the answer of its token endpoint changed on the way."""

    def __init__(self, inner):
        self.inner, self.change = inner, None

    def __call__(self, environ, start):
        if self.change is None or environ["PATH_INFO"] != "/oauth2/token":
            return self.inner(environ, start)
        held = {}

        def begin(status, headers, *_):
            held.update(status=status, headers=headers)

        body = b"".join(self.inner(environ, begin))
        answer = json.loads(body)
        answer["id_token"] = self.change(answer["id_token"])
        body = json.dumps(answer).encode()
        headers = [(name, value) for name, value in held["headers"] if name.lower() != "content-length"]
        start(held["status"], [*headers, ("Content-Length", str(len(body)))])
        return [body]


@pytest.fixture(scope="module")
def provider():
    """Running, with Rita as `r-17`; what `provider.change` is set to falsifies its tokens."""
    running = Tampering(provider_app(user_claims=[Known(sub="r-17", claims=GROUPS)]))
    server = make_server("localhost", 0, running, threaded=True)
    running.url = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield running
    server.shutdown()
    thread.join()


@pytest.fixture
def bank(provider, settings, transactional_db):
    """Our settings as a bank would make them."""
    provider.change = None
    settings.OIDC_URL, settings.OIDC_ROLES, settings.OIDC_STRONG = provider.url, ROLES, ["hwk"]
    app = {
        "provider_id": "bank", "name": "Bank login", "client_id": "rm-crm", "secret": "a secret",
        "settings": {"server_url": provider.url, "uid_field": "identity", "oauth_pkce_enabled": True},
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    settings.CONTENT_SECURITY_POLICY = {
        "DIRECTIVES": policy | {"form-action": [*policy["form-action"], provider.url]}
    }
    cast = make_cast()
    call_command("link_identity", "rita", provider.url, "r-17")
    return cast


def authorize(page, subject):
    page.locator("input[name=sub]").fill(subject)
    page.get_by_role("button", name="Authorize").click()


def come(visit, subject="r-17"):
    """A browser that went to the bank's page, said who it is there, and came back."""
    page = visit(None, "/accounts/login/")
    page.get_by_role("button", name="Bank login").click()
    page.wait_for_url(f"{settings.OIDC_URL}/**")
    authorize(page, subject)
    page.wait_for_url(lambda url: not url.startswith(settings.OIDC_URL))
    return page


def refused(page):
    expect(page.get_by_role("heading", name="Not logged in")).to_be_visible()
    page.goto("/clients/")
    assert "/accounts/login/" in page.url
    return AuditEvent.objects.filter(verb="login failed").latest("id").why


def test_whoever_is_linked_comes_in(visit, bank):
    page = come(visit)
    page.wait_for_url(inside)
    told = AuditEvent.objects.filter(verb="logged in").latest("id")
    assert (told.by_id, told.payload["amr"], told.payload["acr"]) == (bank.rita.pk, ["pwd", "hwk"], "gold")
    page.complaints.clear()  # of the provider's own pages
    page.goto("/accounts/")
    expect(page.get_by_text("This one")).to_be_visible()
    assert page.complaints == []


def test_a_second_factor_shown_at_the_bank_counts_here(visit, bank, settings):
    settings.MFA = "required"
    come(visit).wait_for_url(inside)


def test_and_a_password_alone_does_not(visit, bank, settings):
    settings.MFA, settings.OIDC_STRONG = "required", ["platinum"]
    come(visit).wait_for_url("**/accounts/factors/")


def test_an_unknown_one_is_let_in_by_nothing_not_by_the_mail_address(visit, bank, provider):
    SocialAccount.objects.update(uid=uid_of(provider.url, "somebody else"))
    User.objects.filter(pk=bank.rita.pk).update(email="r-17@bank.example")
    people = User.objects.count()
    assert refused(come(visit)) == "not linked to anybody who works here"
    assert User.objects.count() == people


def test_the_same_number_of_another_issuer_is_somebody_else(visit, bank):
    SocialAccount.objects.update(uid=uid_of("https://another.example", "r-17"))
    assert refused(come(visit)) == "not linked to anybody who works here"


def test_whoever_is_disabled_here_stays_out_and_reads_what_a_stranger_reads(visit, bank):
    User.objects.filter(pk=bank.rita.pk).update(is_active=False)
    assert refused(come(visit)) == "not linked to anybody who works here"


def test_without_a_mapped_claim_there_is_no_role_and_no_way_in(visit, bank, settings):
    settings.OIDC_ROLES = {"crm-mlro": "mlro"}
    assert refused(come(visit)) == "no role"
    bank.rita.refresh_from_db()
    assert bank.rita.role == "rm"


def test_and_what_was_begun_with_the_role_that_is_gone_ends(visit, bank, settings):
    come(visit).wait_for_url(inside)
    Token.objects.create(user=bank.rita)
    settings.OIDC_ROLES = {"crm-mlro": "mlro"}
    assert refused(come(visit)) == "no role"
    assert not LoginSession.objects.filter(user=bank.rita).exists()
    assert not Token.objects.filter(user=bank.rita).exists()


def test_a_password_of_ours_is_no_way_round_the_bank(bank):
    bank.rita.set_password(PASSWORD)
    bank.rita.save()
    browser = Browser()
    assert attempt(browser, PASSWORD).status_code == 200
    assert not is_in(browser)
    browser.force_login(bank.rita)
    for door in ("account_set_password", "account_change_password"):
        assert browser.get(reverse(door)).status_code == 404
    assert "Change password" not in browser.get(reverse("account")).content.decode()
    SocialAccount.objects.all().delete()
    assert attempt(Browser(), PASSWORD).status_code == 302


@pytest.mark.parametrize(("ago", "made"), [(0, True), (3600, False), (None, False)])
def test_the_login_there_confirms_only_what_was_shown_there_just_now(visit, bank, monkeypatch, ago, made):
    monkeypatch.setitem(GROUPS, "auth_time", "now" if ago is None else int(time.time()) - ago)
    page = come(visit)
    page.wait_for_url(inside)
    page.goto("/accounts/")
    page.get_by_role("button", name="Make a key").click()
    page.wait_for_load_state()
    assert Token.objects.filter(user=bank.rita).exists() is made


def test_whoever_sat_down_there_long_ago_is_asked_again(bank, client):
    assert "max_age=600" in client.post("/accounts/bank/").headers["Location"]


def test_two_roles_at_once_are_none(visit, bank, settings):
    settings.OIDC_ROLES = ROLES | {"everybody": "auditor"}
    assert refused(come(visit)) == "no role"


def test_the_claim_changes_the_role_and_the_audit_says_so(visit, bank, settings):
    settings.OIDC_ROLES = {"crm-rm": "assistant"}
    come(visit).wait_for_url(inside)
    bank.rita.refresh_from_db()
    assert bank.rita.role == "assistant"
    assert AuditEvent.objects.get(verb="role changed").payload == {"from": "rm", "to": "assistant"}


def part(token, at):
    text = token.split(".")[at]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def encoded(what):
    return base64.urlsafe_b64encode(json.dumps(what).encode()).rstrip(b"=").decode()


def with_claims(**claims):
    """The token with other claims, under the signature of the old ones."""

    def change(token):
        head, _claims, signature = token.split(".")
        return ".".join([head, encoded(part(token, 1) | claims), signature])

    return change


def unsigned(token):
    return ".".join([encoded({"alg": "none", "typ": "JWT"}), token.split(".")[1], ""])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (with_claims(sub="r-1"), "no token that holds"),
        (with_claims(groups=["crm-compliance"]), "no token that holds"),
        (unsigned, "signed by nobody"),
        (lambda token: "", "no token that holds"),
        (lambda token: token[:-8] + "AAAAAAAA", "no token that holds"),
    ],
    ids=["another sub", "another group", "alg none", "none at all", "another signature"],
)
def test_a_token_that_was_changed_on_the_way_is_not_believed(visit, bank, provider, change, why):
    provider.change = change
    assert refused(come(visit)) == why


def test_a_token_of_another_login_is_not_believed(visit, bank, provider, monkeypatch):
    """Rightly signed, but for the nonce of another state."""
    monkeypatch.setattr("staff.login.oidc.Bank.redirect", _with_another_nonce)
    assert refused(come(visit)) == "another nonce"


def _with_another_nonce(self, request, process, next_url=None, **kwargs):
    from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider

    asked = {"nonce": nonce_of("another state")}
    return OpenIDConnectProvider.redirect(
        self, request, "login", next_url, state_id="x" * 32, auth_params=asked, scope=["openid"]
    )


def test_another_state_or_a_code_brought_twice_opens_nothing(visit, bank):
    page = visit(None, "/accounts/login/")
    page.goto("/accounts/bank/back/?code=stolen&state=made-up")
    assert refused(page) == "not completed"
    seen = []
    page = visit(None, "/accounts/login/")
    page.on("request", lambda asked: seen.append(asked.url) if "/bank/back/" in asked.url else None)
    page.get_by_role("button", name="Bank login").click()
    authorize(page, "r-17")
    page.wait_for_url(inside)
    other = visit(None, "/accounts/login/")
    other.goto(seen[0])
    assert refused(other) == "not completed"


def test_no_other_site_and_no_address_starts_it(bank, client):
    assert client.get("/accounts/bank/").status_code == 405
    away = client.post("/accounts/bank/?process=connect&auth_params=nonce%3Dmine&scope=everything")
    asked = away.headers["Location"]
    assert "nonce=mine" not in asked
    assert "everything" not in asked
    assert "code_challenge=" in asked


def test_one_account_at_the_bank_is_one_persons(bank, provider):
    with pytest.raises(CommandError, match="somebody else"):
        call_command("link_identity", "theo", provider.url, "r-17")
    with pytest.raises(CommandError, match="Nobody"):
        call_command("link_identity", "nobody", provider.url, "r-18")
    assert AuditEvent.objects.filter(verb="identity linked", subject_id=bank.rita.pk).exists()
