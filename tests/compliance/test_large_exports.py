"""A file with many clients in it leaves the house when a second person has confirmed it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from compliance.models import LargeExport
from compliance.selectors.auditing import clients_in
from jobs.actions import run_due
from jobs.models import Job
from staff.roles import Role
from tests.cast import browser_of, make_person
from tests.compliance.stage import large_from

PAGE, EXPORTS = reverse("compliance:audit"), reverse("compliance:audit_export")


@pytest.fixture
def few(cast):
    """More than one client is many; two of them were opened today."""
    large_from(1)
    for person, client in ((cast.rita, cast.anna), (cast.otto, cast.omar)):
        assert browser_of(person).get(f"/clients/{client.pk}/").status_code == 200
    return cast


def asked(person, **fields):
    today = timezone.localdate().isoformat()
    told = {"since": today, "until": today, "reason": "The supervisor asks", "form_key": person.login}
    return browser_of(person).post(EXPORTS, told | fields)


def confirm(person, export):
    return browser_of(person).post(reverse("compliance:export_confirmation", args=[export.pk]))


def end(person, export):
    return browser_of(person).post(reverse("compliance:export_end", args=[export.pk]))


def texts(answer):
    return answer.content.decode()


def test_above_the_figure_it_is_asked_for_and_made_for_its_asker_when_confirmed(few):
    clea, udo = make_person("clea", Role.COMPLIANCE), make_person("udo", Role.AUDITOR)
    answer = asked(udo, reason="")
    assert answer.status_code == 409
    assert "More than 1 clients are in it: say why" in texts(answer)
    assert asked(udo).status_code == 303
    export = LargeExport.objects.get()
    assert not Job.objects.filter(kind="compliance.audit_export").exists()
    assert "Take back" in texts(browser_of(udo).get(PAGE))
    assert "Confirm" in texts(browser_of(clea).get(PAGE))
    assert confirm(clea, export).status_code == 303
    job = Job.objects.get(kind="compliance.audit_export")
    assert (job.person_id, job.args["confirmed_by"]) == (udo.pk, clea.pk)
    run_due()
    job.refresh_from_db()
    assert job.state == "done", job.error
    said = set(AuditEvent.objects.filter(by_id__in=[udo.pk, clea.pk]).values_list("verb", "by_login"))
    assert {("audit export asked for", "udo"), ("large export confirmed", "clea")} <= said
    assert confirm(few.cora, export).status_code == 409


def test_below_it_is_made_at_once(few):
    large_from(10_000)
    assert asked(few.cora, reason="").status_code == 303
    assert Job.objects.filter(kind="compliance.audit_export").exists()
    assert not LargeExport.objects.exists()


def test_a_regulator_pack_carries_the_same_days_and_waits_too(few):
    told = {
        "at": timezone.now().isoformat(),
        "since": "2026-01-01",
        "until": timezone.localdate().isoformat(),
    }
    url = reverse("file_pack", args=[few.anna.pk])
    answer = browser_of(few.cora).post(url, told | {"reason": "The supervisor asks"})
    assert answer.status_code == 303, texts(answer)
    export = LargeExport.objects.get()
    clea = make_person("clea", Role.COMPLIANCE)
    page = texts(browser_of(clea).get(PAGE))
    assert "Regulator pack" in page
    assert few.anna.number not in page
    assert confirm(clea, export).status_code == 303
    assert Job.objects.get(kind="dashboards.regulator_pack").person_id == few.cora.pk


def test_who_asked_never_confirms_whatever_the_role_today(few):
    udo = make_person("udo", Role.AUDITOR)
    asked(udo)
    export = LargeExport.objects.get()
    assert confirm(udo, export).status_code == 403
    udo.role = Role.COMPLIANCE
    udo.save()
    assert "a second person confirms" in texts(confirm(udo, export))
    again = make_person("udo2", Role.COMPLIANCE)
    again.email = udo.email
    again.save()
    assert confirm(again, export).status_code == 409
    answer = confirm(few.cora, export)  # made for whom he was when he asked
    assert "changed since it was asked for" in texts(answer)
    export.state, export.decided_by = "confirmed", udo
    with pytest.raises(IntegrityError), transaction.atomic():
        export.save()


def test_it_is_refused_taken_back_and_is_nobody_elses(few):
    asked(few.cora)
    export = LargeExport.objects.get()
    udo = make_person("udo", Role.AUDITOR)
    assert end(udo, export).status_code == 404
    assert "The supervisor asks" not in texts(browser_of(udo).get(PAGE))
    assert end(few.cora, export).status_code == 303
    export.refresh_from_db()
    assert export.state == "withdrawn"
    assert confirm(make_person("clea", Role.COMPLIANCE), export).status_code == 409
    assert "Withdrawn" in texts(browser_of(few.cora).get(PAGE))


def test_whom_a_list_showed_counts_as_well(cast):
    now = timezone.now()
    assert browser_of(cast.cora).get("/clients/").status_code == 200
    assert clients_in(now, now + timedelta(hours=1), 10_000) == 2
    assert clients_in(now, now + timedelta(hours=1), 0) == 1  # counted no further than needed
