"""The ownership of a client in the browser: drawn, as of a day, changed by two people at once."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.actions import add_owner
from clients.models import Party, Relationship
from compliance.models import ListedEntity, ListVersion, ScreeningHit
from compliance.rules.ownership import Edge, Graph
from compliance.rules.ownership.drawing import HEIGHT, WIDTH, draw
from compliance.selectors import ownership_of
from tests.cast import make_client

SINCE = date(2024, 1, 1)


@pytest.fixture
def firm(cast):
    return make_client("Lind AG", cast.rita_book, kind="organisation", segment="sme", stage="growth")


def party(client, name):
    return Party.objects.get(client=client, name=name)


def own(client, by, owner, of, share, kind="person", **how):
    """`owner` holds `share` of `of`; whoever is not on the file yet comes on it."""
    known = Party.objects.filter(client=client, name=owner).first()
    who = {"party_id": known.pk} if known else {"name": owner, "kind": kind}
    of_id = party(client, of).pk
    share = None if share is None else Decimal(share)
    return add_owner(client, by=by, of_id=of_id, share=share, **({"since_on": SINCE} | who | how))


@pytest.fixture
def circle(cast, firm):
    """Three layers that close: Top holds Lind, Lind holds Below, Below holds Top; Dan holds the rest."""
    own(firm, cast.rita, "Top AG", "Lind AG", 60, "organisation")
    own(firm, cast.rita, "Below AG", "Top AG", 51, "organisation")
    own(firm, cast.rita, "Lind AG", "Below AG", 100)
    own(firm, cast.rita, "Dan Lind", "Top AG", 49)
    own(firm, cast.rita, "Dan Lind", "Lind AG", 40)
    return firm


def address(client, name="compliance:ownership", *ids):
    return reverse(name, args=[client.pk, *ids])


def test_a_circle_of_three_layers_is_drawn_and_explained(page_of, cast, circle):
    shown = page_of(cast.rita).get(address(circle)).content.decode()
    assert shown.count('class="own-box') == 4
    assert shown.count(" ↻") == 2  # at its line, and in the words that explain it
    assert "49 % × 60 % = 29.4 %" in shown
    assert "round the circle again:" in shown
    assert "30.6 %" in shown
    assert " style=" not in shown.partition("<main")[2].partition("</main>")[0]


def test_what_others_ask_of_it(cast, circle, django_assert_num_queries):
    with django_assert_num_queries(3):
        found = ownership_of(circle, timezone.localdate())
    assert [each.party for each in found.owners] == [party(circle, "Dan Lind")]
    assert (found.missing, found.opaque, found.over, found.officials) == ([], False, {}, [])
    assert found.pack_version == 1


def test_without_owner_the_director_stands_in_and_the_page_says_so(page_of, cast, firm):
    assert ownership_of(firm, timezone.localdate()).missing == [
        "No owner is recorded: no beneficial owner is identified."
    ]
    for name in ("A", "B", "C", "D", "E"):
        own(firm, cast.rita, f"{name} Lind", "Lind AG", 20)
    assert "no director" in ownership_of(firm, timezone.localdate()).missing[0]
    director = party(firm, "A Lind")
    Relationship.objects.create(client=firm, party=director, of=party(firm, "Lind AG"), kind="director")
    found = ownership_of(firm, timezone.localdate())
    assert (found.officials, found.missing, found.owners) == ([director], [], [])
    assert "the senior managing official stands in" in page_of(cast.rita).get(address(firm)).content.decode()


def test_everyone_behind_a_trust_is_named_by_role(page_of, cast, firm):
    own(firm, cast.rita, "Lind Trust", "Lind AG", 30, "trust")
    own(firm, cast.rita, "Sue Lind", "Lind Trust", None, relation="settlor")
    own(firm, cast.rita, "Tom Lind", "Lind AG", 70)
    found = ownership_of(firm, timezone.localdate())
    assert [(each.party.name, each.role) for each in found.owners] == [
        ("Tom Lind", ""),
        ("Sue Lind", "Settlor"),
    ]
    assert "By role" in page_of(cast.rita).get(address(firm)).content.decode()


def test_shares_over_the_whole_are_told_and_nothing_is_computed(page_of, cast, firm):
    for share in (60, 50):
        owner = Party.objects.create(client=firm, kind="person", name=f"Holder {share}")
        Relationship.objects.create(
            client=firm, party=owner, of=party(firm, "Lind AG"), kind="owner", share=share
        )
    shown = page_of(cast.rita).get(address(firm)).content.decode()
    assert "its owners hold 110 % together" in shown
    assert "more than 100 percent" in ownership_of(firm, timezone.localdate()).missing[0]


def test_a_past_day_shows_what_was_and_lets_nothing_be_changed(page_of, cast, circle):
    browser = page_of(cast.rita)
    before = browser.get(address(circle) + "?on=2023-12-31").content.decode()
    assert "No owner is recorded on this day" in before
    assert "add-owner" not in before
    future = browser.get(address(circle) + "?on=2999-01-01").content.decode()
    assert "as of today" in future


# --- changed ------------------------------------------------------------------------------------------------

OWNER = {"relation": "owner", "kind": "person", "name": "Eva Lind", "share": "10", "since_on": "2024-02-01"}


def test_rita_adds_an_owner_in_the_browser(page_of, cast, firm):
    of_id = party(firm, "Lind AG").pk
    answer = page_of(cast.rita).post(address(firm, "compliance:owner_new"), OWNER | {"of_id": of_id})
    assert (answer.status_code, answer.url) == (303, address(firm))
    assert Relationship.objects.get(client=firm).party.name == "Eva Lind"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"share": "41"}, "id_share"),
        ({"share": "0"}, "id_share"),
        ({"share": "101"}, "id_share"),
        ({"share": "some"}, "id_share"),
        ({"since_on": "2999-01-01"}, "id_since_on"),
        ({"name": ""}, "id_name"),
        ({"party": "Lind AG"}, "id_party_id"),
        ({"relation": "settlor"}, "id_relation"),
    ],
)
def test_what_is_wrong_stands_at_its_field(page_of, cast, circle, wrong, field):
    sent = OWNER | {"of_id": party(circle, "Lind AG").pk} | wrong
    if name := sent.pop("party", ""):
        sent["party_id"] = party(circle, name).pk
    if wrong == {"share": "41"}:
        sent["share"] = "0.001"  # the circle and Dan hold it all
    answer = page_of(cast.rita).post(address(circle, "compliance:owner_new"), sent)
    assert answer.status_code == 422
    assert (
        f'id="error_1_{field}"' in answer.content.decode() or f'id="{field}_error"' in answer.content.decode()
    )
    assert Relationship.objects.filter(client=circle).count() == 5


def test_two_people_at_once_get_a_choice(page_of, cast, circle):
    """Rita and Theo open the same holding. Theo is quicker; Rita sees his share beside hers and chooses."""
    row = Relationship.objects.get(party__name="Dan Lind", of__name="Lind AG")
    share = address(circle, "compliance:holding_share", row.pk)
    assert page_of(cast.theo).post(share, {"share": "35", "from_on": "2025-01-01"}).status_code == 303
    answer = page_of(cast.rita).post(share, {"share": "30", "from_on": "2025-02-01"})
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "A colleague was quicker" in shown
    assert "35 %" in shown
    assert "30 %" in shown
    now = Relationship.objects.get(party__name="Dan Lind", of__name="Lind AG", until_on=None)
    again = address(circle, "compliance:holding_share", now.pk)
    assert again in shown
    assert page_of(cast.rita).post(again, {"share": "30", "from_on": "2025-02-01"}).status_code == 303
    shares = Relationship.objects.filter(party=row.party_id, of=row.of_id).order_by("pk")
    assert [each.share for each in shares] == [40, 35, 30]


def test_a_holding_is_ended_in_the_browser(page_of, cast, circle):
    row = Relationship.objects.get(party__name="Dan Lind", of__name="Lind AG")
    end = address(circle, "compliance:holding_end", row.pk)
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert page_of(cast.rita).post(end, {"until_on": tomorrow}).status_code == 422
    assert page_of(cast.rita).post(end, {"until_on": "2025-01-01"}).status_code == 303
    row.refresh_from_db()
    assert row.until_on == date(2025, 1, 1)


# --- sanctions: for who may know ----------------------------------------------------------------------------


def test_blocked_owners_are_for_officers_alone(page_of, cast, circle):
    version = ListVersion.objects.create(source="ofac", published_on=SINCE, sha256="1" * 64, entities=1)
    entity = ListedEntity.objects.create(
        source="ofac", reference="1", content="2" * 64, since=version, kind="person", name="Dan Lindt"
    )
    ScreeningHit.objects.create(
        client=circle,
        party=party(circle, "Dan Lind"),
        entity=entity,
        score=95,
        sentence="Alike.",
        state="confirmed",
    )
    seen = page_of(cast.cora).get(address(circle)).content.decode()
    assert "Blocked by the 50 percent rule" in seen
    assert "On a sanctions list" in seen
    # 49 percent of Top and 40 of Lind: neither reaches a half.
    assert "Counts as blocked" not in seen
    hidden = page_of(cast.rita).get(address(circle)).content.decode()
    for word in ("50 percent rule", "sanctions list", "Counts as blocked"):
        assert word not in hidden


def test_nobody_else_sees_or_changes_it(page_of, cast, circle):
    row = Relationship.objects.filter(client=circle).first()
    assert page_of(cast.otto).get(address(circle)).status_code == 404
    assert page_of(cast.otto).get(address(circle, "compliance:holding", row.pk)).status_code == 404
    assert page_of(cast.cora).get(address(circle)).status_code == 200
    assert page_of(cast.cora).get(address(circle, "compliance:holding", row.pk)).status_code == 403


def test_the_page_costs_the_same_however_many_owners(page_of, cast, firm, django_assert_num_queries):
    browser = page_of(cast.rita)
    browser.get(address(firm))
    for count in (1, 8):
        for at in range(count):
            own(firm, cast.rita, f"Owner {count} {at}", "Lind AG", "5")
        with django_assert_num_queries(QUERIES):
            browser.get(address(firm))


QUERIES = 15


# --- the drawing --------------------------------------------------------------------------------------------


def test_no_two_boxes_touch_and_owners_stand_above():
    edges = [
        Edge("Top", "Firm", Fraction(1, 2)),
        Edge("ann", "Top", Fraction(1)),
        Edge("ann", "Firm", Fraction(1, 4)),
    ]
    edges += [Edge(f"p{n}", "Firm", Fraction(1, 100)) for n in range(20)]
    edges += [Edge("Firm", "Below", Fraction(1)), Edge("Below", "Top", Fraction(0, 1) + Fraction(1, 9))]
    found = draw(Graph(tuple(edges)), "Firm", {})
    boxes = {box.node: box for box in found.boxes}
    assert boxes["ann"].y < boxes["Top"].y < boxes["Firm"].y
    for one in boxes.values():
        assert 0 <= one.x <= found.width - WIDTH
        assert 0 <= one.y <= found.height - HEIGHT
        for other in boxes.values():
            if one is not other:
                assert abs(one.x - other.x) >= WIDTH or abs(one.y - other.y) >= HEIGHT
    assert [(line.owner, line.owned) for line in found.lines if line.in_circle] == [("Firm", "Below")]


@pytest.mark.parametrize("day", ["1999-12-31", "1900-01-01", "0001-01-01"])
def test_a_day_before_the_first_figures_is_no_day(cast, firm, page_of, day):
    page = page_of(cast.rita).get(reverse("compliance:ownership", args=[firm.pk]), {"on": day})
    assert page.status_code == 200
