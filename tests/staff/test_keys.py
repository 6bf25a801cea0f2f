"""A security key, from its set-up to the login, in a real browser with a key made of software."""

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from audit.models import AuditEvent
from tests.browser import assert_clean
from tests.cast import make_cast
from tests.staff.comers import PASSWORD, inside

pytestmark = [pytest.mark.browser, pytest.mark.slow]
A_KEY = {
    "protocol": "ctap2", "transport": "usb", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def plug_in(page):
    """A key of Chromium's own making in this window."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    added = tools.send("WebAuthn.addVirtualAuthenticator", {"options": A_KEY})
    return tools, added["authenticatorId"]


def log_in(page):
    page.goto("/accounts/login/")
    page.fill("[name=login]", "rita")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Log in").click()


def test_rita_is_led_to_set_up_a_key_and_comes_in_with_it(visit, transactional_db, settings):
    settings.MFA = "required"
    rita = make_cast().rita
    rita.set_password(PASSWORD)
    rita.save()
    page = visit(None, "/accounts/login/")
    tools, key = plug_in(page)
    log_in(page)
    page.wait_for_url("**/accounts/factors/")
    assert_clean(page)
    page.get_by_role("link", name="Add a key").click()
    page.get_by_label("Name", exact=True).fill("The key on my ring")
    page.get_by_role("button", name="Add this key").click()
    expect(page.get_by_text("These are shown this once")).to_be_visible()
    assert_clean(page)
    page.get_by_role("link", name="I have them").click()
    expect(page.get_by_text("The key on my ring").first).to_be_visible()
    assert_clean(page)

    page.get_by_role("button", name="Your menu").click()
    page.get_by_role("button", name="Log out").click()
    log_in(page)
    page.wait_for_url("**/accounts/factors/login/")
    assert_clean(page)
    page.get_by_role("button", name="Use my security key").click()
    page.wait_for_url(inside)
    assert Authenticator.objects.get(user=rita, type="webauthn").last_used_at

    # Without it the password is worth nothing, and the page says why.
    page.goto("/accounts/")
    page.get_by_role("button", name="Your menu").click()
    page.get_by_role("button", name="Log out").click()
    log_in(page)
    tools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})
    plug_in(page)
    page.get_by_role("button", name="Use my security key").click()
    expect(page.get_by_text("The key was not taken")).to_be_visible()
    page.goto("/clients/")
    assert not inside(page.url)
    verbs = AuditEvent.objects.filter(verb__contains="factor").values_list("verb", "payload__kind")
    assert sorted(verbs) == [("second factor added", "recovery_codes"), ("second factor added", "webauthn")]
