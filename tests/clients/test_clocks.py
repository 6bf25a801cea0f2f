"""Times are typed and told by the clock of who asks, and stored by one clock for all."""

import io
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from alerts.actions import look_at_everything
from alerts.models import Alert
from alerts.selectors import show_alerts
from clients.models import Interaction
from compliance.actions.auditing import days, told_days
from compliance.forms import MomentForm
from compliance.models import KycFile
from jobs import registry
from jobs.actions import ask, run_due
from jobs.registry import Kind
from onboarding.actions import approve_onboarding
from onboarding.actions.imports import ask_check
from staff.models import Team
from tests.onboarding.imports import NORA, errors, upload
from tests.onboarding.stage import submitted
from ui.formats import told_day

WINTER, SUMMER = datetime(2026, 11, 30, 14, 10, tzinfo=UTC), datetime(2027, 7, 1, 13, 10, tzinfo=UTC)
CONTACT = {"channel": "call", "purpose": "service", "summary": "Talked"}


def log(page, client, at):
    return page.post(
        reverse("clients:interaction_new", args=[client.pk]), CONTACT | {"at": at, "form_key": at}
    )


@pytest.mark.parametrize("now", [WINTER, SUMMER])
def test_a_call_of_just_now_in_zurich_is_not_in_the_future(cast, page_of, now):
    """In either half of the year it is ten past three there."""
    cast.rita.team.time_zone = "Europe/Zurich"
    cast.rita.team.save()
    with time_machine.travel(now, tick=False):
        page = page_of(cast.rita)
        assert log(page, cast.anna, f"{now:%Y-%m-%d}T15:05").status_code == 303
        assert Interaction.objects.get().at == now - timedelta(minutes=5)
        file = page.get(reverse("clients:interactions", args=[cast.anna.pk])).content.decode()
        assert "15:05" in file
        later = log(page, cast.anna, f"{now:%Y-%m-%d}T15:25")
        assert "A contact in the future" in later.content.decode()
    assert timezone.get_current_timezone_name() == "UTC", "nothing is left for the next request"


def test_who_belongs_to_no_team_lives_by_the_clock_of_the_bank(cast, page_of, settings):
    Interaction.objects.create(
        client=cast.anna, by=cast.rita, at=WINTER, channel="call", purpose="service", summary="Talked"
    )
    url = reverse("clients:interactions", args=[cast.anna.pk])
    with time_machine.travel(WINTER + timedelta(hours=2), tick=False):
        assert "14:10" in page_of(cast.cora).get(url).content.decode()
        settings.CLOCK = "Asia/Singapore"
        assert "22:10" in page_of(cast.cora).get(url).content.decode()


def test_a_day_begins_where_the_person_is(cast, page_of):
    """At half past eleven in London it is tomorrow in Singapore."""
    cast.rita.team.time_zone = "Asia/Singapore"
    cast.rita.team.save()
    with time_machine.travel(datetime(2026, 11, 30, 23, 30, tzinfo=UTC), tick=False):
        assert "1 December 2026" in page_of(cast.rita).get("/").content.decode()
        assert "30 November 2026" in page_of(cast.otto).get("/").content.decode()


def test_a_worker_counts_days_and_tells_times_as_the_person_who_asked_would(cast):
    """At half past eleven in London it is tomorrow in Tokyo: a client of today's is of no day to come."""
    cast.cora.team = Team.objects.create(name="Compliance", time_zone="Asia/Tokyo")
    cast.cora.save()
    with time_machine.travel(datetime(2026, 11, 30, 23, 30, tzinfo=UTC), tick=False):
        found = upload(cast.cora, NORA.replace("01.02.2015", "01.12.2026"))
        ask_check(None, by=cast.cora, import_id=found.pk)
        run_due()
        found.refresh_from_db()
        assert (found.state, errors(found)) == ("checked", [])
    assert timezone.get_current_timezone_name() == "UTC", "nothing is left for the next job"


def test_a_job_of_nobody_goes_by_the_one_clock_of_all(cast, monkeypatch):
    told = []
    tell = Kind(lambda job: told.append(timezone.get_current_timezone_name()))
    monkeypatch.setitem(registry.kinds(), "tests.tell", tell)
    monkeypatch.setitem(registry.kinds(), "tests.by_night", Kind(tell.do, by_night=True))
    cast.rita.team.time_zone = "Asia/Tokyo"
    cast.rita.team.save()
    ask("tests.tell", "1")
    ask("tests.tell", "2", person_id=cast.rita.pk)
    ask("tests.by_night", "3", person_id=cast.rita.pk)
    run_due()
    assert sorted(told) == ["Asia/Tokyo", "UTC", "UTC"]


def test_the_history_of_a_file_tells_times_as_its_page_does(cast, page_of):
    cast.cora.team = Team.objects.create(name="Compliance", time_zone="Asia/Tokyo")
    cast.cora.save()
    KycFile.objects.create(client=cast.anna, facts_at=WINTER, next_review_on=WINTER.date())
    page = page_of(cast.cora).get(reverse("file_history", args=[cast.anna.pk])).content.decode()
    assert "23:10" in page
    assert "14:10" not in page


@pytest.mark.parametrize("name", ["report_risk_sheet", "report_risk_paper"])
def test_a_report_that_leaves_is_marked_by_the_clock_of_who_takes_it(cast, page_of, name):
    cast.cora.team = Team.objects.create(name="Compliance", time_zone="Asia/Tokyo")
    cast.cora.save()
    with time_machine.travel(WINTER, tick=False):
        body = page_of(cast.cora).get(reverse(f"compliance:{name}")).content
    if name.endswith("sheet"):
        parts = zipfile.ZipFile(io.BytesIO(body))
        text = parts.read("docProps/core.xml").decode() + parts.read("xl/worksheets/sheet1.xml").decode()
    else:
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    assert "23:10" in text
    assert "14:10" not in text


def test_an_instant_is_typed_by_the_clock_by_which_it_is_told():
    """Its field said UTC and took what was typed for local: what was told was of nine hours before."""
    begins, late = WINTER - timedelta(days=1), datetime(2026, 11, 30, 14, 5, 7, tzinfo=UTC)
    with timezone.override("Asia/Tokyo"):
        now = MomentForm(QueryDict(), begins=begins, now=WINTER)
        assert now.moment == WINTER
        assert 'value="2026-11-30T23:10:00"' in str(now["at"])
        then = MomentForm(QueryDict("at=2026-11-30T23:05:07"), begins=begins, now=WINTER)
        assert then.moment == late
        assert 'value="2026-11-30T23:05:07"' in str(then["at"])
        early = MomentForm(QueryDict("at=2026-11-29T23:09:00"), begins=begins, now=WINTER)
        assert early.moment is None
        assert "29 Nov 2026, 23:10" in str(early.errors)


def test_the_page_of_who_could_see_a_file_names_its_clock(cast, page_of):
    cast.cora.team = Team.objects.create(name="Compliance", time_zone="Asia/Tokyo")
    cast.cora.save()
    for name, about in (("compliance:client_access", cast.anna.pk), ("file_history", cast.anna.pk)):
        page = page_of(cast.cora).get(reverse(name, args=[about])).content.decode()
        assert "Asia/Tokyo" in page
        assert "UTC" not in page


def test_days_of_the_audit_are_those_of_who_asks():
    with timezone.override("Asia/Tokyo"):
        begin, end = days(date(2026, 12, 1), date(2026, 12, 2))
        assert told_days(date(2026, 12, 1), date(2026, 12, 2)).endswith("by the clock of Asia/Tokyo")
    assert (begin, end) == (
        datetime(2026, 11, 30, 15, tzinfo=UTC),
        datetime(2026, 12, 2, 15, tzinfo=UTC),
    )


def test_an_alert_tells_of_a_day_by_the_clock_of_who_reads_it(cast, page_of):
    """At half past seven in Singapore it said that it was approved yesterday."""
    cast.rita.team.time_zone = "Asia/Singapore"
    cast.rita.team.save()
    with time_machine.travel(datetime(2026, 11, 30, 23, 30, tzinfo=UTC), tick=False):
        approve_onboarding(submitted(cast), by=cast.theo)
        look_at_everything(timezone.localdate())
        alert = Alert.objects.get(rule="onboarding.decided")
        assert alert.due_on == date(2026, 12, 1)
        assert "approved on 1 Dec 2026" in page_of(cast.rita).get("/inbox/").content.decode()
        assert look_at_everything(timezone.localdate()) == 0
        assert told_day(alert.facts["on"]) == "30 Nov 2026", "by the clock of London"
    assert told_day("2026-11-30") == "30 Nov 2026", "a day is a day everywhere"


def test_what_is_due_today_was_not_due_where_it_is_today_still(cast):
    """Half past seven in the evening of its last day, in New York."""
    alert = Alert(
        rule="compliance.kyc_due", client=cast.anna, subject_id=cast.anna.pk, urgency=1,
        due_on=date(2026, 11, 30), facts={"due": "2026-11-30", "late": True},
    )  # fmt: skip
    with time_machine.travel(datetime(2026, 12, 1, 0, 30, tzinfo=UTC), tick=False):
        assert "was due on 30 Nov" in show_alerts([alert])[0].sentence
        with timezone.override("America/New_York"):
            assert "is due on 30 Nov" in show_alerts([alert])[0].sentence
