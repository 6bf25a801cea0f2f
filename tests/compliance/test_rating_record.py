"""A rating can be read without its author: every factor, its source and date, the sum, the floors."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from clients.actions import correct_holding, strike_holding
from clients.models import Party, Relationship
from compliance.actions import ask_review, override_rating, record_measure, review_kyc, screen_client
from compliance.actions.night import look
from compliance.models import KycFile, Measure, RatingOverride, RatingRecord, ReviewTrigger, ScreeningHit
from compliance.rules.rating import GROUPS, Facts, is_circular, rate, verdict
from compliance.rules.reviews import measures
from compliance.selectors.rating import known_of
from compliance.selectors.rating_page import rating_page
from portfolios.models import Account, Holding, Product
from rulebook.models import RulePack
from rulebook.selectors import pack
from staff.night import night_shift
from tests.compliance.stage import KONY, bring, make_lookalike, second_officer
from tests.compliance.test_kyc import record
from ui.refusals import NotPermitted, Refused


def shown(cast, client, person=None, full=True):
    return rating_page(person or cast.cora, client, None, full=full)


def rows_of(page):
    return {f"{row.label}: {row.value}": row for group in page.groups for row in group.rows}


def test_every_factor_is_shown_with_its_source_and_date(cast):
    record(cast.anna, cast.rita, source_of_funds="crypto", nationality="VN", channel="remote")
    page = shown(cast, cast.anna)
    assert [group.label for group in page.groups] == [
        "Customer",
        "Products",
        "Channel",
        "Geography",
        "Screening",
    ]
    rows, today = rows_of(page), timezone.localdate()
    crypto, vietnam = rows["Source of funds: Crypto assets"], rows["Country: Vietnam"]
    assert (crypto.points, crypto.on) == (22, today)
    assert crypto.source == "KYC facts · Rita Muster"
    assert vietnam.source == (
        "KYC facts · nationality · EU: high-risk third country · FATF: increased monitoring · Rita Muster"
    )
    assert rows["How the client was met: At a distance, by papers"].points == 10
    assert not rows["Country: Switzerland"].counts
    assert rows["Adverse information: None open"].points == 0, "what weighs nothing is told too"
    assert page.record.points == 22 + 20 + 10


def test_nothing_is_without_a_source_and_a_day_not_even_what_was_not_found(cast):
    firm = cast.anna.parties.get()
    owner = Party.objects.create(client=cast.anna, name="Bo Ba", kind="person", nationality="BA")
    since = timezone.localdate() - timedelta(days=400)
    Relationship.objects.create(
        client=cast.anna, party=owner, of=firm, kind="owner", share=30, since_on=since
    )
    gone = Party.objects.create(client=cast.anna, name="Ira Ir", kind="person", nationality="IR")
    Relationship.objects.create(
        client=cast.anna, party=gone, of=firm, kind="owner", share=30, since_on=since,
        until_on=timezone.localdate(),
    )  # fmt: skip
    record(cast.anna, cast.rita, products=["trade_finance"])
    rows = rows_of(shown(cast, cast.anna))
    assert [name for name, row in rows.items() if not row.source or row.on is None] == []
    assert rows["Country: Bosnia & Herzegovina"].on == since
    assert "Country: Iran" not in rows, "who owns no more does not weigh"


@pytest.mark.parametrize("relation", ["holder", "settlor", "trustee", "protector", "beneficiary"])
def test_whoever_holds_it_too_or_stands_behind_a_trust_weighs_like_the_client(cast, relation):
    main = cast.anna.parties.get()
    other = Party.objects.create(client=cast.anna, name="Ira Ir", kind="person", nationality="IR")
    Relationship.objects.create(client=cast.anna, party=other, of=main, kind=relation)
    record(cast.anna, cast.rita)
    page = shown(cast, cast.anna)
    assert page.record.level == "high"
    assert "Ira Ir" in rows_of(page)["Country: Iran"].source


def test_an_adviser_or_a_spouse_does_not(cast):
    for relation in ("adviser", "spouse"):
        other = Party.objects.create(client=cast.anna, name="Ira Ir", kind="person", nationality="IR")
        Relationship.objects.create(
            client=cast.anna, party=other, of=cast.anna.parties.get(is_client=True), kind=relation
        )
    record(cast.anna, cast.rita)
    assert shown(cast, cast.anna).record.level == "low"


def test_a_joint_holder_in_office_makes_the_whole_relationship_exposed(cast):
    other = Party.objects.create(client=cast.anna, name="Minna Minister", kind="person")
    Relationship.objects.create(
        client=cast.anna, party=other, of=cast.anna.parties.get(is_client=True), kind="holder"
    )
    record(cast.anna, cast.rita)
    assert shown(cast, cast.anna).record.level == "low"
    KycFile.objects.filter(client=cast.anna).update(pep_holders=[other.pk])
    record(cast.anna, cast.rita)
    page = shown(cast, cast.anna)
    assert (page.record.level, page.record.floor) == ("high", "high")
    assert "Minna Minister" in rows_of(page)["Politically exposed person: Yes"].source
    Relationship.objects.update(until_on=timezone.localdate())
    record(cast.anna, cast.rita)
    assert shown(cast, cast.anna).record.level == "low", "who holds nothing any more does not weigh"


def test_what_was_agreed_at_the_opening_still_weighs_at_the_review(cast):
    """Trade finance has no account that would tell of it."""
    record(cast.anna, cast.rita, products=["trade_finance"])
    review_kyc(cast.anna, by=cast.cora)
    rows = rows_of(shown(cast, cast.anna))
    assert rows["Product: Trade finance"].points == 14
    assert rows["Product: Trade finance"].source == "wanted at opening or agreed since · Rita Muster"


def test_whatever_is_held_weighs_by_its_kind(cast):
    """Not by the account that it lies in."""
    account = Account.objects.create(
        client=cast.anna, number="1", kind="custody", currency="CHF", opened_on=timezone.localdate()
    )
    fund = Product.objects.create(code="F", name="Fund", kind="fund", currency="CHF", risk_class=3)
    Holding.objects.create(client=cast.anna, account=account, product=fund, quantity=1)
    record(cast.anna, cast.rita)
    rows = rows_of(shown(cast, cast.anna))
    assert rows["Product: Fund"].on == timezone.localdate(), "since when, nobody wrote down: it is held today"
    assert not [name for name in rows if "ustody" in name]


def test_it_says_in_sentences_why(cast):
    record(cast.anna, cast.rita, source_of_funds="crypto", pep=True)
    page = shown(cast, cast.anna)
    assert page.verdict == (
        "High whatever the sum, because a politically exposed person is on the file; "
        "the sum of 1 factor, 22 points, alone is Low (below 26)."
    )
    assert (page.version.name, page.version.version) == ("kyc", page.record.pack_version)


def test_a_rating_by_the_sum_and_one_set_by_hand_say_so(cast, page_of):
    record(cast.anna, cast.rita, source_of_funds="crypto", purpose="cross_border")
    told = "Medium by the sum: 2 factors give 36 points, and Medium is 26 to below 51; no floor applies."
    assert shown(cast, cast.anna).verdict == told
    override_rating(
        cast.anna,
        by=cast.cora,
        level="high",
        reason="Press",
        until_on=timezone.localdate() + timedelta(days=9),
    )
    assert shown(cast, cast.anna).verdict == f"Set to High by hand; the figures say {told}"
    page = page_of(cast.cora).get(reverse("compliance:rating", args=[cast.anna.pk])).content.decode()
    assert told in page
    version = RulePack.objects.get(name="kyc", version=shown(cast, cast.anna).record.pack_version)
    assert reverse("rulebook:version", args=[version.pk]) in page


def test_every_factor_says_its_weight_and_what_it_gives_to_the_sum(cast):
    figures = RulePack.objects.filter(name="kyc").order_by("version").last()
    body = figures.body | {"rating": figures.body["rating"] | {"weights": {"customer": 150}}}
    RulePack.objects.create(
        name="kyc", version=99, valid_from=timezone.localdate(), body=body, activated_at=timezone.now()
    )
    record(cast.anna, cast.rita, source_of_funds="crypto")
    row = rows_of(shown(cast, cast.anna))["Source of funds: Crypto assets"]
    assert (row.points, row.weight, row.weighted) == (22, 150, 33)


def test_a_weight_changes_what_a_group_counts(db):
    figures = pack("kyc", timezone.localdate()).body
    heavy = figures | {
        "rating": figures["rating"] | {"weights": figures["rating"]["weights"] | {"customer": 150}}
    }
    facts = Facts(kind="person", countries=frozenset({"VN"}), source_of_funds="crypto")
    assert rate(facts, figures).points == 42
    assert rate(facts, heavy).points == Decimal("53")
    assert (rate(facts, figures).level, rate(facts, heavy).level) == ("medium", "high")


def test_who_came_here_rated_is_explained_by_the_facts_of_today(cast, page_of, django_assert_num_queries):
    """A bank brings its ratings along, not what led to them; an override of one can be decided too."""
    record(cast.anna, cast.rita, source_of_funds="crypto", purpose="cross_border")
    RatingRecord.objects.all().delete()
    override = RatingOverride.objects.create(
        client=cast.anna, level="low", computed="medium", upward=False, reason="Known for years",
        until_on=timezone.localdate() + timedelta(days=30), asked_by=second_officer(), pack_version=1,
    )  # fmt: skip
    window = page_of(cast.cora)
    window.get(reverse("compliance:rating", args=[cast.anna.pk]))
    with django_assert_num_queries(25):
        page = window.get(reverse("compliance:rating", args=[cast.anna.pk]))
    rows = rows_of(page.context["found"])
    assert rows["Source of funds: Crypto assets"].points == 22
    text = page.content.decode()
    assert "Came here rated" in text
    KycFile.objects.filter(client=cast.anna).update(rating="low")
    told = shown(cast, cast.anna).verdict
    assert told.startswith(
        "Low as the client came here; today's figures and facts say Medium by the sum: 2 f"
    )
    assert "by hand" not in told, "nobody set it"
    assert reverse("compliance:override_decision", args=[override.pk]) in text
    KycFile.objects.update(rating="unrated", facts_at=None, source_of_funds="")
    text = page_of(cast.cora).get(reverse("compliance:rating", args=[cast.anna.pk])).content.decode()
    assert "not rated yet" in text


def test_the_country_tables_are_dated_on_the_page_and_so_is_having_looked(cast, page_of):
    """An auditor asks of which list, and of which day: also of the country that stands on none."""
    record(cast.anna, cast.rita, nationality="VN")
    page = shown(cast, cast.anna)
    assert page.editions[0] == (
        "FATF: call for action",
        "FATF, jurisdictions subject to a call for action, 19 June 2026.",
    )
    rows = rows_of(page)
    assert "on no country table" in rows["Country: Switzerland"].source
    assert "no country table" not in rows["Country: Vietnam"].source
    text = page_of(cast.cora).get(reverse("compliance:rating", args=[cast.anna.pk])).content.decode()
    assert "FATF, jurisdictions under increased monitoring, 19 June 2026." in text
    assert f"KYC and risk rating, version {page.version.version}" in text
    assert reverse("rulebook:version", args=[page.version.pk]) in text
    assert not shown(cast, cast.anna, cast.rita, full=False).editions


def test_a_hit_that_nobody_decided_is_told_beside_none_confirmed(cast):
    bring(KONY)
    client = make_lookalike(cast)
    screen_client(client, by=night_shift())
    record(client, cast.rita)
    row = rows_of(shown(cast, client))["Match with a sanctions list: None confirmed"]
    assert row.source == "screening hits of this file · 1 hit not decided"
    assert not any(
        "hit" in each.source for each in rows_of(shown(cast, client, cast.rita, full=False)).values()
    )


def test_who_weighs_nothing_is_low_because_no_factor_gives_points(cast):
    record(cast.anna, cast.rita)
    assert shown(cast, cast.anna).verdict == (
        "Low by the sum: no factor gives points, and Low is below 26; no floor applies."
    )


def test_an_old_rating_is_read_by_its_own_figures(cast, page_of):
    record(cast.anna, cast.rita, source_of_funds="crypto")
    old = RatingRecord.objects.get()
    before = RulePack.objects.filter(name="kyc").latest("version")
    body = before.body | {"rating": before.body["rating"] | {"medium_from": 10, "high_from": 20}}
    RulePack.objects.create(
        name="kyc", version=before.version + 1, valid_from=timezone.localdate(), body=body,
        activated_at=timezone.now(),
    )  # fmt: skip
    record(cast.anna, cast.rita, source_of_funds="crypto")
    url = reverse("compliance:rating", args=[cast.anna.pk])
    assert (
        page_of(cast.cora).get(url).context["found"].verdict.endswith("High is 20 or more; no floor applies.")
    )
    page = page_of(cast.cora).get(f"{url}?record={old.pk}")
    told = "Low by the sum: 1 factor gives 22 points, and Low is below 26; no floor applies."
    assert page.context["found"].verdict == told
    assert "an earlier rating" in page.content.decode()


def test_who_serves_the_client_reads_neither_screening_nor_sum(cast, page_of):
    bring(KONY)
    client = make_lookalike(cast)
    ScreeningHit.objects.create(
        client=client, party=client.parties.get(), score=90, sentence="Alike", state="confirmed",
        entity_id=bring_entity(), decided_at=timezone.now(), proposed_by=cast.cora,
        decided_by=second_officer(),
    )  # fmt: skip
    record(client, cast.rita)
    url = reverse("compliance:rating", args=[client.pk])
    assert "Match with a sanctions list" in page_of(cast.cora).get(url).content.decode()
    text = page_of(cast.rita).get(url).content.decode()
    assert "sanctions" not in text
    assert "the sum" not in text
    assert "not shown here" in text


def bring_entity():
    from compliance.models import ListedEntity

    return ListedEntity.objects.get().pk


def test_owners_who_own_each_other_are_high(cast):
    record(cast.omar, cast.otto)
    main = cast.omar.parties.get()
    first, second = (
        Party.objects.create(client=cast.omar, kind="organisation", name=name)
        for name in ("One Ltd", "Two Ltd")
    )
    for owner, owned in ((first, main), (second, first), (first, second)):
        Relationship.objects.create(client=cast.omar, party=owner, of=owned, kind="owner", share=50)
    record(cast.omar, cast.otto)
    page = shown(cast, cast.omar)
    assert page.record.level == "high"
    assert page.verdict.startswith("High whatever the sum, because its owners own each other")


def test_a_country_of_an_owner_counts(cast):
    main = cast.omar.parties.get()
    owner = Party.objects.create(client=cast.omar, kind="person", name="Ali Reza", nationality="IR")
    Relationship.objects.create(client=cast.omar, party=owner, of=main, kind="owner", share=50)
    record(cast.omar, cast.otto)
    page = shown(cast, cast.omar)
    assert page.record.level == "high"
    assert "owner's nationality · Ali Reza" in rows_of(page)["Country: Iran"].source
    other = Party.objects.create(client=cast.omar, kind="person", name="Zara Reza", residence="IR")
    Relationship.objects.create(client=cast.omar, party=other, of=main, kind="owner", share=50)
    record(cast.omar, cast.otto)
    told = rows_of(shown(cast, cast.omar))["Country: Iran"].source
    assert "owner's nationality, owner's residence · Ali Reza, Zara Reza" in told  # each of them, by name


EDGES = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda edge: edge[0] != edge[1]), max_size=14
)


@given(EDGES)
def test_a_circle_is_found_as_by_following_every_way(edges):
    reach = {node: {owned for owner, owned in edges if owner == node} for node in range(7)}
    for _step in range(7):
        for node in reach:
            reach[node] |= {further for owned in reach[node] for further in reach[owned]}
    assert is_circular(edges) is any(node in reach[node] for node in reach)


@given(
    st.builds(
        Facts,
        kind=st.sampled_from(["person", "organisation"]),
        countries=st.frozensets(st.sampled_from(["CH", "IR", "VN", "NG", "YE"])),
        pep=st.booleans(),
        source_of_funds=st.sampled_from(["", "salary", "crypto", "gift"]),
        products=st.frozensets(st.sampled_from(["fund", "fx", "trade_finance"])),
        channel=st.sampled_from(["", "video", "introducer"]),
        adverse=st.sampled_from(["", "low", "high"]),
        opaque_ownership=st.booleans(),
        confirmed_match=st.booleans(),
    )
)
def test_the_sum_is_that_of_what_counts_and_one_value_of_an_attribute_does(facts):
    rating = rate(facts, FIGURES)
    assert rating.points == sum(factor.points for factor in rating.factors if factor.counts)
    assert {factor.group for factor in rating.factors} <= set(GROUPS)
    for attribute in ("product", "country"):
        values = [factor for factor in rating.factors if factor.attribute == attribute]
        counting = [factor for factor in values if factor.counts]
        assert len(counting) <= 1 or all(factor.floor for factor in counting)
        heaviest = max((each.points for each in values), default=0)
        assert any(each.floor for each in values) or heaviest == max(
            (each.points for each in counting), default=0
        )
    told = verdict(
        level=rating.level, computed=rating.level, by_sum=rating.by_sum, points=rating.points,
        bands={"medium_from": 26, "high_from": 51},
        rows=[factor.__dict__ for factor in rating.factors],
    )  # fmt: skip
    assert (rating.floor == "high") is ("whatever the sum" in told)


def _figures():
    import importlib

    first = importlib.import_module("rulebook.migrations.0002_first_packs").PACKS["kyc"]
    name = next(
        iter(__import__("pathlib").Path("compliance/migrations").glob("*_every_rating_stays*.py"))
    ).stem
    later = importlib.import_module(f"compliance.migrations.{name}")
    base = importlib.import_module("compliance.migrations.0003_the_figures_of_the_rating").RATING
    return first | later.FIGURES | {"rating": base | later.RATING}


FIGURES = _figures()


# --- what a rating asks for, and what asks for a review ---------------------------------------------------


def test_a_high_rating_asks_for_measures_and_says_what_is_missing(cast):
    record(cast.anna, cast.rita, nationality="IR")
    page = shown(cast, cast.anna)
    assert page.record.level == "high"
    today = timezone.localdate()
    record_measure(
        cast.anna, by=cast.cora, code="monitoring", done_on=today, note="Every payment of the quarter"
    )
    with pytest.raises(Refused, match="does not ask for it"):
        record_measure(cast.anna, by=cast.cora, code="wealth_evidence", done_on=today, note="A deed")
    with pytest.raises(Refused, match="later than today"):
        record_measure(
            cast.anna, by=cast.cora, code="monitoring", done_on=today + timedelta(days=1), note="Not yet"
        )
    with pytest.raises(NotPermitted):
        record_measure(cast.anna, by=cast.rita, code="monitoring", done_on=today, note="Mine")
    assert Measure.objects.get().pack_version == pack("kyc", today).version


@pytest.mark.parametrize(
    ("days_ago", "stand"), [(None, "missing"), (0, "ok"), (70, "soon"), (90, "soon"), (91, "late")]
)
def test_a_measure_holds_for_its_days(days_ago, stand):
    today = timezone.localdate()
    done = {} if days_ago is None else {"monitoring": today - timedelta(days=days_ago)}
    found = {each.code: each.stand for each in measures("high", False, done, today, FIGURES)}
    assert found["monitoring"] == stand
    assert "wealth_evidence" not in found
    assert "wealth_evidence" in {each.code for each in measures("high", True, {}, today, FIGURES)}
    assert measures("low", False, {}, today, FIGURES) == []


def test_changed_facts_set_off_a_review_and_the_same_facts_do_not(cast):
    record(cast.anna, cast.rita)
    review_kyc(cast.anna, by=cast.cora)
    due = cast.anna.kyc.next_review_on
    record(cast.anna, cast.rita)
    assert not ReviewTrigger.objects.exists()
    record(cast.anna, cast.rita, purpose="wealth")
    trigger = ReviewTrigger.objects.get()
    assert trigger.code == "facts_changed"
    cast.anna.refresh_from_db()
    assert cast.anna.kyc_due_on == trigger.due_on == timezone.localdate() + timedelta(days=60) < due


def test_a_match_confirmed_after_a_review_that_is_of_tomorrow_where_the_officer_is_sets_one_off(cast):
    """By our clock the match of five minutes later was of the day before the review, and set off nothing."""
    bring(KONY)
    record(cast.anna, cast.rita)
    noon = (timezone.now() + timedelta(days=1)).replace(hour=12)
    with timezone.override("Pacific/Kiritimati"), time_machine.travel(noon, tick=False):
        review_kyc(cast.anna, by=cast.cora)
    later = noon + timedelta(minutes=5)
    ScreeningHit.objects.create(
        client=cast.anna, party=cast.anna.parties.get(), score=90, sentence="Alike", state="confirmed",
        entity_id=bring_entity(), decided_at=later, proposed_by=cast.cora, decided_by=second_officer(),
    )  # fmt: skip
    with time_machine.travel(later, tick=False):
        look(night_shift())
    assert "hit_confirmed" in ReviewTrigger.objects.values_list("code", flat=True)


def test_a_confirmed_match_and_a_new_owner_set_off_a_review_by_themselves(cast):
    bring(KONY)
    record(cast.anna, cast.rita)
    record(cast.omar, cast.otto)
    for client in (cast.anna, cast.omar):
        review_kyc(client, by=cast.cora)
    assert look(night_shift()) == 0
    ScreeningHit.objects.create(
        client=cast.anna, party=cast.anna.parties.get(), score=90, sentence="Alike", state="confirmed",
        entity_id=bring_entity(), decided_at=timezone.now(), proposed_by=cast.cora,
        decided_by=second_officer(),
    )  # fmt: skip
    type(cast.omar.kyc).objects.filter(client=cast.omar).update(
        reviewed_on=timezone.localdate() - timedelta(days=30)
    )
    owner = Party.objects.create(client=cast.omar, kind="person", name="New Owner")
    Relationship.objects.create(
        client=cast.omar, party=owner, of=cast.omar.parties.get(is_client=True), kind="owner", share=30,
        since_on=timezone.localdate() - timedelta(days=3),
    )  # fmt: skip
    assert look(night_shift()) == 2
    codes = set(ReviewTrigger.objects.values_list("client_id", "code"))
    assert {(cast.anna.pk, "hit_confirmed"), (cast.omar.pk, "owner_change")} <= codes
    cast.anna.refresh_from_db()
    assert cast.anna.risk == "high"
    assert look(night_shift()) == 0


@pytest.mark.parametrize("relation", ["owner", "trustee"])
@pytest.mark.parametrize("since", [None, 0, 60])
def test_an_owner_who_becomes_known_after_the_review_sets_one_off_however_long_ago_it_began(
    cast, relation, since
):
    """What was known at the review, and what has ended since, is told apart by when it was written down."""
    main, today = cast.omar.parties.get(is_client=True), timezone.localdate()

    def stands_behind(name, days):
        owner = Party.objects.create(client=cast.omar, kind="person", name=name)
        begins = None if days is None else today - timedelta(days=days)
        return Relationship.objects.create(
            client=cast.omar, party=owner, of=main, kind=relation, since_on=begins,
            share=30 if relation == "owner" else None,
        )  # fmt: skip

    known = stands_behind("Known", since)
    record(cast.omar, cast.otto)
    review_kyc(cast.omar, by=cast.cora)
    assert look(night_shift()) == 0, "all of it was known"
    stands_behind("New", since)
    assert look(night_shift()) == 1
    assert look(night_shift()) == 0, "once"
    assert ReviewTrigger.objects.filter(client=cast.omar, code="owner_change").count() == 1
    known.until_on = today
    known.save(update_fields=["until_on"])
    assert look(night_shift()) == 1, "that it ended is news too"


def test_what_is_corrected_or_struck_out_after_the_review_sets_one_off_once(cast):
    main, since = cast.omar.parties.get(is_client=True), date(2020, 1, 1)
    rows = []
    for name in ("Wrong", "Never"):
        owner = Party.objects.create(client=cast.omar, kind="person", name=name)
        rows.append(
            Relationship.objects.create(
                client=cast.omar, party=owner, of=main, kind="owner", share=30, since_on=since
            )
        )
    Party.objects.filter(pk=main.pk).update(kind="organisation")
    record(cast.omar, cast.otto)
    review_kyc(cast.omar, by=cast.cora)
    assert look(night_shift()) == 0
    wrong, never = ({"relationship_id": row.pk, "seen_until": None, "reason": "Misread"} for row in rows)
    right = {"relation": "owner", "share": Decimal(40), "since_on": since, "until_on": None}
    correct_holding(cast.omar, by=cast.otto, **wrong, **right)
    assert look(night_shift()) == 1
    strike_holding(cast.omar, by=cast.otto, **never)
    assert look(night_shift()) == 1
    assert look(night_shift()) == 0, "once"
    assert ReviewTrigger.objects.filter(client=cast.omar, code="owner_change").count() == 2


def test_who_held_through_an_owner_that_ended_counts_no_more(cast):
    """Neither the country of who holds the holding, nor the circle above it."""
    main = cast.omar.parties.get(is_client=True)
    who = (("organisation", "Top", "CH"), ("organisation", "Below", "CH"), ("person", "Old", "IR"))
    top, below, old = (
        Party.objects.create(client=cast.omar, kind=kind, name=name, nationality=code)
        for kind, name, code in who
    )
    for owner, of in ((top, main), (old, top), (below, top), (top, below)):
        Relationship.objects.create(client=cast.omar, party=owner, of=of, kind="owner", share=30)
    today = timezone.localdate()
    facts = known_of([cast.omar.pk], FIGURES, today)[cast.omar.pk].facts
    assert "IR" in facts.countries
    assert facts.opaque_ownership
    Relationship.objects.filter(party=top, of=main).update(until_on=today)
    facts = known_of([cast.omar.pk], FIGURES, today)[cast.omar.pk].facts
    assert "IR" not in facts.countries
    assert not facts.opaque_ownership


def test_an_owner_without_a_first_day_is_dated_by_when_it_was_written_down(cast, page_of):
    """No factor of a rating is without a date."""
    main = cast.omar.parties.get(is_client=True)
    owner = Party.objects.create(client=cast.omar, kind="person", name="Old Owner", nationality="IR")
    Relationship.objects.create(client=cast.omar, party=owner, of=main, kind="owner", share=30)
    known = known_of([cast.omar.pk], FIGURES, timezone.localdate())[cast.omar.pk]
    source = known.sources["country:IR"]
    today = timezone.localdate().isoformat()
    assert (source["on"], source["stand"], source["source"]) == (today, "known_since", "ownership")
    record(cast.omar, cast.otto)
    page = page_of(cast.cora).get(reverse("compliance:rating", args=[cast.omar.pk])).content.decode()
    assert "Old Owner · known since" in page
    Relationship.objects.filter(party=owner).update(since_on="2024-01-01")
    known = known_of([cast.omar.pk], FIGURES, timezone.localdate())[cast.omar.pk]
    assert known.sources["country:IR"]["on"] == "2024-01-01"
    assert "stand" not in known.sources["country:IR"]


def test_an_officer_may_want_a_file_sooner(cast):
    with pytest.raises(Refused, match="never reviewed"):
        ask_review(cast.anna, by=cast.cora)
    record(cast.anna, cast.rita)
    review_kyc(cast.anna, by=cast.cora)
    ask_review(cast.anna, by=cast.cora)
    cast.anna.refresh_from_db()
    assert cast.anna.kyc_due_on == timezone.localdate() + timedelta(days=14)
    with pytest.raises(NotPermitted):
        ask_review(cast.anna, by=cast.rita)


def test_the_page_costs_the_same_whatever_is_on_it(page_of, cast, django_assert_num_queries):
    for _time in range(3):
        record(cast.anna, cast.rita, nationality="VN")
    for person, queries in ((cast.cora, 13), (cast.rita, 12)):
        browser, url = page_of(person), reverse("compliance:rating", args=[cast.anna.pk])
        browser.get(url)
        with django_assert_num_queries(queries):
            assert browser.get(url).status_code == 200
