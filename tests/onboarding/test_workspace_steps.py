"""The guided workspace over HTTP: a company with its owners, a couple, and two who save at once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.actions.owners import add_owner, change_share
from clients.models import Party, Relationship
from onboarding.actions import choose_products, record_facts
from onboarding.models import Onboarding, RequiredDocument, SelfCertification
from portfolios.models import Account
from tests.onboarding.stage import FACTS, a_file, begin, certify, read_review, submitted, tell_the_rest

FORM = FACTS | {"pep": "no"}
COMPANY = {
    "kind": "organisation", "name": "Lind Trading Ltd", "born_on": "2001-02-03", "contact_kind": "email",
    "contact_value": "office@lind.example", "identifier_kind": "lei", "identifier_country": "CH",
    "identifier_number": "213800KUD8LAJWSQ9D15", "domicile": "CH", "language": "en", "segment": "sme",
    "stage": "growth", "products": ["current"],
}  # fmt: skip
COUPLE = {
    "kind": "person", "name": "Lea Lind", "born_on": "1980-05-01", "contact_kind": "phone",
    "contact_value": "+41791234567", "domicile": "CH", "language": "en", "segment": "affluent",
    "stage": "family", "products": ["current"],
}  # fmt: skip


def today():
    return timezone.localdate().isoformat()


def url(name, *args):
    return reverse(f"onboarding:{name}", args=args)


def done(browser, name, /, *args, **data):
    answer = browser.post(url(name, *args), data)
    assert answer.status_code == 303, answer.context and [
        getattr(answer.context.get("form"), "errors", ""), answer.context.get("sentences")
    ]  # fmt: skip
    return answer


def opened(rita, cast, typed):
    typed = typed | {"book_id": cast.rita_book.pk}
    page = rita.post(url("opening_new"), typed)
    done(rita, "opening_new", **typed, checked=page.context["compared"])
    return Onboarding.objects.latest("pk")


def finish(rita, page_of, cast, onboarding):
    """Upload, read, submit, approve."""
    submit(rita, page_of, cast, onboarding)
    theo = page_of(cast.theo)
    page = theo.get(url("review", onboarding.pk)).content.decode()
    assert "What is approved" in page
    done(theo, "approval", onboarding.pk, **read_review(theo, onboarding))
    onboarding.refresh_from_db()
    assert onboarding.state == "approved"
    ended = "Operations opens the planned" if onboarding.accounts.exists() else "nothing is left to do"
    assert ended in rita.get(url("workspace", onboarding.pk)).content.decode()
    return page


def upload(rita, onboarding, paper):
    sent = {f"{paper.pk}-file": a_file()}
    if paper.kind == "identity":
        sent[f"{paper.pk}-expires_on"] = "2099-01-01"
    sent[f"{paper.pk}-issued_on"] = today()
    done(rita, "document_file", onboarding.pk, paper.pk, **sent)


def submit(rita, page_of, cast, onboarding):
    for paper in RequiredDocument.objects.filter(onboarding=onboarding, state="missing"):
        upload(rita, onboarding, paper)
    cora = page_of(cast.cora)
    for paper in RequiredDocument.objects.filter(onboarding=onboarding, state="in_review"):
        done(cora, "document_taking", onboarding.pk, paper.pk)
        done(cora, "document_review", onboarding.pk, paper.pk, **{f"{paper.pk}-approve": "on"})
    done(rita, "submission", onboarding.pk)


def tax(number, **more):
    return {"form": "crs", "signed_on": today(), "country1": "CH", "number1": number} | more


def test_a_company_with_owners_and_signatories(page_of, cast):
    rita = page_of(cast.rita)
    onboarding = opened(rita, cast, COMPANY)
    firm = Party.objects.get(client=onboarding.client_id)
    done(rita, "person_new", onboarding.pk, relation="owner", kind="person", name="Nora Lind", share="60")
    done(rita, "person_new", onboarding.pk, relation="owner", kind="person", name="Omar Said", share="40")
    answer = rita.post(
        url("person_new", onboarding.pk),
        {"relation": "owner", "kind": "person", "name": "Too Much", "share": "1"},
    )
    assert answer.status_code == 422
    assert "at most 100" in str(answer.context["form"].errors["share"])
    done(rita, "facts", onboarding.pk, **FORM)
    done(rita, "certification", onboarding.pk, firm.pk, **tax("CHE-100.155.212"))
    done(
        rita,
        "certification",
        onboarding.pk,
        firm.pk,
        form="w8bene",
        signed_on=today(),
        fatca_status="active_nffe",
    )
    done(rita, "consents", onboarding.pk, purposes=["data_processing", "recording"])
    done(
        rita, "account_new", onboarding.pk, kind="current", currency="CHF", statements="monthly", online="on"
    )
    page = finish(rita, page_of, cast, onboarding)
    for word in ("Nora Lind", "60", "W-8BEN-E", "Active non-financial entity", "CHF"):
        assert word in page
    workspace = url("workspace", onboarding.pk)
    waits = rita.get(workspace).context
    sent = {"client": onboarding.client, "number": "1", "kind": "current", "opened_on": timezone.localdate()}
    Account.objects.create(**sent, currency="EUR")
    assert rita.get(workspace).context["done"] == waits["done"] == waits["of"] - 1
    Account.objects.create(**sent | {"number": "2"}, currency="CHF")
    whole = rita.get(workspace)
    assert whole.context["done"] == whole.context["of"]
    assert "nothing is left to do" in whole.content.decode()


def test_a_company_owned_by_companies_is_entered_layer_by_layer(page_of, cast):
    rita = page_of(cast.rita)
    onboarding = opened(rita, cast, COMPANY)
    done(rita, "person_new", onboarding.pk, relation="owner", kind="organisation", name="Lind A", share="60")
    done(rita, "person_new", onboarding.pk, relation="owner", kind="person", name="Omar Said", share="20")
    holding = Party.objects.get(client=onboarding.client_id, name="Lind A")
    above = {"since_on": None, "kind": "person", "name": "Nora Lind", "share": Decimal(100)}
    add_owner(onboarding.client_id, by=cast.rita, of_id=holding.pk, **above)
    done(rita, "person_new", onboarding.pk, relation="owner", kind="person", name="Petra Post", share="20")
    more = {"relation": "owner", "kind": "person", "name": "Too Much", "share": "100"}
    answer = rita.post(url("person_new", onboarding.pk), more)
    assert "would hold 200 percent" in str(answer.context["form"].errors["share"])


def test_what_a_form_of_a_step_does_not_take(page_of, cast):
    rita = page_of(cast.rita)
    typed = COMPANY | {"book_id": cast.rita_book.pk, "identifier_kind": "register"}
    typed["identifier_number"] = "CHE-100.155.213"
    assert "identifier_number" in rita.post(url("opening_new"), typed).context["form"].errors
    onboarding = opened(rita, cast, COMPANY)
    minus = {"kind": "current", "currency": "CHF", "statements": "monthly", "card": "debit"}
    answer = rita.post(url("account_new", onboarding.pk), minus | {"card_limit": "-5", "overdraft": "-7"})
    assert set(answer.context["form"].errors) == {"card_limit", "overdraft"}
    firm = Party.objects.get(client=onboarding.client_id)
    answer = rita.post(url("certification", onboarding.pk, firm.pk), tax("", missing1="not_issued"))
    assert "missing1" in answer.context["form"].errors
    done(rita, "person_new", onboarding.pk, relation="owner", kind="person", name="Nora Lind", share="60")
    for paper in RequiredDocument.objects.filter(onboarding=onboarding, kind="identity"):
        answer = rita.post(url("document_file", onboarding.pk, paper.pk), {f"{paper.pk}-file": a_file()})
        assert "Say until when this identity paper is valid" in answer.content.decode()


def a_company(rita, cast, **owner):
    """All but its papers; `owner`: the only one who stands behind it."""
    onboarding = opened(rita, cast, COMPANY)
    firm = Party.objects.get(client=onboarding.client_id)
    done(rita, "person_new", onboarding.pk, kind="person", name="Nora Lind", **owner)
    done(rita, "facts", onboarding.pk, **FORM)
    w8 = {"form": "w8bene", "signed_on": today(), "fatca_status": "active_nffe"}
    done(rita, "certification", onboarding.pk, firm.pk, **tax("CHE-100.155.212"))
    done(rita, "certification", onboarding.pk, firm.pk, **w8)
    done(rita, "consents", onboarding.pk, purposes=["data_processing", "recording"])
    done(
        rita, "account_new", onboarding.pk, kind="current", currency="CHF", statements="monthly", online="on"
    )
    return onboarding


def test_a_company_of_which_nobody_can_say_whose_it_is_is_not_opened(page_of, cast):
    rita = page_of(cast.rita)
    onboarding = a_company(rita, cast, relation="signatory")
    for paper in RequiredDocument.objects.filter(onboarding=onboarding, state="missing"):
        upload(rita, onboarding, paper)
    answer = rita.post(url("submission", onboarding.pk))
    assert answer.status_code == 409
    assert "no beneficial owner is identified" in answer.content.decode()


def test_the_request_falls_when_only_a_share_changes(page_of, cast):
    rita = page_of(cast.rita)
    onboarding = a_company(rita, cast, relation="owner", share="100")
    submit(rita, page_of, cast, onboarding)
    read = read_review(page_of(cast.theo), onboarding)
    row = Relationship.objects.get(client=onboarding.client_id, kind="owner")
    change_share(
        onboarding.client_id,
        by=cast.rita,
        relationship_id=row.pk,
        share=Decimal(80),
        from_on=timezone.localdate(),
    )
    page_of(cast.theo).post(url("approval", onboarding.pk), read)
    onboarding.refresh_from_db()
    assert onboarding.state == "collecting"


def test_a_couple(page_of, cast):
    rita = page_of(cast.rita)
    onboarding = opened(rita, cast, COUPLE)
    lea = Party.objects.get(client=onboarding.client_id)
    answer = rita.post(url("holder_new", onboarding.pk), {"name": "Beat Lind", "born_on": "2999-01-01"})
    assert answer.status_code == 422
    assert "in the future" in str(answer.context["form"].errors["born_on"])
    him = {"born_on": "1978-03-03", "nationality": "CH", "residence": "CH"}
    done(rita, "holder_new", onboarding.pk, name="Beat Lind", **him)
    beat = Party.objects.get(client=onboarding.client_id, is_client=False)
    done(rita, "holder", onboarding.pk, beat.pk, source_of_funds="salary", pep="no", **him)
    done(rita, "facts", onboarding.pk, **FORM)
    answer = rita.post(url("certification", onboarding.pk, lea.pk), tax("756.9217.0769.58"))
    assert "no tax number of Switzerland" in str(answer.context["form"].errors["number1"])
    done(rita, "certification", onboarding.pk, lea.pk, **tax("756.9217.0769.85"))
    answer = rita.post(url("certification", onboarding.pk, beat.pk), tax(""))
    assert "the reason why there is none" in str(answer.context["form"].errors["number1"])
    done(rita, "certification", onboarding.pk, beat.pk, **tax("", missing1="not_obtained"))
    done(rita, "consents", onboarding.pk, purposes=["data_processing", "recording"])
    page = finish(rita, page_of, cast, onboarding)
    assert "Beat Lind" in page
    assert SelfCertification.objects.get(party=beat).valid_until is not None


# --- two at once -----------------------------------------------------------------------------------------


def seen_on(browser, onboarding, what):
    return browser.get(url("workspace", onboarding.pk)).context[what]


def test_two_colleagues_save_the_facts_and_the_second_chooses(page_of, cast):
    onboarding = begin(cast)
    record_facts(onboarding, by=cast.rita, **FACTS)
    rita = page_of(cast.rita)
    seen = seen_on(rita, onboarding, "facts_seen")
    record_facts(onboarding, by=cast.theo, **(FACTS | {"purpose": "wealth", "residence": "DE"}))
    mine = FORM | {"purpose": "credit", "seen": seen}
    page = rita.post(url("facts", onboarding.pk), mine)
    assert page.status_code == 409
    clash = page.context["clash"]
    assert [(each.name, each.theirs, each.mine) for each in clash.choices if each.name == "purpose"] == [
        ("purpose", ("wealth", "Investing"), ("credit", "Borrowing"))
    ]
    assert "Theo Muster saved this meanwhile" in page.content.decode()
    assert {each.name: each.untouched for each in clash.choices} == {"purpose": False, "residence": True}
    chosen = FORM | {"purpose": "wealth", "residence": "DE", "seen": clash.seen}
    done(rita, "facts", onboarding.pk, **chosen)
    onboarding.client.kyc.refresh_from_db()
    assert onboarding.client.kyc.purpose == "wealth"


def test_of_several_products_each_is_a_choice_and_what_both_say_alike_needs_none(page_of, cast):
    onboarding = begin(cast)
    rita = page_of(cast.rita)
    seen = seen_on(rita, onboarding, "products_seen")
    choose_products(onboarding, by=cast.theo, products=["current", "savings"])
    page = rita.post(url("products", onboarding.pk), {"products": ["current", "deposit"], "seen": seen})
    assert page.status_code == 409
    options = page.context["clash"].choices[0].options
    assert [(each["value"], each["whose"]) for each in options] == [
        ("current", "both"), ("deposit", "yours"), ("savings", "theirs"),
    ]  # fmt: skip
    done(rita, "products", onboarding.pk, products=["current", "savings"], seen=seen)
    onboarding.refresh_from_db()
    assert onboarding.products == ["current", "savings"]


def test_between_look_and_save_the_action_refuses_too(cast):
    from ui.refusals import Refused

    onboarding = begin(cast)
    choose_products(onboarding, by=cast.theo, products=["savings"])
    with pytest.raises(Refused, match="Theo Muster changed “products”"):
        choose_products(onboarding, by=cast.rita, products=["fund"], seen={"products": "current"})


# --- pages -----------------------------------------------------------------------------------------------


def test_the_workspace_says_what_is_next_and_whose_turn_it_is(page_of, cast):
    onboarding = begin(cast)
    page = page_of(cast.rita).get(url("workspace", onboarding.pk))
    following = page.context["next"]
    assert (following["item"].label, str(following["owner"])) == ("KYC facts", "Relationship manager")
    assert following["item"].due_on > timezone.localdate() + timedelta(days=5)
    assert "Draft" in page.content.decode()
    paper = page_of(cast.rita).get(url("plan", onboarding.pk)).content.decode()
    assert "working days of Switzerland" in paper
    assert "Open the accounts" in paper


def test_the_approvers_page_shows_all_and_who_may_decide(page_of, cast, django_assert_num_queries):
    onboarding = submitted(cast)
    theo = page_of(cast.theo)
    theo.get(url("list"))
    with django_assert_num_queries(31):
        page = theo.get(url("review", onboarding.pk)).content.decode()
    assert "Sold the family firm in 2019" in page
    assert reverse("onboarding:approval", args=[onboarding.pk]) in page
    assert (
        reverse("onboarding:approval", args=[onboarding.pk])
        not in page_of(cast.rita).get(url("review", onboarding.pk)).content.decode()
    )


def test_a_change_of_circumstances_is_reported_on_its_page(page_of, cast):
    onboarding = begin(cast)
    tell_the_rest(onboarding, cast.rita)
    form = certify(onboarding, cast.rita, signed_on=timezone.localdate() - timedelta(days=9))
    rita = page_of(cast.rita)
    assert rita.get(url("circumstances", onboarding.pk, form.pk)).status_code == 200
    done(rita, "circumstances", onboarding.pk, form.pk, changed_on=today())
    form.refresh_from_db()
    assert form.changed_on == timezone.localdate()
    other = begin(cast)
    assert rita.get(url("circumstances", other.pk, form.pk)).status_code == 404
