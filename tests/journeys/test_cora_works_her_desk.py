"""Cora opens a figure of her desk, reminds all of a filter, reads what came of it, takes it back, exports."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from clients.models import Task
from compliance.actions import screen_client, sweep
from compliance.models import ScreeningHit
from jobs.actions import run_due
from staff.night import night_shift
from tests.browser import PHONE, assert_clean
from tests.compliance.stage import KONY, bring, make_lookalike, second_officer

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_cora_finds_what_is_missing_asks_for_it_and_takes_it_back(visit, cast):
    sweep(timezone.localdate())
    page = visit(cast.cora, "/compliance/")
    assert_clean(page)
    page.get_by_role("link", name="Date of birth or foundation").first.click()
    expect(page.locator("h1")).to_contain_text("Date of birth or foundation")
    expect(page.locator("main")).to_contain_text("EU AMLR Art. 22")
    assert_clean(page)
    page.get_by_label("Tick all on this page").check()
    assert page.locator("input[name=rows]:checked").count() == 2
    page.get_by_role("button", name="Do it").click()
    expect(page.locator("h1")).to_contain_text("Relationship managers reminded")
    run_due()
    page.get_by_role("link", name="See what came of it").click()
    expect(page.locator("main")).to_contain_text("2 done, 0 refused.")
    assert_clean(page)
    assert {task.assigned_to for task in Task.objects.all()} == {cast.rita, cast.otto}
    page.get_by_role("button", name="Take it back").click()
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("h1")).to_contain_text("Taken back")
    run_due()
    assert not Task.objects.exists()


def test_cora_prints_a_report_and_takes_it_with_her(visit, cast):
    sweep(timezone.localdate())
    page = visit(cast.cora, "/compliance/reports/")
    page.get_by_role("link", name="Portfolio by risk").click()
    page.get_by_label("Broken down by").select_option("country")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("main")).to_contain_text("Switzerland")
    assert_clean(page)
    for name, ending in (("Spreadsheet", ".xlsx"), ("PDF", ".pdf")):
        with page.expect_download() as taken:
            page.get_by_role("link", name=name).click()
        assert taken.value.suggested_filename.endswith(ending)


def test_two_officers_decide_a_hit_and_what_comes_back_says_why(visit, cast):
    bring(KONY)
    screen_client(make_lookalike(cast), by=night_shift())
    url = reverse("compliance:hit", args=[ScreeningHit.objects.get().pk])
    page = visit(cast.cora, url)
    assert_clean(page)
    page.get_by_label("Verdict and reason").select_option("other_person")
    page.get_by_label("Note").fill("As I was told.")
    page.get_by_role("button", name="Decide").click()
    expect(page.locator("main")).to_contain_text("say in words which paper it was and who saw it")
    expect(page.get_by_label("Note")).to_have_value("As I was told.")
    page.get_by_label("Or which paper, and who saw it").fill("Passport, seen by Cora on 12 March")
    page.get_by_role("button", name="Decide").click()
    expect(page.locator("main")).to_contain_text("Decided once, waits for a second person")
    second = visit(second_officer(), url)
    expect(second.locator("main")).to_contain_text("Passport, seen by Cora on 12 March")
    assert_clean(second)  # on a phone too, however long the state
    second.get_by_text("Return it, and say why").click()
    second.get_by_label("Returned because").select_option("paper_missing")
    second.get_by_label("In words").fill("Bring a copy.")
    second.get_by_role("button", name="Return").click()
    second.wait_for_url("**/hits/")
    page.complaints.clear()  # of the form that came back
    page.goto(page.url.split("/compliance/")[0] + url)
    expect(page.get_by_role("status").filter(has_text="Bring a copy.")).to_be_visible()
    assert_clean(page)


def test_the_desk_of_a_phone_is_read_without_scrolling_sideways(visit, cast):
    page = visit(cast.cora, "/compliance/")
    for width in (320, PHONE["width"]):
        page.set_viewport_size({"width": width, "height": 800})
        box = page.locator(".table-responsive:has(.queues)")
        assert box.evaluate("box => box.scrollWidth - box.clientWidth") <= 0
