"""Owners of a company: added, changed from a day on, ended; the past stays, and sums stay possible."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from audit.models import AuditEvent
from clients.actions import add_owner, add_related_party, change_share, end_holding
from clients.models import Party, Relationship
from clients.rules.owners import Held, wrongs_of_change, wrongs_of_end, wrongs_of_owner
from tests.cast import make_client
from ui.refusals import NotPermitted, NotVisible, Refused

TODAY = date(2026, 11, 24)
FIRM, TRUST, ANN, BOB = 1, 2, 3, 4
KINDS = {FIRM: "organisation", TRUST: "trust", ANN: "person", BOB: "person"}


def held(party=ANN, of=FIRM, share="30", since=date(2024, 1, 1), until=None, relation="owner", id=0):
    return Held(party, of, relation, None if share is None else Decimal(share), since, until, id)


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (held(), None),
        (held(share="100"), None),
        (held(share="0"), "share"),
        (held(share="-1"), "share"),
        (held(share="100.001"), "share"),
        (held(share=None), "share"),
        (held(party=FIRM), "party_id"),
        (held(of=BOB), "of_id"),
        (held(since=TODAY), None),
        (held(since=TODAY + timedelta(days=1)), "since_on"),
        (held(of=TRUST), "relation"),
        (held(of=TRUST, relation="settlor", share=None), None),
        (held(of=TRUST, relation="settlor"), "share"),
        (held(relation="trustee", share=None), "relation"),
    ],
)
def test_what_is_wrong_is_named_at_its_field(new, field):
    assert [wrong.field for wrong in wrongs_of_owner(new, [], KINDS, TODAY)] == ([field] if field else [])


@pytest.mark.parametrize(
    ("others", "share", "allowed"),
    [
        ([held(BOB, share="70")], "30", True),
        ([held(BOB, share="70")], "30.001", False),
        ([held(BOB, share="70", until=date(2024, 6, 1))], "100", False),  # they meet from January to May
        ([held(BOB, share="70", until=date(2024, 1, 1))], "100", True),  # it ended as the new one begins
        (
            [held(BOB, share="70", since=date(2025, 1, 1))],
            "31",
            False,
        ),  # it begins later
        ([held(BOB, share="70", since=None)], "31", False),
        ([held(BOB, of=TRUST, share=None, relation="settlor")], "100", True),
        (
            [held(BOB, share="60", until=date(2025, 1, 1)), held(5, share="60", since=date(2025, 1, 1))],
            "40",
            True,
        ),
    ],
)
def test_owners_hold_at_most_all_on_every_day(others, share, allowed):
    wrongs = wrongs_of_owner(held(share=share), others, KINDS, TODAY)
    assert (not wrongs) is allowed
    assert allowed or "at most 100" in wrongs[0].sentence


def test_nobody_holds_the_same_twice():
    wrongs = wrongs_of_owner(held(share="5"), [held(share="5", id=9)], KINDS, TODAY)
    assert [wrong.field for wrong in wrongs] == ["party_id"]


def test_a_change_begins_after_what_it_changes_and_changes_something():
    old, new = held(id=9), held(share="40", since=date(2025, 1, 1))
    assert not wrongs_of_change(old, new, [old], KINDS, TODAY)
    early = held(share="40", since=date(2023, 12, 31))
    assert [wrong.field for wrong in wrongs_of_change(old, early, [old], KINDS, TODAY)] == ["from_on"]
    same = held(since=date(2025, 1, 1))
    assert [wrong.field for wrong in wrongs_of_change(old, same, [old], KINDS, TODAY)] == ["share"]
    late = held(share="40", since=TODAY + timedelta(days=1))
    assert [wrong.field for wrong in wrongs_of_change(old, late, [old], KINDS, TODAY)] == ["from_on"]


def test_an_end_lies_between_the_beginning_and_today():
    assert not wrongs_of_end(held(), date(2024, 1, 1), TODAY)
    assert wrongs_of_end(held(), date(2023, 12, 31), TODAY)
    assert wrongs_of_end(held(), TODAY + timedelta(days=1), TODAY)


# --- done, refused, nobody else -----------------------------------------------------------------------------


@pytest.fixture
def firm(cast):
    return make_client("Lind AG", cast.rita_book, kind="organisation", segment="sme", stage="growth")


def main(client):
    return Party.objects.get(client=client, is_client=True)


def own(client, by, name="Ann Lind", share=60, **how):
    how = {"of_id": main(client).pk, "since_on": date(2024, 1, 1)} | how
    return add_owner(client, by=by, name=name, share=Decimal(share), **how)


def test_rita_records_an_owner_and_a_new_share_from_a_day_on(cast, firm):
    row = own(firm, cast.rita)
    change_share(firm, by=cast.rita, relationship_id=row.pk, share=Decimal(40), from_on=date(2025, 5, 1))
    rows = Relationship.objects.filter(client=firm)
    assert list(rows.on(date(2025, 4, 30)).values_list("share", flat=True)) == [60]
    assert list(rows.on(date(2025, 5, 1)).values_list("share", flat=True)) == [40]
    assert not rows.on(date(2023, 12, 31))


def test_an_owner_among_the_related_is_added_the_same_way(cast, firm):
    add_related_party(firm, by=cast.rita, relation="owner", name="Ann Lind", share=Decimal(60))
    row = Relationship.objects.get(client=firm)
    assert (row.share, row.of, row.since_on) == (60, main(firm), None)
    assert set(AuditEvent.objects.filter(client_id=firm.pk).values_list("verb", flat=True)) == {
        "owner added", "related party added",
    }  # fmt: skip
    with pytest.raises(Refused, match="110"):
        add_related_party(firm, by=cast.rita, relation="owner", name="Bea Lind", share=Decimal(50))
    with pytest.raises(Refused, match="more than 0 percent"):
        add_related_party(firm, by=cast.rita, relation="owner", name="Bea Lind", share=Decimal(0))


def test_a_holding_ends_and_stays_in_the_past(cast, firm):
    row = own(firm, cast.rita)
    end_holding(firm, by=cast.rita, relationship_id=row.pk, until_on=date(2025, 1, 1))
    rows = Relationship.objects.filter(client=firm)
    assert rows.on(date(2024, 12, 31)).count() == 1
    assert not rows.on(date(2025, 1, 1))
    own(firm, cast.rita, name="Bob Lind", share=100, since_on=date(2025, 1, 1))


def test_who_is_second_does_not_undo_what_the_first_wrote(cast, firm):
    row = own(firm, cast.rita)
    change_share(firm, by=cast.theo, relationship_id=row.pk, share=Decimal(55), from_on=date(2025, 5, 1))
    with pytest.raises(Refused) as refused:
        change_share(firm, by=cast.rita, relationship_id=row.pk, share=Decimal(40), from_on=date(2025, 5, 1))
    assert "A colleague" in refused.value.sentences[0]
    assert Relationship.objects.filter(client=firm).on(timezone.localdate()).get().share == 55


def test_more_than_all_is_refused_and_a_foreign_party_is_not_there(cast, firm):
    own(firm, cast.rita)
    with pytest.raises(Refused):
        own(firm, cast.rita, name="Bob Lind", share=41)
    with pytest.raises(NotVisible):
        own(firm, cast.rita, of_id=main(cast.omar).pk)
    with pytest.raises(NotVisible):
        own(firm, cast.rita, party_id=main(cast.omar).pk, share=1)
    with pytest.raises(Refused):
        own(firm, cast.rita, name="", share=1)


def test_a_new_owner_is_found_by_name(cast, firm):
    from clients.selectors import search

    own(firm, cast.rita, name="Zoltan Kardos")
    assert [found.client for found in search(cast.rita, "kardos")] == [firm]


def test_nobody_else_can_change_owners(cast, firm):
    row = own(firm, cast.rita)
    verbs = (
        lambda by: own(firm, by, name="Bob Lind", share=1),
        lambda by: change_share(
            firm, by=by, relationship_id=row.pk, share=Decimal(1), from_on=date(2025, 1, 1)
        ),
        lambda by: end_holding(firm, by=by, relationship_id=row.pk, until_on=date(2025, 1, 1)),
    )
    for verb in verbs:
        with pytest.raises(NotVisible):
            verb(cast.otto)
        with pytest.raises(NotPermitted):
            verb(cast.cora)
    firm.state = "closed"
    firm.save()
    for verb in verbs:
        with pytest.raises(Refused):
            verb(cast.rita)
