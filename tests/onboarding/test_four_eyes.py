"""Who asks does not decide: on every route, in every role, and when two decide at once."""

import re
import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from clients.actions import (
    add_contact_point,
    add_owner,
    change_preferences,
    correct_holding,
    remove_contact_point,
    strike_holding,
)
from clients.models import ContactPoint, Party
from compliance.models import Approval
from compliance.rules.approvals import refusals_to_decide
from onboarding.actions import (
    approve_onboarding,
    choose_products,
    decline_onboarding,
    plan_account,
    record_facts,
    review_document,
    submit_onboarding,
    take_consents,
)
from onboarding.models import Onboarding, RequiredDocument
from onboarding.selectors import waiting
from staff.roles import Role
from tests.cast import make_cast
from tests.compliance.stage import second_officer
from tests.onboarding.stage import (
    FACTS,
    approve_papers,
    begin,
    certify,
    read_review,
    submitted,
    tell_the_rest,
    upload_all,
)
from ui.refusals import NotPermitted, Refused


@pytest.mark.parametrize(
    ("decision", "own", "made", "senior", "officer", "words"),
    [
        ("waiting", False, False, False, False, ""),
        ("waiting", False, False, True, True, ""),
        ("waiting", True, True, False, False, "You asked"),
        ("waiting", True, True, False, True, "You asked"),  # an officer today
        ("waiting", False, True, False, False, "You worked on this file"),
        ("waiting", False, False, True, False, "only compliance decides"),
        ("approved", False, False, False, True, "decided this already"),
        ("refused", False, False, False, True, "decided this already"),
        ("withdrawn", False, False, False, True, "withdrawn"),
    ],
)
def test_who_may_be_the_second_person(decision, own, made, senior, officer, words):
    refusals = refusals_to_decide(decision, own=own, made=made, senior=senior, by_is_officer=officer)
    assert (words in " ".join(refusals)) if words else refusals == []


def become(person, role):
    person.role = role
    person.save(update_fields=["role"])


@pytest.mark.parametrize("role", [Role.TEAM_LEAD, Role.COMPLIANCE, Role.MLRO])
def test_who_submitted_does_not_decide_whatever_the_role_today(cast, role):
    onboarding = submitted(cast)
    become(cast.rita, role)
    for deed in (
        lambda: approve_onboarding(onboarding, by=cast.rita),
        lambda: decline_onboarding(onboarding, by=cast.rita, verdict="returned", reason="facts_unclear"),
    ):
        with pytest.raises(Refused, match="You asked for this: a second"):
            deed()
    onboarding.refresh_from_db()
    assert onboarding.state == "in_review"


def test_who_made_a_part_of_it_does_not_decide_either(cast):
    """Theo records the facts, Rita submits: Theo is no second person."""
    onboarding = submitted(cast)
    record_facts(onboarding, by=cast.theo, **(FACTS | {"purpose": "wealth"}))
    submit_onboarding(Onboarding.objects.get(pk=onboarding.pk), by=cast.rita)
    with pytest.raises(Refused, match="You worked on this file"):
        approve_onboarding(onboarding, by=cast.theo)
    assert approve_onboarding(onboarding, by=cast.cora).state == "approved"


def test_who_uploaded_a_paper_reviews_it_not_in_another_role(cast):
    onboarding = submitted(cast, read=False)
    paper = RequiredDocument.objects.filter(onboarding=onboarding).first()
    become(cast.rita, Role.COMPLIANCE)
    with pytest.raises(Refused, match="You uploaded this file"):
        review_document(onboarding, by=cast.rita, required_id=paper.pk, verdict="approved")


OVERDRAWN = {"kind": "current", "currency": "CHF", "overdraft": Decimal(1_000_000)}


@pytest.mark.parametrize(
    "made",
    [
        lambda on, by: plan_account(on.pk, by=by, **OVERDRAWN),
        lambda on, by: choose_products(on.pk, by=by, products=["current", "savings"]),
        lambda on, by: certify(on, by),
        lambda on, by: take_consents(on.pk, by=by, purposes=["profiling"]),
    ],
)
def test_nor_does_who_made_any_other_part_also_when_a_colleague_worked_on_it_since(cast, made):
    """Theo grants an overdraft of a million, Rita plans one more account and submits."""
    onboarding = submitted(cast)
    made(onboarding, cast.theo)
    made(onboarding, cast.rita)
    upload_all(onboarding, cast.rita)
    approve_papers(onboarding, cast.cora)
    submit_onboarding(onboarding.pk, by=cast.rita)
    with pytest.raises(Refused, match="You worked on this file"):
        approve_onboarding(onboarding.pk, by=cast.theo)
    assert approve_onboarding(onboarding.pk, by=cast.cora).state == "approved"


def letters_elsewhere(client, by):
    party = Party.objects.get(client=client, is_client=True)
    street = "Hidden Street 1, 6300 Zug, CH"
    add_contact_point(client, by=by, party_id=party.pk, kind="address", value=street)


@pytest.mark.parametrize(
    "made",
    [
        letters_elsewhere,
        lambda client, by: remove_contact_point(ContactPoint.objects.filter(client=client).first(), by=by),
        lambda client, by: change_preferences(client, by=by, fields=["language"], language="fr"),
        lambda client, by: change_preferences(
            client, by=by, fields=["preferred_channel"], preferred_channel="letter"
        ),
    ],
)
def test_how_the_client_is_reached_is_approved_too(cast, made):
    """Where the letters and codes of a new account go. Changed while a second person reads, it is asked for
    anew; and who changed it is no second person."""
    onboarding = submitted(cast)
    party = Party.objects.get(client=onboarding.client_id, is_client=True)
    add_contact_point(
        onboarding.client, by=cast.rita, party_id=party.pk, kind="email", value="lea.lind@example.com"
    )
    submit_onboarding(approve_onboarding(onboarding.pk, by=cast.cora).pk, by=cast.rita)
    made(onboarding.client, cast.theo)
    assert approve_onboarding(onboarding.pk, by=cast.cora).state == "collecting"
    submit_onboarding(onboarding.pk, by=cast.rita)
    assert "You worked on this file" in " ".join(waiting(cast.theo, 1)[0].refusals)
    with pytest.raises(Refused, match="You worked on this file"):
        approve_onboarding(onboarding.pk, by=cast.theo)
    assert approve_onboarding(onboarding.pk, by=cast.cora).state == "approved"


def test_nor_does_who_wrote_down_an_owner_on_another_page(page_of, cast):
    """Theo writes a ghost down as the owner of a company, on the page of its ownership; Rita submits."""
    onboarding = begin(cast, name="Lind Ltd", kind="organisation", segment="sme", stage="growth")
    firm = Party.objects.get(client=onboarding.client_id, is_client=True)
    owner = {"of_id": firm.pk, "since_on": date(2024, 1, 1), "share": Decimal(100), "name": "Ghost Lind"}
    add_owner(onboarding.client_id, by=cast.theo, **owner)
    record_facts(onboarding, by=cast.rita, **FACTS)
    tell_the_rest(onboarding, cast.rita)
    certify(onboarding, cast.rita, party=firm, form="w8bene")
    upload_all(onboarding, cast.rita)
    approve_papers(onboarding, cast.cora)
    submit_onboarding(onboarding, by=cast.rita)
    for name in ("workspace", "review"):
        page = page_of(cast.theo).get(reverse(f"onboarding:{name}", args=[onboarding.pk])).content.decode()
        assert "You are not the second person here" in page
        assert f'action="{reverse("onboarding:approval", args=[onboarding.pk])}"' not in page
    assert "You worked on this file" in " ".join(waiting(cast.theo, 1)[0].refusals)
    for deed in (
        lambda: approve_onboarding(onboarding, by=cast.theo),
        lambda: decline_onboarding(onboarding, by=cast.theo, verdict="returned", reason="facts_unclear"),
    ):
        with pytest.raises(Refused, match="You worked on this file"):
            deed()
    assert approve_onboarding(onboarding, by=cast.cora).state == "approved"


@pytest.mark.parametrize("how", ["corrected", "struck"])
def test_an_owner_corrected_while_a_second_person_reads_is_asked_for_anew(cast, how):
    """And who corrected or struck out is not the second person."""
    onboarding = begin(cast, name="Lind Ltd", kind="organisation", segment="sme", stage="growth")
    firm = Party.objects.get(client=onboarding.client_id, is_client=True)
    owner = {"of_id": firm.pk, "since_on": date(2024, 1, 1)}
    row = add_owner(onboarding.client_id, by=cast.rita, name="Ghost Lind", share=Decimal(20), **owner)
    add_owner(onboarding.client_id, by=cast.rita, name="Nora Lind", share=Decimal(80), **owner)
    record_facts(onboarding, by=cast.rita, **FACTS)
    tell_the_rest(onboarding, cast.rita)
    certify(onboarding, cast.rita, party=firm, form="w8bene")
    upload_all(onboarding, cast.rita)
    approve_papers(onboarding, cast.cora)
    submit_onboarding(onboarding, by=cast.rita)
    said = {"relationship_id": row.pk, "seen_until": None, "reason": "Misread"}
    if how == "corrected":
        right = {"relation": "owner", "share": Decimal(10), "since_on": None, "until_on": None}
        correct_holding(onboarding.client_id, by=cast.theo, **said, **right)
    else:
        strike_holding(onboarding.client_id, by=cast.theo, **said)
    assert approve_onboarding(onboarding.pk, by=cast.cora).state == "collecting"
    submit_onboarding(onboarding.pk, by=cast.rita)
    with pytest.raises(Refused, match="You worked on this file"):
        approve_onboarding(onboarding.pk, by=cast.theo)
    assert approve_onboarding(onboarding.pk, by=cast.cora).state == "approved"


def test_what_was_changed_and_submitted_again_is_not_approved_from_the_page_of_before(cast, page_of):
    onboarding = submitted(cast)
    theo = page_of(cast.theo)
    address = reverse("onboarding:approval", args=[onboarding.pk])

    def the_button():
        page = theo.get(reverse("onboarding:review", args=[onboarding.pk])).content.decode()
        form = page.split(f'action="{address}"')[1].split("</form>")[0]
        return dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))

    read = the_button()
    plan_account(onboarding.pk, by=cast.rita, **OVERDRAWN)
    submit_onboarding(onboarding.pk, by=cast.rita)
    answer = theo.post(address, read)
    assert (answer.status_code, "submitted again" in answer.content.decode()) == (409, True)
    assert theo.post(address, read | {"seen": "x", "form_key": "two"}).status_code == 409
    onboarding.refresh_from_db()
    assert onboarding.state == "in_review"
    assert theo.post(address, the_button()).status_code == 303
    onboarding.refresh_from_db()
    assert onboarding.state == "approved"


def test_nobody_approves_what_its_page_did_not_show_them(cast, page_of):
    """Neither by the number of the request, nor by what a colleague or another opening was shown."""
    onboarding, other = submitted(cast), submitted(cast)
    theo, cora = page_of(cast.theo), page_of(cast.cora)
    address = reverse("onboarding:approval", args=[onboarding.pk])
    waiting = Approval.objects.get(subject_id=onboarding.pk)
    made_up = [
        {},
        {"seen": ""},
        {"seen": waiting.pk},
        {"seen": waiting.fingerprint},
        read_review(cora, onboarding),
        read_review(theo, other),
    ]
    for place, sent in enumerate(made_up):
        assert theo.post(address, sent | {"form_key": f"{place}"}).status_code == 409, sent
    assert Onboarding.objects.get(pk=onboarding.pk).state == "in_review"
    assert theo.post(address, read_review(theo, onboarding)).status_code == 303
    assert Onboarding.objects.get(pk=onboarding.pk).state == "approved"


@pytest.mark.parametrize("facts", [{"pep": True}, {"nationality": "IR"}, {"residence": "KP"}])
def test_high_risk_is_decided_by_compliance(cast, facts):
    onboarding = submitted(cast, **facts)
    upload_all(onboarding, cast.rita)  # high risk asked for one more; none is missing by now
    approve_papers(onboarding, cast.cora)
    assert Approval.objects.latest("pk").senior
    with pytest.raises(Refused, match="only compliance decides"):
        approve_onboarding(onboarding, by=cast.theo)
    assert approve_onboarding(onboarding, by=cast.cora).state == "approved"
    onboarding.client.refresh_from_db()
    assert onboarding.client.risk == "high"


def test_an_rm_approves_nothing_at_all(cast):
    with pytest.raises(NotPermitted):
        approve_onboarding(submitted(cast), by=cast.rita)


def test_the_database_says_so_too(cast):
    submitted(cast)
    with pytest.raises(IntegrityError, match="who_asks_does_not_approve"), transaction.atomic():
        Approval.objects.update(decided_by=cast.rita)
    approval = Approval.objects.get()
    approval.pk = None
    with pytest.raises(IntegrityError, match="an_approval_is_asked_once_at_a_time"), transaction.atomic():
        approval.save()


@pytest.mark.django_db(transaction=True)
def test_two_decide_at_once_one_wins_and_the_other_reads_a_sentence():
    cast = make_cast()
    onboarding = submitted(cast)
    start, said = threading.Barrier(2), []

    def decide(person, deed):
        try:
            start.wait()
            deed(onboarding.pk, by=person)
            said.append("done")
        except Refused as refused:
            said.append(refused.sentences[0])
        finally:
            connection.close()

    def reject(pk, by):
        decline_onboarding(pk, by=by, verdict="rejected", reason="risk_too_high")

    people = [
        threading.Thread(target=decide, args=(cast.theo, approve_onboarding)),
        threading.Thread(target=decide, args=(second_officer(), reject)),
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(said) == ["A colleague has decided this onboarding already.", "done"]
    assert Approval.objects.exclude(decision="waiting").count() == 1
