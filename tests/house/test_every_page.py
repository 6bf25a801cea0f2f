"""Every page that the table opens, once in a real browser: nothing in the console, nothing that the policy
stopped, nothing wider than a phone, no finding of axe. The journeys look deeper; here it is breadth."""

import pytest

from tests.browser import DESK, PHONE, arrived, findings, too_wide
from tests.cast import make_cast
from tests.house.doors import DOORS
from tests.house.stage import Stage
from tests.house.test_doors import address_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# A file to be saved, and parts of pages that are not pages.
NO_PAGE = {
    "clients:document",
    "alerts:bell",
    "suspicion:document",
    "suspicion:paper",
    "compliance:audit_file",
    "compliance:dry_run_sheet",
    "compliance:trial_sheet",
    "file_pack_file",
    "onboarding:import_mapping_file",
    "onboarding:import_problems",
    *(
        f"compliance:report_{code}_{form}"
        for code in ("risk", "reviews", "interactions", "screening")
        for form in ("sheet", "paper")
    ),
}
PAGES = [door for door in DOORS if door.get and not door.is_api and door.name not in NO_PAGE]


def test_every_page_is_clean(visit, transactional_db):
    stage = Stage(make_cast())
    addresses = {door.name: address_of(door, stage, False) for door in PAGES}
    windows, wrong = {}, []
    for at, door in enumerate(PAGES):
        person = door.get.split()[0]
        if person not in windows:
            windows[person] = visit(stage.people[person], "/accounts/inactive/")
        page = windows[person]
        page.complaints.clear()
        # Half of the pages dark, half light: each colour token is on many of them.
        page.emulate_media(color_scheme=("light", "dark")[at % 2])
        page.set_viewport_size(DESK)
        page.goto(addresses[door.name])
        arrived(page)
        found = [*page.complaints, *page.evaluate("window.stopped"), *findings(page)]
        page.set_viewport_size(PHONE)
        if (wide := too_wide(page)) > 0:
            found.append(f"{wide} px wider than a phone")
        wrong += [f"{door.name} ({person}): {one}" for one in found]
    assert wrong == [], "\n" + "\n".join(wrong)
