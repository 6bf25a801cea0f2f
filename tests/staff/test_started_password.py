"""A password that nobody else knows: an administrator starts it, its owner sets it with a mailed code."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from django.urls import reverse
from rest_framework.authtoken.models import Token

from alerts.models import Mail
from audit.models import AuditEvent
from jobs.actions import run_due
from jobs.models import Job
from staff.login.codes import LENGTH, SIGNS, hashed, new_code, plain
from staff.login.starting import make_code
from staff.models import LoginNotice, PasswordCode, User
from staff.tasks import forget
from tests.cast import make_cast
from tests.staff.comers import PASSWORD, attempt, is_in, log_in

NEW = "four other words of hers"
CODE = re.compile(r"\b(?:[a-z2-9]{4}-){5}[a-z2-9]{4}\b")


@pytest.fixture
def with_mail(keen):
    keen.email = "rita@bank.example"
    keen.save()
    return keen


def start(page_of, ada, login="rita"):
    """An administrator asks for it, and a worker does it."""
    answer = page_of(ada).post(reverse("account_password_of"), {"login": login})
    run_due()
    return answer


def code_in(message):
    return CODE.search(message.body)[0]


def send(code, *, login="rita", password=NEW, again=None, browser=None):
    typed = {"login": login, "code": code, "password1": password, "password2": again or password}
    return (browser or Browser()).post(reverse("account_password_start"), typed)


def test_whoever_forgot_sets_a_new_one_with_a_code_that_only_she_gets(with_mail, ada, page_of):
    desk, key = log_in(), Token.objects.create(user=with_mail).key
    answer = start(page_of, ada)
    assert answer.status_code == 303
    (message,) = mail.outbox
    assert message.to == ["rita@bank.example"]
    code = code_in(message)
    assert send(code).headers["Location"] == reverse("account_login")
    assert not is_in(desk)  # whoever had the old one is out
    assert not Token.objects.filter(key=key).exists()
    assert attempt(Browser(), PASSWORD).status_code == 200
    assert attempt(Browser(), NEW).status_code == 302


def test_the_administrator_never_sees_the_code_and_chooses_nothing(with_mail, ada, page_of):
    """Not on the page, not in the outbox that administrators read, not in the audit, not in the database."""
    browser = page_of(ada)
    page = browser.post(reverse("account_password_of"), {"login": "rita"}, follow=True)
    run_due()
    code = code_in(mail.outbox[0])
    assert "on its way" in page.content.decode()
    form = browser.get(reverse("account_password_of")).content.decode()
    assert 'type="password"' not in form
    places = [page.content.decode(), browser.get(reverse("outbox")).content.decode()]
    places += [
        str(list(AuditEvent.objects.values("payload", "why", "source"))),
        str(list(Mail.objects.values())),
    ]
    places += [
        str(list(Job.objects.values())),
        str(list(PasswordCode.objects.values())),
        str(list(LoginNotice.objects.values())),
    ]
    for text in places:
        assert code not in text
        assert plain(code) not in text
    told = AuditEvent.objects.get(verb="password started by an administrator")
    assert (told.by_id, told.payload) == (ada.pk, {"person": with_mail.pk})


def test_a_code_is_random_long_and_kept_as_a_hash(with_mail, ada, page_of):
    codes = {new_code() for _ in range(50)}
    assert len(codes) == 50
    assert all(len(plain(code)) == LENGTH and set(plain(code)) <= set(SIGNS) for code in codes)
    assert len(SIGNS) ** LENGTH >= 2**112  # so a plain hash keeps it (V6.5.2)
    start(page_of, ada)
    assert PasswordCode.objects.get().digest == hashed(code_in(mail.outbox[0]))


def test_it_works_once_and_for_half_an_hour_and_is_no_password(with_mail, ada, page_of, clock):
    start(page_of, ada)
    code = code_in(mail.outbox[0])
    assert attempt(Browser(), code).status_code == 200  # nobody logs in with it
    assert send(code).status_code == 303
    assert send(code, password="and another of hers 1").status_code == 422
    start(page_of, ada)
    late = code_in(mail.outbox[1])
    clock.shift(timedelta(minutes=30, seconds=1))
    assert send(late).status_code == 422
    forget()
    assert not PasswordCode.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_tests_transaction_a_wrong_code_is_recorded_and_the_right_one_works():
    rita = make_cast().rita
    code = make_code(rita)
    assert send(new_code()).status_code == 422
    assert AuditEvent.objects.filter(verb="password code refused", subject_id=rita.pk).exists()
    assert send(code, password="too short").status_code == 422
    assert send(code).status_code == 303
    assert User.objects.get(pk=rita.pk).check_password(NEW)


def test_a_second_one_takes_the_place_of_the_first(with_mail, ada, page_of):
    start(page_of, ada)
    start(page_of, ada)
    first, second = map(code_in, mail.outbox)
    assert send(first).status_code == 422
    assert send(second).status_code == 303


def test_a_code_ends_with_the_password_that_its_owner_changes_meanwhile(with_mail, ada, page_of):
    """Who changes it fears that somebody knows it; whoever reads the mail has nothing to undo that with."""
    start(page_of, ada)
    desk, typed = log_in(), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert desk.post(reverse("account_change_password"), typed).status_code == 302
    assert send(code_in(mail.outbox[0]), password="words of somebody else now").status_code == 422
    assert attempt(Browser(), NEW).status_code == 302


def test_it_leads_round_no_second_factor(with_app, ada, page_of):
    with_app.email = "rita@bank.example"
    with_app.save()
    start(page_of, ada)
    browser = Browser()
    send(code_in(mail.outbox[0]), browser=browser)
    assert not is_in(browser)
    assert attempt(browser, NEW).headers["Location"] == reverse("mfa_authenticate")
    assert not is_in(browser)


def test_the_code_of_one_opens_nothing_of_another(with_mail, theo, ada, page_of):
    start(page_of, ada)
    code = code_in(mail.outbox[0])
    assert send(code, login="theo").status_code == 422
    assert send(code, login="nobody").status_code == 422
    assert send(new_code()).status_code == 422
    assert send(code.upper().replace("-", " ")).status_code == 303  # as people type


@pytest.mark.parametrize(
    "bad", ["too short", "passwordpassword", "Rita Relationship 1", "rita rita rita rita"]
)
def test_a_bad_password_is_refused_and_the_code_stays_good(with_mail, ada, page_of, bad):
    User.objects.filter(pk=with_mail.pk).update(name="Rita Relationship")
    start(page_of, ada)
    code = code_in(mail.outbox[0])
    answer = send(code, password=bad)
    assert (answer.status_code, "invalid-feedback" in answer.content.decode()) == (422, True)
    assert send(code, again="another one of hers").status_code == 422
    assert send(code).status_code == 303


def test_nobody_learns_by_it_who_works_here(with_mail, ada, page_of):
    """The same words and the same questions to the database: with a code waiting, without one, unknown."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    start(page_of, ada)
    told = {}
    for login in ("rita", "theo", "nobody"):
        with CaptureQueriesContext(connection) as queries:
            answer = send(new_code(), login=login, browser=Browser(REMOTE_ADDR="10.3.3.3"))
        page = re.sub(
            r'(csrfmiddlewaretoken" value=|nonce=|X-CSRFToken": )"[^"]*"', "", answer.content.decode()
        )
        page = re.sub(r'name="code" value="[^"]*"', "", page)
        asked = [re.sub(r"\d+", "?", query["sql"])[:40] for query in queries]
        told[login] = (answer.status_code, page.replace(login, "LOGIN"), asked)
    assert told["rita"] == told["theo"] == told["nobody"]


def test_guessing_is_counted_as_at_the_login(with_mail, ada, page_of, clock):
    start(page_of, ada)
    code, browser = code_in(mail.outbox[0]), Browser(REMOTE_ADDR="10.3.3.4")
    for _ in range(5):
        send(new_code(), browser=browser)
    assert "Too many tries" in send(code, browser=browser).content.decode()
    clock.shift(timedelta(minutes=5, seconds=1))
    assert send(code, browser=browser).status_code == 303


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"email": ""}, "No mail address"),
        ({"is_active": False}, "disabled"),
    ],
)
def test_who_can_get_none_is_told_so(with_mail, ada, page_of, change, says):
    User.objects.filter(pk=with_mail.pk).update(**change)
    answer = start(page_of, ada)
    assert (answer.status_code, says in answer.content.decode()) == (409, True)
    assert not mail.outbox


def test_where_no_mail_leaves_nothing_is_started(with_mail, ada, page_of, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert start(page_of, ada).status_code == 409
    assert not Job.objects.exists()


def test_while_the_mail_server_is_away_there_is_no_code_and_later_one(
    with_mail, ada, page_of, settings, clock
):
    ours = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", 9
    start(page_of, ada)
    assert not PasswordCode.objects.exists()
    settings.EMAIL_BACKEND = ours
    clock.shift(timedelta(minutes=1))
    run_due()
    assert send(code_in(mail.outbox[0])).status_code == 303


def test_who_left_meanwhile_gets_none(with_mail, ada, page_of):
    page_of(ada).post(reverse("account_password_of"), {"login": "rita"})
    User.objects.filter(pk=with_mail.pk).update(is_active=False)
    run_due()
    assert not mail.outbox
    assert not PasswordCode.objects.exists()


def test_only_an_administrator_starts_it_and_has_shown_who_it_is(with_mail, theo, ada, page_of):
    assert start(page_of, theo).status_code == 403
    stale = page_of(ada)
    session = stale.session
    del session["confirmed"]
    session.save()
    answer = stale.post(reverse("account_password_of"), {"login": "rita"})
    assert answer.status_code == 403  # she has no password here: log out, log in
    assert not Job.objects.exists()


# --- at the command line -----------------------------------------------------------------------------------


def test_somebody_new_comes_in_with_nobodys_password_but_the_own(db):
    call_command(
        "make_person", "nina", name="Nina New", role="rm", email="nina@bank.example", why="HR 12",
    )  # fmt: skip
    run_due()
    nina = User.objects.get(login="nina")
    assert not nina.has_usable_password()
    assert send(code_in(mail.outbox[0]), login="nina").status_code == 303
    assert attempt(Browser(), NEW, "nina").status_code == 302
    told = AuditEvent.objects.filter(subject_id=nina.pk).order_by("id").values_list("verb", "why")[:2]
    assert list(told) == [("person made", "HR 12"), ("password started by an administrator", "HR 12")]


@pytest.mark.parametrize(
    "wrong", [{"role": "king"}, {"email": "no address"}, {"team": 999_999}, {"name": ""}]
)
def test_nobody_is_made_of_what_is_no_person(db, wrong):
    given = {"name": "Nina New", "role": "rm", "email": "nina@bank.example", "why": "HR 12"} | wrong
    with pytest.raises(CommandError):
        call_command("make_person", "nina", **given)
    assert not User.objects.filter(login="nina").exists()
    assert not Job.objects.exists()


def test_whoever_comes_by_the_bank_gets_no_code(db):
    call_command("make_person", "sven", name="Sven", role="rm", by_bank=True, why="HR 13")
    assert not Job.objects.exists()


def test_a_demo_prints_the_code_and_nothing_else_does(keen, settings, capsys):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    with pytest.raises(CommandError, match="SMTP_HOST"):
        call_command("start_password", "rita", why="x")
    settings.DEMO = True
    call_command("start_password", "rita", why="x")
    assert send(CODE.search(capsys.readouterr().out)[0]).status_code == 303


def test_the_passwords_of_the_demo_are_made_in_no_bank(settings, tmp_path, db):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="start_password"):
        call_command("make_logins", file=tmp_path / "logins.json")
