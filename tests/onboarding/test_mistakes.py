"""What somebody new gets wrong in an opening, and how each is mended without beginning all over."""

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from clients.models import Client, Document, Identifier, Party, Relationship, SearchName
from compliance.models import Approval, KycFile, PartyToScreen
from onboarding import selectors
from onboarding.actions import (
    add_holder,
    add_person,
    correct_paper,
    hold_onboarding,
    record_facts,
    record_holder,
    remove_person,
    set_opening_aside,
    take_document,
    take_document_back,
    upload_document,
)
from onboarding.models import Onboarding, RequiredDocument, SetAside
from onboarding.rules import fingerprint
from onboarding.rules.requirements import wrongs_of_paper
from onboarding.selectors import find, workspace
from tests.cast import make_client
from tests.house.stage import Stage
from tests.onboarding.stage import FACTS, a_file, begin, submitted, upload_all
from tests.onboarding.test_holders_and_tax import BEAT
from ui.refusals import NotVisible, Refused

pytestmark = pytest.mark.django_db
# Queries of what is shown before something is mended.
SHOWN = {"ending": 25, "person": 25, "paper_new": 25, "paper": 25}
MISTAKE = {"cause": "mistake", "reason": "It is a company"}


def url(name, *args):
    return reverse(f"onboarding:{name}", args=args)


def read(browser, address):
    return browser.get(address).content.decode()


def again(row):
    return type(row).objects.get(pk=row.pk)


def test_the_pages_that_mend_ask_a_known_number_of_queries(page_of, cast, django_assert_num_queries):
    onboarding = begin(cast)
    main = Party.objects.get(client=onboarding.client, is_client=True)
    rita, paper = page_of(cast.rita), shown(onboarding)
    for name, args in (
        ("ending", [onboarding.client_id]),
        ("person", [onboarding.pk, main.pk]),
        ("paper_new", [onboarding.pk]),
        ("paper", [onboarding.pk, paper.pk]),
    ):
        rita.get(url(name, *args))
        with django_assert_num_queries(SHOWN[name]):
            assert rita.get(url(name, *args)).status_code == 200


# --- the wrong kind of client, or nobody that there should be a file of -----------------------------------


def test_an_opening_of_the_wrong_kind_is_set_aside_and_may_be_taken_up_again(page_of, cast):
    onboarding = begin(cast)
    lena = page_of(Stage(cast).people["lena"])
    rita, otto = page_of(cast.rita), page_of(cast.otto)
    client, page = onboarding.client, url("ending", onboarding.client_id)
    assert page in read(rita, url("workspace", onboarding.pk))
    assert "Set the opening aside" in read(rita, page)
    aside = url("opening_aside", onboarding.pk)
    assert rita.post(aside, {"cause": ""}).status_code == 422
    assert otto.post(aside, MISTAKE).status_code == 404
    assert page_of(cast.cora).post(aside, MISTAKE).status_code == 403
    assert rita.post(aside, MISTAKE).status_code == 303
    assert (again(onboarding).state, again(client).state) == ("set_aside", "closed")
    assert rita.post(aside, MISTAKE).status_code == 409
    assert str(client.pk) not in [str(each.client_id) for each in rita.get(url("list")).context["page"]]
    told = read(rita, url("workspace", onboarding.pk))
    assert told.count("It is set aside") == 1, "said once, where it says what is next"
    assert "Why, and by whom" in told
    assert "What is missing" not in told
    assert "Upload" not in told
    told = read(rita, page)
    for said in ("Opening, set aside", "Opened by mistake", "It is a company", "Take it up again"):
        assert said in told
    file = read(rita, reverse("client", args=[client.pk]))
    assert ("Lead since" in file, "Client since" in file) == (True, False)

    assert lena.post(url("lead_taking_up", SetAside.objects.get().pk)).status_code == 303
    assert (again(onboarding).state, again(client).state) == ("collecting", "onboarding")
    assert "Not uploaded yet: Identity document." in read(rita, url("workspace", onboarding.pk))
    verbs = AuditEvent.objects.filter(client_id=client.pk).values_list("verb", "by_login")
    assert {("opening set aside", "rita"), ("lead taken up again", "lena")} <= set(verbs)


def test_what_a_second_person_or_compliance_looks_at_is_not_set_aside(cast):
    onboarding = submitted(cast)
    with pytest.raises(Refused, match="put it on hold first, or let it be rejected"):
        set_opening_aside(onboarding, by=cast.rita, **MISTAKE)
    hold_onboarding(onboarding.pk, by=cast.cora, reason="compliance_asks")
    with pytest.raises(Refused, match="Compliance holds it"):
        set_opening_aside(onboarding.pk, by=cast.rita, **MISTAKE)
    assert not SetAside.objects.exists()


def test_one_on_hold_is_set_aside_and_taken_up_it_is_worked_on(page_of, cast):
    onboarding = begin(cast)
    hold_onboarding(onboarding.pk, by=cast.rita, reason="client_waits")
    set_opening_aside(onboarding.pk, by=cast.rita, cause="unreached", reason="")
    page_of(cast.rita).post(url("lead_taking_up", SetAside.objects.get().pk))
    assert (again(onboarding).state, again(onboarding).held_by, again(onboarding).hold_reason) == (
        "collecting", None, "",
    )  # fmt: skip


def test_who_was_a_client_reads_as_one_and_who_never_was_does_not(page_of, cast):
    rita = page_of(cast.rita)
    lead = make_client("Lea Bucher", cast.rita_book, state="lead")
    gone = make_client("Gina Grau", cast.rita_book, state="closed")
    rita.post(url("lead_aside", lead.pk), {"cause": "unreached"})
    assert "Lead since" in read(rita, reverse("client", args=[lead.pk]))
    for client in (gone, cast.anna):
        told = read(rita, reverse("client", args=[client.pk]))
        assert ("Client since" in told, "Lead since" in told) == (True, False)
    onboarding = submitted(cast)
    page_of(cast.theo).post(url("refusal", onboarding.pk), {"reason": "client_withdrew"})
    assert "Lead since" in read(rita, reverse("client", args=[onboarding.client_id]))


# --- the wrong person -------------------------------------------------------------------------------------


def test_a_joint_holder_who_was_added_by_mistake_is_removed_with_all_that_was_asked_of_them(page_of, cast):
    onboarding, rita = begin(cast), page_of(cast.rita)
    record_facts(onboarding, by=cast.rita, **FACTS)
    beat = add_holder(onboarding, by=cast.rita, **BEAT)
    facts = {name: BEAT[name] for name in ("born_on", "nationality", "residence")}
    record_holder(
        onboarding, by=cast.rita, party_id=beat.pk, source_of_funds="salary", pep=True, **facts
    )  # fmt: skip
    assert KycFile.objects.get(client=onboarding.client_id).rating == "high"
    upload_all(onboarding, cast.rita)
    removal = url("person_removal", onboarding.pk, beat.pk)
    assert removal in read(rita, url("workspace", onboarding.pk))
    for other, status in ((cast.otto, 404), (cast.cora, 403)):
        assert page_of(other).post(removal).status_code == status
    assert rita.post(removal).status_code == 303
    assert rita.post(removal).status_code == 409
    work = workspace(find(cast.rita, onboarding.pk))
    assert [each.party.name for each in work.holders] == ["Lea Lind"]
    assert {each.party_id for each in work.required} == {None}
    assert not work.facts.senior
    assert KycFile.objects.get(client=onboarding.client_id).rating == "low"
    assert "Beat" not in read(rita, url("workspace", onboarding.pk))
    role = Relationship.objects.get(party=beat)
    assert role.until_on == timezone.localdate(), "that there was one stays"
    assert add_holder(onboarding.pk, by=cast.rita, **BEAT).pk != beat.pk


def test_a_removal_takes_a_request_back_and_makes_a_maker(cast):
    onboarding = begin(cast)
    beat = add_holder(onboarding, by=cast.rita, **BEAT)
    Onboarding.objects.filter(pk=onboarding.pk).update(state="in_review")
    Approval.objects.create(
        client=onboarding.client, kind="onboarding", subject_id=onboarding.pk, asked_by=cast.rita
    )
    remove_person(onboarding.pk, by=cast.theo, party_id=beat.pk)
    assert (again(onboarding).state, Approval.objects.get().decision) == ("collecting", "withdrawn")
    assert cast.theo.pk in workspace(find(cast.rita, onboarding.pk)).facts.makers


def test_neither_the_client_nor_somebody_of_another_file_is_removed(cast):
    onboarding = begin(cast)
    lea = Party.objects.get(client=onboarding.client_id)
    with pytest.raises(Refused, match="set the opening aside instead"):
        remove_person(onboarding, by=cast.rita, party_id=lea.pk)
    for party in Party.objects.filter(client__in=[cast.anna, cast.omar]):
        with pytest.raises(NotVisible):
            remove_person(onboarding, by=cast.rita, party_id=party.pk)


def test_of_a_company_between_its_owners_are_removed_first(cast):
    onboarding = begin(cast, kind="organisation", segment="sme", stage="growth")
    firm = add_person(onboarding, by=cast.rita, relation="owner", kind="organisation", name="H AG", share=60)
    nora = Party.objects.create(client=onboarding.client, kind="person", name="Nora Lind")
    Relationship.objects.create(client=onboarding.client, party=nora, of=firm, kind="owner", share=100)
    with pytest.raises(Refused, match="owned by Nora Lind: remove them first"):
        remove_person(onboarding.pk, by=cast.rita, party_id=firm.pk)
    remove_person(onboarding.pk, by=cast.rita, party_id=nora.pk)
    remove_person(onboarding.pk, by=cast.rita, party_id=firm.pk)


# --- the wrong paper --------------------------------------------------------------------------------------


def test_a_file_of_somebody_else_is_taken_back_by_who_sent_it(
    page_of, cast, django_capture_on_commit_callbacks
):
    onboarding, rita = begin(cast), page_of(cast.rita)
    paper = RequiredDocument.objects.get(onboarding=onboarding, kind="address")
    today = timezone.localdate()
    upload_document(onboarding, by=cast.rita, required_id=paper.pk, file=a_file(), issued_on=today)
    document = Document.objects.get(client=onboarding.client_id)
    store, name, removal = document.file.storage, document.file.name, url(
        "document_removal", onboarding.pk, paper.pk
    )  # fmt: skip
    assert store.exists(name)
    assert removal in read(rita, url("workspace", onboarding.pk))
    assert removal not in read(page_of(cast.theo), url("workspace", onboarding.pk))
    for other, status in ((cast.theo, 409), (cast.otto, 404), (cast.cora, 403)):
        assert page_of(other).post(removal).status_code == status
    with django_capture_on_commit_callbacks(execute=True):
        assert rita.post(removal).status_code == 303
    assert not Document.objects.filter(client=onboarding.client_id).exists()
    assert not store.exists(name)
    paper.refresh_from_db()
    assert (paper.state, paper.document) == ("missing", None)
    assert rita.post(removal).status_code == 409
    assert AuditEvent.objects.filter(verb="required document taken back", by_login="rita").count() == 1


def test_what_an_officer_has_begun_to_read_stays(page_of, cast):
    onboarding = begin(cast)
    paper = RequiredDocument.objects.get(onboarding=onboarding, kind="address")
    upload_document(
        onboarding, by=cast.rita, required_id=paper.pk, file=a_file(), issued_on=timezone.localdate()
    )
    take_document(onboarding, by=cast.cora, required_id=paper.pk)
    with pytest.raises(Refused, match="An officer reads this paper already"):
        take_document_back(onboarding, by=cast.rita, required_id=paper.pk)
    other = begin(cast, name="Nils Lind")
    with pytest.raises(NotVisible):
        take_document_back(other, by=cast.rita, required_id=paper.pk)
    assert Document.objects.filter(client=onboarding.client_id).exists()


def test_a_paper_taken_back_takes_the_request_back_too(cast):
    onboarding = submitted(cast, read=False)
    paper = RequiredDocument.objects.filter(onboarding=onboarding, kind="identity").get()
    take_document_back(onboarding, by=cast.rita, required_id=paper.pk)
    assert again(onboarding).state == "collecting"
    assert Client.objects.get(pk=onboarding.client_id).state == "onboarding"


# --- typed wrong


def test_a_name_that_was_typed_wrong_is_mended_wherever_it_stands(page_of, cast):
    onboarding, rita = submitted(cast), page_of(cast.rita)
    lea = Party.objects.get(client=onboarding.client_id)
    page = url("person", onboarding.pk, lea.pk)
    assert page in read(rita, url("workspace", onboarding.pk))
    assert 'value="Lea Lind"' in read(rita, page)
    right = {"name": "Léa Lindt", "native_name": "", "domicile": "LI", "segment": "hnw"}
    for field, wrong in (("segment", "sme"), ("name", ""), ("domicile", "XX")):
        answer = rita.post(page, right | {field: wrong})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    for other, status in ((cast.otto, 404), (cast.cora, 403)):
        assert page_of(other).post(page, right).status_code == status
    assert rita.post(page, right).status_code == 303
    client = again(onboarding.client)
    assert (client.name, client.domicile, client.segment, again(lea).name) == (
        "Léa Lindt", "LI", "hnw", "Léa Lindt",
    )  # fmt: skip
    assert "lindt" in SearchName.objects.get(client=client).words
    assert (again(onboarding).state, Approval.objects.get().decision) == ("collecting", "withdrawn")
    assert again(onboarding).compared_at is None, "it is compared with the whole bank anew"


def test_of_somebody_beside_the_client_name_and_day_of_birth_are_mended(page_of, cast):
    onboarding, rita = begin(cast), page_of(cast.rita)
    beat = add_holder(onboarding, by=cast.rita, **BEAT)
    page = url("person", onboarding.pk, beat.pk)
    answer = rita.post(page, {"name": "Beat Lindt", "born_on": "2999-01-01"})
    assert list(answer.context["form"].errors) == ["born_on"]
    assert rita.post(page, {"name": "Beat Lindt", "born_on": "1979-03-03"}).status_code == 303
    beat = again(beat)
    assert (beat.name, beat.born_on.year, beat.nationality) == ("Beat Lindt", 1979, "CH")
    assert again(onboarding).client.name == "Lea Lind"
    for party in Party.objects.filter(client__in=[cast.anna, cast.omar]):
        assert rita.get(url("person", onboarding.pk, party.pk)).status_code == 404
    remove_person(onboarding.pk, by=cast.rita, party_id=beat.pk)
    assert rita.post(page, {"name": "Beat"}).status_code == 404


PASSPORT = {
    "identifier_kind": "passport",
    "identifier_country": "CH",
    "identifier_number": "X1234567",
    "identifier_expires_on": "2030-01-31",
}


def shown(onboarding, **fields):
    main = Party.objects.get(client=onboarding.client_id, is_client=True)
    about = {"kind": "passport", "country": "CH", "number": "X1234576", "expires_on": "2030-01-31"} | fields
    return Identifier.objects.create(client=onboarding.client, party=main, **about)


def test_the_number_of_a_paper_that_was_typed_wrong_is_mended_and_never_told(page_of, cast):
    """The number stands on no page, in no field and in no event; who asked for an approval asks anew."""
    onboarding, rita = submitted(cast), page_of(cast.rita)
    paper = shown(onboarding)
    Approval.objects.update(fingerprint=fingerprint(workspace(find(cast.rita, onboarding.pk)).facts))
    PartyToScreen.objects.all().delete()
    page = url("paper", onboarding.pk, paper.pk)
    for address in (url("workspace", onboarding.pk), url("review", onboarding.pk), page):
        told = read(rita, address)
        assert (paper.number in told, "•••• 4576" in told) == (False, True), address
    assert page in read(rita, url("workspace", onboarding.pk))
    assert page not in read(rita, url("review", onboarding.pk))
    for field, wrong in (
        ("number", "X" * 51),
        ("country", ""),
        ("country", "XX"),
        ("expires_on", "2020-01-01"),
    ):
        answer = rita.post(page, PASSPORT | {f"identifier_{field}": wrong})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [f"identifier_{field}"])
    for other, status in ((cast.otto, 404), (cast.cora, 403)):
        assert page_of(other).post(page, PASSPORT).status_code == status
    assert rita.post(page, PASSPORT).status_code == 303
    paper = again(paper)
    assert (paper.number, paper.kind, str(paper.expires_on)) == ("X1234567", "passport", "2030-01-31")
    assert (again(onboarding).state, Approval.objects.get().decision) == ("collecting", "withdrawn")
    assert again(onboarding).compared_at is None, "it is compared with the whole bank anew"
    assert PartyToScreen.objects.filter(party_id=paper.party_id).exists(), "and with the lists"
    event = AuditEvent.objects.get(verb="identity paper corrected")
    packs = event.payload.pop("rule_packs")
    assert (event.by_login, event.payload) == ("rita", {"paper_id": paper.pk, "identifier_kind": "passport"})
    assert set(packs) == {"kyc", "onboarding"}
    assert cast.rita.pk in workspace(find(cast.rita, onboarding.pk)).facts.makers
    seen = str(list(AuditEvent.objects.values_list("payload", flat=True)))
    assert "X1234567" not in seen
    assert "X1234576" not in seen


def test_a_number_that_is_right_is_left_empty_and_what_is_approved_tells_the_papers(page_of, cast):
    onboarding, rita = begin(cast), page_of(cast.rita)
    paper = shown(onboarding, kind="id_card")
    before = workspace(find(cast.rita, onboarding.pk)).facts
    page = url("paper", onboarding.pk, paper.pk)
    assert rita.post(page, PASSPORT | {"identifier_number": ""}).status_code == 303
    assert (again(paper).kind, again(paper).number) == ("passport", "X1234576")
    after = workspace(find(cast.rita, onboarding.pk)).facts
    assert fingerprint(before) != fingerprint(after)
    rita.post(page, PASSPORT | {"identifier_number": "x-1234576"})
    same = workspace(find(cast.rita, onboarding.pk)).facts
    assert fingerprint(after) == fingerprint(same), "another way of writing the same number"


def test_a_paper_shown_later_is_added_and_one_that_never_was_is_gone(page_of, cast):
    onboarding, rita = begin(cast), page_of(cast.rita)
    page = url("paper_new", onboarding.pk)
    assert page in read(rita, url("workspace", onboarding.pk))
    for field in ("kind", "number"):
        answer = rita.post(page, PASSPORT | {f"identifier_{field}": ""})
        assert list(answer.context["form"].errors) == [f"identifier_{field}"]
    assert rita.post(page, PASSPORT).status_code == 303
    paper = Identifier.objects.get(client=onboarding.client_id)
    assert page not in read(rita, url("workspace", onboarding.pk))
    assert rita.post(page, PASSPORT).status_code == 409, "it is corrected, and not doubled"
    found = selectors.alike(cast.rita, selectors.somebody(name="Zoe", country="CH", number="X1234567"))
    assert [each.client.pk for each in found] == [onboarding.client_id]
    assert rita.post(url("paper", onboarding.pk, paper.pk), {"identifier_kind": ""}).status_code == 303
    assert not Identifier.objects.filter(client=onboarding.client_id).exists()
    assert "No paper was shown yet" in read(rita, url("workspace", onboarding.pk))
    stranger = Identifier.objects.create(
        client=cast.anna, party=cast.anna.parties.get(), kind="passport", country="CH", number="X9999999"
    )
    with pytest.raises(NotVisible):
        correct_paper(onboarding.pk, by=cast.rita, paper_id=stranger.pk, identifier_kind="")
    assert rita.get(url("paper", onboarding.pk, stranger.pk)).status_code == 404


def test_a_paper_without_its_number_is_no_paper(page_of, cast):
    """At the opening itself: kind, country and day were taken, and lost without a word."""
    firm = begin(cast, kind="organisation", segment="sme", stage="growth")
    answer = page_of(cast.rita).post(
        url("paper_new", firm.pk), {"identifier_kind": "lei", "identifier_number": "529900T8BM49AURSDO54"}
    )
    assert list(answer.context["form"].errors) == ["identifier_country", "identifier_number"]
    assert [
        wrong.sentence for wrong in wrongs_of_paper("passport", "CH", "", None, timezone.localdate())
    ] == ["Write its number, or say that none was shown."]
