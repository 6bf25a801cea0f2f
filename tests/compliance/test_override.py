"""A rating set by hand: upward by one, downward by two, reasoned, limited, falling by itself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from audit.models import AuditEvent
from clients.models import Client
from compliance.actions import decide_override, override_rating, record_pep_role, withdraw_override
from compliance.actions.night import look
from compliance.models import KycFile, RatingOverride, RatingRecord
from compliance.rules import override as rules
from compliance.rules.rating import LEVELS
from compliance.selectors.desk import clock_on
from staff.night import night_shift
from tests.compliance.stage import second_officer
from tests.compliance.test_kyc import record
from ui.refusals import NotPermitted, NotVisible, Refused

MEDIUM = {"source_of_funds": "crypto", "purpose": "cross_border"}


def soon(days=30):
    return timezone.localdate() + timedelta(days=days)


def override(client, by, level="high", **how):
    return override_rating(
        client, by=by, **({"level": level, "reason": "A sober look", "until_on": soon()} | how)
    )


def level_of(client):
    kyc = KycFile.objects.get(client=client)
    assert kyc.rating == Client.objects.get(pk=client.pk).risk
    return kyc.rating


def test_raising_takes_one(rita, cora, anna):
    record(anna, rita)
    made = override(anna, cora)
    assert (made.state, made.computed, level_of(anna)) == ("in_force", "low", "high")
    last = RatingRecord.objects.filter(client=anna).latest("pk")
    assert (last.level, last.computed, last.override) == ("high", "low", made)


def test_lowering_takes_two(rita, cora, anna):
    record(anna, rita, **MEDIUM)
    cleo, asked = second_officer(), override(anna, cora, "low")
    assert (asked.state, level_of(anna)) == ("waiting", "medium")
    with pytest.raises(Refused, match="second person"):
        decide_override(asked, by=cora, agreed=True)
    assert (decide_override(asked, by=cleo, agreed=True).state, level_of(anna)) == ("in_force", "low")
    with pytest.raises(IntegrityError), transaction.atomic():  # and the database holds it
        RatingOverride.objects.filter(pk=asked.pk).update(decided_by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        RatingOverride.objects.filter(pk=asked.pk).update(decided_by=cora)


def test_what_waits_has_one_last_day_on_the_desk_the_rating_and_the_file(rita, cora, anna, page_of):
    record(anna, rita, **MEDIUM)
    asked = override(anna, cora, "low")
    RatingOverride.objects.filter(pk=asked.pk).update(asked_at=timezone.now() - timedelta(days=20))
    asked.refresh_from_db()
    by = clock_on(timezone.localdate()).decide_by(asked.asked_at, "override_days")
    browser = page_of(second_officer())
    (listed,) = browser.get(reverse("compliance:overrides"), {"clock": "overdue"}).context["page"].rows
    rating, file = (
        browser.get(reverse(f"compliance:{name}", args=[anna.pk])) for name in ("rating", "client")
    )
    waits = [listed, rating.context["found"].waiting, file.context["found"].waiting]
    assert [each.decide_by for each in waits] == [by] * 3
    for page in (rating, file):
        assert "was to be decided" in page.content.decode()
    assert "Would hold until" in browser.get(reverse("compliance:overrides")).content.decode()


def test_the_second_may_refuse(rita, cora, anna):
    record(anna, rita, **MEDIUM)
    asked = override(anna, cora, "low")
    assert decide_override(asked, by=second_officer(), agreed=False).state == "refused"
    assert level_of(anna) == "medium"


def test_no_override_undercuts_a_floor(rita, cora, anna):
    record(anna, rita, pep=True)
    with pytest.raises(Refused, match="rests on a floor"):
        override(anna, cora, "low")


def test_a_lowering_falls_when_what_it_judged_changes(rita, cora, anna):
    record(anna, rita, **MEDIUM)
    asked = override(anna, cora, "low")
    decide_override(asked, by=second_officer(), agreed=True)
    record_pep_role(
        anna, by=rita, party_id=anna.parties.get().pk, capacity="holder", function="parliament", country="CH",
        level="national", source="A register",
    )  # fmt: skip
    asked.refresh_from_db()
    assert (asked.state, asked.ended_why, level_of(anna)) == ("ended", "changed", "high")


def test_a_stale_override_falls_by_itself_and_says_so(rita, cora, anna):
    record(anna, rita)
    made = override(anna, cora)
    look(night_shift())
    assert level_of(anna) == "high", "it holds to its last day"
    RatingOverride.objects.update(until_on=timezone.localdate())
    look(night_shift())
    assert level_of(anna) == "high"
    RatingOverride.objects.update(until_on=timezone.localdate() - timedelta(days=1))
    assert look(night_shift()) == 1
    made.refresh_from_db()
    assert (made.state, made.ended_why, level_of(anna)) == ("ended", "expired", "low")
    assert AuditEvent.objects.filter(verb="rating override ended by itself", client_id=anna.pk).count() == 1
    last = RatingRecord.objects.filter(client=anna).latest("pk")
    assert (last.cause, last.by) == ("override_ended", None)
    assert look(night_shift()) == 0


def test_what_raises_is_not_withdrawn_by_one_person(rita, cora, anna):
    """That would be to lower."""
    record(anna, rita)
    raised = override(anna, cora)
    with pytest.raises(Refused, match="takes two"):
        withdraw_override(raised, by=cora)
    back = override(anna, cora, "low")
    assert (back.state, level_of(anna)) == ("waiting", "high")
    with pytest.raises(Refused, match="second person"):
        decide_override(back, by=cora, agreed=True)
    decide_override(back, by=second_officer(), agreed=True)
    raised.refresh_from_db()
    back.refresh_from_db()
    assert (raised.ended_why, back.state, back.ended_why) == ("replaced", "ended", "computed")
    assert level_of(anna) == "low"


def test_nor_is_it_lowered_by_one_to_what_is_still_above_the_computed_one(rita, cora, anna):
    record(anna, rita)
    override(anna, cora, "high")
    less = override(anna, cora, "medium")
    assert (less.state, level_of(anna)) == ("waiting", "high")
    decide_override(less, by=second_officer(), agreed=True)
    assert level_of(anna) == "medium"
    assert override(anna, cora, "high").state == "in_force", "up again takes one"


def test_what_lowers_can_be_withdrawn_by_one(rita, cora, anna):
    record(anna, rita, **MEDIUM)
    asked = override(anna, cora, "low")
    decide_override(asked, by=second_officer(), agreed=True)
    withdraw_override(asked, by=cora)
    assert level_of(anna) == "medium"


def test_what_waits_can_be_withdrawn(rita, cora, anna):
    record(anna, rita, **MEDIUM)
    withdraw_override(override(anna, cora, "low"), by=cora)
    assert RatingOverride.objects.get().state == "ended"


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"level": "low"}, "holds already"),
        ({"until_on": soon(0)}, "after today"),
        ({"until_on": soon(400)}, "after 365 days"),
    ],
)
def test_what_is_refused(rita, cora, anna, how, sentence):
    record(anna, rita)
    with pytest.raises(Refused, match=sentence):
        override(anna, cora, **how)


def test_who_was_not_rated_cannot_be_overridden(cora, anna):
    with pytest.raises(Refused, match="not rated yet"):
        override(anna, cora)


def test_nobody_else_can(cast):
    record(cast.anna, cast.rita)
    for person in (cast.rita, cast.theo):
        with pytest.raises(NotPermitted):
            override(cast.anna, person)
    with pytest.raises(NotVisible):
        override(cast.anna, cast.otto)


A_LEVEL = st.sampled_from(LEVELS)


@given(A_LEVEL, A_LEVEL, A_LEVEL, st.sampled_from(["", "high"]))
def test_upward_never_lowers_and_downward_never_undercuts_a_floor(level, then, computed, floor):
    computed = "high" if floor else computed
    held = rules.Override(level, then, soon())
    given_level = LEVELS.index(rules.effective(computed, floor, held))
    if rules.is_upward(level, then):
        assert given_level >= LEVELS.index(computed)
    assert not floor or given_level == LEVELS.index("high")


def test_the_reason_is_read_by_compliance_alone(page_of, rita, cora, anna):
    record(anna, rita)
    override(anna, cora, reason="A journalist called")
    url = reverse("compliance:rating", args=[anna.pk])
    for person, reads in ((cora, True), (rita, False)):
        for address in (url, reverse("compliance:client", args=[anna.pk])):
            page = page_of(person).get(address).content.decode()
            assert "by hand" in page
            assert ("A journalist called" in page) is (reads and address == url)


def test_what_is_wrong_with_an_override_stands_at_its_field(page_of, rita, cora, anna):
    record(anna, rita, **MEDIUM)
    browser, url = page_of(cora), reverse("compliance:override_new", args=[anna.pk])
    sent = {"level": "high", "reason": "A sober look", "until_on": soon().isoformat()}
    for wrong, field in (
        ({"level": "medium"}, "level"),
        ({"until_on": timezone.localdate().isoformat()}, "until_on"),
        ({"until_on": soon(4000).isoformat()}, "until_on"),
    ):
        answer = browser.post(url, sent | wrong)
        assert (answer.status_code, [*answer.context["form"].errors]) == (422, [field])
        assert "A sober look" in answer.content.decode()
    assert not RatingOverride.objects.exists()
    override(anna, cora, "low")
    answer = browser.post(url, sent)
    assert answer.status_code == 422
    assert "already waits for its second person" in answer.content.decode()
    assert RatingOverride.objects.count() == 1
