"""Guessing: what an attacker gets, and that the rightful person comes in all the same (security.md T12)."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import Client as Browser
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from audit.models import AuditEvent
from staff import rules
from staff.login import throttle
from staff.models import LoginAttempt
from tests.drills import DRILL, tell
from tests.staff.comers import LOGIN, PASSWORD, attempt


def address(number):
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def from_address(number):
    return Browser(REMOTE_ADDR=address(number))


def known_browser(number=9):
    """A browser from which Rita has logged in before; she is logged out by now."""
    browser = from_address(number)
    assert attempt(browser, PASSWORD).status_code == 302
    browser.post("/accounts/logout/")
    return browser


def request_from(number):
    return RequestFactory().post(LOGIN, REMOTE_ADDR=address(number))


def evaluated(clock, tries, *, per_second, ask):
    """When each of so many tries was looked at, in seconds since the first; None left out."""
    times = []
    for number in range(tries):
        try:
            ask(number)
        except throttle.TooOften:
            pass
        else:
            times.append(number / per_second)
        clock.shift(timedelta(seconds=1 / per_second))
    tell("T12", tries=tries, looked_at=len(times))
    return times


def most_in(times, seconds):
    return max(sum(start <= at < start + seconds for at in times) for start in times)


TRIES = 10_000 if DRILL else 400  # the rest of them reads as these do


# --- ten thousand tries -----------------------------------------------------------------------------------


def test_ten_thousand_tries_from_one_address_are_ten_in_a_quarter_of_an_hour(db, clock):
    request = request_from(1)
    times = evaluated(clock, TRIES, per_second=1 / 3, ask=lambda _: throttle.spend(request, "rita"))
    assert most_in(times, 15 * 60) == 10
    assert len(times) <= 10 * (TRIES * 3 / (15 * 60) + 1)


def test_ten_thousand_tries_from_a_thousand_addresses_are_sixty_an_hour(db, clock):
    requests = [request_from(number) for number in range(1000)]
    times = evaluated(
        clock, TRIES, per_second=1 / 10, ask=lambda n: throttle.spend(requests[n % 1000], "rita")
    )
    assert most_in(times, 60 * 60) == 60  # the target is a hundred


def test_a_thousand_logins_from_one_address_are_a_hundred_in_a_quarter_of_an_hour(db, clock):
    request = request_from(1)
    times = evaluated(
        clock, TRIES, per_second=1 / 3, ask=lambda n: throttle.spend(request, f"nobody{n % 1000}")
    )
    assert most_in(times, 15 * 60) == 100


def test_ten_thousand_codes_are_five_in_five_minutes_wherever_they_come_from(db, clock):
    requests = [request_from(number) for number in range(1000)]

    def ask(number):
        throttle.spend(requests[number % 1000], "rita", LoginAttempt.Kind.CODE)

    times = evaluated(clock, TRIES, per_second=1 / 3, ask=ask)
    assert most_in(times, 5 * 60) == 5


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_are_not_all_the_first():
    passed = []

    def ask(request):
        try:
            throttle.spend(request, "rita")
            passed.append(1)
        except throttle.TooOften:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask, args=[request_from(1)]) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 5


# --- at the page itself -----------------------------------------------------------------------------------


def looked_at():
    return AuditEvent.objects.filter(verb="login failed").count()


def test_the_page_looks_at_no_more_than_that_and_says_when_to_come_back(keen, clock):
    before, browser = looked_at(), from_address(1)
    told = [attempt(browser).content.decode() for _ in range(40)]
    assert looked_at() - before == 5
    assert "Wait 5 minutes" in told[-1]
    assert attempt(browser, PASSWORD).status_code == 200  # nor at the right one
    clock.shift(timedelta(minutes=5, seconds=1))
    assert attempt(browser, PASSWORD).status_code == 302


def test_the_rightful_person_comes_in_on_a_known_device_whatever_others_try(keen, clock):
    at_home = known_browser()
    for number in range(100):
        attempt(from_address(1000 + number))
    assert attempt(from_address(5000), PASSWORD).status_code == 200  # unknown ones are shut out
    assert attempt(at_home, PASSWORD).status_code == 302  # and she is in at once


def test_a_known_device_is_no_way_round_the_limits(keen, clock):
    at_home, before = known_browser(), looked_at()
    for _ in range(40):
        attempt(at_home)
    assert looked_at() - before == 5


def test_a_device_is_known_for_its_own_people_only(keen, theo, clock):
    at_home, before = known_browser(), looked_at()
    for number in range(100):
        attempt(from_address(1000 + number), login="theo")
    assert looked_at() - before == 60
    attempt(at_home, login="theo")
    assert looked_at() - before == 60


def test_a_device_that_somebody_made_up_is_not_known(keen, clock):
    for number in range(60):
        attempt(from_address(1000 + number))
    forged = from_address(7)
    forged.cookies[settings.DEVICE_COOKIE_NAME] = "eyJhIjoiYiJ9:1vXyZ:forged"
    before = looked_at()
    attempt(forged)
    assert looked_at() == before


def test_a_forged_forwarded_address_changes_nothing(keen, clock):
    before, browser = looked_at(), from_address(1)
    for number in range(40):
        attempt(browser, **{"X-Forwarded-For": f"192.0.2.{number}", "Forwarded": f"for=192.0.2.{number}"})
    assert looked_at() - before == 5


def test_redis_may_be_flushed_meanwhile(keen, clock):
    before, browser = looked_at(), from_address(1)
    for _ in range(20):
        attempt(browser)
        cache.clear()
    assert looked_at() - before == 5


def test_who_is_right_pays_nothing(keen, clock):
    browser = from_address(1)
    for _ in range(20):
        assert attempt(browser, PASSWORD).status_code == 302
        browser.post("/accounts/logout/")
    assert not LoginAttempt.objects.exists()


def test_a_clock_put_back_forgives_nothing(keen, clock):
    browser = from_address(1)
    for _ in range(5):
        attempt(browser)
    clock.shift(timedelta(hours=-3))
    before = looked_at()
    attempt(browser)
    assert looked_at() == before


def test_the_old_password_is_not_guessed_at_the_page_that_changes_it_either(keen, page_of, clock):
    browser = page_of(keen)
    typed = {"password1": "quite-another-9173", "password2": "quite-another-9173"}
    for number in range(5):
        browser.post("/accounts/password/", typed | {"oldpassword": f"guess {number}"})
    assert browser.post("/accounts/password/", typed | {"oldpassword": PASSWORD}).status_code == 200


def test_the_audit_is_told_once_and_not_ten_thousand_times(keen, clock):
    for _ in range(60):
        attempt(from_address(1))
    told = AuditEvent.objects.filter(verb="login throttled")
    assert [(event.subject_id, event.payload) for event in told] == [(keen.pk, {"with": "password"})]


def test_what_is_kept_of_a_try_is_no_login_and_no_password(keen, clock):
    attempt(from_address(1), password="hunter2-hunter2", login="hunter2-hunter2")
    assert "hunter2" not in str(list(LoginAttempt.objects.values()))


# --- the rule ---------------------------------------------------------------------------------------------

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@given(st.lists(st.integers(min_value=0, max_value=7200), max_size=120))
def test_no_window_ever_holds_more_than_its_tries(seconds):
    """Whatever moments are tried: a try is made only where the rule says there is no wait."""
    made = []
    for second in sorted(seconds):
        now = NOON + timedelta(seconds=second)
        if not rules.wait(made, rules.PER_PLACE, now):
            made.append(now)
    for tries, span in rules.PER_PLACE:
        for start in made:
            assert sum(start <= at < start + span for at in made) <= tries


def test_the_wait_ends_when_the_rule_says():
    made = [NOON] * 5
    assert rules.wait(made, rules.PER_PLACE, NOON) == timedelta(minutes=5)
    assert rules.wait(made, rules.PER_PLACE, NOON + timedelta(minutes=5)) == timedelta()
