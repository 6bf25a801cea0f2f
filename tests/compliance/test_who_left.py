"""Who stands on a file no more: screened no more, no office of theirs counts; and back again (ADR 21)."""

from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from clients.actions import add_owner, end_holding, strike_holding
from clients.models import Party, Relationship
from compliance.actions import (
    confirm_hit,
    propose_hit,
    record_pep_role,
    review_kyc,
    screen_all,
    screen_changes,
)
from compliance.actions.night import look
from compliance.models import HitStep, KycFile, PartyToScreen, PepRole, RatingRecord, ScreeningHit
from compliance.selectors import is_something_to_screen, open_checks
from compliance.selectors.rating_page import rating_page
from staff.night import night_shift
from tests.cast import make_client
from tests.compliance.stage import ALFA, BARAN, KONY, SHIP, bring, entry, make_lookalike, second_officer
from tests.compliance.test_kyc import record
from ui.refusals import Refused

pytestmark = pytest.mark.django_db
SINCE = date(2024, 1, 1)


@pytest.fixture
def firm(cast):
    return make_client("Lind AG", cast.rita_book, kind="organisation", segment="sme", stage="growth")


def owns(firm, by, name="Joseph Kony", share=30, **how):
    main = Party.objects.get(client=firm, is_client=True)
    known = Party.objects.filter(client=firm, name=name).first()
    who = (
        {"party_id": known.pk} if known else {"name": name, "born_on": date(1964, 9, 18), "nationality": "UG"}
    )
    return add_owner(firm.pk, by=by, of_id=main.pk, share=Decimal(share), **({"since_on": SINCE} | who | how))


@pytest.fixture
def owner(cast, firm):
    """An owner who looks listed, found by the lists."""
    bring(KONY, SHIP, ALFA, day="01/01/2024")
    screen_all(by=night_shift())
    row = owns(firm, cast.rita)
    screen_changes(by=night_shift())
    return row


def strike(row, by, reason="Another person of this name"):
    return strike_holding(row.client_id, by=by, relationship_id=row.pk, seen_until=None, reason=reason)


def the_hit():
    return ScreeningHit.objects.get()


def told(hit):
    return list(hit.steps.order_by("pk").values_list("said", flat=True))


# --- screening -------------------------------------------------------------------------------------------


def test_who_was_entered_by_mistake_is_screened_no_more_until_entered_anew(cast, firm, owner):
    strike(owner, cast.rita)
    assert is_something_to_screen(), "it is settled within the minute, and waits for no night"
    for _again in range(2):
        screen_changes(by=night_shift())
        screen_all(by=night_shift())
    bring(KONY.replace("Uganda", "Sudan"), entry(9, "KONY", "Joseph", born="1964"), day="02/01/2024")
    screen_changes(by=night_shift())
    hit = the_hit()
    assert (hit.state, told(hit)) == ("open", []), "no new hit, and what was found is two people's still"

    owns(firm, cast.rita)
    assert PartyToScreen.objects.filter(party_id=owner.party_id).exists()
    screen_changes(by=night_shift())
    assert ScreeningHit.objects.filter(party=owner.party_id, state="open").count() == 2
    assert open_checks([firm.pk])


def test_no_paper_is_made_up_where_nobody_named_one(cast, firm, owner, page_of):
    hit = the_hit()
    assert hit.paper == ""
    page = page_of(cast.cora).get(reverse("compliance:hit", args=[hit.pk])).content.decode()
    assert "DatabaseDefault" not in page
    propose_hit(hit.pk, by=cast.cora, verdict="no_match", reason="common_name")
    step = hit.steps.get()
    assert step.paper == ""
    step.paper = "Passport, seen by Cora"
    step.save()
    hit.paper = "<django.db.models.expressions.DatabaseDefault object at 0x7f29>"
    hit.save()
    import_module("compliance.migrations.0028_a_paper_that_nobody_named_is_none").clear(apps, None)
    assert (the_hit().paper, hit.steps.get(pk=step.pk).paper) == ("", "Passport, seen by Cora")


@pytest.mark.parametrize("stood", ["open", "proposed", "confirmed"])
def test_whoever_strikes_out_decides_no_hit(cast, firm, owner, page_of, stood):
    """Rita may not make a hit vanish by a word of mistake: two officers read what she said, and decide."""
    cleo, pk = second_officer(), the_hit().pk
    with pytest.raises(Refused, match="was not struck out"):
        propose_hit(pk, by=cast.cora, verdict="no_match", reason="struck_out")
    if stood != "open":
        propose_hit(pk, by=cast.cora, verdict="match", reason="same_birth")
    if stood == "confirmed":
        confirm_hit(pk, by=cleo)
    strike(owner, cast.rita)
    screen_changes(by=night_shift())
    screen_all(by=night_shift())
    assert (the_hit().state, the_hit().frozen) == (stood, stood == "confirmed")
    assert open_checks([firm.pk])
    page = page_of(cast.cora).get(reverse("compliance:hit", args=[pk])).content.decode()
    assert "entered on the file by mistake and struck out" in page
    assert "Another person of this name" in page
    if stood == "proposed":
        confirm_hit(pk, by=cleo)
    propose_hit(pk, by=cast.cora, verdict="no_match", reason="struck_out")
    assert open_checks([firm.pk])
    confirm_hit(pk, by=cleo)
    screen_all(by=night_shift())
    assert (the_hit().state, the_hit().frozen) == ("cleared", False)
    assert not open_checks([firm.pk])


def test_struck_out_of_one_role_and_in_another_is_screened_on(cast, firm, owner):
    main = Party.objects.get(client=firm, is_client=True)
    Relationship.objects.create(client=firm, party=owner.party, of=main, kind="director")
    strike(owner, cast.rita)
    screen_changes(by=night_shift())
    assert the_hit().state == "open"
    Relationship.objects.filter(kind="director").update(until_on=timezone.localdate())
    screen_changes(by=night_shift())
    assert the_hit().state == "open", "a role that ended was true once: not by mistake"


def test_an_owner_whose_share_has_ended_is_compared_no_more_and_the_past_stays(cast, firm, owner, page_of):
    end_holding(firm.pk, by=cast.rita, relationship_id=owner.pk, until_on=timezone.localdate())
    screen_changes(by=night_shift())
    hit = the_hit()
    assert (hit.state, told(hit)) == ("open", []), "what was found while it held waits for two people"
    page = page_of(cast.cora).get(reverse("compliance:hit", args=[hit.pk])).content.decode()
    assert "stands on the file no more since" in page
    bring(KONY, BARAN, entry(9, "KONY", "Joseph", born="1964"), day="02/01/2024")
    screen_changes(by=night_shift())
    screen_all(by=night_shift())
    assert ScreeningHit.objects.count() == 1, "a later entry finds nobody who left"
    bring(BARAN, SHIP, ALFA, day="03/01/2024")
    screen_changes(by=night_shift())
    assert the_hit().state == "delisted", "what a list drops is closed as ever"


def test_a_share_that_ends_on_a_later_day_is_compared_until_then(cast, firm, owner, monkeypatch):
    today = timezone.localdate()
    Relationship.objects.filter(pk=owner.pk).update(until_on=today + timedelta(days=3))
    bring(KONY, entry(9, "KONY", "Joseph", born="1964"), day="02/01/2024")
    screen_changes(by=night_shift())
    assert ScreeningHit.objects.count() == 2
    assert not Party.objects.gone(today).exists()
    assert list(Party.objects.gone(today + timedelta(days=3))) == [owner.party]


def test_who_never_had_a_role_and_a_company_between_stand_on_the_file(cast, firm):
    today = timezone.localdate()
    Party.objects.create(client=firm, kind="person", name="Nora Lind")
    between = owns(firm, cast.rita, "Holding AG", kind="organisation")
    behind = add_owner(
        firm.pk, by=cast.rita, of_id=between.party_id, share=Decimal(100), since_on=SINCE, name="Dan Lind"
    )
    strike(between, cast.rita)
    assert not Party.objects.gone(today).exists()
    strike(behind, cast.rita)
    assert set(Party.objects.gone(today)) == {between.party, behind.party}


# --- offices ---------------------------------------------------------------------------------------------

OFFICE = {
    "capacity": "holder", "function": "parliament", "country": "UG", "level": "foreign", "source": "Register",
}  # fmt: skip


@pytest.fixture
def reviewed(cast, firm):
    """A firm with an owner in office, rated high for it and reviewed."""
    row = owns(firm, cast.rita, "Petra Amt", nationality="CH")
    record(firm, cast.rita)
    record_pep_role(firm.pk, by=cast.cora, party_id=row.party_id, **OFFICE)
    review_kyc(firm.pk, by=cast.cora)
    assert level(firm) == ("high", True)
    return row


def level(firm):
    kyc = KycFile.objects.get(client=firm)
    return kyc.rating, "pep" in kyc.rating_reasons


def look_twice():
    for _again in range(2):
        look(night_shift())


def test_the_office_of_an_owner_who_sold_counts_no_longer_and_the_rating_says_why(
    cast, firm, reviewed, page_of
):
    """EU AMLR Art. 45's twelve months are of who left the office, not of who left the client."""
    today = timezone.localdate()
    end_holding(firm.pk, by=cast.rita, relationship_id=reviewed.pk, until_on=today)
    look_twice()
    assert level(firm) == ("low", False)
    last = RatingRecord.objects.filter(client=firm).latest("pk")
    (no,) = [row for row in last.factors if row["code"] == "no_pep"]
    assert (no["stand"], no["party"], no["on"]) == ("left", reviewed.party_id, today.isoformat())
    page = rating_page(cast.cora, firm, None, full=True)
    (row,) = [row for group in page.groups for row in group.rows if row.label == "Politically exposed person"]
    assert "Petra Amt · stands on the file no more, counts no longer · Register" in row.source
    assert RatingRecord.objects.filter(client=firm, cause="pep_left").count() == 1
    told = page_of(cast.rita).get(reverse("compliance:pep", args=[firm.pk])).content.decode()
    assert "Stands on the file no more since" in told
    assert "Counts no longer" in told
    assert PepRole.objects.get().until_on is None, "the office itself goes on"

    owns(firm, cast.rita, "Petra Amt", 10, since_on=today)
    look_twice()
    assert level(firm) == ("high", True)
    assert RatingRecord.objects.filter(client=firm, cause="pep_back").count() == 1
    assert PepRole.objects.get().lapsed_on is None
    assert "In office" in page_of(cast.rita).get(reverse("compliance:pep", args=[firm.pk])).content.decode()


def test_the_office_of_who_was_entered_by_mistake_does_not_count(cast, firm, reviewed, page_of):
    strike(reviewed, cast.rita)
    look_twice()
    assert level(firm) == ("low", False)
    told = page_of(cast.rita).get(reverse("compliance:pep", args=[firm.pk])).content.decode()
    assert "entered on the file by mistake and struck out" in told


def test_who_left_the_office_and_owns_still_counts_for_its_tail(cast, firm, reviewed):
    PepRole.objects.update(until_on=timezone.localdate() - timedelta(days=30))
    look_twice()
    record(firm, cast.rita, purpose="wealth")
    assert level(firm) == ("high", True)
    other = owns(firm, cast.rita, "Nora Neu", 5)
    end_holding(firm.pk, by=cast.rita, relationship_id=other.pk, until_on=timezone.localdate())
    look_twice()
    assert level(firm) == ("high", True), "somebody else's leaving changes nothing"


def test_a_yes_that_was_about_who_left_does_not_come_back(cast, firm, reviewed):
    """The client said yes, an officer found whose office it was: that one left, and the yes is answered."""
    record(firm, cast.rita, pep=True)
    PepRole.objects.all().delete()
    record_pep_role(firm.pk, by=cast.cora, party_id=reviewed.party_id, **OFFICE)
    end_holding(firm.pk, by=cast.rita, relationship_id=reviewed.pk, until_on=timezone.localdate())
    look_twice()
    assert level(firm) == ("low", False)


def test_an_adviser_who_owns_too_is_an_owner(cast, firm, reviewed):
    Relationship.objects.create(client=firm, party=reviewed.party, of=reviewed.of, kind="adviser")
    record(firm, cast.rita, purpose="wealth")
    assert level(firm) == ("high", True)
    end_holding(firm.pk, by=cast.rita, relationship_id=reviewed.pk, until_on=timezone.localdate())
    look_twice()
    assert level(firm) == ("low", False)


# --- told in words ---------------------------------------------------------------------------------------


def test_hits_from_before_tell_countries_by_name_as_a_run_would(cast):
    """The migration writes what the scorer writes: codes put into its sentences come out as it wrote them."""
    bring(KONY, BARAN)
    for name, born_on, country in (
        ("Joseph Kony", date(1964, 9, 18), "UG"), ("Ivan Baranov", None, "US"), ("Ivan Baran", None, ""),
    ):  # fmt: skip
        make_lookalike(cast, name, born_on, country)
    screen_all(by=night_shift())
    right = dict(ScreeningHit.objects.values_list("pk", "sentence"))
    assert "the country differs: United States / Russia" in " ".join(right.values())
    for pk, sentence in right.items():
        for words, code in (("Uganda", "UG"), ("United States", "US"), ("Russia", "RU")):
            sentence = sentence.replace(words, code)
        ScreeningHit.objects.filter(pk=pk).update(sentence=sentence)
    assert not set(right.values()) & {
        each for each in ScreeningHit.objects.values_list("sentence", flat=True) if "the country" in each
    }
    migration = import_module("compliance.migrations.0026_hits_tell_countries_by_name")
    migration.tell(apps, None)
    assert dict(ScreeningHit.objects.values_list("pk", "sentence")) == right
    for coded, worded in (
        ("x; the country agrees: UG.", "x; the country agrees: Uganda."),
        (
            "the country differs: CH, AT / RU, BY; y.",
            "the country differs: Austria, Switzerland / Belarus, Russia; y.",
        ),
        ("the country agrees: Uganda.", "the country agrees: Uganda."),
        ("All 2 words agree with “US, RU Trading”.", "All 2 words agree with “US, RU Trading”."),
    ):
        assert migration.in_words(coded) == worded
    assert not HitStep.objects.exists(), "no decision is touched"
