"""The compliance console: figures that open their lists, at a known cost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Client
from compliance.actions import screen_client
from dashboards.selectors.compliance import Counted, capped_counts, console
from staff.night import night_shift
from staff.roles import Role
from tests.cast import make_client, make_person
from tests.compliance.stage import KONY, bring, make_lookalike
from tests.onboarding.stage import submitted

URL = "/compliance/"


@pytest.fixture
def busy(cast):
    """Two overdue reviews, one due, a hit, an onboarding that waits."""
    today = timezone.localdate()
    for days in (-200, -5, 10):
        make_client(f"Client {days}", cast.rita_book, kyc_due_on=today + timedelta(days=days))
    bring(KONY)
    screen_client(make_lookalike(cast), by=night_shift())
    return submitted(cast)


def test_the_figures_are_those_of_the_lists_they_open(page_of, cast, busy):
    browser = page_of(cast.cora)
    page = browser.get(URL)
    counts = page.context["console"].counts
    expected = {"overdue": 2, "late_long": 1, "late": 1, "due_30": 1, "hits": 1, "approvals": 1}
    assert {name: counts[name].count for name in expected} == expected
    for clock in ("overdue", "late_long", "late", "due_30", "due_60", "due_90"):
        listed = browser.get(reverse("compliance:kyc"), {"clock": clock}).context["page"]
        assert len(listed) == counts[clock].count
    assert len(browser.get(reverse("compliance:hits")).context["page"]) == counts["hits"].count
    for url in page.context["clock_urls"]:
        assert url in page.content.decode()


def test_an_officer_approves_from_the_console_and_the_maker_reads_why_not(page_of, cast, busy):
    approve = reverse("onboarding:approval", args=[busy.pk])
    assert approve in page_of(cast.cora).get(URL).content.decode()
    cast.rita.role = Role.COMPLIANCE
    cast.rita.save(update_fields=["role"])
    page = page_of(cast.rita).get(URL).content.decode()
    assert "You asked for this approval" in page
    assert f'action="{approve}"' not in page


def test_unread_papers_and_an_open_check_disable_the_button(page_of, cast):
    submitted(cast, read=False)
    page = page_of(cast.cora).get(URL).content.decode()
    assert "Not every document is reviewed and approved." in page


def test_the_auditor_reads_and_decides_nothing(page_of, cast, busy):
    udo = make_person("udo", Role.AUDITOR)
    page = page_of(udo).get(URL).content.decode()
    assert "KONY" not in page
    assert reverse("onboarding:approval", args=[busy.pk]) not in page
    assert "creening hits" not in page


def test_it_is_the_first_page_of_who_audits_and_nobody_else_s(page_of, cast):
    assert b"KYC reviews by their clock" in page_of(cast.cora).get("/").content
    for person in (cast.rita, cast.theo, cast.otto, cast.ada):
        assert page_of(person).get(URL).status_code == 403


def test_it_costs_the_same_however_busy_the_bank_is(page_of, cast, busy, django_assert_num_queries):
    browser = page_of(cast.cora)
    browser.get(URL)  # the first request of a session also saves it
    with django_assert_num_queries(13):  # 11, and the begin and end of the transaction
        browser.get(URL)
    with django_assert_num_queries(6):
        console(cast.cora, timezone.localdate())


def test_nothing_is_counted_further_than_the_cap(cast):
    for n in range(3):
        make_client(f"Client {n}", cast.rita_book)
    everyone = Client.objects.all()
    assert capped_counts({"all": everyone, "none": everyone.filter(pk=0)}, cap=2) == {
        "all": Counted(2, True),
        "none": Counted(0, False),
    }
