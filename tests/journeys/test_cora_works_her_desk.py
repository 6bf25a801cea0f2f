"""Cora opens a figure of her desk, reminds all of a filter, reads what came of it, takes it back, exports."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clients.models import Task
from compliance.actions import sweep
from jobs.actions import run_due
from tests.browser import assert_clean

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
