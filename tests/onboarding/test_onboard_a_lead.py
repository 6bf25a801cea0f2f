"""A lead becomes a client, step by step; nothing is skipped."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import AuditEvent
from clients.models import Document
from compliance.models import Approval, KycFile, ScreeningHit
from onboarding.actions import (
    approve_onboarding,
    choose_products,
    decline_onboarding,
    record_facts,
    review_document,
    start_onboarding,
    submit_onboarding,
    upload_document,
)
from onboarding.models import Onboarding, RequiredDocument
from rulebook.days import add_months
from tests.compliance.stage import KONY, bring
from tests.onboarding.stage import (
    FACTS,
    a_file,
    approve_papers,
    begin,
    make_lead,
    submitted,
    tell_the_rest,
    upload_all,
)
from ui.refusals import NotPermitted, NotVisible, Refused


def kinds(onboarding, **which):
    return set(RequiredDocument.objects.filter(onboarding=onboarding, **which).values_list("kind", flat=True))


def test_a_lead_is_taken_on_and_what_is_needed_follows_from_who_it_is(cast):
    onboarding = begin(cast)
    onboarding.client.refresh_from_db()
    assert (onboarding.state, onboarding.client.state) == ("collecting", "onboarding")
    assert kinds(onboarding) == {"identity", "address", "tax"}
    assert kinds(begin(cast, name="Lind Ltd", kind="organisation", segment="sme", stage="growth")) == {
        "register", "owners", "tax", "identity",
    }  # fmt: skip


def test_only_a_lead_and_only_once(cast):
    with pytest.raises(Refused, match="Only a lead"):
        start_onboarding(cast.anna, by=cast.rita, products=["current"])
    onboarding = begin(cast)
    with pytest.raises(Refused, match="has begun already"):
        start_onboarding(onboarding.client_id, by=cast.rita, products=["current"])


def test_high_risk_asks_for_more_and_takes_it_back(cast):
    onboarding = begin(cast)
    record_facts(onboarding, by=cast.rita, **(FACTS | {"nationality": "IR"}))
    assert kinds(onboarding) == {"identity", "address", "tax", "funds"}
    record_facts(onboarding, by=cast.rita, **FACTS)
    assert kinds(onboarding) == {"identity", "address", "tax"}


def test_it_is_not_submitted_while_something_is_missing(cast):
    onboarding = begin(cast)
    with pytest.raises(Refused) as refused:
        submit_onboarding(onboarding, by=cast.rita)
    assert len(refused.value.sentences) == 6  # three papers, the facts, the tax form and the consents
    assert not Approval.objects.exists()


def test_the_whole_way(cast):
    onboarding = submitted(cast)
    client = onboarding.client
    assert (onboarding.state, client.state) == ("in_review", "onboarding")
    assert KycFile.objects.get(client=client).screened_at is not None
    approve_onboarding(onboarding, by=cast.theo)
    onboarding.refresh_from_db()
    client.refresh_from_db()
    kyc, today = KycFile.objects.get(client=client), timezone.localdate()
    assert (onboarding.state, client.state, client.since_on) == ("approved", "active", today)
    assert onboarding.finished_at is not None
    assert (kyc.state, kyc.rating, kyc.reviewed_on, kyc.reviewed_by) == ("current", "low", today, cast.theo)
    assert client.kyc_due_on == kyc.next_review_on == add_months(today, 60)
    approval = Approval.objects.get()
    assert (approval.decision, approval.asked_by, approval.decided_by) == ("approved", cast.rita, cast.theo)
    verbs = AuditEvent.objects.filter(client_id=client.pk).values_list("verb", flat=True)
    assert {"onboarding begun", "onboarding submitted", "client screened", "onboarding approved"} <= set(
        verbs
    )


def test_a_paper_is_sent_back_with_a_reason_and_comes_again(cast):
    onboarding = begin(cast)
    upload_all(onboarding, cast.rita)
    paper = RequiredDocument.objects.filter(onboarding=onboarding, kind="identity").get()
    review_document(onboarding, by=cast.cora, required_id=paper.pk, verdict="to_revise", reason="bad_image")
    paper.refresh_from_db()
    assert (paper.state, paper.reason, paper.reviewed_by) == ("to_revise", "bad_image", cast.cora)
    until = timezone.localdate() + timedelta(days=900)
    upload_document(
        onboarding, by=cast.rita, required_id=paper.pk, file=a_file("better.pdf"), expires_on=until
    )
    paper.refresh_from_db()
    assert (paper.state, paper.reason, paper.document.title) == ("in_review", "", "better.pdf")
    assert Document.objects.filter(client=onboarding.client_id, kind="identity").count() == 2


def test_a_file_that_is_not_what_it_says_is_refused(cast):
    onboarding = begin(cast)
    paper = RequiredDocument.objects.get(onboarding=onboarding, kind="address")
    with pytest.raises(Refused, match="not what its name says"):
        upload_document(
            onboarding,
            by=cast.rita,
            required_id=paper.pk,
            file=a_file("x.pdf", b"<html></html>"),
            issued_on=timezone.localdate(),
        )
    with pytest.raises(NotVisible):
        upload_document(onboarding, by=cast.rita, required_id=999_999, file=a_file())


def test_a_rejected_client_is_closed_with_a_reason(cast):
    onboarding = submitted(cast)
    with pytest.raises(Refused, match="reason"):
        decline_onboarding(onboarding, by=cast.theo, verdict="rejected", reason="bad_image")
    decline_onboarding(onboarding, by=cast.theo, verdict="rejected", reason="funds_unexplained")
    onboarding.refresh_from_db()
    assert (onboarding.state, onboarding.client.state) == ("rejected", "closed")
    assert Approval.objects.get().reason == "rejected:funds_unexplained"


def test_a_returned_one_is_worked_on_and_submitted_again(cast):
    onboarding = submitted(cast)
    decline_onboarding(onboarding, by=cast.theo, verdict="returned", reason="facts_unclear")
    onboarding.refresh_from_db()
    assert onboarding.state == "collecting"
    submit_onboarding(onboarding, by=cast.rita)
    assert set(Approval.objects.values_list("decision", flat=True)) == {"refused", "waiting"}


# --- what was approved is what was submitted -------------------------------------------------------------


def change_facts(onboarding, cast):
    record_facts(onboarding, by=cast.rita, **(FACTS | {"purpose": "wealth"}))


def change_products(onboarding, cast):
    choose_products(onboarding, by=cast.rita, products=["current", "fund"])


def change_paper(onboarding, cast):
    paper = RequiredDocument.objects.get(onboarding=onboarding, kind="address")
    today = timezone.localdate()
    upload_document(onboarding, by=cast.rita, required_id=paper.pk, file=a_file("other.pdf"), issued_on=today)


def send_paper_back(onboarding, cast):
    paper = RequiredDocument.objects.filter(onboarding=onboarding, state="in_review").first()
    review_document(onboarding, by=cast.cora, required_id=paper.pk, verdict="rejected", reason="altered")


@pytest.mark.parametrize("change", [change_facts, change_products, change_paper, send_paper_back])
def test_a_request_falls_when_what_was_submitted_changes(cast, change):
    onboarding = submitted(cast, read=change is not send_paper_back)
    change(onboarding, cast)
    onboarding.refresh_from_db()
    assert onboarding.state == "collecting"
    assert Approval.objects.get().decision == "withdrawn"
    with pytest.raises(Refused, match="not submitted, or has changed"):
        approve_onboarding(onboarding, by=cast.theo)


def test_a_change_elsewhere_in_the_file_makes_it_fall_at_the_moment_of_approval(cast):
    onboarding = submitted(cast)
    client = onboarding.client
    client.parties.update(name="Lea Somebody Else")
    done = approve_onboarding(onboarding, by=cast.theo)
    client.refresh_from_db()
    assert (done.state, client.state) == ("collecting", "onboarding")
    assert Approval.objects.get().decision == "withdrawn"


def test_reading_the_papers_is_no_change(cast):
    onboarding = submitted(cast, read=False)
    approve_papers(onboarding, cast.cora)
    approve_onboarding(onboarding, by=cast.theo)
    onboarding.refresh_from_db()
    assert onboarding.state == "approved"


def test_unread_papers_and_an_open_check_refuse_the_approval(cast):
    with pytest.raises(Refused, match="not reviewed yet"):
        approve_onboarding(submitted(cast, read=False), by=cast.theo)


def test_who_looks_like_a_listed_person_is_not_approved_until_compliance_has_decided(cast):
    bring(KONY)
    onboarding = begin(cast, name="Joseph Kony")
    record_facts(onboarding, by=cast.rita, **FACTS)
    tell_the_rest(onboarding, cast.rita)
    upload_all(onboarding, cast.rita)
    approve_papers(onboarding, cast.cora)
    submit_onboarding(onboarding, by=cast.rita)
    assert ScreeningHit.objects.get().client_id == onboarding.client_id
    with pytest.raises(Refused) as refused:
        approve_onboarding(onboarding, by=cast.theo)
    assert refused.value.sentences == ["A compliance check of this client is open."]
    ScreeningHit.objects.update(state="cleared")
    assert approve_onboarding(onboarding, by=cast.theo).state == Onboarding.State.APPROVED


def test_nobody_else_can(cast):
    lead = make_lead(cast)
    for person, error in ((cast.otto, NotVisible), (cast.cora, NotPermitted), (cast.ada, NotVisible)):
        with pytest.raises(error):
            start_onboarding(lead, by=person, products=["current"])
    onboarding = submitted(cast, read=False)
    paper = RequiredDocument.objects.filter(onboarding=onboarding).first()
    deeds = [
        lambda by: record_facts(onboarding, by=by, **FACTS),
        lambda by: choose_products(onboarding, by=by, products=["fund"]),
        lambda by: upload_document(onboarding, by=by, required_id=paper.pk, file=a_file()),
        lambda by: review_document(onboarding, by=by, required_id=paper.pk, verdict="approved"),
        lambda by: submit_onboarding(onboarding, by=by),
        lambda by: approve_onboarding(onboarding, by=by),
        lambda by: decline_onboarding(onboarding, by=by, verdict="returned", reason="facts_unclear"),
    ]
    for deed in deeds:
        with pytest.raises(NotVisible):
            deed(cast.otto)
    for deed in (deeds[3], deeds[5], deeds[6]):
        with pytest.raises(NotPermitted):
            deed(cast.rita)
    for deed in deeds[:3]:
        with pytest.raises(NotPermitted):
            deed(cast.cora)
