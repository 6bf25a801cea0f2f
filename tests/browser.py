"""A real Chromium before the served pages. `from tests.browser import *` in a conftest gives these fixtures.

visit(rita, "/clients/")     a page, logged in as Rita by a session of her own; None: nobody
assert_clean(page)           nothing in the console, nothing the policy stopped, and no finding of axe,
                             in light and dark, at a desk (1440 px) and on a phone (390 px)
"""

import os
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from tests.cast import browser_of

__all__ = ["assert_clean", "browser_type_launch_args", "live", "visit"]

AXE = Axe().axe_script
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
# Tells what the policy stopped, also what happened before a page's own scripts ran.
LISTEN = """
window.stopped = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.stopped.push(`${event.violatedDirective}: ${event.blockedURI || event.sample}`));
"""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    chromium = os.environ.get("RMCRM_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium:
        return browser_type_launch_args | {
            "executable_path": chromium,
            "args": ["--no-sandbox", "--disable-gpu"],
        }
    return browser_type_launch_args


@pytest.fixture
def live(live_server):
    """The address of the served application; localhost, as people type it."""
    if not (settings.BASE_DIR / "static" / "vendor" / "tabler.min.css").exists():
        pytest.fail("static/vendor is empty: run `npm ci` and `bin/manage vendor_assets` (bin/test does).")
    return live_server.url


@pytest.fixture
def visit(browser, live, settings):
    """`visit(person, path)`: opens the path in a window of that person's own."""
    settings.SCREEN_IDLE_SECONDS = 0  # a window that waits for the next step is not covered meanwhile
    contexts = []

    def opened(person, path="/", *, size=DESK, script=True):
        context = browser.new_context(
            viewport=size, color_scheme="light", java_script_enabled=script, base_url=live, locale="en-GB"
        )
        context.set_default_timeout(10_000)
        context.add_init_script(LISTEN)
        contexts.append(context)
        if person is not None:
            django = browser_of(person)
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": django.cookies[name].value, "url": live}])
        page = context.new_page()
        page.complaints = []
        page.on(
            "console",
            lambda said: page.complaints.append(said.text) if said.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()


# What a page fetches by itself is part of it: until the last such part has taken the place of its promise.
ARRIVED = """
new Promise((done, failed) => {
  const until = performance.now() + 10_000;
  const look = () => {
    const open = document.querySelector("[hx-trigger=load], .htmx-request");
    if (!open) done(0);
    else if (performance.now() > until) failed(new Error(`does not arrive: ${open.outerHTML.slice(0, 200)}`));
    else setTimeout(look, 10);
  };
  look();
})
"""


def arrived(page) -> None:
    page.wait_for_load_state("load")
    page.evaluate(ARRIVED)


SETTLED = "Promise.all(document.getAnimations().map((moving) => moving.finished.catch(() => 0)))"


# Only what is wrong comes back from the page: all that axe has to tell is as much as the page itself.
FOUND = f"""
new Promise(requestAnimationFrame).then(() => {SETTLED})
  .then(() => axe.run(document, {{resultTypes: ["violations"]}}))
  .then((told) => told.violations.flatMap((found) =>
    found.nodes.map((node) => `${{found.id}}: ${{node.html.slice(0, 160)}}`)))
"""


def findings(page) -> list[str]:
    """What axe finds, once no colour is on its way from one theme to the other."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)
    return page.evaluate(FOUND)


def too_wide(page) -> int:
    """By how many pixels the page is wider than its window; charts get a moment to shrink."""
    for _ in range(10):
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide <= 0:
            break
        page.wait_for_timeout(100)
    return wide


def assert_clean(page, *, answered=200) -> None:
    """`answered`: the page's status when it is a refusal, which the browser tells in its console."""
    quiet = [said for said in page.complaints if answered == 200 or "Failed to load resource" not in said]
    assert quiet == [], quiet
    stopped = page.evaluate("window.stopped")
    assert stopped == [], stopped
    before = page.viewport_size
    for theme in ("light", "dark"):
        for size in (DESK, PHONE):
            page.emulate_media(color_scheme=theme)
            page.set_viewport_size(size)
            found = findings(page)
            assert found == [], f"{page.url}, {theme}, {size['width']} px: {found}"
            wide = too_wide(page)
            assert wide <= 0, f"{page.url} is {wide} px wider than {size['width']} px"
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(before)
    assert page.complaints == [] or answered != 200, page.complaints
