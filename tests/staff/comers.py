"""How people come in, in the tests about it."""

from allauth.mfa.totp.internal import auth as totp
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

PASSWORD = "correct horse battery staple"
LOGIN = "/accounts/login/"
SECRET = "JBSWY3DPEHPK3PXP"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"


def attempt(browser, password="wrong password here", login="rita", **headers):
    return browser.post(LOGIN, {"login": login, "password": password}, headers=headers)


def log_in(agent=DESK, address="10.0.0.1", login="rita"):
    browser = Browser(REMOTE_ADDR=address, HTTP_USER_AGENT=agent)
    assert attempt(browser, PASSWORD, login).status_code == 302
    return browser


def is_in(browser):
    return browser.get("/clients/").status_code == 200


def account_page(browser):
    return browser.get(reverse("account")).content.decode()


def code(shift=0, secret=SECRET):
    counter = int(timezone.now().timestamp()) // 30 + shift
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def inside(url):
    """Where a browser is once it came in: no longer on a page about coming in."""
    return "/accounts/" not in url
