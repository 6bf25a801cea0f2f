"""What Theo, Cora and Otto see of Rita's clients."""

import pytest
from playwright.sync_api import expect

from clients.access import open_file
from tests.browser import assert_clean

pytestmark = pytest.mark.browser


def test_theo_sees_his_team_and_its_clients(visit, cast):
    page = visit(cast.theo, "/team/")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Rita Muster")
    assert_clean(page)
    page.goto(f"/clients/{cast.anna.pk}/")
    expect(page.locator("h1")).to_contain_text("Anna Keller")


def test_cora_sees_the_console_and_who_opened_a_file(visit, cast):
    open_file(cast.rita, cast.anna.pk, why="a call")
    page = visit(cast.cora, "/compliance/")
    expect(page.locator("h1")).to_be_visible()
    assert_clean(page)
    page.goto(f"/clients/{cast.anna.pk}/")
    expect(page.locator("h1")).to_contain_text("Anna Keller")


def test_otto_reads_the_same_words_for_ritas_client_and_for_none(visit, cast):
    words = []
    for pk in (cast.anna.pk, 999_999):
        page = visit(cast.otto, f"/clients/{pk}/")
        words.append(page.locator("main").inner_text())
        assert "Anna" not in page.content()
        assert_clean(page, answered=404)
    assert words[0] == words[1]
