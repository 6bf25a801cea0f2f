"""The list and the workspace in the browser."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Party, Relationship
from onboarding.models import Onboarding, RequiredDocument
from tests.onboarding.stage import (
    FACTS,
    a_file,
    approve_papers,
    begin,
    certify,
    make_lead,
    read_review,
    submitted,
    tell_the_rest,
)

FORM = FACTS | {"pep": "no"}


def url(name, *args):
    return reverse(f"onboarding:{name}", args=args)


def test_rita_takes_a_lead_all_the_way_and_theo_approves(page_of, cast):
    rita, lead = page_of(cast.rita), make_lead(cast)
    assert rita.get(url("new", lead.pk)).status_code == 200
    assert rita.post(url("new", lead.pk), {"products": []}).status_code == 422
    answer = rita.post(url("new", lead.pk), {"products": ["current", "fund"]})
    onboarding = Onboarding.objects.get(client=lead)
    assert answer.headers["Location"] == url("workspace", onboarding.pk)
    page = rita.get(url("workspace", onboarding.pk)).content.decode()
    assert "Not uploaded yet: Identity document." in page
    assert 'aria-disabled="true"' in page  # the button says why not
    for required in RequiredDocument.objects.filter(onboarding=onboarding):
        data = {f"{required.pk}-file": a_file(), f"{required.pk}-expires_on": "2030-01-01"}
        data[f"{required.pk}-issued_on"] = timezone.localdate().isoformat()
        assert rita.post(url("document_file", onboarding.pk, required.pk), data).status_code == 303
    assert rita.post(url("facts", onboarding.pk), FORM).status_code == 303
    tell_the_rest(onboarding, cast.rita)
    certify(onboarding, cast.rita, form="w8ben")  # for the fund
    assert rita.post(url("submission", onboarding.pk)).status_code == 303
    assert page_of(cast.theo).post(url("approval", onboarding.pk)).status_code == 409  # papers unread
    cora = page_of(cast.cora)
    for required in RequiredDocument.objects.filter(onboarding=onboarding):
        data = {f"{required.pk}-approve": "on"}
        assert cora.post(url("document_review", onboarding.pk, required.pk), data).status_code == 303
    assert rita.post(url("approval", onboarding.pk)).status_code == 403
    theo, read = page_of(cast.theo), read_review(page_of(cast.theo), onboarding)
    assert theo.post(url("approval", onboarding.pk)).status_code == 409  # not from nowhere
    assert theo.post(url("approval", onboarding.pk), read).status_code == 303
    lead.refresh_from_db()
    assert lead.state == "active"


def test_a_form_keeps_what_was_typed_and_names_the_field(page_of, cast):
    onboarding = begin(cast)
    rita = page_of(cast.rita)
    answer = rita.post(url("facts", onboarding.pk), {**FORM, "purpose": "", "source_of_funds": "gift"})
    assert answer.status_code == 422
    assert "purpose" in answer.context["facts_form"].errors
    assert '<option value="gift" selected>' in answer.content.decode()
    required = RequiredDocument.objects.filter(onboarding=onboarding).first()
    wrong = {f"{required.pk}-file": a_file("x.pdf", b"<html></html>")}
    answer = rita.post(url("document_file", onboarding.pk, required.pk), wrong)
    assert answer.status_code == 422
    assert "The file is not what its name says" in answer.content.decode()
    answer = page_of(cast.cora).post(url("document_review", onboarding.pk, required.pk), {})
    assert answer.status_code == 422


def test_a_stale_request_is_told_in_the_browser(page_of, cast):
    onboarding = submitted(cast)
    read = read_review(page_of(cast.theo), onboarding)
    onboarding.client.parties.update(name="Lea Somebody Else")
    answer = page_of(cast.theo).post(url("approval", onboarding.pk), read, follow=True)
    assert "has changed since" in answer.content.decode()


def test_the_second_person_reads_why_it_is_not_them(page_of, cast):
    onboarding = submitted(cast, by=cast.theo)
    page = page_of(cast.theo).get(url("workspace", onboarding.pk)).content.decode()
    assert "You asked for this: a second person confirms." in page


def test_the_list_shows_how_far_each_is_and_only_mine(page_of, cast, django_assert_num_queries):
    for _ in range(3):
        begin(cast)
    browser = page_of(cast.rita)
    browser.get(url("list"))  # the first request of a session also saves it
    with django_assert_num_queries(14):
        page = browser.get(url("list"))
    lines = page.context["lines"]
    assert [(line.done, line.all) for line in lines] == [(2, 7)] * 3
    assert lines[0].missing[0] == "Not uploaded yet: Identity document."
    assert not page_of(cast.otto).get(url("list")).context["lines"]
    assert len(page_of(cast.theo).get(url("list")).context["lines"]) == 3


@pytest.mark.parametrize(("until_on", "missing"), [(None, False), (0, True), (1, False)])
def test_the_list_counts_who_signs_today_and_nobody_who_has_left(page_of, cast, until_on, missing):
    firm = begin(cast, name="Lind Ltd", kind="organisation", segment="sme", stage="growth").client
    today = timezone.localdate()
    director = Party.objects.create(client=firm, kind="person", name="Ann Lind")
    Relationship.objects.create(
        client=firm, party=director, of=firm.parties.get(is_client=True), kind="director",
        since_on=today - timedelta(days=9),
        until_on=None if until_on is None else today + timedelta(days=until_on),
    )  # fmt: skip
    sentences = " ".join(page_of(cast.rita).get(url("list")).context["lines"][0].missing)
    assert ("directs or signs for the organisation" in sentences) is missing


def test_the_workspace_costs_a_known_number_of_queries(page_of, cast, django_assert_num_queries):
    onboarding = submitted(cast)
    browser = page_of(cast.theo)
    browser.get(url("list"))  # the first request of a session also saves it
    with django_assert_num_queries(31):
        assert browser.get(url("workspace", onboarding.pk)).status_code == 200


@pytest.mark.parametrize("name", ["workspace", "products", "facts", "submission", "approval", "refusal"])
def test_otto_gets_the_same_404_for_a_foreign_and_a_missing_onboarding(page_of, cast, name):
    onboarding = begin(cast)
    data = {**FORM, "products": ["current"], "reason": "facts_unclear"}
    for pk in (onboarding.pk, 999_999):
        browser = page_of(cast.otto)
        answer = browser.get(url(name, pk)) if name == "workspace" else browser.post(url(name, pk), data)
        assert answer.status_code == 404


def test_otto_gets_404_for_papers_too(page_of, cast):
    onboarding = begin(cast)
    required = RequiredDocument.objects.filter(onboarding=onboarding).first()
    browser = page_of(cast.otto)
    upload = {f"{required.pk}-file": a_file()}
    assert browser.post(url("document_file", onboarding.pk, required.pk), upload).status_code == 404
    review = {f"{required.pk}-approve": "on"}
    assert browser.post(url("document_review", onboarding.pk, required.pk), review).status_code == 404
    assert browser.get(url("new", make_lead(cast).pk)).status_code == 404


def test_papers_of_another_onboarding_are_not_reached_through_ones_own(page_of, cast):
    mine, other = begin(cast), begin(cast)
    required = RequiredDocument.objects.filter(onboarding=other).first()
    answer = page_of(cast.rita).post(
        url("document_file", mine.pk, required.pk), {f"{required.pk}-file": a_file()}
    )
    assert answer.status_code == 404


def test_approved_papers_are_shown_to_who_may_see_the_client(page_of, cast):
    onboarding = submitted(cast, read=False)
    approve_papers(onboarding, cast.cora)
    page = page_of(cast.rita).get(url("workspace", onboarding.pk)).content.decode()
    assert page.count("Approved") >= 3


def test_who_decides_sees_whose_share_of_what_it_is_and_who_owns_it_in_the_end(page_of, cast):
    onboarding = begin(cast, name="Lind Ltd", kind="organisation", segment="sme", stage="growth")
    onboarding.client.parties.update(kind="organisation")
    firm = onboarding.client.parties.get()
    people = {"client": onboarding.client, "nationality": "CH"}
    holding = Party.objects.create(kind="organisation", name="Lind Holding", **people)
    lea = Party.objects.create(kind="person", name="Lea Lind", **people)
    Relationship.objects.create(client=onboarding.client, party=holding, of=firm, kind="owner", share=80)
    Relationship.objects.create(client=onboarding.client, party=lea, of=holding, kind="owner", share=50)
    for person, name in ((cast.rita, "workspace"), (cast.theo, "review")):
        words = page_of(person).get(url(name, onboarding.pk)).content.decode()
        assert re.search(r"Lea Lind.*Owner, .*50.*of .*Lind Holding", words)
        assert re.search(r"Beneficial owners.*Lea Lind.*40 %", words)
    facts = page_of(cast.rita).get(url("workspace", onboarding.pk)).content.decode()
    assert 'value="salary"' not in facts  # a company earns none
    assert 'value="business_income"' in facts
