"""A company behind which nobody was found, and what a high risk asks for: neither is passed over."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.actions import add_owner, correct_holding
from clients.models import Party, Relationship
from compliance.models import KycFile, Measure
from onboarding.actions import add_person, approve_onboarding, record_search
from onboarding.models import RequiredDocument
from onboarding.selectors import papers_needed, workspace
from rulebook.selectors import pack
from tests.compliance.stage import second_officer
from tests.onboarding.stage import approve_papers, begin, submitted
from ui.refusals import Refused

SEARCH = "The register of Zug names a nominee, the client gave no name"


@pytest.fixture
def firm(cast):
    """A fifth is Ida's; of the rest only a nominee is known. Konrad directs it."""
    onboarding = begin(cast, name="Lind Ltd", kind="organisation", segment="sme", stage="growth")
    onboarding.client.parties.update(kind="organisation")
    add(onboarding, cast, name="Ida Lind", share=20)
    add(onboarding, cast, name="Muschel Nominees Ltd", kind="organisation", share=80)
    add(onboarding, cast, name="Konrad Leiter", relation="director")
    return onboarding


def add(onboarding, cast, **who):
    return add_person(onboarding, by=cast.rita, **({"relation": "owner"} | who))


def behind_the_nominee(onboarding, cast, share):
    nominee = Party.objects.get(name="Muschel Nominees Ltd")
    add_owner(
        onboarding.client_id, by=cast.rita, of_id=nominee.pk, since_on=None, share=share, name="Otto Halter",
        nationality="CH",
    )  # fmt: skip


def missing(onboarding):
    onboarding.refresh_from_db()
    return [each for each in workspace(onboarding).facts.owners_missing if "lead to no person" in each]


def test_shares_that_lead_to_nobody_stand_in_the_way_until_the_search_is_written_down(cast, firm, page_of):
    assert missing(firm) == [
        "80 % lead to no person: record who stands behind, or what was done to find out."
    ]
    page = page_of(cast.rita).get(reverse("onboarding:workspace", args=[firm.pk])).content.decode()
    url = reverse("onboarding:owners_search", args=[firm.pk])
    assert url in page
    answer = page_of(cast.rita).post(url, {"what": SEARCH, "form_key": "k"})
    assert answer.status_code == 303
    assert missing(firm) == []
    review = page_of(cast.theo).get(reverse("onboarding:review", args=[firm.pk])).content.decode()
    for words in (SEARCH, "80 % lead to no person", "As senior managing officials stand in", "Konrad Leiter"):
        assert words in review


def test_the_page_of_the_search_costs_a_known_number_of_queries(
    cast, firm, page_of, django_assert_num_queries
):
    """However many owners are on the file; that it is written down costs the same."""
    rita = page_of(cast.rita)
    url = reverse("onboarding:owners_search", args=[firm.pk])
    rita.get(url)  # the first request of a session also saves it
    with django_assert_num_queries(SHOWN):
        assert rita.get(url).status_code == 200
    for share in range(1, 7):
        behind_the_nominee(firm, cast, share)
    with django_assert_num_queries(SHOWN):
        assert rita.get(url).status_code == 200
    with django_assert_num_queries(WRITTEN):
        assert rita.post(url, {"what": SEARCH, "form_key": "k"}).status_code == 303


SHOWN, WRITTEN = 28, 43


def test_what_was_said_of_these_owners_is_not_said_of_others(cast, firm):
    record_search(firm, by=cast.rita, what=SEARCH)
    behind_the_nominee(firm, cast, 10)
    assert missing(firm), "another owner is known: of the rest it is said anew"


def test_an_owner_corrected_after_the_search_is_searched_for_anew(cast, firm):
    record_search(firm, by=cast.rita, what=SEARCH)
    row = Relationship.objects.get(party__name="Ida Lind")
    correct_holding(
        firm.client_id, by=cast.rita, relationship_id=row.pk, relation="owner", share=15, since_on=None,
        until_on=None, seen_until=None, reason="Misread",
    )  # fmt: skip
    assert missing(firm)


def test_a_first_day_is_offered_at_the_opening_and_not_from_tomorrow_on(cast, firm, page_of):
    url = reverse("onboarding:person_new", args=[firm.pk])
    sent = {"relation": "director", "kind": "person", "name": "Dora Leiter"}
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    answer = page_of(cast.rita).post(url, sent | {"since_on": tomorrow})
    assert answer.status_code == 422
    assert "still to come" in str(answer.context["form"].errors["since_on"])
    assert page_of(cast.rita).post(url, sent | {"since_on": "2024-01-01"}).status_code == 303
    assert str(Relationship.objects.get(party__name="Dora Leiter").since_on) == "2024-01-01"
    # On days on which the owners of today, known as owners ever since, hold it all.
    owner = {
        "relation": "owner",
        "kind": "person",
        "name": "One More",
        "share": "1",
        "since_on": "2020-01-01",
    }
    answer = page_of(cast.rita).post(url, owner)
    assert answer.status_code == 422
    assert "at most 100" in str(answer.context["form"].errors["share"])


def test_who_is_found_needs_no_search(cast, firm):
    behind_the_nominee(firm, cast, 100)
    assert missing(firm) == []
    with pytest.raises(Refused, match="nothing to look for"):
        record_search(firm, by=cast.rita, what=SEARCH)


def test_a_word_is_no_search(cast, firm):
    with pytest.raises(Refused, match="in a sentence"):
        record_search(firm, by=cast.rita, what="nothing found")


def test_papers_are_asked_of_who_stands_in_and_not_of_who_owns_too_little(cast, firm):
    asked = {
        need.party_id
        for need in papers_needed(firm, firm.client, pack("onboarding", firm.started_at.date()).body)
    }
    name = dict(Party.objects.values_list("pk", "name"))
    assert {name[pk] for pk in asked if pk} == {"Konrad Leiter"}


def test_an_opening_at_high_risk_leaves_its_measures_done(cast, page_of):
    """The paper of the funds, the word on the wealth, the officer's approval: EU AMLR Art. 42."""
    onboarding = submitted(cast, pep=True)
    approve_papers(onboarding, second_officer())
    assert RequiredDocument.objects.filter(onboarding=onboarding, kind="funds", state="approved").exists()
    approve_onboarding(onboarding, by=cast.cora)
    done = {each.code: each for each in Measure.objects.all()}
    assert set(done) == {"senior_approval", "funds_evidence", "wealth_evidence"}
    assert {each.by for each in done.values()} == {cast.cora}
    assert done["funds_evidence"].document is not None
    assert KycFile.objects.get(client=onboarding.client_id).rating == "high"
    page = page_of(cast.rita).get(reverse("onboarding:workspace", args=[onboarding.pk])).content.decode()
    assert "still to do: enhanced monitoring of the account" in page


def test_an_opening_at_low_risk_leaves_none(cast):
    onboarding = submitted(cast)
    approve_papers(onboarding, cast.cora)
    approve_onboarding(onboarding, by=cast.theo)
    assert not Measure.objects.exists()
