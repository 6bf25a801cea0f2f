"""Step-up: whoever finds a screen unlocked does none of this; the person is asked once, and led back."""

import json
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse
from rest_framework.authtoken.models import Token

from audit.models import AuditEvent
from clients.models import ClientGrant
from staff.login.confirmation import asked_by, demand
from staff.models import BookMember
from tests.staff.comers import PASSWORD, code, log_in
from ui.refusals import Unconfirmed


@pytest.fixture
def stale(keen, clock):
    """Rita's browser, eleven minutes after she logged in."""
    browser = log_in()
    clock.shift(timedelta(minutes=11))
    return browser


def confirm(browser, password=PASSWORD, **more):
    return browser.post(reverse("account_reauthenticate"), {"password": password, **more})


def test_what_takes_it_is_refused_until_the_password_is_given_again(stale):
    answer = stale.post(reverse("account_token_new"), headers={"Referer": "http://testserver/accounts/"})
    assert answer.headers["Location"] == "/accounts/reauthenticate/?next=%2Faccounts%2F"
    assert not Token.objects.exists()
    back = confirm(stale, next="/accounts/")
    assert back.headers["Location"] == "/accounts/"
    assert not Token.objects.exists()  # nothing is done by itself
    assert stale.post(reverse("account_token_new")).status_code == 200
    assert Token.objects.exists()


def test_a_wrong_password_confirms_nothing(stale):
    confirm(stale, "wrong password here")
    assert stale.post(reverse("account_token_new")).status_code == 303
    assert not Token.objects.exists()


def test_it_lasts_ten_minutes_and_the_login_counts(keen, clock):
    browser = log_in()
    clock.shift(timedelta(minutes=10))
    assert browser.post(reverse("account_token_new")).status_code == 200
    clock.shift(timedelta(seconds=1))
    assert browser.post(reverse("account_token_new")).status_code == 303


def test_a_clock_put_back_does_not_prolong_it(keen, page_of, clock):
    browser = page_of(keen)
    session = browser.session
    session["confirmed"] += 3600
    session.save()
    assert browser.post(reverse("account_token_new")).status_code == 303


def test_htmx_is_led_there_too(stale):
    answer = stale.post(reverse("account_token_new"), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"][:25]) == (204, "/accounts/reauthenticate/")


def test_a_code_confirms_as_well_and_a_wrong_one_does_not(with_app, page_of, clock):
    browser = page_of(with_app)
    clock.shift(timedelta(minutes=11))
    for typed, status in (("000000", 303), (code(), 200)):
        browser.post(reverse("mfa_reauthenticate"), {"code": typed})
        assert browser.post(reverse("account_token_new")).status_code == status


def test_both_are_in_the_audit(stale, keen):
    confirm(stale, "wrong password here")
    confirm(stale)
    told = AuditEvent.objects.filter(verb__contains="confirm").order_by("id")
    assert [(event.verb, event.by_id, event.payload) for event in told] == [
        ("confirmation failed", keen.pk, {"with": "password"}),
        ("confirmed who it is", keen.pk, {"with": "password"}),
    ]


def test_changing_a_factor_takes_it(stale, keen):
    Authenticator.objects.create(user=keen, type="totp", data={"secret": "x"})
    for name in ("mfa_deactivate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"):
        for method in (stale.get, stale.post):
            assert method(reverse(name)).headers["Location"].startswith("/accounts/reauthenticate/"), name
    assert Authenticator.objects.count() == 1


def test_the_api_is_told_in_a_word_a_program_reads(keen, page_of, rf):
    from rmcrm.middleware import Answers

    request = rf.post("/api/v1/anything/")
    request.user, request.session = keen, {}
    answer = Answers(None).process_exception(request, Unconfirmed())
    assert (answer.status_code, json.loads(answer.content)["code"]) == (403, "confirmation_required")


def test_a_key_to_the_api_is_never_confirmed(rf, db):
    request = rf.post("/api/v1/anything/")
    request.session = {}
    with asked_by(request), pytest.raises(Unconfirmed):
        demand()


def test_the_verbs_that_take_it():
    """The list, so that none is lost unseen: in the code it is one word on the lock."""
    found = {}
    for room in ("rulebook", "clients", "compliance", "onboarding", "staff", "cockpit"):
        for path in sorted((Path(settings.BASE_DIR) / room).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            found |= dict.fromkeys(re.findall(r"step_up=True,?\s*\)\s*def (\w+)", source), room)
    assert found == {
        "activate_pack": "rulebook",
        "break_glass": "compliance",
        "certify": "compliance",
        "decide_override": "compliance",
        "confirm_barrier": "compliance",
        "ask_deletion": "compliance",
        "confirm_deletion": "compliance",
        "confirm_end": "onboarding",
        "confirm_lift": "compliance",
        "ask_undo": "onboarding",
        "make_token": "staff",
        "start_password": "staff",
        "release_brake": "clients",
        "lend_client": "clients",
        "cover_book": "clients",
        "confirm_export": "compliance",
        "confirm_handover": "cockpit",
        "confirm_person_change": "staff",
        "disable_person": "staff",
    }


def test_lending_a_file_and_covering_a_book_take_it_and_nothing_typed_is_lost(stale, anna, otto):
    days = {"first_on": "2026-11-21", "last_on": "2026-11-23", "to": otto.pk}
    book = anna.book_id
    for page, typed, made in (
        (
            reverse("clients:lending", args=[anna.pk]),
            days | {"purpose": "opinion", "reason": "A second pair of eyes"},
            ClientGrant.objects,
        ),
        (
            reverse("clients:covers"),
            days | {"book_id": book, "reason": "holidays"},
            BookMember.objects.filter(role="deputy"),
        ),
    ):
        asked = stale.post(page, typed, headers={"Referer": f"http://testserver{page}"})
        assert asked.headers["Location"] == f"/accounts/reauthenticate/?next={quote(page, safe='')}"
        assert not made.exists()
        confirm(stale, next=page)
        assert 'id="kept"' not in stale.get("/").content.decode(), "only its own page speaks of it"
        kept = dict(stale.get(page).context["kept"].fields)
        assert kept == {name: [str(value)] for name, value in typed.items()}
        assert stale.post(page, kept).status_code == 303
        assert made.count() == 1
        session = stale.session
        session["confirmed"] -= 3600
        session.save()


def test_a_button_has_nothing_typed_and_leaves_no_word_behind(stale):
    page = reverse("clients:brake")
    asked = stale.post(page, headers={"Referer": f"http://testserver{page}"})
    assert "/reauthenticate/" in asked.headers["Location"]
    assert 'id="kept"' not in stale.get(asked.headers["Location"]).content.decode()
    confirm(stale, next=page)
    assert "Nothing was done yet: do it now." in stale.get(page).content.decode()
    for each in (page, "/"):
        assert 'id="kept"' not in stale.get(each).content.decode()
    assert "kept" not in stale.session


@pytest.mark.parametrize("browser", ["stale", "fresh"])
def test_a_rule_pack_comes_into_force_by_who_has_just_shown_who_it_is(cast, page_of, browser):
    from tests.house.stage import Stage

    stage = Stage(cast)
    cast.cora.set_password(PASSWORD)
    cast.cora.save()
    cora = page_of(cast.cora)
    if browser == "stale":
        session = cora.session
        del session["confirmed"]
        session.save()
    answer = cora.post(reverse("rulebook:activation", args=[stage.draft.pk]), {"seen": "x"})
    asked = "/reauthenticate/" in answer.headers.get("Location", "")
    assert asked == (browser == "stale")


def test_who_has_no_way_to_confirm_is_told_what_to_do(sven_browser):
    answer = sven_browser.post(reverse("account_token_new"))
    assert answer.status_code == 403
    assert "log out, log in" in answer.content.decode()


@pytest.fixture
def sven_browser(cast, page_of):
    """Without a password and without a factor: he comes by the bank's identity provider."""
    browser: Browser = page_of(cast.otto)
    session = browser.session
    del session["confirmed"]
    session.save()
    return browser
