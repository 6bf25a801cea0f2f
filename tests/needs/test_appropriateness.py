"""Does a client know enough of a product to have it without advice? Told beside what is wanted."""

import pytest
from django.urls import reverse

from needs import rules
from needs.actions import save_answers, sign_assessment
from needs.models import Assessment
from onboarding.actions import choose_products
from tests.needs.make import ANSWERS
from tests.onboarding.stage import begin

FIGURES = {
    "knowledge": {"share": ["equity"], "fund": ["bonds", "equity"], "structured": ["alternatives"]},
    "least": {"share": "basic", "fund": "basic", "structured": "experienced"},
}


def enough(knowledge):
    return {each.product: each.enough for each in rules.appropriateness(knowledge, FIGURES)}


@pytest.mark.parametrize(
    ("knowledge", "found"),
    [
        (None, {"fund": None, "share": None, "structured": None}),  # absent is never enough
        ({}, {"fund": False, "share": False, "structured": False}),
        ({"bonds": "basic"}, {"fund": True, "share": False, "structured": False}),
        (
            {"equity": "experienced", "alternatives": "basic"},
            {"fund": True, "share": True, "structured": False},
        ),
        ({"alternatives": "experienced"}, {"fund": False, "share": False, "structured": True}),
    ],
)
def test_one_class_that_is_known_well_enough_is_enough(knowledge, found):
    assert enough(knowledge) == found


def test_the_opening_and_the_approver_fetch_it_and_read_what_to_warn_of(page_of, cast):
    opening = begin(cast)
    page = page_of(cast.rita).get(reverse("onboarding:workspace", args=[opening.pk])).content.decode()
    assert "appropriateness" not in page  # a current account asks for no knowledge
    choose_products(opening, by=cast.rita, products=["current", "fund"])
    url = reverse("needs:appropriateness", args=[opening.client_id])
    for name in ("workspace", "review"):
        page = page_of(cast.theo).get(reverse(f"onboarding:{name}", args=[opening.pk])).content.decode()
        assert f'hx-get="{url}"' in page
    assert "Nobody has asked yet" in page_of(cast.theo).get(url).content.decode()
    save_answers(opening.client_id, by=cast.rita, step="goals", answers=ANSWERS)
    sign_assessment(Assessment.objects.get(client=opening.client_id), by=cast.rita)
    part = page_of(cast.theo).get(url, headers={"HX-Request": "true", "HX-Target": "section#appropriateness"})
    told = part.content.decode()
    assert told.count("warn</span>") == 2  # structured products, currency hedging
    assert "the client has held it." in told
    assert "<html" not in told
    assert page_of(cast.otto).get(url).status_code == 404
