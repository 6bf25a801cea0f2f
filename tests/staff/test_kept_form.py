"""The session ends in the middle of a long form: nothing typed is lost, and nobody else reads it."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from clients.models import Interaction
from staff.login.throttle import key_of
from staff.sealing import seal
from tests.cast import make_cast
from tests.staff.comers import PASSWORD, attempt, inside, log_in

SUMMARY = "She asked about the house in Ascona.\nWants an offer by Friday & a call back <soon>."
LINE = SUMMARY.replace("\n", " ")  # the field takes one line in a browser
TYPED = {"channel": "call", "purpose": "service", "summary": SUMMARY, "at": "2026-11-20T10:00"}


@pytest.fixture
def form(anna):
    return reverse("clients:interaction_new", args=[anna.pk])


@pytest.fixture
def expired(keen, clock):
    """Rita's browser, when her session has just ended."""
    browser = log_in()
    clock.shift(timedelta(minutes=16))
    return browser


def send(browser, form, **how):
    return browser.post(
        form, TYPED | {"form_key": "one"}, headers={"Referer": f"http://testserver{form}"} | how
    )


def kept(browser):
    return browser.get(reverse("account_kept_form"))


def test_after_logging_in_again_it_is_there_as_it_was_typed(expired, form):
    answer = send(expired, form)
    assert answer.headers["Location"] == f"/accounts/login/?next={form}"
    assert "is kept for half an hour" in expired.get(answer.headers["Location"]).content.decode()
    assert attempt(expired, PASSWORD).headers["Location"] == form
    page = expired.get(form)
    assert dict(page.context["kept"].fields)["summary"] == [SUMMARY]
    assert "kept-fields" in page.content.decode()
    assert not Interaction.objects.exists()  # nothing is sent by itself
    assert "house in Ascona" in kept(expired).content.decode()


def test_once_it_is_sent_it_is_kept_no_longer(expired, form):
    send(expired, form)
    attempt(expired, PASSWORD)
    assert expired.post(form, TYPED).status_code == 303
    assert Interaction.objects.get().summary == SUMMARY
    assert kept(expired).status_code == 404


def test_it_may_be_thrown_away(expired, form):
    send(expired, form)
    attempt(expired, PASSWORD)
    expired.post(reverse("account_kept_form"))
    assert kept(expired).status_code == 404


def test_somebody_else_who_logs_in_there_reads_nothing_and_it_is_gone(expired, form, theo):
    theo.set_password(PASSWORD)
    theo.save()
    send(expired, form)
    answer = attempt(expired, PASSWORD, "theo")
    assert answer.headers["Location"] == "/"
    assert kept(expired).status_code == 404
    expired.post(reverse("account_logout"))
    attempt(expired, PASSWORD)
    assert kept(expired).status_code == 404


def test_what_a_rule_refused_is_filled_in_again_on_its_own_page_alone(keen, form):
    browser = log_in()
    later = TYPED | {"at": (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")}
    refused = browser.post(form, later, headers={"Referer": f"http://testserver{form}"})
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "What you typed is kept" in page
    assert f'href="{form}">Back to the form' in page
    page = browser.get(form)
    assert dict(page.context["kept"].fields)["summary"] == [SUMMARY]
    assert "kept-fields" in page.content.decode()
    assert 'id="kept"' not in browser.get("/").content.decode()
    browser.post(form, TYPED | {"at": timezone.localtime().strftime("%Y-%m-%dT%H:%M")})
    assert kept(browser).status_code == 404


def test_it_is_kept_for_half_an_hour(expired, form, clock):
    send(expired, form)
    clock.shift(timedelta(minutes=31))
    attempt(expired, PASSWORD)
    assert kept(expired).status_code == 404


def test_it_lies_there_sealed(expired, form):
    send(expired, form)
    for row in Session.objects.all():
        assert "Ascona" not in str(row.get_decoded())


def test_a_session_that_is_gone_altogether_loses_nothing_on_a_known_device(keen, form):
    browser = log_in()
    Session.objects.all().delete()  # ended from elsewhere, or twelve hours old
    send(browser, form)
    attempt(browser, PASSWORD)
    assert "house in Ascona" in kept(browser).content.decode()


def test_a_stranger_fills_no_table_with_it(db, form):
    stranger = Browser()
    send(stranger, form)
    assert not Session.objects.exists()


def test_a_password_is_never_kept(keen, clock):
    browser = log_in()
    clock.shift(timedelta(minutes=16))
    browser.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "x", "password2": "x"}
    )
    assert "kept" not in browser.session


@pytest.mark.parametrize("said", ["//evil.example/x", "/%5cevil.example", "/nowhere/of/ours/"])
def test_no_page_but_ours_is_led_back_to(expired, form, said):
    expired.post(form, TYPED, headers={"Referer": f"http://testserver{said}"})
    assert attempt(expired, PASSWORD).headers["Location"] == form


def test_a_page_that_was_kept_is_looked_at_again(expired, form):
    send(expired, form)
    owner = key_of("rita")
    session = expired.session
    what = {"path": form, "page": "//evil.example/x", "fields": [], "files": []}
    session["kept"] = seal("kept form", {"of": owner, "what": what})
    session.save()
    assert "evil" not in attempt(expired, PASSWORD).headers["Location"]


@pytest.mark.parametrize("switch", ["/screen/", "/identifiers/born/1/", "/accounts/logout/"])
def test_no_switch_takes_the_place_of_the_form(expired, form, switch):
    send(expired, form)
    expired.post(switch, {"to": "shown"})
    attempt(expired, PASSWORD)
    assert "house in Ascona" in kept(expired).content.decode()


def test_a_hidden_screen_shows_nothing_of_it(expired, form):
    send(expired, form)
    attempt(expired, PASSWORD)
    expired.post("/screen/", {"to": "hidden", "next": form})
    assert "Ascona" not in expired.get(form).content.decode()
    assert kept(expired).status_code == 409
    expired.post("/screen/", {"to": "shown", "next": form})
    assert "house in Ascona" in expired.get(form).content.decode()


def test_htmx_loses_nothing_either(expired, form):
    send(expired, form, **{"HX-Request": "true"})
    attempt(expired, PASSWORD)
    assert "house in Ascona" in kept(expired).content.decode()


def test_it_comes_back_after_the_second_factor_too(with_app, form, clock):
    from tests.staff.comers import code

    browser = Browser()
    attempt(browser, PASSWORD)
    browser.post(reverse("mfa_authenticate"), {"code": code()})
    clock.shift(timedelta(minutes=16))
    send(browser, form)
    attempt(browser, PASSWORD)
    answer = browser.post(reverse("mfa_authenticate"), {"code": code()})
    assert answer.headers["Location"] == form
    assert "house in Ascona" in kept(browser).content.decode()


def test_a_replayed_form_of_somebody_else_is_refused_and_tells_nothing(expired, form, otto, page_of):
    """Otto sends what Rita's form carried: the client is not there for him."""
    answer = send(page_of(otto), form)
    assert answer.status_code == 404
    assert "Ascona" not in answer.content.decode()


def submit(page):
    form = page.locator("main form", has=page.locator("[name=summary]"))
    form.locator("button[type=submit]").first.click()


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_rita_finds_her_note_in_its_form_again(visit, transactional_db, script):
    cast = make_cast()
    cast.rita.set_password(PASSWORD)
    cast.rita.save()
    form = reverse("clients:interaction_new", args=[cast.anna.pk])
    page = visit(None, "/accounts/login/", script=script)
    page.fill("[name=login]", "rita")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url(inside)
    page.goto(form)
    page.fill("[name=summary]", LINE)
    Session.objects.all().delete()
    submit(page)
    page.wait_for_url("**/accounts/login/**")
    expect(page.get_by_text("is kept for half an hour")).to_be_visible()
    page.fill("[name=login]", "rita")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url(f"**{form}")
    assert not Interaction.objects.exists()
    if script:
        expect(page.locator("[name=summary]")).to_have_value(LINE)
        expect(page.get_by_text("is back in the form")).to_be_visible()
        stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
        assert "Ascona" not in stored
        page.locator("main form", has=page.locator("[name=summary]")).locator(
            "button[type=submit]"
        ).first.click()
    else:
        page.get_by_role("link", name="Show all of it").click()
        expect(page.locator("[name=summary]")).to_have_value(LINE)
        page.get_by_role("button", name="Send it").click()
    page.wait_for_load_state()
    assert Interaction.objects.get().summary == LINE
    assert page.complaints == []
    assert settings.SESSION_COOKIE_NAME in {cookie["name"] for cookie in page.context.cookies()}
