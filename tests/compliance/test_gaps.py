"""What files lack: judged by the rooms' own rules, set-based, the same as those rules judge one file."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clients.models import Document, Identifier, Party, Relationship, TaxResidence
from compliance import selectors
from compliance.actions import screen_all, screen_changes, sweep
from compliance.gaps import RULES
from compliance.models import Consent, DeskSweep, FileGap, KycFile, Measure, ScreeningRun
from compliance.rules.desk import HORIZON
from compliance.selectors import client_compliance
from compliance.selectors.ownership import companies_without_owners, ownership_of
from onboarding.models import Onboarding, SelfCertification
from onboarding.rules import tax
from portfolios.models import Account, Holding, Mandate, ModelPortfolio, Product
from rulebook.rules.words import MEASURES
from rulebook.selectors import pack
from staff.night import night_shift
from tests.cast import make_client
from tests.compliance.stage import KONY, SHIP, bring

TODAY = timezone.localdate


def complete(client, by):
    """All that the rules require of a person."""
    now = timezone.now()
    party = client.parties.get(is_client=True)
    party.born_on = TODAY() - timedelta(days=15000)
    party.save()
    Identifier.objects.create(
        client=client, party=party, kind="passport", country="CH", number="X1",
        expires_on=TODAY() + timedelta(days=900),
    )  # fmt: skip
    TaxResidence.objects.create(client=client, party=party, country="CH", number="756")
    for purpose in ("data_processing", "recording"):
        Consent.objects.create(client=client, purpose=purpose, given_on=TODAY())
    client.risk = "low"
    client.save()
    KycFile.objects.create(
        client=client, rating="low", source_of_funds="salary", purpose="wealth", facts_at=now, facts_by=by,
        screened_at=now, reviewed_on=TODAY(), next_review_on=client.kyc_due_on,
    )  # fmt: skip
    return party


@pytest.fixture
def whole(cast):
    """Anna's file is complete; Omar's company lacks what a bare file lacks."""
    complete(cast.anna, cast.rita)
    return cast


def lacks(client, *kinds):
    return {kind for _client, kind in selectors.gaps_of([client.pk], TODAY(), kinds or None)}


def test_a_complete_file_lacks_nothing_and_a_bare_one_all_of_it(whole):
    assert lacks(whole.anna) == set()
    assert lacks(whole.omar) == {
        "born", "identity", "tax_residence", "funds", "owners", "rating", "screening", "review",
        "data_processing", "recording",
    }  # fmt: skip


def test_every_requirement_says_what_why_and_where():
    kinds = list(selectors.gap_rules())
    assert len(kinds) == len(set(kinds)) >= 17
    assert {rule.kind for rule in RULES} < set(kinds)
    for rule in selectors.gap_rules().values():
        assert str(rule.label)
        assert str(rule.sentence).endswith("."), rule.kind


@pytest.mark.parametrize(
    ("kind", "spoil"),
    [
        ("born", lambda c: Party.objects.filter(client=c).update(born_on=None)),
        ("identity", lambda c: Identifier.objects.filter(client=c).delete()),
        ("tax_residence", lambda c: TaxResidence.objects.filter(client=c).delete()),
        ("funds", lambda c: KycFile.objects.filter(client=c).update(source_of_funds="")),
        ("rating", lambda c: type(c).objects.filter(pk=c.pk).update(risk="unrated")),
        ("screening", lambda c: KycFile.objects.filter(client=c).update(screened_at=None)),
        ("review", lambda c: KycFile.objects.filter(client=c).update(reviewed_on=None)),
        ("recording", lambda c: Consent.objects.filter(client=c, purpose="recording").delete()),
        ("address", lambda c: type(c).objects.filter(pk=c.pk).update(since_on=TODAY())),
        ("crs", lambda c: type(c).objects.filter(pk=c.pk).update(since_on=TODAY())),
        ("monitoring", lambda c: KycFile.objects.filter(client=c).update(rating="high")),
    ],
)  # fmt: skip
def test_one_thing_gone_is_one_gap(whole, kind, spoil):
    spoil(whole.anna)
    assert kind in lacks(whole.anna)
    assert lacks(whole.anna) - {kind, "address", "crs", *MEASURES} == set()


def test_an_imported_client_of_long_ago_counts_as_screened_once_it_was_compared(whole):
    """A whole run of last month compared nobody who came in today, whatever day the relationship began."""
    bring(KONY, SHIP, day="01/01/2024")
    screen_all(by=night_shift())
    ScreeningRun.objects.update(started_at=timezone.now() - timedelta(days=30))
    assert "screening" not in lacks(whole.omar)
    client = make_client("Old", whole.rita_book, since_on=TODAY() - timedelta(days=7000))

    def check():
        checks = client_compliance(client, client.kyc_due_on, with_hits=False).checks
        return next(each for each in checks if each.code == "screening").stand

    assert lacks(client, "screening") == {"screening"}
    assert check() == "missing"
    screen_changes(by=night_shift())
    assert lacks(client, "screening") == set()
    assert check() == "ok"
    whole.omar.parties.update(name="Another Name")  # changed, and was compared before
    assert "screening" not in lacks(whole.omar)


def test_what_the_bank_lacks_is_told_to_who_sees_all_of_it(whole):
    sweep(TODAY())
    assert selectors.missing_figures(whole.cora).kinds
    assert not selectors.missing_figures(whole.rita).kinds


def test_the_paper_that_holds_longest_counts_and_one_without_an_end_ends_never(whole):
    papers = Identifier.objects.filter(client=whole.anna)
    papers.update(expires_on=TODAY() - timedelta(days=1))
    assert lacks(whole.anna) == {"identity"}
    papers.create(
        client=whole.anna, party=papers[0].party, kind="id_card", country="CH", number="X2", expires_on=None
    )
    assert lacks(whole.anna) == set()


def test_a_paper_of_an_opening_or_a_stored_one_proves_the_address(whole):
    whole.anna.since_on = TODAY()
    whole.anna.save()
    assert "address" in lacks(whole.anna)
    Document.objects.create(
        client=whole.anna, kind="address", title="bill.pdf", file="x.pdf", size=1, sha256="0" * 64,
        content_type="application/pdf", uploaded_by=whole.rita,
    )  # fmt: skip
    assert "address" not in lacks(whole.anna)


def test_a_certification_that_ends_stands_with_its_last_day_and_leads_to_the_opening(whole):
    opening = Onboarding.objects.create(client=whole.anna, state="approved", started_by=whole.rita)
    ends = TODAY() + timedelta(days=20)
    SelfCertification.objects.create(
        client=whole.anna, party=whole.anna.parties.get(is_client=True), form="crs", signed_on=TODAY(),
        valid_until=ends, recorded_by=whole.rita, pack_version=2,
    )  # fmt: skip
    sweep(TODAY())
    gap = FileGap.objects.get(client=whole.anna)
    assert (gap.kind, gap.ends_on, gap.place_id) == ("crs", ends, opening.pk)


def test_a_number_of_the_firm_is_no_paper(whole):
    """An LEI has no last day, and would hide that the extract of the register has run out."""
    papers = Identifier.objects.filter(client=whole.anna)
    papers.update(expires_on=TODAY() - timedelta(days=1))
    Identifier.objects.create(
        client=whole.anna, party=whole.anna.parties.get(is_client=True), kind="lei", country="CH",
        number="213800KUD8LAJWSQ9D15",
    )  # fmt: skip
    assert "identity" in lacks(whole.anna)
    papers.exclude(kind="lei").delete()
    assert "identity" in lacks(whole.anna)


@pytest.mark.parametrize("nationality", ["CH", "US"])
@pytest.mark.parametrize("kind", ["person", "organisation"])
@pytest.mark.parametrize("has", ["current", "fund", "mandate", "agreed"])
def test_the_us_form_is_asked_of_whom_the_rule_of_openings_asks(whole, nationality, kind, has):
    client = make_client("New", whole.rita_book, kind=kind, since_on=TODAY())
    client.parties.update(nationality=nationality)
    account = Account.objects.create(
        client=client, number="1", kind="current" if has == "current" else "custody", currency="CHF",
        opened_on=TODAY(),
    )  # fmt: skip
    if has == "fund":
        fund = Product.objects.create(code="F", name="Fund", kind="fund", currency="CHF", risk_class=3)
        Holding.objects.create(client=client, account=account, product=fund, quantity=1)
    if has == "mandate":
        model = ModelPortfolio.objects.create(name="Balanced", band=3)
        Mandate.objects.create(client=client, kind="discretionary", model=model, since_on=TODAY())
    if has == "agreed":
        KycFile.objects.create(client=client, next_review_on=TODAY(), products=["share"])
    products = ["share"] if has == "agreed" else [has]
    known = tax.Known(kind, "New", nationality, "CH")
    needed = set(tax.forms_needed(known, products, pack("onboarding", TODAY()).body)) - {"crs"}
    assert ("fatca" in lacks(client)) == bool(needed)
    for form in needed:
        SelfCertification.objects.create(
            client=client, party=client.parties.get(), form=form, signed_on=TODAY(), recorded_by=whole.rita,
            pack_version=2,
        )  # fmt: skip
    assert "fatca" not in lacks(client)


def test_an_enhanced_measure_holds_as_long_as_the_figures_say(whole):
    KycFile.objects.filter(client=whole.anna).update(rating="high")
    figures = pack("kyc", TODAY()).body
    codes = figures["edd"]["high"]
    assert set(codes) <= lacks(whole.anna)
    for code in codes:
        Measure.objects.create(
            client=whole.anna, code=code, done_on=TODAY(), note="done", by=whole.cora, pack_version=1
        )
    held = figures["edd_valid_days"]
    soon = {code for code in codes if held[code] < HORIZON}
    assert lacks(whole.anna) == soon
    first = codes[0]
    Measure.objects.filter(code=first).update(done_on=TODAY() - timedelta(days=held[first] + 1))
    assert lacks(whole.anna) == soon | {first}


def owned(client, shares, director=False, by_company=False):
    main = client.parties.get(is_client=True)
    for place, share in enumerate(shares):
        kind = "organisation" if by_company else "person"
        owner = Party.objects.create(client=client, kind=kind, name=f"Owner {place}")
        Relationship.objects.create(client=client, party=owner, of=main, kind="owner", share=share)
    if director:
        person = Party.objects.create(client=client, kind="person", name="Director")
        Relationship.objects.create(client=client, party=person, of=main, kind="director")


@pytest.mark.parametrize(
    ("shares", "director", "by_company"),
    [
        ((), False, False), ((), True, False), ((60, 40), False, False), ((60, 60), False, False),
        ((10, 10), False, False), ((10, 10), True, False), ((100,), False, True), ((100,), True, True),
    ],
)  # fmt: skip
def test_a_company_s_owners_are_missing_to_the_bank_as_they_are_on_its_page(
    cast, shares, director, by_company
):
    owned(cast.omar, shares, director, by_company)
    missing = ownership_of(cast.omar, TODAY()).missing
    assert companies_without_owners([cast.anna.pk, cast.omar.pk], TODAY()) == (
        [cast.omar.pk] if missing else []
    )


# --- the sweep -------------------------------------------------------------------------------------------


def test_the_sweep_writes_each_gap_once_and_nothing_when_nothing_changed(whole):
    made = sweep(TODAY())
    assert made.clients == 2
    rows = list(FileGap.objects.order_by("pk").values())
    assert {row["client_id"] for row in rows} == {whole.omar.pk}
    assert made.counts["born"] == {"missing": 1, "ended": 0, "ending": 0}
    sweep(TODAY())
    assert list(FileGap.objects.order_by("pk").values()) == rows
    assert DeskSweep.objects.filter(finished_at__isnull=False).count() == 2


def test_what_was_mended_and_who_left_is_gone_at_the_next_look(whole):
    sweep(TODAY())
    Party.objects.filter(client=whole.omar).update(born_on=TODAY())
    sweep(TODAY())
    assert not FileGap.objects.filter(kind="born").exists()
    type(whole.omar).objects.filter(pk=whole.omar.pk).update(state="closed")
    sweep(TODAY())
    assert not FileGap.objects.exists()


def test_a_look_costs_the_same_queries_however_many_clients_a_chunk_has(whole, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    sweep(TODAY())
    with CaptureQueriesContext(connection) as few:
        sweep(TODAY())
    for n in range(12):
        make_client(f"Client {n}", whole.rita_book)
    with CaptureQueriesContext(connection) as many:
        sweep(TODAY())
    assert len(many) == len(few)


def test_one_look_an_hour_is_asked_for_and_an_officer_may_ask_at_once(cast):
    from compliance.actions import ask_for_sweep, sweep_hourly
    from jobs.actions import run_due
    from jobs.models import Job
    from ui.refusals import NotPermitted, Refused

    assert sweep_hourly() is not None
    assert sweep_hourly() is None
    with pytest.raises(Refused, match="looked through now"):
        ask_for_sweep(None, by=cast.cora)
    run_due()
    assert Job.objects.get().state == "done"
    ask_for_sweep(None, by=cast.cora)
    with pytest.raises(NotPermitted):
        ask_for_sweep(None, by=cast.rita)


def test_once_the_whole_bank_was_screened_it_is_looked_through_again(cast):
    from compliance.actions import sweep_hourly
    from jobs.actions import run_due

    sweep_hourly()
    run_due()
    assert FileGap.objects.filter(kind="screening").exists()
    run = ScreeningRun.objects.create(scorer=2, threshold=85, pack_version=1, finished_at=timezone.now())
    run.lanes.create(after=0, last=Party.objects.order_by("-pk")[0].pk)
    ScreeningRun.objects.update(started_at=timezone.now() + timedelta(days=1))
    assert sweep_hourly() is not None
    assert sweep_hourly() is None
    run_due()
    assert not FileGap.objects.filter(kind="screening").exists()
    assert sweep_hourly() is None
