"""Every part in a real browser under the real Content-Security-Policy: accessible, on the screen, working."""

import re

import pytest

from tests.browser import findings
from tests.ui.conftest import Pages

pytestmark = pytest.mark.browser
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def open_page(browser, site):
    """`open_page("/gallery/", theme="dark", size=PHONE)`; afterwards the console must be clean."""
    complaints: list[str] = []
    contexts = []

    def opened(path="/gallery/", theme="light", size=WIDE, **options):
        context = browser.new_context(viewport=size, color_scheme=theme, **options)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console",
            lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(site + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    # The browser tells every 4xx answer as an error; those are answers that the tests ask for.
    assert [said for said in complaints if "Failed to load resource" not in said] == []


LOOKS = {"light-wide": ("light", WIDE), "dark-phone": ("dark", PHONE), "dark-wide": ("dark", WIDE)}
LOOKS["light-phone"] = ("light", PHONE)


@pytest.mark.parametrize(
    ("path", "look"),
    [("/gallery/", look) for look in LOOKS]
    + [(path, look) for path in ("/login/", "/404/", "/404-outside/", "/500/") for look in list(LOOKS)[:2]],
)
def test_nothing_bars_anyone(open_page, path, look):
    theme, size = LOOKS[look]
    page = open_page(path, theme, size)
    assert page.locator("html").get_attribute("data-bs-theme") == theme
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_bars_somebody_is_found(open_page):
    page = open_page("/login/", "light", PHONE)
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    assert {found.split(":")[0] for found in findings(page)} == {"image-alt"}


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_whatever_one_presses_is_large_enough(open_page, size):
    """WCAG 2.5.8: 24 px, except links within a sentence and boxes whose label is pressed."""
    page = open_page(size=size)
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, select, input:not([type=hidden], [type=checkbox]),"
             + " .btn, .name-link, .side a, .thumb > *, .tabs a, thead a, .top a")].filter((el) => {
               const box = el.getBoundingClientRect();
               return box.width > 0 && (box.height < 24 || box.width < 24);
             }).map((el) => el.outerHTML.slice(0, 80))"""
    )
    assert small == []


def test_rows_of_a_list_are_dense(open_page):
    heights = open_page().evaluate(
        "[...document.querySelectorAll('#client_list tbody tr')].map((row) => row.offsetHeight)"
    )
    assert all(28 <= height <= 36 for height in heights), heights


def test_search_opens_by_keys_chooses_by_arrows_and_goes_by_enter(open_page):
    page = open_page()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    with page.expect_response(lambda answer: "hope" in (answer.request.post_data or "")):
        page.keyboard.type("hope")  # on a slow day an answer to "ho" comes before
    field = page.locator("#palette input")
    page.wait_for_function("!document.querySelector('#palette .htmx-request')")
    page.wait_for_selector("#palette [role=option]")
    page.wait_for_function("document.querySelector('#palette input').getAttribute('aria-activedescendant')")
    assert field.get_attribute("aria-expanded") == "true"
    assert findings(page) == []
    page.keyboard.press("Escape")
    assert not page.locator("#palette").evaluate("dialog => dialog.open")
    page.keyboard.press("Control+k")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("#palette [aria-selected=true]")
    assert chosen.get_attribute("id") == field.get_attribute("aria-activedescendant")
    assert chosen.inner_text() == "Hope Ltd"
    page.keyboard.press("Enter")
    page.wait_for_url("**/found/2/")


def test_without_script_search_is_a_link_and_a_form(open_page):
    page = open_page(java_script_enabled=False)
    assert "/search" in page.locator(".search-open").get_attribute("href")
    assert page.locator("#palette form").get_attribute("method") == "post"  # a name stands in no address


def test_single_keys_can_be_turned_off(open_page):
    page = open_page()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert page.locator("#shortcuts").evaluate("dialog => dialog.open")
    page.locator("#single-keys").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert not page.locator("#shortcuts").evaluate("dialog => dialog.open")


def test_the_theme_is_remembered_and_nothing_else_is(open_page):
    page = open_page()
    toggle = page.locator("[data-theme-toggle]")
    toggle.click()
    toggle.click()
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    assert toggle.get_attribute("aria-label") == "Theme: dark"
    page.reload()
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    assert page.evaluate("JSON.stringify({...localStorage})") == '{"theme":"dark"}'
    assert page.evaluate("sessionStorage.length") == 0


def test_a_refused_button_tells_its_reasons(open_page):
    page = open_page()
    page.locator(".refused").click(force=True)
    assert page.locator(".hint:popover-open").inner_text().count("\n") == 2
    assert findings(page) == []
    assert Pages.posted == []


def test_menus_open_by_keyboard_and_close_by_escape(open_page):
    page = open_page()
    page.locator("[popovertarget=person-menu]").press("Enter")
    assert page.locator("#person-menu").is_visible()
    assert findings(page) == []
    page.keyboard.press("Escape")
    assert not page.locator("#person-menu").is_visible()


def test_on_a_phone_the_doors_open_from_the_thumb_bar(open_page):
    page = open_page(size=PHONE)
    assert not page.locator("#side").is_visible()
    page.get_by_role("button", name="More").click()
    assert page.locator("#side").get_by_role("link", name="Reviews").is_visible()
    assert findings(page) == []


def test_asking_first_sends_only_after_a_yes(open_page):
    page = open_page()
    page.get_by_role("button", name="Archive").click()
    assert page.locator("#confirm").inner_text().startswith("Archive it?")
    assert findings(page) == []
    page.keyboard.press("Escape")
    assert Pages.posted == []
    page.get_by_role("button", name="Archive").dblclick()  # the question stays and is not answered by that
    assert page.locator("#confirm").is_visible()
    assert Pages.posted == []
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/posted/")
    assert len(Pages.posted) == 1


def test_pressing_twice_sends_once(open_page):
    page = open_page()
    page.route("**/posted/", lambda route: None)  # the server takes its time
    requests = []
    page.on("request", lambda request: requests.append(request.method) if "/posted/" in request.url else None)
    page.locator("form[action='/posted/'] button", has_text="Save").dblclick(no_wait_after=True)
    page.wait_for_timeout(300)
    assert requests == ["POST"]


def test_a_refusal_to_htmx_is_shown_and_leaves_the_page(open_page):
    page = open_page()
    page.locator("#ask").click()
    page.wait_for_selector("#toasts .alert-danger")
    assert page.locator("#client_list tbody tr").count() == 4


def test_a_card_moves_by_menu_and_by_drag(open_page):
    page = open_page()
    page.locator("#card-0 select").select_option("talk")
    page.locator("#card-0 .move button").press("Enter")
    page.wait_for_url("**/posted/?card=0")
    page.go_back()
    page.wait_for_selector("[data-column][data-ready]")
    page.locator("#card-1").scroll_into_view_if_needed()
    start, end = page.locator("#card-1").bounding_box(), page.locator("[data-column=talk]").bounding_box()
    page.mouse.move(start["x"] + 20, start["y"] + start["height"] - 4)
    page.mouse.down()
    for step in range(1, 11):
        page.mouse.move(
            start["x"] + 20 + (end["x"] + 60 - start["x"]) * step / 10,
            start["y"] + (end["y"] + 30 - start["y"]) * step / 10,
        )
    page.mouse.up()
    page.wait_for_url("**/posted/?card=1")
    assert [re.search(r"to=(\w+)", sent)[1] for sent in Pages.posted] == ["talk", "talk"]


def test_a_chart_is_drawn_and_redrawn_in_the_other_theme(open_page):
    page = open_page()
    drawn = "Object.keys(Chart.instances).length"
    page.wait_for_function(f"window.Chart && {drawn} === 1")
    page.locator("[data-theme-toggle]").click(click_count=2)
    assert page.evaluate(drawn) == 1
    page.get_by_text("Show as a table").click()
    assert page.get_by_role("link", name="In talks").first.is_visible()


def test_a_part_fetched_later_takes_its_place_and_is_a_link_without_script(open_page):
    page = open_page()
    page.wait_for_selector("#later_part:has-text('Fetched.')")
    assert page.locator("#later_part").count() == 1
    page = open_page(java_script_enabled=False)
    assert page.locator("#later_part a").get_attribute("href") == "/later/"


def test_print_shows_the_page_and_not_the_shell(open_page):
    page = open_page(theme="dark")
    page.emulate_media(media="print")
    for hidden in (".side", ".top", ".foot", ".btn >> nth=0", "#toasts", ".why >> nth=0"):
        assert not page.locator(hidden).is_visible(), hidden
    assert page.locator("#client_list table").is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") in (
        "rgb(255, 255, 255)",
        "rgba(0, 0, 0, 0)",
    )


def test_high_contrast_and_still_screens_are_respected(open_page):
    page = open_page(forced_colors="active", reduced_motion="reduce")
    assert findings(page) == []
