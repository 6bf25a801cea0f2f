"""A confirmed match stops every journey of the client with one neutral sentence; overturned, they go on."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, Party
from compliance.actions import confirm_hit, propose_hit, review_kyc
from compliance.actions.night import look
from compliance.models import KycFile, PartyToScreen, RatingRecord, ReviewTrigger, ScreeningHit
from needs.actions import save_answers, sign_assessment
from onboarding.actions import start_onboarding, submit_onboarding
from onboarding.models import Onboarding
from opportunities.actions import move_opportunity, take_up_suggestion
from portfolios.models import Mandate, ModelPortfolio
from reviews.actions import hold_review, prepare_review
from staff.night import night_shift
from tests.compliance.stage import KONY, bring, second_officer
from tests.compliance.test_kyc import record
from tests.house.stage import Stage
from ui.refusals import Refused

pytestmark = pytest.mark.django_db
SENTENCE = "A compliance check of this client is open."
TALK = {"talk": "All is well.", "recommendation": "", "decision": "keep", "held_on": date(2026, 11, 2)}


@pytest.fixture
def stage(cast):
    return Stage(cast)


JOURNEYS = {
    "an offer": lambda stage, by: take_up_suggestion(stage.client, by=by, product_kind="pension"),
    "a card": lambda stage, by: move_opportunity(
        stage.opportunity, by=by, to="need_confirmed", expected=stage.opportunity.stage
    ),
    "a review": lambda stage, by: prepare_review(stage.client, by=by),
    "its minutes": lambda stage, by: hold_review(stage.review, by=by, **TALK),
    "the needs": lambda stage, by: save_answers(stage.client, by=by, step="goals", answers={}),
    "their signature": lambda stage, by: sign_assessment(stage.assessment, by=by),
    "an opening": lambda stage, by: submit_onboarding(stage.onboarding, by=by),
}


def sentences_of(journey, stage):
    """What refuses this journey now; nothing, when it goes on."""
    try:
        JOURNEYS[journey](stage, stage.cast.rita)
    except Refused as refused:
        return refused.sentences
    return []


@pytest.mark.parametrize("journey", JOURNEYS)
def test_a_match_stops_it_until_it_is_overturned(stage, cora, journey):
    cleo = second_officer()
    assert SENTENCE not in sentences_of(journey, stage)
    propose_hit(stage.hit, by=cora, verdict="match", reason="client_says")
    confirm_hit(stage.hit, by=cleo)
    assert SENTENCE in sentences_of(journey, stage)
    propose_hit(stage.hit, by=cora, verdict="no_match", reason="common_name")
    assert SENTENCE in sentences_of(journey, stage)
    confirm_hit(stage.hit, by=cleo)
    assert SENTENCE not in sentences_of(journey, stage)


def test_a_match_rates_the_client_high_in_the_same_step_and_its_end_as_before(stage, cora):
    """Frozen and yet "low" for an hour: nobody could explain that to an auditor."""
    cleo, client = second_officer(), stage.client
    record(client, stage.cast.rita)
    review_kyc(client, by=cora)

    def rated():
        last = RatingRecord.objects.filter(client=client).order_by("-pk").first()
        return Client.objects.get(pk=client.pk).risk, last.cause, last.by

    assert rated()[0] == "low"
    propose_hit(stage.hit, by=cora, verdict="match", reason="client_says")
    confirm_hit(stage.hit, by=cleo)
    assert rated() == ("high", "hit_confirmed", cleo)
    trigger = ReviewTrigger.objects.get(client=client, code="hit_confirmed")
    assert trigger.occurrence == f"hit {stage.hit.pk}"
    assert look(night_shift()) == 0, "the night finds nothing left to do"
    propose_hit(stage.hit, by=cora, verdict="no_match", reason="common_name")
    assert rated()[0] == "high"
    confirm_hit(stage.hit, by=cleo)
    assert rated() == ("low", "hit_overturned", cleo)


def test_a_lead_that_is_a_match_is_not_opened(stage, cora):
    stage.client.state = "lead"
    stage.client.save()
    propose_hit(stage.hit, by=cora, verdict="match", reason="client_says")
    confirm_hit(stage.hit, by=second_officer())
    with pytest.raises(Refused, match=SENTENCE):
        start_onboarding(stage.client, by=stage.cast.rita, products=["current"])


PAGES = {  # the page, and the button on it that the action behind would refuse
    "a card": (
        lambda stage: reverse("opportunities:opportunity", args=[stage.opportunity.pk]),
        "Need confirmed",
    ),
    "a review": (lambda stage: reverse("reviews:list") + "?due=400", "Prepare"),
    "a review anew": (lambda stage: reverse("reviews:review", args=[stage.review.pk]), "Value it anew"),
    "its minutes": (lambda stage: reverse("reviews:review", args=[stage.review.pk]), "Meeting held"),
    "the needs": (lambda stage: reverse("needs:assess", args=[stage.client.pk]), "Go on with the draft"),
    "a step": (
        lambda stage: reverse("needs:assess", args=[stage.client.pk]) + "?step=goals",
        "Save and go on",
    ),
    "their signature": (
        lambda stage: reverse("needs:assess", args=[stage.client.pk]),
        "The client has signed",
    ),
    "an opening": (lambda stage: reverse("onboarding:workspace", args=[stage.onboarding.pk]), "Submit"),
}


@pytest.mark.parametrize("name", PAGES)
def test_the_button_says_so_before_anybody_presses_it(stage, cora, page_of, name):
    address, label = PAGES[name]
    if name == "a review":
        model = ModelPortfolio.objects.create(name="Balanced", band=3)
        Mandate.objects.create(client=stage.client, model=model, kind="advisory", since_on=date(2020, 1, 1))
    else:
        assert stage.assessment.state == "draft"
        assert stage.review.state == "prepared"
    refused = re.compile(rf'aria-disabled="true"[^>]*>(?:<svg.*?</svg>)?{label}.*?</span></span>', re.S)

    def said():
        page = page_of(stage.cast.rita).get(address(stage)).content.decode()
        assert label in page
        return [SENTENCE in found for found in refused.findall(page)]

    assert True not in said()
    propose_hit(stage.hit, by=cora, verdict="match", reason="client_says")
    confirm_hit(stage.hit, by=second_officer())
    assert said()[:1] == [True]


def test_a_frozen_lead_has_no_form_to_begin_an_onboarding(stage, cora, page_of):
    Client.objects.filter(pk=stage.client.pk).update(state="lead")
    Onboarding.objects.filter(client=stage.client).delete()
    address = reverse("onboarding:new", args=[stage.client.pk])
    assert SENTENCE not in page_of(stage.cast.rita).get(address).content.decode()
    propose_hit(stage.hit, by=cora, verdict="match", reason="client_says")
    confirm_hit(stage.hit, by=second_officer())
    page = page_of(stage.cast.rita).get(address).content.decode()
    assert SENTENCE in page
    assert 'name="products"' not in page


def test_the_rm_is_told_no_more_than_that(stage, cora, page_of):
    propose_hit(stage.hit, by=cora, verdict="match", reason="client_says")
    confirm_hit(stage.hit, by=second_officer())
    answer = page_of(stage.cast.rita).post(
        reverse("opportunities:new", args=[stage.client.pk]), {"product_kind": "pension"}
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert SENTENCE in page
    for secret in ("sanction", "creening", "Ana Kellar", "frozen", "match"):
        assert secret not in page


def test_who_may_know_reads_on_the_file_that_it_is_frozen(stage, cora, page_of):
    url = reverse("compliance:client", args=[stage.client.pk])
    propose_hit(stage.hit, by=cora, verdict="match", reason="client_says")
    confirm_hit(stage.hit, by=second_officer())
    assert "Frozen since" in page_of(cora).get(url).content.decode()
    text = page_of(stage.cast.rita).get(url).content.decode()
    assert "Frozen" not in text
    assert "A compliance check is open." in text


def test_somebody_new_on_the_file_is_still_to_be_compared(stage, cora, page_of):
    """The page said that nobody looks like anybody on the lists, seconds before the hit came."""
    url = reverse("compliance:client", args=[stage.client.pk])
    bring(KONY)
    kyc = {"next_review_on": timezone.localdate(), "screened_at": timezone.now()}
    KycFile.objects.update_or_create(client=stage.client, defaults=kyc)
    ScreeningHit.objects.all().delete()
    PartyToScreen.objects.all().delete()
    waits = "Somebody on this file is still to be compared."
    assert waits not in page_of(cora).get(url).content.decode()
    Party.objects.create(client=stage.client, kind="person", name="Viktor Vekselberg")
    assert waits in page_of(cora).get(url).content.decode()
