"""Owners of a company: added, changed from a day on, ended; the past stays, and sums stay possible."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from audit.models import AuditEvent
from clients.actions import (
    add_owner,
    add_related_party,
    change_share,
    correct_holding,
    end_holding,
    strike_holding,
)
from clients.models import Party, Relationship
from clients.rules.owners import (
    Held,
    put_right,
    wrongs_of_change,
    wrongs_of_correction,
    wrongs_of_end,
    wrongs_of_owner,
    wrongs_of_striking,
)
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


LONG_AGO, CHANGED = date(2020, 1, 1), date(2025, 5, 1)
BEFORE, AFTER = held(share="60", until=CHANGED, id=7), held(share="40", since=CHANGED, id=9)


@pytest.mark.parametrize(
    ("new", "others", "field"),
    [
        (held(share="55", id=9), [], None),
        (held(share="40", id=9), [], ""),  # as it stands there already
        (held(share="100.001", id=9), [], "share"),
        (held(share="71", id=9), [held(BOB, id=8)], "share"),
        (held(share="40", since=LONG_AGO, id=9), [held(BOB, share="70", since=LONG_AGO, id=8)],
         "share"),  # on days on which it was thought not to hold
        (held(share="40", since=None, id=9), [], None),
        (held(share="40", since=TODAY + timedelta(days=1), id=9), [], "since_on"),
        (held(share="40", until=TODAY, id=9), [], None),
        (held(share="40", until=TODAY + timedelta(days=1), id=9), [], "until_on"),
        (held(share="40", until=date(2023, 1, 1), id=9), [], "until_on"),
        (held(share=None, relation="settlor", id=9), [], "relation"),
        # It overlaps with what the same one held from another day on.
        (held(share="40", id=9), [held(share="5", since=CHANGED, id=8)], ""),
        (held(share="45", id=9), [held(share="5", since=CHANGED, id=8)], "party_id"),
    ],
)  # fmt: skip
def test_a_correction_is_judged_as_if_it_had_been_so_from_the_beginning(new, others, field):
    old = held(share="40", id=9)
    wrongs = wrongs_of_correction(old, new, [old, *others], KINDS, TODAY)
    assert [wrong.field for wrong in wrongs] == ([] if field is None else [field])


@pytest.mark.parametrize(
    ("since", "share", "allowed"),
    [
        (date(2025, 8, 1), "40", True),
        (date(2024, 2, 1), "40", True),
        (date(2024, 1, 1), "40", False),  # then the share before held on no day: it is to be struck out
        (None, "40", False),
        (CHANGED, "41", True),
        (date(2025, 8, 1), "70", True),
    ],
)
def test_where_it_changed_a_share_the_one_before_holds_until_the_right_day(since, share, allowed):
    rows = [BEFORE, AFTER, held(BOB, share="30", id=8)]
    new = held(share=share, since=since, id=9)
    assert (not wrongs_of_correction(AFTER, new, rows, KINDS, TODAY)) is allowed
    if allowed:
        assert put_right(AFTER, new, rows)[1].until == since
    # Bob has more meanwhile than beside the share before: it cannot hold on.
    rows[2] = held(BOB, share="50", since=CHANGED, id=8)
    if since and since > CHANGED:
        assert wrongs_of_correction(AFTER, new, rows, KINDS, TODAY)


def test_struck_out_the_share_before_holds_on_if_it_can():
    assert put_right(AFTER, None, [BEFORE, AFTER]) == ([], held(share="60", id=7))
    assert not wrongs_of_striking(AFTER, [BEFORE, AFTER])
    assert wrongs_of_striking(AFTER, [BEFORE, AFTER, held(BOB, share="50", since=CHANGED, id=8)])
    assert put_right(BEFORE, None, [BEFORE, AFTER]) == ([AFTER], None)
    # What changed on its first day held on no day: nothing of it goes on.
    never = held(share="60", since=CHANGED, until=CHANGED, id=7)
    assert put_right(AFTER, None, [never, AFTER]) == ([never], None)


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


def correct(client, row, by, **how):
    said = {"relation": row.kind, "share": row.share, "since_on": row.since_on, "until_on": row.until_on}
    said |= {"seen_until": row.until_on, "reason": "The register says otherwise"}
    return correct_holding(client, by=by, relationship_id=row.pk, **(said | how))


def strike(client, row, by, **how):
    said = {"seen_until": row.until_on, "reason": "Another Ann"} | how
    return strike_holding(client, by=by, relationship_id=row.pk, **said)


def test_what_was_entered_wrongly_was_so_on_no_day_and_is_remembered(cast, firm):
    row = own(firm, cast.rita)
    right = correct(firm, row, cast.rita, share=Decimal(40), since_on=date(2024, 6, 1))
    assert not Relationship.objects.filter(client=firm).on(date(2024, 2, 1))
    assert Relationship.objects.filter(client=firm).get() == right
    row.refresh_from_db()
    assert (row.share, row.struck_by, row.struck_why) == (60, cast.rita, "The register says otherwise")
    event = AuditEvent.objects.get(client_id=firm.pk, verb="holding corrected")
    assert (event.payload["relationship_id"], event.payload["share"]) == (row.pk, "40")
    assert "reason" not in event.payload
    strike(firm, right, cast.theo)
    assert not Relationship.objects.filter(client=firm)
    assert AuditEvent.objects.filter(client_id=firm.pk, verb="holding struck out").count() == 1
    assert [party.roles.count() for party in firm.parties.all()] == [0, 0]


def test_a_change_of_a_share_that_never_was_leaves_the_share_before(cast, firm):
    row = own(firm, cast.rita)
    share = change_share(
        firm, by=cast.rita, relationship_id=row.pk, share=Decimal(40), from_on=date(2025, 5, 1)
    )
    late = correct(firm, share, cast.rita, since_on=date(2025, 8, 1))
    held_on = Relationship.objects.filter(client=firm).on
    assert [held_on(date(2025, 7, day)).get().share for day in (1, 31)] == [60, 60]
    assert held_on(date(2025, 8, 1)).get() == late
    strike(firm, late, cast.rita)
    assert held_on(timezone.localdate()).get().share == 60


def test_nobody_corrects_what_a_colleague_moved_meanwhile_and_nobody_without_a_reason(cast, firm):
    row = own(firm, cast.rita)
    for deed in (correct, strike):
        with pytest.raises(Refused, match="Say what was wrong"):
            deed(firm, row, cast.rita, reason="  ", **({"share": Decimal(1)} if deed is correct else {}))
    end_holding(firm, by=cast.theo, relationship_id=row.pk, until_on=date(2025, 1, 1))
    for deed in (
        lambda: correct(firm, row, cast.rita, share=Decimal(1)),
        lambda: strike(firm, row, cast.rita),
    ):
        with pytest.raises(Refused, match="A colleague"):
            deed()
    row.refresh_from_db()
    strike(firm, row, cast.rita)
    with pytest.raises(Refused, match="A colleague"):
        strike(firm, row, cast.rita)


def test_a_circle_entered_by_hand_is_seen_after_a_correction_too(cast, firm):
    """Firm holds Sub, Sub holds Firm, corrected to the whole of it: nothing is left for anybody else."""
    sub = own(firm, cast.rita, name="Sub AG", share=50, kind="organisation").party
    own(firm, cast.rita, of_id=sub.pk, party_id=main(firm).pk, share=100)
    row = Relationship.objects.get(client=firm, party=sub)
    assert correct(firm, row, cast.rita, share=Decimal(100)).share == 100
    with pytest.raises(Refused, match="at most 100"):
        own(firm, cast.rita, name="Bob Lind", share=1)


@pytest.mark.parametrize("relation", ["owner", "director", "signatory", "adviser"])
def test_who_is_added_says_since_when_and_not_from_tomorrow_on(cast, firm, relation):
    share = {"share": Decimal(5)} if relation == "owner" else {}
    about = {"relation": relation, "name": "Ann Lind", **share}
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused, match="still to come"):
        add_related_party(firm, by=cast.rita, since_on=tomorrow, **about)
    add_related_party(firm, by=cast.rita, since_on=date(2024, 1, 1), **about)
    assert Relationship.objects.get(client=firm).since_on == date(2024, 1, 1)


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
        lambda by: correct(firm, row, by, share=Decimal(1)),
        lambda by: strike(firm, row, by),
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
