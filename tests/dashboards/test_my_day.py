"""My day: what is due, ranked, with reasons; a call logged from the row in two actions; the figures."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from alerts import actions as alerts
from alerts.models import Alert
from clients.actions import add_task
from clients.models import Client, Interaction
from dashboards import rules
from dashboards.selectors.my_day import ROWS, my_day
from opportunities.models import Opportunity
from retention.models import QuarterValue
from rulebook.days import quarter_end_before
from staff.roles import Role
from tests.alerts.test_look import TODAY, silence
from tests.cast import make_client, make_person


def day_of(person):
    return my_day(person, timezone.now())


def rows_of(person):
    return [(row.client.name, [line.sentence for line in row.lines]) for row in day_of(person).due]


def test_one_row_a_client_with_every_reason_the_weightiest_first(cast):
    silence(cast.anna)
    add_task(
        cast.anna, by=cast.rita, kind="document", title="Send the contract", due_on=TODAY(), promise=True
    )
    alerts.look_at_everything(TODAY())
    [(name, reasons)] = rows_of(cast.rita)
    assert name == "Anna Keller"
    assert reasons[0] == "Send the contract"  # a promise, and not again as the alert about it
    assert reasons[1].startswith("No contact since")
    assert len(reasons) == 2


def test_promises_before_who_may_leave_before_silence_before_tasks(cast):
    ines, paul, lea = (make_client(name, cast.rita_book) for name in ("Ines Frei", "Paul Egli", "Lea Roth"))
    silence(cast.anna)
    silence(ines, 400)
    Client.objects.filter(pk=ines.pk).update(state="dormant")
    Interaction.objects.create(
        client=ines, by=cast.rita, channel="call", purpose="complaint", at=timezone.now(), summary="Fees"
    )
    add_task(paul, by=cast.rita, kind="call", title="Call back", due_on=TODAY(), promise=True)
    add_task(lea, by=cast.rita, kind="document", title="File the letter", due_on=TODAY())
    alerts.look_at_everything(TODAY())
    assert [name for name, _reasons in rows_of(cast.rita)] == [
        "Paul Egli", "Ines Frei", "Anna Keller", "Lea Roth",
    ]  # fmt: skip


def test_today_s_meetings_stand_apart_by_the_hour_and_yesterday_s_unfinished_one_is_due(cast):
    begin = timezone.make_aware(datetime.combine(TODAY(), time(14)))
    for hours, title in ((0, "Afternoon"), (-5, "Morning"), (-24, "Yesterday"), (24, "Tomorrow")):
        at = begin + timedelta(hours=hours)
        add_task(cast.anna, by=cast.rita, kind="meeting", title=title, due_on=at.date(), starts_at=at)
    day = day_of(cast.rita)
    assert [meeting.title for meeting in day.meetings] == ["Morning", "Afternoon"]
    assert [line.sentence for row in day.due for line in row.lines] == ["Yesterday"]


def test_the_list_ends_where_a_day_ends_and_says_how_many_more(cast):
    for n in range(ROWS + 3):
        silence(make_client(f"Client {n}", cast.rita_book), 100 + n)
    alerts.look_at_everything(TODAY())
    day = day_of(cast.rita)
    assert (len(day.due), day.more) == (ROWS, 3)


def test_the_figures_say_compared_with_what(cast):
    month = TODAY().replace(day=1)
    Client.objects.filter(pk=cast.anna.pk).update(
        value=Decimal("110.00"), kyc_due_on=TODAY() - timedelta(days=1)
    )
    QuarterValue.objects.create(client=cast.anna, on=quarter_end_before(TODAY()), value=Decimal(100))
    last_month = rules.month_before(month)
    for day in (month, last_month, month - timedelta(days=1)):
        at = timezone.make_aware(datetime.combine(day, time(0, 5)))
        Interaction.objects.create(
            client=cast.anna, by=cast.rita, channel="call", purpose="service", at=at, summary="x"
        )
    Opportunity.objects.create(
        client=cast.anna, product_kind="fund", reason="goal", owner=cast.rita, value=5, currency="CHF"
    )
    figures = day_of(cast.rita).figures
    assert (figures.clients, figures.value, figures.value_change) == (1, Decimal("110.00"), 10.0)
    assert figures.contacts == 1
    assert figures.contacts_before == (2 if (month - timedelta(days=1)).day <= TODAY().day else 1)
    assert (figures.kyc_overdue, figures.kyc_soon) == (1, 1)
    assert (figures.pipeline, figures.pipeline_values) == (1, [("CHF", Decimal(5))])


@pytest.mark.parametrize(("fetched", "whole"), [(ROWS + 3, True), (ROWS + 2, False)])
def test_a_list_that_was_not_read_to_its_end_says_so(page_of, cast, monkeypatch, fetched, whole):
    monkeypatch.setattr("dashboards.selectors.my_day.FETCHED", fetched)
    for n in range(ROWS + 3):
        add_task(
            make_client(f"Client {n}", cast.rita_book),
            by=cast.rita,
            title="Call",
            due_on=TODAY(),
            kind="call",
        )
    day = day_of(cast.rita)
    assert (day.more, day.whole) == (3, whole)
    assert ("3 more clients" if whole else "3+ more clients") in page_of(cast.rita).get("/").content.decode()


def test_every_tile_s_figure_is_the_count_of_the_list_it_opens(page_of, cast):
    for days, state in ((-1, "active"), (20, "dormant"), (20, "lead"), (-9, "onboarding"), (-5, "closed")):
        make_client(
            f"KYC {days} {state}", cast.rita_book, kyc_due_on=TODAY() + timedelta(days=days), state=state
        )
    figures = day_of(cast.rita).figures
    browser = page_of(cast.rita)
    for figure, query in (
        (figures.kyc_soon, "kyc=30"),
        (figures.kyc_overdue, "kyc=overdue"),
        (figures.clients, ""),
    ):
        listed = browser.get(f"{reverse('clients:list')}?{query}").context["page"]
        assert figure == listed.count, query


@pytest.mark.parametrize(("days", "soon", "overdue"), [(-1, 1, 1), (0, 1, 0), (30, 1, 0), (31, 0, 0)])
def test_who_is_due_in_exactly_thirty_days_is_due_on_every_list(page_of, cast, days, soon, overdue):
    Client.objects.update(kyc_due_on=TODAY() + timedelta(days=400))
    Client.objects.filter(pk=cast.anna.pk).update(kyc_due_on=TODAY() + timedelta(days=days), state="active")
    figures = day_of(cast.rita).figures
    assert (figures.kyc_soon, figures.kyc_overdue) == (soon, overdue)
    for person, name, query, count in (
        (cast.rita, "clients:list", "kyc=30", soon),
        (cast.rita, "clients:list", "kyc=overdue", overdue),
        (cast.cora, "compliance:kyc", "clock=due_30", soon - overdue),
        (cast.cora, "compliance:kyc", "clock=overdue", overdue),
    ):
        listed = page_of(person).get(f"{reverse(name)}?{query}").context["page"]
        assert len(listed) == count, query


def test_otto_s_day_knows_nothing_of_rita_s_clients(page_of, cast):
    silence(cast.anna)
    alerts.look_at_everything(TODAY())
    assert "Keller" not in page_of(cast.otto).get("/").content.decode()


def test_a_page_costs_the_same_on_a_quiet_and_on_a_full_day(page_of, cast):
    browser = page_of(cast.rita)
    browser.get("/")
    counts = []
    for n in (0, 1, 30):
        for k in range(n):
            client = make_client(f"Client {n} {k}", cast.rita_book)
            silence(client, 100 + k)
            add_task(client, by=cast.rita, kind="call", title="Call", due_on=TODAY())
            at = timezone.make_aware(datetime.combine(TODAY(), time(10)))
            add_task(client, by=cast.rita, kind="meeting", title="Meet", due_on=TODAY(), starts_at=at)
        alerts.look_at_everything(TODAY())
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/").status_code == 200
        counts.append([query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]])
    assert len(counts[1]) == len(counts[2]) <= 16, "\n".join(counts[2])


# --- log a call in two actions ---------------------------------------------------------------------------
def test_a_call_is_logged_from_the_row_and_the_row_is_gone(page_of, cast):
    silence(cast.anna)
    alerts.look_at_everything(TODAY())
    browser = page_of(cast.rita)
    assert "Anna Keller" in browser.get("/").content.decode()
    url = reverse("day_call", args=[cast.anna.pk])
    opened = browser.get(url, headers={"HX-Request": "true", "HX-Target": f"div#call-{cast.anna.pk}"})
    assert opened.content.decode().strip().startswith("<form")
    saved = browser.post(
        url, {"channel": "call", "purpose": "service", "summary": "Is well", "form_key": "k"},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    assert (saved.status_code, saved["HX-Redirect"]) == (204, "/")
    assert Interaction.objects.get().summary == "Is well"
    assert Alert.objects.get().closed_why == "no longer so"
    assert day_of(cast.rita).due == []


def test_without_script_it_is_a_page_and_a_form_keeps_what_was_typed(page_of, cast):
    browser = page_of(cast.rita)
    url = reverse("day_call", args=[cast.anna.pk])
    assert "<title>" in browser.get(url).content.decode()
    wrong = browser.post(url, {"channel": "meeting", "purpose": "service", "summary": "", "form_key": "k"})
    assert wrong.status_code == 422
    assert "summary" in wrong.context["form"].errors
    done = browser.post(
        url, {"channel": "meeting", "purpose": "service", "summary": "Met", "form_key": "k", "back": "risk"}
    )
    assert (done.status_code, done["Location"]) == (303, reverse("retention:at_risk"))


def test_nobody_else_logs_from_the_row(page_of, cast):
    form = {"channel": "call", "purpose": "service", "summary": "x"}
    for person, status in ((cast.otto, 404), (cast.cora, 403), (cast.ada, 403)):
        url = reverse("day_call", args=[cast.anna.pk])
        assert [page_of(person).get(url).status_code, page_of(person).post(url, form).status_code] == [
            status
        ] * 2


# --- the person's first page -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "template"),
    [
        ("rita", "dashboards/my_day.html"),
        ("theo", "dashboards/team.html"),
        ("cora", "dashboards/compliance.html"),
        ("ada", "dashboards/welcome.html"),
    ],
)
def test_everyone_has_a_first_page(page_of, cast, who, template):
    answer = page_of(getattr(cast, who)).get("/")
    assert answer.status_code == 200
    assert template in [each.name for each in answer.templates]


def test_a_lead_has_a_day_too_and_who_serves_nobody_has_none(page_of, cast):
    assert page_of(cast.theo).get(reverse("my_day")).status_code == 200
    assert page_of(cast.cora).get(reverse("my_day")).status_code == 403
    product = make_person("pia", Role.PRODUCT)
    assert "sees no client" in page_of(product).get("/").content.decode()


# --- rules -----------------------------------------------------------------------------------------------
BANDS = {"affluent": [40, 120, 250, 4], "hnw": [20, 60, 120, 8]}


@pytest.mark.parametrize(
    ("counts", "status"),
    [
        ({"affluent": 39}, "under"), ({"affluent": 40}, "in_range"), ({"affluent": 250}, "in_range"),
        ({"affluent": 251}, "over"), ({"affluent": 300}, "over"), ({"affluent": 301}, "critical"),
        ({"affluent": 125, "hnw": 60}, "in_range"), ({"affluent": 126, "hnw": 60}, "over"),
        ({}, "under"), ({"unknown": 999}, "under"),
    ],
)  # fmt: skip
def test_a_book_is_under_in_over_or_far_over_its_band(counts, status):
    assert rules.coverage_status(counts, BANDS) == status


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_month_before(day):
    first = day.replace(day=1)
    assert rules.month_before(first) == (first - timedelta(days=1)).replace(day=1)


@given(st.integers(0, 100), st.dates(), st.floats(0, 1e9))
def test_late_never_ranks_behind_the_same_thing_due(weight, day, value):
    assert rules.rank(True, weight, day, value) < rules.rank(False, weight, day, value)
