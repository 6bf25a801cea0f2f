"""Joint holders, companies, tax forms, accounts, consents: asked for, and part of what is approved."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from clients.actions import add_owner, end_holding
from clients.models import Party, TaxResidence
from compliance.models import Approval, Consent
from onboarding.actions import (
    add_holder,
    add_person,
    approve_onboarding,
    ask_all_papers,
    choose_products,
    drop_account,
    expire_all,
    hold_onboarding,
    plan_account,
    record_certification,
    record_facts,
    record_holder,
    record_search,
    record_wealth,
    report_change,
    resume_onboarding,
    review_document,
    submit_onboarding,
    take_consents,
    take_document,
    upload_document,
)
from onboarding.models import Onboarding, RequiredDocument, SelfCertification
from onboarding.rules.tax import Residence
from onboarding.selectors import workspace
from staff.night import night_shift
from tests.onboarding.stage import (
    FACTS,
    a_file,
    approve_papers,
    begin,
    certify,
    submitted,
    tell_the_rest,
    upload_all,
)
from ui.refusals import NotPermitted, NotVisible, Refused

BEAT = {"name": "Beat Lind", "born_on": date(1978, 3, 3), "nationality": "CH", "residence": "CH"}
HIS_FACTS = {key: value for key, value in BEAT.items() if key != "name"} | {
    "source_of_funds": "salary",
    "pep": False,
}


def papers(onboarding, **which):
    return set(
        RequiredDocument.objects.filter(onboarding=onboarding, **which).values_list("kind", "party__name")
    )


def again(onboarding):
    return Onboarding.objects.get(pk=onboarding.pk)


def test_two_hold_it_together_and_each_brings_papers_facts_and_a_tax_form(cast):
    onboarding = begin(cast)
    beat = add_holder(onboarding, by=cast.rita, **BEAT)
    assert papers(onboarding, party=beat) == {
        ("identity", "Beat Lind"), ("address", "Beat Lind"), ("tax", "Beat Lind"),
    }  # fmt: skip
    record_facts(onboarding, by=cast.rita, **FACTS)
    tell_the_rest(onboarding, cast.rita)
    upload_all(onboarding, cast.rita)
    with pytest.raises(Refused) as refused:
        submit_onboarding(onboarding, by=cast.rita)
    assert refused.value.sentences == [
        "The facts of Beat Lind, a joint holder, are not recorded.",
        "The self-certification CRS of Beat Lind is missing.",
    ]
    record_holder(onboarding, by=cast.rita, party_id=beat.pk, **HIS_FACTS)
    certify(onboarding, cast.rita, party=beat)
    approve_papers(onboarding, cast.cora)
    submit_onboarding(onboarding, by=cast.rita)
    approve_onboarding(onboarding, by=cast.theo)
    assert again(onboarding).state == "approved"


def test_a_joint_holder_who_is_a_pep_brings_it_to_compliance_with_the_source_of_wealth(cast):
    onboarding = begin(cast)
    beat = add_holder(onboarding, by=cast.rita, **BEAT)
    record_facts(onboarding, by=cast.rita, **FACTS)
    tell_the_rest(onboarding, cast.rita)
    record_holder(onboarding, by=cast.rita, party_id=beat.pk, **(HIS_FACTS | {"pep": True}))
    certify(onboarding, cast.rita, party=beat)
    upload_all(onboarding, cast.rita)
    with pytest.raises(Refused, match="source of wealth of Beat Lind"):
        submit_onboarding(onboarding, by=cast.rita)
    with pytest.raises(Refused, match="in a sentence"):
        record_wealth(
            onboarding, by=cast.rita, party_id=beat.pk, source_of_wealth="gift", wealth_note="a gift"
        )
    record_wealth(
        onboarding, by=cast.rita, party_id=beat.pk, source_of_wealth="gift", wealth_note="From his aunt, 2020"
    )
    approve_papers(onboarding, cast.cora)
    submit_onboarding(onboarding, by=cast.rita)
    assert Approval.objects.get().senior
    with pytest.raises(Refused, match="only compliance decides"):
        approve_onboarding(onboarding, by=cast.theo)
    assert approve_onboarding(onboarding, by=cast.cora).state == "approved"


def test_what_a_joint_holder_may_not_be(cast):
    onboarding = begin(cast)
    with pytest.raises(Refused, match="in the future"):
        add_holder(onboarding, by=cast.rita, **(BEAT | {"born_on": timezone.localdate() + timedelta(days=1)}))
    for name in ("Beat", "Carla", "Dora"):
        add_holder(onboarding, by=cast.rita, **(BEAT | {"name": f"{name} Lind"}))
    with pytest.raises(Refused, match="At most 4"):
        add_holder(onboarding, by=cast.rita, **BEAT)
    firm = begin(cast, name="Lind Ltd", kind="organisation", segment="sme", stage="growth")
    with pytest.raises(Refused, match="no joint holder"):
        add_holder(firm, by=cast.rita, **BEAT)


def test_a_company_brings_papers_of_who_owns_it_and_signs_for_it(cast):
    onboarding = begin(cast, name="Lind Ltd", kind="organisation", segment="corporate", stage="mature")
    assert papers(onboarding) == {
        ("register", None), ("owners", None), ("tax", None), ("identity", None), ("accounts", None),
        ("statutes", None),
    }  # fmt: skip
    add_person(onboarding, by=cast.rita, relation="owner", name="Nora Lind", share=60)
    add_person(onboarding, by=cast.rita, relation="signatory", name="Omar Said")
    add_person(onboarding, by=cast.rita, relation="director", name="Petra Post")
    add_person(onboarding, by=cast.rita, relation="owner", name="Lind Holding", kind="organisation", share=40)
    assert papers(onboarding, kind="identity") == {("identity", "Nora Lind"), ("identity", "Omar Said")}
    with pytest.raises(Refused, match="at most 100"):
        add_person(onboarding, by=cast.rita, relation="owner", name="One More", share=1)
    record_facts(onboarding, by=cast.rita, **FACTS)
    party = Party.objects.get(client=onboarding.client_id, is_client=True)
    record_certification(
        onboarding, by=cast.rita, party_id=party.pk, form="crs", signed_on=timezone.localdate(),
        residences=[Residence("CH", "CHE-100.155.212")],
    )  # fmt: skip
    record_certification(
        onboarding, by=cast.rita, party_id=party.pk, form="w8bene", signed_on=timezone.localdate(),
        residences=[], fatca_status="active_nffe",
    )  # fmt: skip
    take_consents(onboarding, by=cast.rita, purposes=["data_processing", "recording"])
    upload_all(onboarding, cast.rita)
    approve_papers(onboarding, cast.cora)
    with pytest.raises(Refused, match="40 % lead to no person"):
        submit_onboarding(onboarding, by=cast.rita)
    record_search(onboarding, by=cast.rita, what="The register of Zug names nobody behind the holding")
    submit_onboarding(onboarding, by=cast.rita)
    approve_onboarding(onboarding, by=cast.theo)
    assert again(onboarding).state == "approved"


def test_products_ask_for_their_papers_and_forms(cast):
    onboarding = begin(cast)
    choose_products(onboarding, by=cast.rita, products=["current", "mortgage", "fund"])
    assert {"income", "property"} <= {kind for kind, _ in papers(onboarding)}
    choose_products(onboarding, by=cast.rita, products=["current"])
    assert {kind for kind, _ in papers(onboarding)} == {"identity", "address", "tax"}


# --- tax -------------------------------------------------------------------------------------------------


def test_a_tax_form_is_kept_superseded_and_declares_the_residence(cast):
    onboarding = begin(cast)
    party = Party.objects.get(client=onboarding.client_id)
    first = certify(onboarding, cast.rita, country="AE")
    assert first.valid_until is not None  # an explanation instead of a number holds twelve months
    second = record_certification(
        onboarding, by=cast.rita, party_id=party.pk, form="crs", signed_on=timezone.localdate(),
        residences=[Residence("CH", "756.9217.0769.85")],
    )  # fmt: skip
    assert second.valid_until is None
    assert list(SelfCertification.objects.current()) == [second]
    assert SelfCertification.objects.count() == 2
    declared = [(row.country, row.number) for row in TaxResidence.objects.filter(party=party)]
    assert list(declared) == [("CH", "7569217076985")]
    with pytest.raises(Refused, match="no tax number of Switzerland"):
        record_certification(
            onboarding, by=cast.rita, party_id=party.pk, form="crs", signed_on=timezone.localdate(),
            residences=[Residence("CH", "756.9217.0769.58")],
        )  # fmt: skip
    with pytest.raises(IntegrityError, match="a_party_has_one_current"), transaction.atomic():
        SelfCertification.objects.update(superseded_at=None)


def test_what_contradicts_the_file_is_named_until_it_is_explained(cast):
    onboarding = begin(cast)
    record_facts(onboarding, by=cast.rita, **(FACTS | {"residence": "DE"}))
    certify(onboarding, cast.rita, explanation="")
    with pytest.raises(Refused, match="Lea Lind lives in Germany and declares no tax residence there"):
        submit_onboarding(onboarding, by=cast.rita)
    certify(onboarding, cast.rita, explanation="Moved to Basel on the first")
    with pytest.raises(Refused) as refused:
        submit_onboarding(onboarding, by=cast.rita)
    assert "lives in Germany" not in str(refused.value.sentences)


def test_a_change_of_circumstances_starts_a_clock(cast):
    onboarding = begin(cast)
    form = certify(onboarding, cast.rita, signed_on=timezone.localdate() - timedelta(days=30))
    today = timezone.localdate()
    changed = report_change(form, by=cast.rita, changed_on=today)
    assert (
        today + timedelta(days=89)
        < changed.valid_until
        <= max(today + timedelta(days=90), date(today.year, 12, 31))
    )
    with pytest.raises(NotVisible):
        report_change(form, by=cast.otto, changed_on=today)


# --- papers ----------------------------------------------------------------------------------------------


def test_a_paper_is_uploaded_then_taken_then_in_review(cast):
    onboarding = begin(cast)
    upload_all(onboarding, cast.rita)
    paper = RequiredDocument.objects.filter(onboarding=onboarding).first()
    assert paper.stand == "Uploaded"
    taken = take_document(onboarding, by=cast.cora, required_id=paper.pk)
    assert taken.stand == "In review"
    with pytest.raises(NotPermitted):
        take_document(onboarding, by=cast.theo, required_id=paper.pk)


def test_papers_follow_who_owns_it_also_when_that_is_written_on_another_page(cast):
    onboarding = begin(cast, name="Lind Ltd", kind="organisation", segment="sme", stage="growth")
    firm = Party.objects.get(client=onboarding.client_id, is_client=True)
    row = add_owner(
        onboarding.client_id, by=cast.rita, of_id=firm.pk, since_on=date(2020, 1, 1), share=Decimal(60),
        name="Nora Lind",
    )  # fmt: skip
    assert ask_all_papers(by=night_shift()) == 1
    assert papers(onboarding, kind="identity") == {("identity", "Nora Lind")}
    assert ask_all_papers(by=night_shift()) == 0
    end_holding(onboarding.client_id, by=cast.rita, relationship_id=row.pk, until_on=timezone.localdate())
    assert "Nora Lind" not in str(workspace(again(onboarding)).facts)
    assert ask_all_papers(by=night_shift()) == 1
    assert papers(onboarding, kind="identity") == {("identity", None)}
    assert ask_all_papers(by=night_shift()) == 0


def test_the_same_one_is_not_added_twice_in_the_same_role(cast):
    onboarding = begin(cast, name="Lind Ltd", kind="organisation", segment="sme", stage="growth")

    def add(name="Petra Post", relation="director", born_on=None):
        return add_person(onboarding, by=cast.rita, relation=relation, name=name, born_on=born_on)

    add()
    add(relation="signatory")
    for again_ in ("Petra Post", " petra  POST"):
        with pytest.raises(Refused, match="has this role on the file already"):
            add(again_)
    add(born_on=date(1999, 1, 2))  # her daughter
    with pytest.raises(Refused, match="has this role"):
        add(born_on=date(1999, 1, 2))


def test_a_paper_that_has_ended_is_asked_for_again_also_of_a_served_client(cast):
    onboarding = submitted(cast)
    approve_onboarding(onboarding, by=cast.theo)
    last = timezone.localdate() + timedelta(days=900)
    paper = RequiredDocument.objects.get(onboarding=onboarding, kind="identity")
    assert paper.valid_until == last
    assert expire_all(by=night_shift(), on=last) == 0
    assert expire_all(by=night_shift(), on=last + timedelta(days=1)) == 3
    assert expire_all(by=night_shift(), on=last + timedelta(days=1)) == 0
    paper.refresh_from_db()
    assert paper.state == "expired"
    until = timezone.localdate() + timedelta(days=900)
    upload_document(onboarding, by=cast.rita, required_id=paper.pk, file=a_file("new.pdf"), expires_on=until)
    review_document(onboarding, by=cast.cora, required_id=paper.pk, verdict="approved")
    paper.refresh_from_db()
    assert (paper.state, paper.document.title) == ("approved", "new.pdf")
    with pytest.raises(Refused, match="decided"):  # what still counts is not replaced any more
        upload_document(onboarding, by=cast.rita, required_id=paper.pk, file=a_file())


def test_an_expired_paper_takes_a_request_back(cast):
    onboarding = submitted(cast)
    expire_all(by=night_shift(), on=timezone.localdate() + timedelta(days=2000))
    assert again(onboarding).state == "collecting"
    assert Approval.objects.get().decision == "withdrawn"


def test_an_expired_paper_is_not_taken_at_all(cast):
    onboarding = begin(cast)
    paper = RequiredDocument.objects.filter(onboarding=onboarding).first()
    with pytest.raises(Refused, match="expired already"):
        upload_document(
            onboarding, by=cast.rita, required_id=paper.pk, file=a_file(),
            expires_on=timezone.localdate() - timedelta(days=1),
        )  # fmt: skip


# --- accounts, consents, hold, and the approval that falls -------------------------------------------------


def add_a_holder(onboarding, cast):
    add_holder(onboarding, by=cast.rita, **BEAT)


def add_an_account(onboarding, cast):
    plan_account(onboarding, by=cast.rita, kind="current", currency="EUR")


def sign_another_form(onboarding, cast):
    certify(onboarding, cast.rita, country="DE")


def change_the_wealth(onboarding, cast):
    party = Party.objects.get(client=onboarding.client_id, is_client=True)
    record_wealth(
        onboarding,
        by=cast.rita,
        party_id=party.pk,
        source_of_wealth="gift",
        wealth_note="From her aunt, 2020",
    )


@pytest.mark.parametrize("change", [add_a_holder, add_an_account, sign_another_form, change_the_wealth])
def test_a_request_falls_when_any_of_this_changes(cast, change):
    onboarding = submitted(cast)
    change(onboarding, cast)
    assert again(onboarding).state == "collecting"
    assert Approval.objects.get().decision == "withdrawn"


def test_a_consent_taken_back_makes_it_fall_at_the_moment_of_approval(cast):
    onboarding = submitted(cast)
    Consent.objects.filter(purpose="recording").update(withdrawn_on=timezone.localdate())
    assert approve_onboarding(onboarding, by=cast.theo).state == "collecting"


def test_accounts_are_planned_and_dropped(cast):
    onboarding = begin(cast)
    planned = plan_account(
        onboarding, by=cast.rita, kind="current", currency="CHF", card="debit", card_limit=2000,
        funded_from="CH93 0076 2011 6238 5295 7",
    )  # fmt: skip
    assert planned.funded_from == "CH9300762011623852957"
    with pytest.raises(Refused, match="check digits"):
        plan_account(
            onboarding, by=cast.rita, kind="current", currency="CHF", funded_from="CH9300762011623852958"
        )
    other = begin(cast)
    with pytest.raises(NotVisible):
        drop_account(other, by=cast.rita, account_id=planned.pk)
    drop_account(onboarding, by=cast.rita, account_id=planned.pk)
    assert not onboarding.accounts.exists()


def test_consents_are_taken_by_purpose_and_channel_once(cast):
    onboarding = begin(cast)
    for _ in range(2):
        take_consents(
            onboarding, by=cast.rita, purposes=["recording", "marketing"], channels=["email", "letter"]
        )
    given = Consent.objects.filter(client=onboarding.client_id).values_list("purpose", "channel")
    assert set(given) == {("recording", ""), ("marketing", "email"), ("marketing", "letter")}


def test_it_waits_with_a_reason_and_is_taken_up_again(cast):
    onboarding = submitted(cast)
    hold_onboarding(onboarding, by=cast.rita, reason="client_waits")
    assert again(onboarding).state == "on_hold"
    assert Approval.objects.get().decision == "withdrawn"
    with pytest.raises(Refused, match="on hold"):
        choose_products(onboarding, by=cast.rita, products=["fund"])
    resume_onboarding(onboarding, by=cast.theo)
    hold_onboarding(onboarding, by=cast.cora, reason="compliance_asks")
    with pytest.raises(Refused, match="only compliance takes it up again"):
        resume_onboarding(onboarding, by=cast.rita)
    resume_onboarding(onboarding, by=cast.cora)
    submit_onboarding(onboarding, by=cast.rita)
    assert again(onboarding).state == "in_review"


def test_another_reason_to_wait_is_said_in_words(page_of, cast):
    onboarding = begin(cast)
    url = reverse("onboarding:hold", args=[onboarding.pk])
    browser = page_of(cast.rita)
    with pytest.raises(Refused, match="in words"):
        hold_onboarding(onboarding, by=cast.rita, reason="other", note=" ")
    answer = browser.post(url, {"reason": "other", "note": ""})
    assert (answer.status_code, [*answer.context["form"].errors]) == (422, ["note"])
    assert browser.post(url, {"reason": "other", "note": "The notary is away."}).status_code == 303
    page = browser.get(reverse("onboarding:workspace", args=[onboarding.pk])).content.decode()
    assert "The notary is away." in page
    resume_onboarding(onboarding, by=cast.rita)
    assert again(onboarding).hold_note == ""


def test_compliance_takes_over_what_a_manager_holds(page_of, cast):
    onboarding = begin(cast)
    hold_onboarding(onboarding, by=cast.rita, reason="client_waits")
    url, hold = (reverse(f"onboarding:{name}", args=[onboarding.pk]) for name in ("workspace", "hold"))
    assert "Hold it for compliance" in page_of(cast.cora).get(url).content.decode()
    assert "Hold it for compliance" not in page_of(cast.rita).get(url).content.decode()
    assert page_of(cast.cora).post(hold, {"reason": "compliance_asks"}).status_code == 303
    assert (again(onboarding).held_by, again(onboarding).hold_reason) == (cast.cora, "compliance_asks")
    page = page_of(cast.rita).get(url).content.decode()
    assert "only compliance takes it up again" in page
    with pytest.raises(Refused, match="only compliance takes it up again"):
        resume_onboarding(onboarding, by=cast.rita)
    resume_onboarding(onboarding, by=cast.cora)
    assert again(onboarding).state == "collecting"


def test_nobody_else_works_on_it(cast):
    onboarding = begin(cast)
    party = Party.objects.get(client=onboarding.client_id)
    deeds = [
        lambda by: add_holder(onboarding, by=by, **BEAT),
        lambda by: add_person(onboarding, by=by, relation="signatory", name="X Y"),
        lambda by: certify(onboarding, by),
        lambda by: plan_account(onboarding, by=by, kind="current", currency="CHF"),
        lambda by: take_consents(onboarding, by=by, purposes=["recording"]),
        lambda by: record_wealth(
            onboarding, by=by, party_id=party.pk, source_of_wealth="gift", wealth_note="a b c"
        ),
        lambda by: hold_onboarding(onboarding, by=by, reason="other", note="The notary."),
    ]
    for deed in deeds:
        with pytest.raises(NotVisible):
            deed(cast.otto)
    for deed in deeds[:-1]:
        with pytest.raises(NotPermitted):
            deed(cast.cora)


def test_a_party_of_another_file_is_not_reached_through_ones_own(cast):
    mine, other = begin(cast), begin(cast)
    foreign = Party.objects.get(client=other.client_id)
    with pytest.raises(NotVisible):
        certify(mine, cast.rita, party=foreign)
    with pytest.raises(NotVisible):
        record_wealth(mine, by=cast.rita, party_id=foreign.pk, source_of_wealth="gift", wealth_note="a b c")
