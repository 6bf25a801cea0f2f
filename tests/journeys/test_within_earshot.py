"""Never within earshot: Rita's screen tells nobody who looks over her shoulder what it holds."""

from time import sleep

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from audit.models import AuditEvent
from clients.actions.search_rows import index_file
from clients.models import Interaction
from tests.browser import assert_clean
from tests.staff.comers import PASSWORD, inside
from ui.screen import DOTS

SEEN = """() => [document.documentElement.outerHTML, document.title,
  ...[...document.querySelectorAll("input, textarea, select")].map((field) => field.value)].join("\\n")"""
STORED = """async () => JSON.stringify([{...localStorage}, {...sessionStorage}, await caches.keys(),
  (await indexedDB.databases()).map((each) => each.name)])"""


@pytest.fixture
def page(cast, visit, settings):
    cast.anna.value, cast.anna.preferences = "7654321.00", "Never before noon"
    cast.anna.save()
    index_file(cast.anna)
    settings.SCREEN_IDLE_SECONDS = 0
    return visit(cast.rita, reverse("client", args=[cast.anna.pk]))


def tells(page) -> list[str]:
    """What the document tells of Anna: markup, title, fields."""
    seen = page.evaluate(SEEN)
    return [word for word in ("Keller", "Anna", "7,654,321", "654,321", "before noon") if word in seen]


def said(cast, verb):
    events = AuditEvent.objects.filter(verb=verb, by_login=cast.rita.login).order_by("-id")
    return [event.payload for event in events]


def test_one_key_hides_and_shows_again(cast, page):
    assert {"Keller", "7,654,321"} <= set(tells(page))
    page.keyboard.press("F8")
    page.wait_for_selector("html[data-screen=hidden]")
    assert tells(page) == []
    assert page.locator("h1").inner_text() == DOTS
    assert_clean(page)
    page.goto("/clients/")  # and so does every page from here
    assert tells(page) == []
    assert_clean(page)
    page.keyboard.press("Control+k")
    page.keyboard.type("kell")
    # What htmx brings in comes without names too.
    page.locator("#search-results [role=option]").first.wait_for()
    assert DOTS in page.locator("#search-results").inner_text()
    assert "Keller" not in page.locator("#search-results").inner_html()
    page.keyboard.press("Escape")
    page.keyboard.press("F8")
    page.wait_for_selector("html[data-screen=shown]")
    assert "Keller" in tells(page)
    assert said(cast, "names shown")[0] == {"page": "/clients/", "why": "switch"}
    assert "Keller" not in page.evaluate(STORED)


def test_what_is_typed_is_kept_under_the_curtain(cast, page):
    page.locator("[name=summary]").fill("She wants a house")
    page.keyboard.press("F8")  # works while one types
    page.get_by_role("heading", name="Covered").wait_for()
    assert tells(page) == []
    assert "house" not in page.evaluate(SEEN)
    assert_clean(page)
    page.keyboard.press("F8")
    page.wait_for_selector("main form")
    assert page.locator("[name=summary]").input_value() == "She wants a house"
    assert {"Keller"} <= set(tells(page))
    page.get_by_role("button", name="Log contact").click()
    page.get_by_text("Logged.").wait_for()
    assert Interaction.objects.get(client=cast.anna).summary == "She wants a house"


def log_in(page):
    page.fill("[name=login]", "rita")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url(inside)


@pytest.fixture
def by_hand(cast, page):
    """Anna's file, opened after a login by hand, which the device remembers."""
    cast.rita.set_password(PASSWORD)
    cast.rita.save()
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    log_in(page)
    page.goto(reverse("client", args=[cast.anna.pk]))
    page.locator("[name=summary]").fill("She wants a house")
    return page


def kept(page):
    page.wait_for_url("**/accounts/login/**")
    page.get_by_text("is kept for half an hour").wait_for()
    log_in(page)
    assert page.locator("[name=summary]").input_value() == "She wants a house"
    assert not Interaction.objects.exists()  # nothing is sent by itself


def test_what_is_typed_outlives_a_session_that_ended_under_the_curtain(by_hand):
    with by_hand.expect_response("**/screen/"):
        by_hand.keyboard.press("F8")
    by_hand.get_by_role("heading", name="Covered").wait_for()
    Session.objects.all().delete()
    by_hand.keyboard.press("F8")
    kept(by_hand)


def test_what_is_typed_outlives_a_session_that_ended_before(by_hand):
    """Both presses are told that nobody is logged in; the second overtakes nothing."""
    Session.objects.all().delete()
    by_hand.route("**/interactions/new/", lambda route: (sleep(0.5), route.continue_()))
    by_hand.keyboard.press("F8")
    by_hand.keyboard.press("F8")
    kept(by_hand)


def test_whoever_presses_twice_gets_the_page_once(cast, page):
    page.locator("[name=summary]").fill("She wants a house")
    page.keyboard.press("F8")
    page.get_by_role("heading", name="Covered").wait_for()
    page.locator("[data-uncover]").evaluate("(show) => { show.click(); show.click(); }")
    page.wait_for_selector("main form")
    page.wait_for_load_state("networkidle")
    assert page.locator("[name=summary]").input_value() == "She wants a house"


def test_it_covers_itself_when_nobody_touches_it(cast, page, settings):
    settings.SCREEN_IDLE_SECONDS = 1
    page.reload()
    page.get_by_role("heading", name="Covered").wait_for()
    assert tells(page) == []
    assert page.title() == "RM CRM"
    page.get_by_role("button", name="Show the page").click()
    page.get_by_role("heading", name="Anna Keller").wait_for()
    assert said(cast, "names shown")[0]["why"] == "idle"


@pytest.mark.parametrize("reads", ["moves", "scrolls", "scrolls within", "presses"])
def test_who_reads_is_there(page, settings, reads):
    """Whatever shows a hand counts, also scrolling in a box of the page; without one it covers itself."""
    settings.SCREEN_IDLE_SECONDS = 2
    page.reload()
    page.evaluate(
        """() => { const box = document.createElement("div"); box.id = "box"; box.style.overflow = "auto";
                   box.style.height = "20px"; box.innerHTML = "<p>a</p>".repeat(99);
                   document.querySelector("main").prepend(box); }"""
    )
    show_a_hand = {
        "moves": lambda at: page.mouse.move(300 + at, 300),
        "scrolls": lambda at: page.evaluate("at => scrollTo(0, at)", 5 * at + 5),
        "scrolls within": lambda at: page.evaluate("at => box.scrollTo(0, at)", 5 * at + 5),
        "presses": lambda at: page.keyboard.press("Shift"),
    }[reads]
    for at in range(8):
        page.wait_for_timeout(500)
        show_a_hand(at)
    assert page.get_by_role("heading", name="Covered").count() == 0
    page.get_by_role("heading", name="Covered").wait_for()


def test_it_covers_itself_when_one_looks_elsewhere(cast, page, settings):
    settings.SCREEN_IDLE_SECONDS = 600
    page.reload()
    page.evaluate(
        """() => { Object.defineProperty(document, "hidden", { value: true, configurable: true });
                   document.dispatchEvent(new Event("visibilitychange")); }"""
    )
    page.get_by_text("You looked at something else").wait_for()
    assert tells(page) == []


def test_it_stays_covered_when_the_server_does_not_answer(cast, page, settings):
    settings.SCREEN_IDLE_SECONDS = 1
    page.route("**/screen/", lambda route: route.abort())  # before it loads: a loaded page slips past
    page.reload()
    page.get_by_role("heading", name="Covered").wait_for()
    page.keyboard.press("F8")
    page.get_by_text("stays covered").wait_for()
    assert tells(page) == []
    page.unroute("**/screen/")
    page.keyboard.press("F8")
    page.get_by_role("heading", name="Anna Keller").wait_for()


def test_hiding_one_tab_covers_the_others(cast, page):
    other = page.context.new_page()
    other.goto(page.url)
    page.keyboard.press("F8")
    other.get_by_role("heading", name="Covered").wait_for()
    assert tells(other) == []
    page.wait_for_selector("html[data-screen=hidden]")  # it asked for its page anew


def test_without_javascript_the_button_does_it(cast, visit):
    page = visit(cast.rita, reverse("client", args=[cast.anna.pk]), script=False)
    page.get_by_role("button", name="Hide names and figures").click()
    assert "Keller" not in page.content()
    page.get_by_role("button", name="Show names and figures").click()
    assert "Keller" in page.content()


def test_while_a_client_looks_on_only_that_client_is_shown(cast, page):
    page.get_by_role("button", name="Present", exact=True).click()
    page.get_by_text("Presenting:").wait_for()
    assert "Keller" in tells(page)
    assert_clean(page)
    page.goto("/clients/")
    assert tells(page) == []
    page.get_by_role("button", name="End the presentation").click()
    page.wait_for_selector("html[data-screen=shown]")
    assert "Keller" in tells(page)


def test_a_masked_number_is_shown_in_its_place(cast, page):
    party = cast.anna.parties.get()
    party.born_on = "1971-04-23"
    party.save()
    page.reload()
    assert "•••• 1971" in page.locator("#client_facts").inner_text()
    page.get_by_role("button", name="Show the date of birth").click()
    page.get_by_text("23 Apr 1971").wait_for()
    assert_clean(page)


def test_who_looks_stands_faintly_over_the_page(cast, page):
    mark = page.locator("svg.watermark")
    assert cast.rita.login in mark.text_content()
    assert mark.evaluate("(each) => getComputedStyle(each).pointerEvents") == "none"
    page.emulate_media(media="print")
    assert mark.is_visible()
