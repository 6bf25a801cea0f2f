"""Rita opens a client: the check, the workspace step by step, and what Theo approves."""

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clients.actions.search_rows import index_file
from onboarding.models import Onboarding, RequiredDocument
from tests.browser import PHONE, assert_clean
from tests.onboarding.stage import a_file, approve_papers

pytestmark = pytest.mark.browser


def send(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def fill(page, **fields):
    for name, value in fields.items():
        box = page.locator(f"[name={name}]:visible")
        box.select_option(value) if box.evaluate("el => el.tagName") == "SELECT" else box.fill(value)


def test_rita_opens_a_person_from_the_first_word_to_the_second_person(visit, cast):
    cast.anna.parties.update(born_on=date(1980, 5, 1))
    index_file(cast.anna)
    page = visit(cast.rita, "/onboarding/")
    page.get_by_role("link", name="Open a client", exact=True).first.click()
    fill(page, name="Anna Kellers", born_on="1980-05-01", contact_value="+41791234567")
    page.get_by_label("Current account").check()
    send(page, "Check and go on")
    expect(page.locator("#alike")).to_contain_text("Anna Keller")  # Rita's own client looks alike
    expect(page.locator("#alike")).to_contain_text("Compliance compares every opening")
    assert_clean(page)
    send(page, "None of these: open the file")
    expect(page.locator("#next")).to_contain_text("The turn of: Relationship manager")
    assert_clean(page)
    workspace = page.url

    fill(page, nationality="CH", residence="CH", source_of_funds="salary", purpose="savings", pep="no")
    send(page, "Record")
    expect(page.locator("#facts")).to_contain_text("saved by Rita Muster")
    page.get_by_role("link", name="Record a form").click()
    fill(page, form="crs", signed_on="2026-11-02", country1="CH", number1="756.9217.0769.58")
    send(page, "Record")
    expect(page.locator("main")).to_contain_text("This is no tax number of Switzerland")
    assert_clean(page, answered=422)
    page.complaints.clear()  # the browser's own line about the 422
    fill(page, number1="756.9217.0769.85")
    send(page, "Record")
    expect(page.locator("#tax")).to_contain_text("holds until circumstances change")
    page.get_by_role("link", name="Record consents").click()
    page.get_by_label("Data processing").check()
    page.get_by_label("Recording of calls").check()
    send(page, "Record")
    page.get_by_role("link", name="Plan an account").click()
    fill(page, card="debit", card_limit="2000")
    send(page, "Plan")
    expect(page.locator("#accounts")).to_contain_text("Debit card")

    onboarding = Onboarding.objects.get()
    for paper in RequiredDocument.objects.filter(onboarding=onboarding):
        item = page.locator(f"form[action$='/documents/{paper.pk}/file/']")
        page.locator("#documents details", has=item).locator("summary").click()
        file = {"name": "paper.pdf", "mimeType": "application/pdf", "buffer": a_file().read()}
        item.locator("input[type=file]").set_input_files(file)
        if paper.kind == "identity":
            item.get_by_label("Valid until").fill("2030-01-01")
        if item.get_by_label("Issued on").count():
            item.get_by_label("Issued on").fill(timezone.localdate().isoformat())
        item.get_by_role("button", name="Upload").click()
        expect(page.locator("#documents")).to_contain_text("paper.pdf")
    send(page, "Submit")
    page.locator("#confirm [data-agrees]").click()
    expect(page.locator("main")).to_contain_text("Submitted by Rita Muster")
    assert_clean(page)

    approve_papers(onboarding, cast.cora)
    page = visit(cast.theo, workspace, size=PHONE)
    page.get_by_role("link", name="Review and decide").click()
    expect(page.locator("h1")).to_have_text("What is approved")
    assert_clean(page)
    send(page, "Approve")
    page.locator("#confirm [data-agrees]").click()
    expect(page.locator("main")).to_contain_text("Approved by Theo Muster")


def test_rita_goes_through_the_steps_by_keyboard(visit, cast):
    from tests.onboarding.stage import begin

    onboarding = begin(cast)
    page = visit(cast.rita, f"/onboarding/{onboarding.pk}/")
    page.locator(".steps-list a").nth(3).focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("#tax")
    page.locator("#tax a", has_text="Record a form").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Tax self-certification")
    page.goto(f"/onboarding/{onboarding.pk}/plan/")
    expect(page.locator("#plan")).to_contain_text("Identity document")
    assert_clean(page)
