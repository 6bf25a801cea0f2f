"""The team board: each book against its band, activity, pipeline, duties; every figure opens its list."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alerts import actions as alerts
from alerts.models import Alert
from clients.actions import add_task, log_interaction
from clients.models import Client, Interaction
from dashboards.selectors import team as selectors
from dashboards.selectors.my_day import my_day
from opportunities.models import Opportunity
from retention.models import QuarterValue
from rulebook.days import quarter_end_before
from staff.models import Book
from staff.roles import Role
from tests.alerts.test_look import TODAY, silence
from tests.cast import make_book, make_client, make_person, raise_barrier


def board_of(person):
    return selectors.team(person, timezone.now())


def noon(month, day):
    return datetime(2026, month, day, 12, tzinfo=timezone.get_current_timezone())


@pytest.fixture
def busy(cast):
    """Rita has a silent client with KYC overdue, a task overdue, a call this month and one opportunity."""
    silence(cast.anna)
    Client.objects.filter(pk=cast.anna.pk).update(value=Decimal(200), kyc_due_on=TODAY() - timedelta(days=3))
    ines = make_client("Ines Frei", cast.rita_book, value=Decimal(100))
    for state in ("lead", "onboarding"):  # who is not served yet owes no review
        make_client(f"Leo {state}", cast.rita_book, state=state, kyc_due_on=TODAY() - timedelta(days=9))
    add_task(ines, by=cast.rita, kind="call", title="Call", due_on=TODAY() - timedelta(days=2))
    log_interaction(ines, by=cast.rita, channel="call", purpose="service", at=timezone.now(), summary="x")
    Opportunity.objects.create(
        client=ines, product_kind="fund", reason="goal", owner=cast.rita, value=7, currency="CHF"
    )
    QuarterValue.objects.create(client=cast.anna, on=quarter_end_before(TODAY()), value=Decimal(250))
    alerts.look_at_everything(TODAY())
    return cast


def test_theo_sees_his_books_and_not_the_other_team_s(busy, page_of):
    page = page_of(busy.theo).get(reverse("team")).content.decode()
    assert "Rita Muster" in page
    assert "Otto" not in page


def test_a_row_says_how_the_book_is(busy):
    [row] = board_of(busy.theo).rows
    assert (row.owner, row.clients, row.segments) == (busy.rita, 4, {"affluent": 2})
    assert (row.value, row.value_change) == (Decimal(300), 20.0)
    assert (row.status, row.load) == ("under", 2)
    assert (row.contacts, row.kyc_overdue) == (1, 1)
    assert (row.pipeline, row.pipeline_values) == (1, [("CHF", Decimal(7))])
    assert (row.contact_overdue, row.tasks_overdue) == (1, 1)
    assert row.late == Alert.objects.open().filter(urgency=1).count() >= 2
    totals = board_of(busy.theo).totals
    assert (totals["clients"], totals["late"], totals["value"]) == (4, row.late, Decimal(300))


def test_a_change_is_one_of_the_same_clients_so_it_tells_nothing_of_a_file_behind_a_barrier(busy):
    secret = make_client("Eva Secret", busy.rita_book, value=Decimal(1000))
    QuarterValue.objects.create(client=secret, on=quarter_end_before(TODAY()), value=Decimal(990))
    raise_barrier([secret], [busy.rita])
    [theo], [rita] = board_of(busy.theo).rows, [my_day(busy.rita, timezone.now()).figures]
    assert (theo.value, theo.value_change) == (Decimal(300), 20.0)
    assert (rita.value, rita.value_before) == (Decimal(1300), Decimal(1240))


def test_contacts_are_the_owners_own_this_month_and_last_month_to_the_same_day(cast):
    for month, day, by in ((9, 30, cast.rita), (10, 1, cast.rita), (10, 10, cast.rita), (10, 11, cast.rita),
                           (11, 1, cast.rita), (11, 10, cast.theo)):  # fmt: skip
        Interaction.objects.create(
            client=cast.anna, by=by, channel="call", purpose="service", summary="x", at=noon(month, day)
        )
    [row] = selectors.team(cast.theo, noon(11, 10)).rows
    assert (row.contacts, row.contacts_before) == (1, 2)


def test_every_figure_is_the_count_of_the_list_it_opens(busy, page_of):
    [row] = board_of(busy.theo).rows
    browser = page_of(busy.theo)
    for query, figure in (("", row.clients), ("&kyc=overdue", row.kyc_overdue)):
        listed = browser.get(f"{reverse('clients:list')}?book={row.book.pk}{query}").context["page"]
        assert listed.count == figure
    duties = reverse("team_duties", args=[row.book.pk])
    for query, figure in (
        ("", row.late),
        ("?only=contact", row.contact_overdue),
        ("?only=tasks", row.tasks_overdue),
    ):
        answer = browser.get(duties + query)
        assert (answer.context["count"], len(answer.context["shown"])) == (figure, figure)
    assert "Anna Keller" in browser.get(duties).content.decode()


def test_a_book_nobody_works_is_shown_as_such(busy):
    Book.objects.create(name="Pool", team=busy.theo.team, is_pool=True)
    rows = board_of(busy.theo).rows
    assert [(row.book.name, row.owner) for row in rows][-1] == ("Pool", None)


def test_who_leads_no_team_sees_no_board_and_nobody_sees_a_foreign_book(busy, page_of):
    for person, status in ((busy.rita, 403), (busy.cora, 403), (busy.ada, 403), (busy.otto, 403)):
        assert page_of(person).get(reverse("team")).status_code == status
    foreign, missing = (
        page_of(busy.theo).get(reverse("team_duties", args=[book_id])).status_code
        for book_id in (busy.otto_book.pk, 999_999)
    )
    assert foreign == missing == 404
    assert page_of(busy.rita).get(reverse("team_duties", args=[busy.rita_book.pk])).status_code == 403


def test_a_lead_without_a_team_has_an_empty_board(cast, page_of):
    lost = make_person("lost", Role.TEAM_LEAD, team=None)
    assert "No book belongs to your team yet" in page_of(lost).get("/").content.decode()


def test_twelve_rms_cost_as_many_queries_as_one(busy):
    counts = []
    for n in (0, 11):
        for k in range(n):
            book = make_book(make_person(f"rm{k}", Role.RM, busy.theo.team))
            make_client(f"Client {k}", book)
        busy.theo.__dict__.pop("_reach", None)
        with CaptureQueriesContext(connection) as queries:
            rows = board_of(busy.theo).rows
        counts.append(len(queries))
    assert len(rows) == 12
    assert counts[0] == counts[1] <= 11  # 3 of them resolve the reach
