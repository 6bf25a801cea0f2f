"""Who is in, for how long: the session's clock, the login and its throttle."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

PASSWORD = "correct horse battery staple"
PAGE = "/clients/"
LOGIN = "/accounts/login/"


@pytest.fixture
def clock():
    """Time stands still until it is shifted."""
    with time_machine.travel(datetime(2026, 11, 21, 8, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _own_counters(settings):
    """Tries at the login are counted in the cache; each test has its own."""
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "tries"}
    }
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def keen(rita):
    """Rita, with a password."""
    rita.set_password(PASSWORD)
    rita.save()
    return rita


def is_in(browser, **headers):
    answer = browser.get(PAGE, headers=headers)
    assert answer.status_code in (200, 302)
    return answer.status_code == 200


def minutes(many, seconds=0):
    return timedelta(minutes=many, seconds=seconds)


# --- the clock -------------------------------------------------------------------------------------------


def test_fifteen_idle_minutes_and_the_session_is_over(clock, page_of, rita):
    browser = page_of(rita)
    assert is_in(browser)
    clock.shift(minutes(15))
    assert is_in(browser)
    clock.shift(minutes(15, 1))
    assert not is_in(browser)
    assert not is_in(browser)


def test_twelve_hours_in_all_however_busy(clock, page_of, rita):
    browser = page_of(rita)
    assert is_in(browser)
    for _ in range(48):
        clock.shift(minutes(15))
        assert is_in(browser)
    clock.shift(minutes(0, 1))
    assert not is_in(browser)


def test_the_session_is_written_at_most_once_a_minute(clock, page_of, rita):
    browser = page_of(rita)
    is_in(browser)

    def writes():
        with CaptureQueriesContext(connection) as asked:
            assert is_in(browser)
        return sum("UPDATE" in query["sql"] and "django_session" in query["sql"] for query in asked)

    clock.shift(minutes(0, 59))
    assert writes() == 0
    clock.shift(minutes(0, 1))
    assert writes() == 1
    assert writes() == 0


def test_a_page_that_asks_by_itself_prolongs_nothing(clock, page_of, rita):
    browser = page_of(rita)
    assert is_in(browser)
    for _ in range(3):
        clock.shift(minutes(5))
        assert is_in(browser, **{"X-Poll": "1"})
    clock.shift(minutes(0, 1))
    assert not is_in(browser, **{"X-Poll": "1"})
    assert not is_in(browser)


def test_who_is_disabled_is_out_at_the_next_request(page_of, rita):
    browser = page_of(rita)
    assert is_in(browser)
    rita.is_active = False
    rita.save()
    assert not is_in(browser)


def test_a_new_password_ends_the_sessions_elsewhere(page_of, keen):
    browser = page_of(keen)
    assert is_in(browser)
    keen.set_password(PASSWORD + "!")
    keen.save()
    assert not is_in(browser)


# --- logging in and out ----------------------------------------------------------------------------------


def log_in(browser, login, password):
    return browser.post(LOGIN, {"login": login, "password": password})


def test_a_login_makes_a_new_session_and_leaves_nothing_of_the_old(keen):
    browser = Browser()
    session = browser.session
    session["planted"] = "by somebody else"
    session.save()
    planted = session.session_key
    browser.cookies[_cookie()] = planted
    assert log_in(browser, "rita", PASSWORD).status_code == 302
    assert browser.cookies[_cookie()].value != planted
    assert not Session.objects.filter(session_key=planted).exists()
    assert is_in(browser)


def _cookie():
    from django.conf import settings

    return settings.SESSION_COOKIE_NAME


def test_the_cookies_are_out_of_reach_of_scripts_and_other_sites(keen):
    browser = Browser()
    browser.get(LOGIN)
    log_in(browser, "rita", PASSWORD)
    assert len(browser.cookies) == 3  # session, forms, the device
    for cookie in browser.cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


def shown(answer, login):
    """What the login page says, without what differs in every page."""
    assert answer.status_code == 200
    text = re.sub(r'(csrfmiddlewaretoken" value=|nonce=|X-CSRFToken": )"[^"]*"', "", answer.content.decode())
    return text.replace(login, "LOGIN")


def test_an_unknown_login_and_a_wrong_password_read_the_same(keen):
    unknown = shown(log_in(Browser(), "nobody", "wrong password here"), "nobody")
    wrong = shown(log_in(Browser(), "rita", "wrong password here"), "rita")
    assert unknown == wrong
    assert "password" in wrong


def test_a_disabled_person_is_not_let_in(keen):
    keen.is_active = False
    keen.save()
    browser = Browser()
    log_in(browser, "rita", PASSWORD)
    assert not is_in(browser)


def test_guessing_is_throttled_even_when_the_guess_is_right_at_last(keen):
    for _ in range(5):
        log_in(Browser(), "rita", "wrong password here")
    browser = Browser()
    answer = log_in(browser, "rita", PASSWORD)
    assert answer.status_code in (200, 429)
    assert not is_in(browser)


def test_one_guesser_does_not_shut_out_a_colleague_elsewhere(keen, theo):
    theo.set_password(PASSWORD)
    theo.save()
    for _ in range(5):
        log_in(Browser(REMOTE_ADDR="10.0.0.9"), "rita", "wrong password here")
    browser = Browser(REMOTE_ADDR="10.0.0.10")
    assert log_in(browser, "theo", PASSWORD).status_code == 302
    assert is_in(browser)


def test_logging_out_takes_a_post_and_removes_the_session(page_of, rita):
    browser = page_of(rita)
    assert is_in(browser)
    key = browser.cookies[_cookie()].value
    assert browser.get(reverse("account_logout")).status_code == 200
    assert is_in(browser)
    browser.post(reverse("account_logout"))
    assert not is_in(browser)
    assert not Session.objects.filter(session_key=key).exists()


def test_after_login_one_comes_to_where_one_wanted_and_nowhere_else(keen):
    wanted = Browser().get("/clients/?segment=hnw")
    assert wanted.headers["Location"] == "/accounts/login/?next=/clients/%3Fsegment%3Dhnw"
    for target, lands in (
        ("/clients/", "/clients/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
    ):
        answer = Browser().post(LOGIN, {"login": "rita", "password": PASSWORD, "next": target})
        assert answer.headers["Location"] == lands
