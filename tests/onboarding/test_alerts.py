"""Who hears of an opening: the lead that it waits, its manager what came of it and of its papers."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from alerts.actions import look_at_everything
from alerts.models import Alert, Delivery
from clients.models import Client
from onboarding.actions import (
    approve_onboarding,
    decline_onboarding,
    review_document,
    submit_onboarding,
    upload_document,
)
from onboarding.actions.endings import ask_end, confirm_end
from onboarding.models import RequiredDocument
from tests.onboarding.stage import a_file, submitted


def told(rule):
    """Who has it in the inbox now."""
    look_at_everything(timezone.localdate())
    found = Delivery.objects.filter(alert__rule=f"onboarding.{rule}", alert__closed_at=None, channel="inbox")
    return set(found.exclude(state="dropped").values_list("recipient__login", flat=True))


def test_an_opening_that_waits_is_in_the_inbox_and_on_the_first_page_of_the_lead(cast, page_of):
    onboarding = submitted(cast)
    assert told("decision_waiting") == {"theo"}
    review = reverse("onboarding:review", args=[onboarding.pk])
    for place in ("/", "/inbox/"):
        assert review in page_of(cast.theo).get(place).content.decode(), place
    approve_onboarding(onboarding, by=cast.theo)
    assert (told("decision_waiting"), told("decided")) == (set(), {"rita"})
    assert "The opening was approved on" in page_of(cast.rita).get("/inbox/").content.decode()
    assert review not in page_of(cast.theo).get("/").content.decode()


def test_what_only_compliance_decides_is_no_alert_of_the_lead(cast):
    submitted(cast, pep=True)
    assert told("decision_waiting") == set()


@pytest.mark.parametrize(
    ("verdict", "reason", "words"),
    [("returned", "facts_unclear", "returned on"), ("rejected", "funds_unexplained", "rejected on")],
)
def test_the_second_persons_no_is_told_until_it_is_submitted_anew(cast, page_of, verdict, reason, words):
    onboarding = submitted(cast)
    decline_onboarding(onboarding, by=cast.theo, verdict=verdict, reason=reason)
    assert told("decided") == {"rita"}
    assert f"The opening was {words}" in page_of(cast.rita).get("/inbox/").content.decode()
    if verdict == "returned":
        submit_onboarding(onboarding.pk, by=cast.rita)
        assert told("decided") == set()


def test_a_paper_that_was_sent_back_is_told_on_the_page_and_in_the_inbox(cast, page_of):
    onboarding = submitted(cast, read=False)
    paper = RequiredDocument.objects.get(onboarding=onboarding, kind="address")
    review_document(
        onboarding.pk, by=cast.cora, required_id=paper.pk, verdict="to_revise", reason="bad_image"
    )
    page = page_of(cast.rita).get(reverse("onboarding:workspace", args=[onboarding.pk])).content.decode()
    assert "Compliance returned a paper, Proof of address: Cannot be read." in page
    assert "what was submitted had changed" not in page
    assert told("paper_returned") == {"rita"}
    assert "Proof of address: compliance sent it back" in page_of(cast.rita).get("/inbox/").content.decode()
    upload_document(
        onboarding.pk, by=cast.rita, required_id=paper.pk, file=a_file(), issued_on=timezone.localdate()
    )
    assert told("paper_returned") == set()


def test_after_the_end_the_opening_says_so(cast, page_of):
    onboarding = submitted(cast)
    approve_onboarding(onboarding, by=cast.theo)
    Client.objects.filter(pk=onboarding.client_id).update(state="closed", closed_on=timezone.localdate())
    page = page_of(cast.rita).get(reverse("onboarding:workspace", args=[onboarding.pk])).content.decode()
    assert "The relationship has ended." in page
    for gone in ("Approved and active", "The next KYC review is due", "Operations opens"):
        assert gone not in page


def test_what_was_due_of_the_client_is_due_no_more_the_moment_the_relationship_ends(cast):
    today = timezone.localdate()
    Client.objects.filter(pk=cast.anna.pk).update(kyc_due_on=today + timedelta(days=9))
    look_at_everything(today)
    due = Alert.objects.filter(client=cast.anna, rule="compliance.kyc_due", closed_at=None)
    assert due.exists()
    asked = ask_end(cast.anna.pk, by=cast.rita, cause="wish", reason="She moves to Lisbon")
    confirm_end(asked.pk, by=cast.theo)
    assert not due.exists()
