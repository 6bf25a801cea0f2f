"""What a person hears of the own login: on the account page, and by a mail that holds no secret."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from alerts.actions import write_login_mails
from alerts.models import Mail
from staff.login import recovery
from staff.models import LoginNotice
from staff.tasks import forget
from tests.staff.comers import PASSWORD, PHONE, account_page, attempt, code, log_in

What = LoginNotice.What


def told(person):
    return list(person.login_notices.order_by("at", "pk").values_list("what", flat=True))


def mails():
    write_login_mails(timezone.now())
    return list(Mail.objects.order_by("pk"))


@pytest.fixture
def with_mail(keen):
    keen.email = "rita@bank.example"
    keen.save()
    return keen


def test_a_login_on_a_device_that_was_not_known_is_told_once(with_mail):
    browser = log_in(PHONE, "10.0.0.2")
    browser.post(reverse("account_logout"))
    attempt(browser, PASSWORD)  # the same device again
    assert told(with_mail) == [What.DEVICE]
    shown = account_page(browser)
    for words in ("Log-in on a device that was not known", "Safari, iPhone", "10.0.0.2"):
        assert words in shown
    (one,) = mails()
    assert one.to == with_mail
    assert "Log-in on a device that was not known" in one.body
    assert reverse("account") in one.body
    assert not mails()[1:]  # each thing once


def test_a_new_password_is_told(with_mail):
    browser = log_in()
    typed = {"oldpassword": PASSWORD, "password1": "quite-another-9173", "password2": "quite-another-9173"}
    browser.post(reverse("account_change_password"), typed)
    assert told(with_mail)[-1] == What.PASSWORD
    (one,) = mails()  # both in one
    assert "Password changed" in one.body
    for secret in ("quite-another", PASSWORD, with_mail.login):
        assert secret not in one.body


def test_factors_that_come_and_go_and_codes_are_told(with_mail, clock):
    browser = log_in()
    secret = browser.get(reverse("mfa_activate_totp")).context["form"].secret
    browser.post(reverse("mfa_activate_totp"), {"code": code(1, secret)})
    browser.post(reverse("mfa_generate_recovery_codes"))
    codes = browser.get(reverse("mfa_view_recovery_codes")).context["codes"]
    browser.post(reverse("mfa_deactivate_totp"))
    browser.post(reverse("account_token_new"))
    assert told(with_mail) == [What.DEVICE, What.ADDED, What.CODES, What.REMOVED, What.TOKEN]
    text = str([(mail.subject, mail.body) for mail in mails()])
    for hidden in (secret, *codes):
        assert hidden not in text


def test_a_recovery_code_that_was_used_is_told(with_app, rf):
    request = rf.get("/")
    request.session = {}
    recovery.make(request, with_app)
    first = recovery.take_to_show(request, with_app)[0]
    browser = Browser()
    attempt(browser, PASSWORD)
    browser.post(reverse("mfa_authenticate"), {"code": first})
    assert told(with_app) == [What.CODE_USED, What.DEVICE]


def test_the_right_password_with_a_wrong_factor_is_told_once_an_hour(with_app, clock):
    browser = Browser(REMOTE_ADDR="10.6.6.6")
    attempt(browser, PASSWORD)
    for _ in range(3):
        browser.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert told(with_app) == [What.HALF]
    assert with_app.login_notices.get().address == "10.6.6.6"
    clock.shift(timedelta(minutes=61))
    attempt(browser, PASSWORD)
    browser.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert told(with_app) == [What.HALF, What.HALF]


def test_too_many_tries_are_told_afterwards_and_not_while_somebody_measures(with_mail, theo, clock):
    browser = Browser(REMOTE_ADDR="10.6.6.6")
    for login in ("rita", "nobody"):
        for _ in range(8):
            attempt(browser, login=login)
    assert told(with_mail) == []  # nothing at the login itself, which would take its time
    (one,) = mails()
    assert "Too many tries" in one.body
    assert (told(with_mail), told(theo)) == ([What.TRIES], [])
    mails()
    assert told(with_mail) == [What.TRIES]


def test_what_an_administrator_did_is_told_without_the_administrators_device(with_mail, ada, page_of):
    page_of(ada).post(reverse("account_password_of"), {"login": "rita"}, headers={"User-Agent": PHONE})
    Authenticator.objects.create(user=with_mail, type="totp", data={})
    call_command("revoke_factors", "rita", why="Phone lost, ticket 12")
    assert told(with_mail) == [What.STARTED, What.REVOKED]
    assert set(with_mail.login_notices.values_list("address", "system")) == {(None, "")}


def test_nobody_reads_anothers(with_mail, otto, page_of):
    log_in(PHONE, "10.0.0.2")
    assert "10.0.0.2" not in account_page(page_of(otto))


@pytest.mark.parametrize("change", [{"email": ""}, {"is_active": False}])
def test_without_an_address_and_to_who_left_no_mail_goes(with_mail, change):
    log_in()
    type(with_mail).objects.filter(pk=with_mail.pk).update(**change)
    assert mails() == []
    assert with_mail.login_notices.get().mailed_at  # nor later


def test_they_are_kept_for_three_months(keen, clock):
    log_in()
    clock.shift(timedelta(days=91))
    forget()
    assert not LoginNotice.objects.exists()
    assert "Nothing for three months" not in account_page(log_in())
