"""A decision holds while the client's data and the list's entry stay the same, and opens again when either
changes; a delisting closes with a trace; a match freezes the client's journeys."""

from datetime import date

import pytest
from django.db import transaction

from clients.models import Identifier, Party
from compliance.actions import (
    confirm_hit,
    escalate_hit,
    propose_hit,
    return_hit,
    screen_all,
    screen_changes,
    screen_client,
)
from compliance.models import HitStep, PartyToScreen, ScreeningHit, ScreeningRun
from compliance.rules.hits import state_after
from compliance.selectors import frozen_clients, is_something_to_screen, refusals_to_go_on
from staff.night import night_shift
from tests.compliance.stage import ALFA, BARAN, KONY, SHIP, WHY, bring, entry, make_lookalike, second_officer
from ui.refusals import Refused

pytestmark = pytest.mark.django_db
AMENDED = KONY.replace("Uganda", "Sudan")


@pytest.fixture
def hit(cast):
    bring(KONY, SHIP, ALFA, day="01/01/2024")
    screen_client(make_lookalike(cast), by=night_shift())
    return ScreeningHit.objects.get()


@pytest.fixture
def cleo(cast):
    return second_officer()


def decided(hit, cora, cleo, verdict="no_match", reason="common_name"):
    propose_hit(hit.pk, by=cora, verdict=verdict, reason=reason)
    confirm_hit(hit.pk, by=cleo)
    hit.refresh_from_db()
    return hit


def again(hit):
    screen_changes(by=night_shift())
    hit.refresh_from_db()
    return hit


def test_a_decision_is_kept_while_nothing_changes(hit, cora, cleo):
    decided(hit, cora, cleo)
    bring(KONY, SHIP, BARAN, day="02/01/2024")
    assert again(hit).state == "cleared"
    screen_all(by=night_shift())
    hit.refresh_from_db()
    assert (hit.state, hit.decided_by) == ("cleared", cleo)


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"born_on": date(1990, 1, 1)}, ["the client's date of birth", "1964-09-18", "1990-01-01"]),
        ({"nationality": "FR"}, ["the client's nationality", "Uganda", "France"]),
        ({"native_name": "Іосиф Коні"}, ["the name in its own script", "–", "Іосиф Коні"]),
    ],
)
def test_new_facts_of_the_client_open_it_again_and_say_what_changed(hit, cora, cleo, fields, what):
    decided(hit, cora, cleo)
    Party.objects.filter(pk=hit.party_id).update(**fields)
    assert again(hit).state == "open"
    assert (hit.verdict, hit.proposed_by, hit.decided_by) == ("", None, None)
    step = hit.steps.order_by("-pk").first()
    assert (step.said, step.changes, step.by) == ("reopened", [what], None)


def test_a_new_passport_opens_it_again_too(hit, cora, cleo):
    decided(hit, cora, cleo)
    Identifier.objects.create(
        client_id=hit.client_id, party_id=hit.party_id, kind="passport", country="UG", number="B1"
    )
    assert again(hit).state == "open"
    assert hit.steps.order_by("-pk").first().changes == [["the client's papers", "–", "passport B1 UG"]]


def test_an_amended_entry_opens_it_again_and_the_hit_follows_it(hit, cora, cleo):
    decided(hit, cora, cleo)
    version = bring(AMENDED, SHIP, ALFA, day="02/01/2024")
    run = screen_changes(by=night_shift())
    hit.refresh_from_db()
    assert (hit.state, hit.entity.since, run.reopened) == ("open", version, 1)
    assert hit.steps.order_by("-pk").first().changes == [["the listed countries", "Uganda", "Sudan"]]
    assert ScreeningHit.objects.count() == 1


def test_one_officer_with_a_list_does_not_free_whom_two_confirmed(hit, cora, cleo):
    decided(hit, cora, cleo, "match", "client_says")
    with pytest.raises(Refused, match="still on the list"):
        propose_hit(hit, by=cora, verdict="no_match", reason="delisted")
    bring(SHIP, ALFA, day="02/01/2024")
    for _again in range(2):
        screen_changes(by=night_shift())
        screen_all(by=night_shift())
        hit.refresh_from_db()
        assert (hit.state, hit.frozen, hit.verdict) == ("open", True, "")
    (trace,) = hit.steps.filter(said="delisted")
    assert (trace.verdict, trace.reason) == ("match", "client_says")
    assert not is_something_to_screen()  # two people are waited for, no comparison
    Party.objects.filter(pk=hit.party_id).update(residence="KE")
    with pytest.raises(Refused, match="compared anew"):
        propose_hit(hit, by=cora, verdict="no_match", reason="delisted")
    screen_changes(by=night_shift())
    assert hit.steps.order_by("-pk").first().changes[0][2] == "Kenya"
    assert frozen_clients([hit.client_id]) == {hit.client_id}
    decided(hit, cora, cleo, "no_match", "delisted")
    hit.refresh_from_db()
    assert (hit.state, hit.frozen) == ("cleared", False)
    screen_all(by=night_shift())
    hit.refresh_from_db()
    assert (hit.state, hit.frozen) == ("delisted", False)
    bring(KONY, SHIP, ALFA, day="03/01/2024")
    screen_changes(by=night_shift())
    hit.refresh_from_db()
    assert (hit.state, hit.frozen) == ("open", False)


@pytest.mark.parametrize(
    ("reason", "details", "sentence"),
    [
        ("other_birth_date", {"born": "same"}, "The date of birth is the same"),
        ("other_country", {"country": "same"}, "The countries agree"),
        ("other_kind", {"kind": "same"}, "Both are of the same kind"),
        ("same_birth", {"born": "differs"}, "The dates of birth differ"),
    ],
)
def test_no_reason_is_given_that_the_comparison_contradicts(hit, cora, reason, details, sentence):
    ScreeningHit.objects.filter(pk=hit.pk).update(details=hit.details | details)
    with pytest.raises(Refused, match=sentence):
        propose_hit(hit, by=cora, verdict="match" if reason == "same_birth" else "no_match", reason=reason)


@pytest.mark.parametrize("verdict", ["", "no_match"])
def test_a_delisting_closes_what_freezes_nobody_with_a_trace(hit, cora, cleo, verdict):
    if verdict:
        decided(hit, cora, cleo, verdict, "common_name")
    bring(SHIP, ALFA, day="02/01/2024")
    run = screen_changes(by=night_shift())
    hit.refresh_from_db()
    assert (hit.state, hit.frozen, run.closed) == ("delisted", False, 1)
    assert hit.steps.order_by("-pk").first().said == "delisted"
    assert frozen_clients([hit.client_id]) == set()
    with pytest.raises(Refused, match="nothing to decide"):
        propose_hit(hit, by=cora, verdict="no_match", reason="common_name")
    bring(KONY, SHIP, ALFA, day="03/01/2024")  # and is listed again
    assert again(hit).state == "open"


def test_an_entry_with_another_name_is_no_longer_alike(hit):
    bring(entry(1, "SMITH", "Adam"), SHIP, ALFA, day="02/01/2024")
    assert again(hit).state == "unlike"
    assert [each[0] for each in hit.steps.get().changes] == [
        "the listed name",
        "the listed names",
        "the listed dates of birth",
        "the listed countries",
    ]


def test_who_writes_the_file_does_not_close_a_hit_by_another_name(hit):
    Party.objects.filter(pk=hit.party_id).update(name="Adam Smith")
    assert again(hit).state == "open"
    assert "No longer alike since the client's data changed" in hit.sentence


@pytest.mark.parametrize(
    ("state", "alike", "client", "listed", "frozen", "after"),
    [
        ("open", True, True, True, False, "open"),
        ("open", False, False, True, False, "unlike"),
        ("open", False, True, True, False, "open"),
        ("open", False, False, False, False, "open"),
        ("proposed", True, False, False, False, "proposed"),
        ("proposed", True, False, True, False, "open"),
        ("escalated", False, True, False, False, "open"),
        ("cleared", True, False, False, False, "cleared"),
        ("cleared", True, True, False, False, "open"),
        ("cleared", False, True, True, False, "cleared"),
        ("confirmed", True, False, False, True, "confirmed"),
        ("confirmed", False, True, False, True, "open"),
        ("confirmed", False, False, True, True, "open"),
        ("delisted", True, False, True, False, "open"),
        ("unlike", True, False, False, False, "open"),
        ("unlike", False, True, True, False, "unlike"),
    ],
)
def test_what_a_new_comparison_makes_of_a_hit(state, alike, client, listed, frozen, after):
    found = state_after(state, alike=alike, client_changed=client, entry_changed=listed, frozen=frozen)
    assert found == after


def test_nobody_decides_on_facts_that_changed_meanwhile(hit, cora, cleo):
    propose_hit(hit, by=cora, verdict="no_match", reason="common_name")
    Party.objects.filter(pk=hit.party_id).update(born_on=date(1990, 1, 1))
    with pytest.raises(Refused, match="The client's data changed"):
        confirm_hit(hit, by=cleo)
    bring(AMENDED, SHIP, ALFA, day="02/01/2024")
    assert again(hit).state == "open"


# --- a match ---------------------------------------------------------------------------------------------


def test_a_match_freezes_until_two_people_overturn_it(hit, cora, cleo):
    assert refusals_to_go_on(hit.client_id) == []
    decided(hit, cora, cleo, "match", "client_says")
    assert refusals_to_go_on(hit.client_id) == ["A compliance check of this client is open."]
    propose_hit(hit, by=cleo, verdict="no_match", reason="common_name")
    assert frozen_clients([hit.client_id]) == {hit.client_id}  # one person lifts nothing
    confirm_hit(hit, by=cora)
    assert frozen_clients([hit.client_id]) == set()


def test_an_overturn_that_is_returned_leaves_the_match(hit, cora, cleo):
    decided(hit, cora, cleo, "match", "client_says")
    propose_hit(hit, by=cora, verdict="no_match", reason="common_name")
    return_hit(hit, by=cleo, **WHY)
    hit.refresh_from_db()
    assert (hit.state, hit.reason, hit.proposed_by, hit.decided_by) == (
        "confirmed",
        "client_says",
        cora,
        cleo,
    )


def test_a_match_stays_frozen_while_it_is_judged_anew(hit, cora, cleo):
    decided(hit, cora, cleo, "match", "client_says")
    Party.objects.filter(pk=hit.party_id).update(name="Adam Smith")
    assert again(hit).state == "open"
    assert frozen_clients([hit.client_id]) == {hit.client_id}


def test_who_escalates_does_not_decide_first(hit, cora, cleo):
    escalate_hit(hit, by=cora, reason="unclear", note="Ask for the passport.")
    with pytest.raises(Refused, match="You escalated"):
        propose_hit(hit, by=cora, verdict="no_match", reason="common_name")
    propose_hit(hit, by=cleo, verdict="no_match", reason="common_name")
    confirm_hit(hit, by=cora)
    assert list(hit.steps.order_by("pk").values_list("said", "by__login")) == [
        ("escalated", "cora"),
        ("proposed", "cleo"),
        ("decided", "cora"),
    ]


# --- who is waiting --------------------------------------------------------------------------------------


def waiting():
    return set(PartyToScreen.objects.values_list("party_id", flat=True))


def test_whoever_changes_is_compared_by_itself_and_nobody_else(cast):
    bring(KONY)
    screen_all(by=night_shift())
    assert waiting() == set()
    assert screen_changes(by=night_shift()) is None
    main = Party.objects.get(client=cast.anna)
    Party.objects.filter(pk=main.pk).update(occupation="Baker")  # nothing that is compared
    assert waiting() == set()
    Party.objects.filter(client=cast.anna).update(name="Joseph Kony")
    spouse = Party.objects.create(client=cast.omar, kind="person", name="Joseph Kony")
    assert waiting() == {main.pk, spouse.pk}
    run = screen_changes(by=night_shift())
    assert (run.kind, run.parties, run.new_hits) == ("delta", 2, 2)
    assert waiting() == set()


def test_a_change_during_the_comparison_stays_on_the_list(cast):
    from compliance.actions.screening import _take_from_list

    bring(KONY)
    Party.objects.filter(client=cast.anna).update(name="Joseph Kony")
    seen = dict(PartyToScreen.objects.values_list("party_id", "change"))
    Party.objects.filter(client=cast.anna).update(name="Anna Kony")
    _take_from_list(seen)
    assert waiting() == set(Party.objects.filter(client=cast.anna).values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_new_party_waits_once_and_a_paper_that_comes_later_asks_anew(cast):
    def turn():
        return PartyToScreen.objects.values_list("change", flat=True).get(party_id=made.pk)

    def a_paper(number):
        return Identifier.objects.create(
            client=cast.anna, party=made, kind="passport", country="CH", number=number
        )

    with transaction.atomic():
        made = Party.objects.create(client=cast.anna, kind="person", name="Joseph Kony")
        first = turn()
        a_paper("X1")
        assert turn() == first
    a_paper("X2")
    assert turn() > first  # somebody may have seen the first turn by now
    PartyToScreen.objects.all().delete()
    a_paper("X3")
    assert waiting() == {made.pk}


def test_closed_files_wait_for_nothing(cast):
    bring(KONY)
    make_lookalike(cast, state="closed")
    screen_changes(by=night_shift())
    assert waiting() == set()
    assert ScreeningRun.objects.get().new_hits == 0
    assert HitStep.objects.count() == 0
