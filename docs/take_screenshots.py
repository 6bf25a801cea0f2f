"""Take the pictures of the README from a running demo: `python docs/take_screenshots.py http://localhost:8000`.

The demo's logins are read from RMCRM_HOME; pictures go to docs/screenshots/. Give the demo two minutes first,
so that it was screened against its own list and looked through for what files lack.
"""

import json
import os
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).resolve().parent
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PICTURES = [  # file, who, path, window, theme
    ("my-day", "rita", "/", WIDE, "light"),
    ("my-day-dark", "rita", "/", WIDE, "dark"),
    ("my-day-phone", "rita", "/", PHONE, "light"),
    ("clients", "rita", "/clients/", WIDE, "light"),
    ("client", "rita", "first client", WIDE, "light"),
    ("client-phone", "rita", "first client", PHONE, "dark"),
    ("pipeline", "rita", "/opportunities/", WIDE, "light"),
    ("team", "theo", "/team/", WIDE, "light"),
    ("compliance", "cora", "/compliance/", WIDE, "light"),
    ("hit", "cora", "first hit", WIDE, "light"),
    ("ownership", "cora", "owners", WIDE, "light"),
    ("risk-report", "cora", "/compliance/reports/risk/", WIDE, "light"),
    ("opening", "rita", "/onboarding/new/?kind=organisation", WIDE, "light"),
]


def main(base: str) -> None:
    home = Path(os.environ.get("RMCRM_HOME", HERE.parent / ".rmcrm"))
    logins = json.loads((home / "demo-logins.json").read_text(encoding="utf-8"))
    target = HERE / "screenshots"
    target.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("RMCRM_CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        for name, who, path, window, theme in PICTURES:
            page = browser.new_context(viewport=window, color_scheme=theme, device_scale_factor=1).new_page()
            log_in(page, base, logins[who])
            page.goto(base + (FOUND[path](page, base) if path in FOUND else path))
            page.wait_for_load_state("networkidle")
            page.screenshot(path=target / f"{name}.png")
            print(f"docs/screenshots/{name}.png")
            page.context.close()
        browser.close()


def log_in(page: Page, base: str, login: dict[str, str]) -> None:
    page.goto(f"{base}/accounts/login/")
    page.fill("input[name=login]", login["login"])
    page.fill("input[name=password]", login["password"])
    page.click("main button[type=submit]")
    page.wait_for_url(f"{base}/")


def first_client(page: Page, base: str) -> str:
    """The richest client of the book: the one with most to show."""
    page.goto(f"{base}/clients/?sort=-value")
    return page.locator("#clients tbody th a").first.get_attribute("href") or "/"


def first_hit(page: Page, base: str) -> str:
    page.goto(f"{base}/compliance/hits/")
    return page.locator("main tbody a, main .list a").first.get_attribute("href") or "/"


def owners(page: Page, base: str) -> str:
    """The company that was opened last, else the largest: who owns it."""
    page.goto(f"{base}/clients/?segment=sme&state=onboarding&sort=-value")
    if not page.locator("#clients tbody th a").count():
        page.goto(f"{base}/clients/?segment=corporate&sort=-value")
    client = page.locator("#clients tbody th a").first.get_attribute("href") or "/clients/1/"
    return f"/compliance{client}ownership/"


FOUND = {"first client": first_client, "first hit": first_hit, "owners": owners}


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000")
