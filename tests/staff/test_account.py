"""My account: where one is logged in, and how it ends; the key to the API."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from django.urls import reverse
from rest_framework.authtoken.models import Token

from audit.models import AuditEvent
from staff.models import LoginSession
from staff.tasks import forget
from tests.staff.comers import PASSWORD, PHONE, account_page, is_in, log_in


def page(browser):
    """The account, without what happened to the login: that tells of sessions of before too."""
    return account_page(browser).partition('aria-labelledby="notices"')[0]


def row_of(browser):
    return LoginSession.objects.get(pk=browser.session["row"])


def test_one_sees_where_one_is_logged_in(keen):
    desk, _phone = log_in(), log_in(PHONE, "10.0.0.2")
    shown = page(desk)
    for words in ("Edge, Windows", "10.0.0.1", "Safari, iPhone", "10.0.0.2"):
        assert words in shown
    assert shown.count("This one") == 1


def test_one_session_is_ended_from_another_at_the_next_click(keen):
    desk, phone = log_in(), log_in(PHONE)
    desk.post(reverse("account_session_end", args=[row_of(phone).pk]))
    assert (is_in(desk), is_in(phone)) == (True, False)
    assert AuditEvent.objects.filter(verb="session ended", by_id=keen.pk).count() == 1


def test_all_others_are_ended_and_this_one_stays(keen):
    desk, others = log_in(), [log_in(PHONE), log_in(PHONE)]
    desk.post(reverse("account_sessions_end"))
    assert is_in(desk)
    assert not any(map(is_in, others))


def test_nobody_ends_a_colleagues_session(keen, otto, page_of):
    desk = log_in()
    page_of(otto).post(reverse("account_session_end", args=[row_of(desk).pk]))
    page_of(otto).post(reverse("account_sessions_of"), {"login": "rita"})
    assert is_in(desk)


def test_but_an_administrator_does_and_it_is_recorded(keen, ada, page_of):
    desk = log_in()
    page_of(ada).post(reverse("account_sessions_of"), {"login": "rita"})
    assert not is_in(desk)
    event = AuditEvent.objects.get(verb="sessions ended by an administrator")
    assert (event.by_id, event.payload) == (ada.pk, {"person": keen.pk})


def test_and_so_does_the_command_line_with_a_reason(keen):
    desk = log_in()
    call_command("end_sessions", "rita", why="Device lost, ticket 7")
    assert not is_in(desk)
    assert AuditEvent.objects.get(verb="sessions ended by an administrator").why == "Device lost, ticket 7"
    with pytest.raises(CommandError):
        call_command("end_sessions", "nobody", why="x")


@pytest.mark.parametrize("way", ["an administrator", "end_sessions", "revoke_factors"])
def test_whoever_is_shut_out_comes_in_by_no_api_token_either(keen, ada, page_of, way):
    key = Token.objects.create(user=keen).key
    if way == "an administrator":
        page_of(ada).post(reverse("account_sessions_of"), {"login": "rita"})
    else:
        call_command(way, "rita", why="Device lost, ticket 7")
    assert opens(key) == 401
    assert AuditEvent.objects.filter(subject_id=keen.pk, payload__tokens_ended=1).count() == 1


def test_ending_the_others_keeps_the_key_and_the_page_says_so(keen):
    desk, _phone = log_in(), log_in(PHONE)
    key = Token.objects.create(user=keen).key
    assert "Your key to the API stays." in page(desk)
    desk.post(reverse("account_sessions_end"))
    assert opens(key) == 200


def test_a_new_password_ends_the_others_and_keeps_this_one_and_its_line(keen):
    desk, phone = log_in(), log_in(PHONE)
    typed = {"oldpassword": PASSWORD, "password1": "quite-another-9173", "password2": "quite-another-9173"}
    assert desk.post(reverse("account_change_password"), typed).status_code == 302
    assert (is_in(desk), is_in(phone)) == (True, False)
    assert row_of(desk).session_key == desk.session.session_key
    assert "This one" in page(desk)
    assert "iPhone" not in page(desk)


def test_a_new_role_ends_what_was_begun_with_the_old(keen):
    desk = log_in()
    keen.role = "assistant"
    keen.save()
    assert not is_in(desk)


def test_logging_out_takes_the_line_along_and_empties_the_browser(keen):
    desk = log_in()
    answer = desk.post(reverse("account_logout"))
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not LoginSession.objects.exists()
    assert (
        not Session.objects.filter(session_key=desk.cookies["sessionid"].value).exists()
        if "sessionid" in desk.cookies
        else True
    )


def test_so_does_a_session_that_is_over(keen, clock):
    desk = log_in()
    clock.shift(timedelta(minutes=16))
    answer = desk.get("/clients/")
    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (302, '"cache", "storage"')


def test_a_clock_put_back_ends_the_session_instead_of_prolonging_it(keen, clock):
    desk = log_in()
    clock.shift(timedelta(minutes=10))
    assert is_in(desk)
    clock.shift(timedelta(hours=-1))
    assert not is_in(desk)


def test_two_servers_may_differ_by_a_minute(keen, clock):
    desk = log_in()
    clock.shift(timedelta(seconds=-50))
    assert is_in(desk)


def test_over_sessions_are_not_shown_and_are_forgotten(keen, clock):
    log_in(PHONE)
    clock.shift(timedelta(minutes=30))
    desk = log_in()
    assert "iPhone" not in page(desk)
    clock.shift(timedelta(hours=13))
    forget()
    assert not LoginSession.objects.exists()
    assert not Session.objects.exists()


# --- the key to the API ------------------------------------------------------------------------------------


def opens(key):
    return Browser().get("/api/v1/clients/", headers={"Authorization": f"Token {key}"}).status_code


def test_a_key_is_made_shown_once_and_removed(keen):
    desk = log_in()
    answer = desk.post(reverse("account_token_new"))
    key = Token.objects.get(user=keen).key
    assert key in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    assert key not in page(desk)
    assert opens(key) == 200
    desk.post(reverse("account_token_new"))
    assert opens(key) == 401
    key = Token.objects.get(user=keen).key
    desk.post(reverse("account_token_removal"))
    assert opens(key) == 401
    verbs = AuditEvent.objects.filter(verb__startswith="API token").values_list("verb", flat=True)
    assert sorted(verbs) == ["API token made", "API token made", "API token removed"]
    assert key not in str(list(AuditEvent.objects.values("payload", "why")))


def test_the_key_of_who_is_disabled_opens_nothing(keen):
    key = Token.objects.create(user=keen).key
    assert opens(key) == 200
    keen.is_active = False
    keen.save()
    assert opens(key) == 401


def test_the_page_costs_what_it_costs(keen, django_assert_num_queries):
    desk = log_in()
    page(desk)
    with django_assert_num_queries(12):
        page(desk)
    for _ in range(5):
        log_in(PHONE)
    with django_assert_num_queries(12):
        page(desk)
