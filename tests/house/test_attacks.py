"""What an attacker would try: Otto next door, an RM curious about compliance, somebody who reads our logs."""

import json
import logging
import sys

import pytest
from django.db import IntegrityError
from django.test import Client as Browser
from django.utils import timezone

from alerts.models import Alert, Delivery
from audit.models import AuditEvent
from clients.models import Client, Interaction
from staff.models import BookMember
from staff.night import night_shift
from staff.roles import May, Role
from tests.cast import make_client, make_person


def hits_alert(client, **fields):
    """The alert that only compliance gets: somebody on this file looks like someone on a sanctions list."""
    facts = {"hits": 2, "score": 97}
    return Alert.objects.create(
        **{"client": client, "rule": "compliance.hits_open", "subject_id": client.pk, "occurrence": "7",
           "urgency": 2, "due_on": timezone.localdate(), "facts": facts} | fields
    )  # fmt: skip


def hand_over(cast):
    BookMember.objects.filter(book=cast.rita_book).delete()


# --- what is for compliance alone ------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.RM, Role.TEAM_LEAD, Role.AUDITOR])
def test_the_file_does_not_tell_of_an_alert_for_compliance(page_of, cast, role):
    """Tipping off (EU AMLR Art. 73): an RM may know that a check is open, not that a list has the name."""
    hits_alert(cast.anna)
    person = {Role.RM: cast.rita, Role.TEAM_LEAD: cast.theo}.get(role) or make_person("audra", role)
    page = page_of(person).get(f"/clients/{cast.anna.pk}/").content.decode()
    assert "Anna Keller" in page
    assert "screening hit" not in page
    assert "Screening hit" not in page
    assert "screening hit" in page_of(cast.cora).get(f"/clients/{cast.anna.pk}/").content.decode()


@pytest.mark.parametrize("what", ["dismissal", "snooze"])
def test_an_rm_neither_finds_nor_dismisses_an_alert_for_compliance(page_of, cast, what):
    alert = hits_alert(cast.anna)
    sent = {"reason": "wrong", "until": "2099-01-01"}
    answer = page_of(cast.rita).post(f"/alerts/{alert.pk}/{what}/", sent)
    missing = page_of(cast.rita).post(f"/alerts/{alert.pk + 999}/{what}/", sent)
    assert (answer.status_code, missing.status_code) == (404, 404)
    alert.refresh_from_db()
    assert alert.closed_at is None
    assert page_of(cast.cora).post(f"/alerts/{alert.pk}/dismissal/", {"reason": "wrong"}).status_code == 303


def test_an_rm_does_not_reopen_what_compliance_dismissed(page_of, cast):
    alert = hits_alert(cast.anna, closed_at=timezone.now(), closed_why="dismissed", closed_by=cast.cora)
    answer = page_of(cast.rita).post(f"/alerts/{alert.pk}/dismissal/", {"undo": "1"})
    assert answer.status_code == 404


def test_an_officer_who_becomes_an_rm_keeps_no_alert_for_compliance(page_of, cast):
    alert = hits_alert(cast.anna)
    Delivery.objects.create(alert=alert, recipient=cast.rita, channel=Delivery.Channel.INBOX)
    assert "Anna" not in page_of(cast.rita).get("/inbox/").content.decode()


def test_the_team_board_counts_no_alert_for_compliance(page_of, cast):
    from dashboards.selectors.team import team

    hits_alert(cast.anna, urgency=1)
    assert [row.late for row in team(cast.theo, timezone.now()).rows] == [0]


def test_only_officers_read_that_a_list_made_the_rating(page_of, cast):
    from compliance.models import KycFile

    KycFile.objects.update_or_create(
        client=cast.anna,
        defaults={
            "next_review_on": cast.anna.kyc_due_on,
            "rating": "high",
            "rating_reasons": ["sanctions_match", "pep"],
            "source_of_funds": "salary",
            "facts_at": timezone.now(),
        },
    )
    url = f"/compliance/clients/{cast.anna.pk}/"
    told, officer = page_of(cast.rita).get(url).content.decode(), page_of(cast.cora).get(url).content.decode()
    assert "match with a sanctions list" in officer
    assert "match with a sanctions list" not in told
    assert "politically exposed" in told
    assert "A compliance check: high" in told


# --- the place in a list ---------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["/clients/", "/api/v1/clients/"])
def test_a_foreign_client_is_no_place_in_a_list(page_of, cast, url):
    """Else after=7 would tell between which of my clients the foreign name, or its wealth, stands."""
    make_client("Zora Zimmer", cast.rita_book)
    otto = page_of(cast.rita)
    foreign = otto.get(url, {"after": cast.omar.pk})
    missing = otto.get(url, {"after": 999_999})
    shown = [
        event.payload["clients"] for event in AuditEvent.objects.filter(verb="list shown").order_by("id")
    ]
    assert foreign.status_code == missing.status_code == 200
    assert shown[-1] == shown[-2]
    assert cast.anna.pk in shown[-1]


# --- asked again -----------------------------------------------------------------------------------------


def send(browser, client):
    return browser.post(
        f"/api/v1/clients/{client.pk}/interactions/",
        json.dumps({"channel": "call", "purpose": "service", "summary": "Sells the house in Ascona"}),
        content_type="application/json",
        headers={"Idempotency-Key": "one"},
    )


def test_an_answer_is_not_given_again_to_who_has_lost_the_client(page_of, cast):
    assert send(page_of(cast.rita), cast.anna).status_code == 201
    hand_over(cast)
    again = send(page_of(cast.rita), cast.anna)
    assert again.status_code == 404
    assert "Ascona" not in again.content.decode()
    assert Interaction.objects.count() == 1


def test_an_answer_given_again_is_an_opening_in_the_audit(page_of, cast):
    send(page_of(cast.rita), cast.anna)
    before = AuditEvent.objects.filter(client_id=cast.anna.pk).count()
    assert send(page_of(cast.rita), cast.anna).status_code == 201
    assert AuditEvent.objects.filter(client_id=cast.anna.pk).count() == before + 1


# --- what the audit and the logs hold --------------------------------------------------------------------


def test_dismissed_alerts_at_the_foot_of_the_inbox_are_recorded_as_shown(page_of, cast):
    Alert.objects.create(
        client=cast.anna, rule="compliance.kyc_due", subject_id=cast.anna.pk, occurrence="1", urgency=1,
        due_on=timezone.localdate(), facts={"due": "2026-01-01", "late": True},
        closed_at=timezone.now(), closed_why="dismissed", closed_by=cast.rita,
    )  # fmt: skip
    assert "Anna Keller" in page_of(cast.rita).get("/inbox/").content.decode()
    assert AuditEvent.objects.filter(verb="list shown").latest("id").payload["clients"] == [cast.anna.pk]


def test_nobody_writes_into_the_audit_by_an_address(page_of, cast):
    page_of(cast.rita).get(f"/clients/{cast.anna.pk}/", {"why": "Anna Keller asked me to"})
    page_of(cast.cora).get(f"/clients/{cast.anna.pk}/", {"why": "interaction"})
    opened = AuditEvent.objects.filter(verb="file opened").order_by("id").values_list("why", flat=True)
    assert list(opened) == ["", "interaction"]


def logged(error):
    from rmcrm.logs import WithoutValues

    try:
        raise error
    except Exception:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "Failed: %s", ("/x/",), sys.exc_info())
    record.exc_text = "cached by another formatter: Anna Keller"
    return WithoutValues("%(name)s %(message)s").format(record)


def test_a_log_shows_where_it_broke_and_no_value_of_a_client():
    """PostgreSQL says in its DETAIL what it was given, and Django logs what is not caught."""
    text = logged(IntegrityError("duplicate key\nDETAIL:  Key (name)=(Anna Keller) already exists."))
    assert "Anna" not in text
    assert "django.db.utils.IntegrityError" in text
    assert "test_attacks.py" in text
    assert "in logged" in text
    assert "x Failed: /x/" in text


def test_nor_does_the_cause_of_an_error_in_a_log():
    told = "Key (name)=(Anna Keller)"  # a line of code may stand in a log, a value may not
    try:
        try:
            raise IntegrityError(told)
        except IntegrityError as cause:
            raise ValueError(told) from cause
    except ValueError as error:
        text = logged(error)
    assert "Anna" not in text
    assert "ValueError" in text
    assert "IntegrityError" in text


def test_celery_tells_an_error_twice_and_neither_time_its_values():
    from rmcrm.logs import WithoutValues

    told = {"id": "1", "name": "alerts.tasks.look", "exc": "IntegrityError('Anna')", "traceback": "… Anna"}
    record = logging.LogRecord(
        "celery.app.trace",
        logging.ERROR,
        __file__,
        1,
        "Task %(name)s raised: %(exc)s\n%(traceback)s",
        None,
        None,
    )
    record.args = told
    text = WithoutValues("%(message)s").format(record)
    assert "alerts.tasks.look" in text
    assert "Anna" not in text
    assert told["exc"] == "IntegrityError('Anna')"  # other handlers get theirs


def test_every_handler_of_ours_logs_without_values(settings):
    kinds = {each.get("()") for each in settings.LOGGING["formatters"].values()}
    assert kinds == {"rmcrm.logs.WithoutValues"}
    assert {each["formatter"] for each in settings.LOGGING["handlers"].values()} <= set(
        settings.LOGGING["formatters"]
    )


def test_who_comes_and_who_tries_is_recorded_and_not_what_was_typed(client, cast, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    cast.rita.set_password("correct horse battery staple")
    cast.rita.save()
    for login, password in (("rita", "hunter2-hunter2"), ("nobody", "hunter2-hunter2"), ("rita\x00", "x"),
                            ("rita", "correct horse battery staple")):  # fmt: skip
        client.post("/accounts/login/", {"login": login, "password": password})
    client.post("/accounts/logout/")
    told = AuditEvent.objects.filter(verb__contains="log").order_by("id")
    assert [(event.verb, event.by_login, event.subject_id) for event in told] == [
        ("login failed", "", cast.rita.pk),
        ("login failed", "", None),
        ("logged in", "rita", cast.rita.pk),
        ("logged out", "rita", cast.rita.pk),
    ]
    assert "hunter2" not in str(list(told.values()))
    assert all(event.ip for event in told)


@pytest.mark.parametrize(
    "url", ["/accounts/login/", "/accounts/logout/", "/clients/views/", "/alerts/1/snooze/"]
)
def test_no_form_is_taken_from_another_site(cast, url):
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(cast.rita)
    assert browser.post(url, {}, headers={"HX-Request": "true"}).status_code == 403


def test_nor_is_an_api_call_of_a_session(cast):
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(cast.rita)
    assert send(browser, cast.anna).status_code == 403
    assert Interaction.objects.count() == 0


# --- malformed on purpose --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("/clients/views/", {"name": "x", "page": "clients:list", "form_key": "a\x00b"}),
        ("/clients/views/", {"name": "x", "page": "clients:list", "query": "a=1\r\nX-Mine: 1"}),
        ("/clients/views/", {"name": "x\x00", "page": "clients:list"}),
        ("/clients/{anna}/tasks/new/", {"title": "x\x00", "due_on": "2099-01-01", "kind": "call"}),
        ("/reviews/", {"client": "9" * 30}),
        (
            "/clients/{anna}/interactions/new/",
            {"channel": "call", "purpose": "service", "summary": "x", "late_reason": "x"}
            | {"at": "0001-01-01T00:00:00+14:00"},
        ),
        ("/alerts/{big}/dismissal/", {"reason": "x\x00"}),
        ("/opportunities/{big}/stage/", {"to": "\x00", "seen": "\x00"}),
        ("/opportunities/clients/{anna}/", {"product_kind": "\x00"}),
        ("/compliance/consents/{big}/withdrawal/", {}),
        ("/clients/tasks/{big}/completion/", {"back": "\x00"}),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_no_form_breaks_the_house(page_of, cast, url, sent, htmx):
    headers = {"HX-Request": "true"} if htmx else {}
    url = url.format(anna=cast.anna.pk, big="9" * 30)
    answer = page_of(cast.rita).post(url, sent, headers=headers)
    assert answer.status_code < 500
    assert "X-Mine" not in answer.headers


@pytest.mark.parametrize(
    "address",
    [
        "/clients/?name=%00&book=99999999999999999999&after=99999999999999999999",
        "/clients/?sort=book__team&domicile=%00%00",
        "/search/?q=%00%00",
        "/clients/{anna}/?why=%00",
        "/clients/{big}/",
        "/clients/{anna}/documents/{big}/",
        "/needs/{anna}/?step=%00",
        "/opportunities/?owner={big}&stage=%00&view=list",
        "/inbox/?rule=%00&urgency=9",
        "/team/books/{big}/duties/?only=%00",
        "/jobs/{big}/",
        "/portfolios/{anna}/?on=0001-01-01",
        "/portfolios/{anna}/?on=%00",
        "/day/clients/{anna}/call/?back=%00",
        "/reviews/?due=%00",
        "/api/v1/clients/?after={big}",
        "/api/v1/clients/{big}/holdings/",
        "/compliance/interactions/?until_on=9999-12-31",
        "/compliance/reviews/?month=9999-12-31&since=0001-01-01",
        "/compliance/reports/risk/?country=%00&team=9&by=%27",
        "/compliance/access/?until_on=9999-12-31",
        "/compliance/clients/{anna}/ownership/?on=0001-01-01",
        "/compliance/clients/{anna}/access/?at=%00",
        "/compliance/clients/{anna}/access/?at=0001-01-01T00:00:00%2B14:00",
        "/clients/{anna}/history/?at=9999-12-31T23:59:59.999999-14:00",
        "/compliance/access/people/{big}/?at=99999999999&after={big}",
    ],
)
@pytest.mark.parametrize("person", ["rita", "theo", "cora"])
def test_no_address_breaks_the_house(page_of, cast, address, person):
    answer = page_of(getattr(cast, person)).get(address.format(anna=cast.anna.pk, big="9" * 30))
    assert answer.status_code < 500


def test_foreign_and_missing_are_told_apart_by_nothing(page_of, cast):
    """Body and headers alike, for every way to ask; a page holds its address, so numbers are as long."""
    otto, nobody = page_of(cast.otto), int("9" * len(str(cast.anna.pk)))
    assert not Client.objects.filter(pk=nobody).exists()
    for path in ("/clients/{}/", "/portfolios/{}/", "/compliance/clients/{}/", "/api/v1/clients/{}/"):
        foreign, missing = (otto.get(path.format(pk)) for pk in (cast.anna.pk, nobody))
        assert foreign.status_code == missing.status_code == 404
        assert set(foreign.headers) == set(missing.headers)
        assert len(foreign.content) == len(missing.content)


# --- rights ----------------------------------------------------------------------------------------------


def test_the_night_shift_decides_nothing_about_a_client():
    """It looks, screens, values, rates by figures that two people put in force, and lets papers expire; it
    carries out on its day what two people decided; what people answer for, people do."""
    night = {permission for permission in May if night_shift().may(permission)}
    assert night == {
        May.ALERTS_WORK,
        May.SCREENING_RUN,
        May.PORTFOLIOS_VALUE,
        May.CLIENTS_RATE,
        May.ONBOARDING_WATCH,
        May.HANDOVERS_SETTLE,
    }


def test_the_administrator_finds_no_client_by_any_list(page_of, cast):
    ada = page_of(cast.ada)
    assert Client.objects.visible_to(cast.ada).count() == 0
    for path in ("/clients/", "/search/?q=anna", "/inbox/", "/outbox/", "/compliance/kyc/", "/onboarding/"):
        assert "Anna" not in ada.get(path).content.decode()
