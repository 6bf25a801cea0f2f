"""An address that takes only what a form sends answers a person with words and the way to the page above."""

import pytest

from rmcrm.middleware import page_above


@pytest.mark.parametrize(
    ("path", "above"),
    [
        ("/onboarding/1420/facts/", "/onboarding/1420/"),
        ("/compliance/clients/201/review/", "/compliance/clients/201/"),
        ("/onboarding/clients/1512/aside/", "/onboarding/"),
        ("/screen/", "/"),
    ],
)
def test_the_page_above_is_found_by_the_address_alone(path, above):
    assert page_above(path) == above


def test_enter_in_the_address_bar_gives_no_white_page_and_tells_nothing(cast, page_of):
    pages = []
    for client_id in (cast.anna.pk, cast.omar.pk, 999_999):
        path = f"/onboarding/clients/{client_id}/aside/"
        answer = page_of(cast.rita).get(path)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
        told = answer.content.decode().partition("<main")[2].partition("</main>")[0]
        pages.append(told.replace(path, ""))
    assert pages[0] == pages[1] == pages[2]
    assert 'href="/onboarding/"' in pages[0]
    assert "Nothing was done" in pages[0]


def test_a_program_is_answered_as_before(cast, page_of):
    answer = page_of(cast.rita).delete("/api/v1/clients/")
    assert answer.headers["Content-Type"].startswith("application/json")
