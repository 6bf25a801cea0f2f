"""What of compliance and onboarding comes to whose inbox."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from alerts.actions import look_at_everything
from clients.models import Identifier, Party
from compliance.actions import screen_client
from compliance.alerts import RULES
from compliance.models import ScreeningHit
from onboarding.alerts import RULES as ONBOARDING_RULES
from onboarding.models import Onboarding
from rulebook.models import RulePack
from staff.night import night_shift
from tests.cast import make_client
from tests.compliance.stage import KONY, bring, make_lookalike
from tests.onboarding.stage import begin, submitted

ALL = {rule.name: rule for rule in (*RULES, *ONBOARDING_RULES)}
TODAY = date(2026, 11, 21)


def found(name, today=TODAY):
    """client id -> (urgency, due_on, sentence) as the rule's SQL finds them."""
    rule = ALL[name]
    given = {"first": 0, "last": 2**62, "today": today, **rule.figures(today)}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT client_id, urgency, due_on, facts FROM ({rule.find}) found", given)
        rows = cursor.fetchall()
    return {
        client: (urgency, due_on, rule.sentence(facts if isinstance(facts, dict) else json.loads(facts)))
        for client, urgency, due_on, facts in rows
    }


@pytest.mark.parametrize(
    ("days", "state", "urgency"),
    [
        (-1, "active", 1), (0, "active", 2), (60, "dormant", 2),
        (61, "active", None), (-1, "lead", None), (-1, "onboarding", None), (-1, "closed", None),
    ],
)  # fmt: skip
def test_a_kyc_review_is_told_ahead_and_is_late_afterwards(cast, days, state, urgency):
    due_on = TODAY + timedelta(days=days)
    client = make_client("Ines Frei", cast.rita_book, kyc_due_on=due_on, state=state)
    told = found("compliance.kyc_due").get(client.pk)
    assert (told and told[:2]) == (urgency and (urgency, due_on))
    if told:
        assert ("was due" if urgency == 1 else "is due") in told[2]


@pytest.mark.parametrize(
    ("papers", "urgency"),
    [
        ([-1], 1), ([30], 2), ([60], 2), ([61], None), ([], None),
        ([-400, 900], None),  # the new one holds
        ([-400, None], None),
        ([-400, 10], 2),
    ],
)  # fmt: skip
def test_the_identity_paper_that_holds_longest_counts(cast, papers, urgency):
    party = Party.objects.get(client=cast.anna)
    for days in papers:
        expires_on = None if days is None else TODAY + timedelta(days=days)
        Identifier.objects.create(
            client=cast.anna, party=party, kind="passport", country="CH", number="X1", expires_on=expires_on
        )
    told = found("compliance.identifier_expiring").get(cast.anna.pk)
    assert (told and told[0]) == urgency


def test_hits_go_to_compliance_and_to_nobody_else(cast):
    bring(KONY)
    client = make_lookalike(cast)
    screen_client(client, by=night_shift())
    assert found("compliance.hits_open")[client.pk][2] == "1 screening hit is not decided, score 100."
    assert ALL["compliance.hits_open"].to == "compliance"
    ScreeningHit.objects.update(state="cleared")
    assert found("compliance.hits_open") == {}


def test_an_approval_that_waits_is_told_and_falls_silent_when_decided(cast, page_of):
    onboarding = submitted(cast)
    assert set(found("compliance.approval_waiting")) == {onboarding.client_id}
    look_at_everything(timezone.localdate())
    inbox = page_of(cast.cora).get("/inbox/").content.decode()
    assert reverse("onboarding:review", args=[onboarding.pk]) in inbox, "it leads to where it is decided"
    onboarding.client.approvals.update(decision="approved")
    assert found("compliance.approval_waiting") == {}


def test_papers_that_do_not_come_for_two_weeks(cast):
    onboarding = begin(cast)
    today = timezone.localdate()
    assert found("onboarding.documents_missing", today) == {}
    Onboarding.objects.update(started_at=timezone.now() - timedelta(days=15))
    told = found("onboarding.documents_missing", today)[onboarding.client_id]
    assert told[2].startswith("3 documents are still missing")


def test_after_how_many_days_is_the_banks_to_say(cast):
    onboarding = begin(cast)
    today = timezone.localdate()
    Onboarding.objects.update(started_at=timezone.now() - timedelta(days=5))
    assert found("onboarding.documents_missing", today) == {}
    last = RulePack.objects.in_force(today).filter(name="onboarding").first()
    assert last.body["missing_days"] == 14
    RulePack.objects.create(
        name="onboarding", version=last.version + 1, valid_from=today, body=last.body | {"missing_days": 3},
        activated_at=timezone.now(),
    )  # fmt: skip
    assert set(found("onboarding.documents_missing", today)) == {onboarding.client_id}


def test_no_rule_tells_a_name():
    for rule in ALL.values():
        assert "name" not in rule.find
