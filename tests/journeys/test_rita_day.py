"""Rita's day: she logs in, sees what is due, calls Anna, and moves an opportunity."""

import pytest
from playwright.sync_api import expect

from audit.models import AuditEvent
from clients.models import Interaction
from opportunities.models import Opportunity
from tests.browser import PHONE, assert_clean
from tests.journeys.conftest import PASSWORD
from tests.opportunities.stage import make_card, ready

pytestmark = pytest.mark.browser


def test_rita_logs_in_by_keyboard_alone_and_comes_to_her_day(visit, cast):
    page = visit(None, "/")
    assert page.url.endswith("/accounts/login/?next=/")
    assert_clean(page)
    page.get_by_label("Login").or_(page.get_by_label("Username")).first.focus()
    page.keyboard.type("rita")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_visible()
    assert "/accounts/" not in page.url
    assert_clean(page)


def test_a_wrong_password_says_so_and_keeps_the_login(visit, cast):
    page = visit(None, "/accounts/login/")
    page.locator("input[name=login]").fill("rita")
    page.locator("input[name=password]").fill("not the password")
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("input[name=login]")).to_have_value("rita")
    assert "not correct" in page.locator("main").inner_text()
    assert_clean(page)


def test_rita_opens_a_client_logs_a_call_and_sees_it_in_the_file(visit, cast):
    page = visit(cast.rita, "/clients/")
    assert_clean(page)
    page.get_by_role("link", name="Anna Keller").first.click()
    expect(page.locator("h1")).to_contain_text("Anna Keller")
    assert_clean(page)
    page.goto(f"/clients/{cast.anna.pk}/interactions/new/")
    page.locator("input[name=summary]").fill("Asked about her mortgage")
    page.locator("main form button[type=submit], main form button.btn-primary").first.click()
    expect(page.locator("main")).to_contain_text("Asked about her mortgage")
    assert Interaction.objects.get().by == cast.rita
    opened = AuditEvent.objects.filter(verb="file opened", client_id=cast.anna.pk, by_login="rita")
    assert opened.exists()


def test_rita_moves_a_card_by_keyboard_and_by_drag(visit, cast):
    card = make_card(cast.anna, cast.rita)
    page = visit(cast.rita, "/opportunities/")
    assert_clean(page)
    menu = page.locator(f"#card-{card.pk} select[name=to]")
    menu.focus()
    menu.select_option("need_confirmed")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(f"[data-column=need_confirmed] #card-{card.pk}")).to_be_visible()
    assert Opportunity.objects.get().stage == "need_confirmed"

    expect(page.locator("[data-column=identified][data-ready]")).to_be_attached()
    page.locator(f"#card-{card.pk}").drag_to(page.locator("[data-column=identified]"), steps=12)
    expect(page.locator(f"[data-column=identified] #card-{card.pk}")).to_be_visible()
    assert Opportunity.objects.get().stage == "identified"


def test_rita_takes_up_what_would_help_on_her_phone(visit, cast):
    ready(cast.anna, cast.rita)
    page = visit(cast.rita, "/opportunities/suggestions/", size=PHONE)
    assert_clean(page)
    page.get_by_role("button", name="Take up").click()
    expect(page.locator("h1")).to_contain_text("Pension plan")
    assert_clean(page)
    page.goto(f"/opportunities/clients/{cast.anna.pk}/")
    assert_clean(page)


def test_all_of_it_works_without_any_script(visit, cast):
    make_card(cast.anna, cast.rita)
    page = visit(cast.rita, "/opportunities/", script=False)
    page.locator("select[name=to]").select_option("need_confirmed")
    page.get_by_role("button", name="Move", exact=True).click()
    assert Opportunity.objects.get().stage == "need_confirmed"
    page.goto(f"/clients/{cast.anna.pk}/interactions/new/")
    page.locator("input[name=summary]").fill("Without script")
    page.locator("main form button[type=submit], main form button.btn-primary").first.click()
    assert Interaction.objects.get().summary == "Without script"


def test_rita_finds_a_client_by_keyboard_from_anywhere(visit, cast):
    from clients.actions.search_rows import index_file

    index_file(cast.anna)
    page = visit(cast.rita, "/clients/")
    page.keyboard.press("Control+k")
    box = page.locator("#palette input[name=q]")
    expect(box).to_be_focused()
    page.keyboard.type("kellr")
    expect(page.locator("#search-results [role=option]").first).to_contain_text("Anna Keller")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Anna Keller")
    assert page.complaints == []
    # The list is filtered by a name that stands in no address; the address leads back to it all the same.
    page.goto("/clients/")
    page.get_by_label("Name", exact=True).fill("keller")
    page.keyboard.press("Enter")
    page.wait_for_url("**/clients/?name=~*")
    expect(page.locator("#clients tbody tr")).to_have_count(1)
    assert "keller" not in page.url.lower()
    page.reload()
    expect(page.get_by_label("Name", exact=True)).to_have_value("keller")
    assert page.complaints == []
