"""Cora draws a sample, reviews it line by line and asks; Rita answers by an addendum, and attests."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from alerts.actions import look_at_everything
from clients.models import Addendum
from compliance.actions import open_attestations
from compliance.models import Attestation, SampleItem
from jobs.actions import run_due
from tests.browser import assert_clean
from tests.cast import make_client
from tests.compliance.stage import contact

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_cora_draws_reviews_and_asks_and_rita_answers(visit, cast):
    hans = make_client("Hans Hoch", cast.rita_book, risk="high")
    contact(hans, cast.rita, summary="Asked about a loan", advice_given=True)
    contact(hans, cast.rita, summary="Asked about his card")
    contact(cast.anna, cast.rita)

    page = visit(cast.cora, "/compliance/")
    page.get_by_role("link", name="Audit of interactions").click()
    assert_clean(page)
    page.get_by_label("Records logged from").fill("2026-10-01")
    page.get_by_label("until").fill("2026-10-31")
    page.get_by_role("button", name="Draw").click()
    expect(page.locator("main")).to_contain_text("Is being drawn")
    run_due()
    page.reload()
    expect(page.locator("main")).to_contain_text("0 of 3")
    assert_clean(page)

    page.get_by_role("link", name="Review the next").click()
    expect(page.locator("h1")).to_contain_text("Does the record hold what it must?")
    assert_clean(page)
    page.get_by_label("Question, or what is to be mended").fill("Which loan was it?")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("main")).to_contain_text("Rita Muster was asked")
    item = SampleItem.objects.get(state="queried")

    look_at_everything(timezone.localdate())
    hers = visit(cast.rita, "/inbox/")
    expect(hers.locator("main")).to_contain_text("Compliance asks about a contact")
    hers.get_by_role("link", name="Compliance asks").first.click()
    expect(hers.locator("main")).to_contain_text("Which loan was it?")
    assert_clean(hers)
    hers.get_by_role("link", name="Answer about Hans Hoch").click()
    hers.get_by_role("textbox", name="Your answer").fill("The mortgage on the house in Bern.")
    hers.get_by_role("button", name="Answer").click()
    expect(hers.locator("main")).to_contain_text("No question is open")
    assert Addendum.objects.get().by == cast.rita

    page.goto(page.url)
    expect(page.locator("main")).to_contain_text("The mortgage on the house in Bern.")
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Pass").click()
    expect(page.locator("main")).to_contain_text("Does the record hold what it must?")
    item.refresh_from_db()
    assert item.state == "passed"


def test_rita_attests_her_channels(visit, cast):
    open_attestations(timezone.localdate())
    due = Attestation.objects.get(person=cast.rita)
    page = visit(cast.rita, "/")
    page.get_by_role("link", name="Attest", exact=True).click()
    assert_clean(page)
    page.get_by_label("also on a channel that the bank does not record").check()
    page.get_by_role("button", name="Attest").click()
    expect(page.locator("main")).to_contain_text("Say with whom")
    assert_clean(page, answered=422)
    page.complaints.clear()  # the browser's own line about the 422
    page.get_by_role("textbox", name="Client number").first.fill(cast.anna.number)
    page.get_by_label("Day").first.fill(due.first_on.isoformat())
    page.get_by_role("textbox", name="Channel").first.fill("A private messenger")
    page.get_by_role("button", name="Attest").click()
    expect(page.locator("main")).to_contain_text("To be logged")
    page.get_by_role("link", name="Log what was said with Anna Keller").click()
    page.get_by_label("Summary").fill("Sent a photo of her card")
    page.get_by_role("button", name="Log", exact=True).click()
    expect(page.locator("main")).to_contain_text("Nothing is due")
    assert_clean(page)
