"""What judges the whole bank at night in SQL says the same as the rule in Python."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.models import Client, Interaction, Segment, State
from portfolios.models import Account, Mandate, ModelPortfolio
from retention import rules
from retention.alerts import RULES
from retention.models import QuarterValue
from rulebook.days import add_months
from rulebook.selectors import pack

TODAY = date(2026, 11, 21)
many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
BY_NAME = {rule.name: rule for rule in RULES}


def found(name: str, today: date = TODAY) -> dict[int, dict]:
    """What the SQL of a rule finds: client id -> its row."""
    rule = BY_NAME[name]
    given = {"today": today, "first": 0, "last": 2**62, **rule.figures(today)}
    with connection.cursor() as cursor:
        cursor.execute(rule.find, given)
        names = [column.name for column in cursor.description]
        return {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}


a_client = {
    "state": st.sampled_from(State.values),
    "segment": st.sampled_from(Segment.values),
    "silent_days": st.integers(0, 800),
}


@many
@given(**a_client)
def test_a_contact_is_overdue_alike(anna, state, segment, silent_days):
    last = TODAY - timedelta(days=silent_days)
    Client.objects.filter(pk=anna.pk).update(state=state, segment=segment, last_contact_on=last)
    days = pack("contact", TODAY)["days"]
    row = found("retention.contact_overdue").get(anna.pk)
    assert (row is not None) == rules.is_contact_overdue(state, segment, last, TODAY, days)
    if row:
        assert row["due_on"] == rules.contact_due_on(segment, last, days)


@many
@given(
    **a_client,
    complaints=st.integers(0, 2),
    complaint_days=st.integers(0, 200),
    closed_days=st.none() | st.integers(-5, 200),
    value=st.decimals(0, 1_000_000, places=2),
    before=st.none() | st.decimals(0, 1_000_000, places=2),
)
def test_a_client_may_leave_alike(
    anna, rita, state, segment, silent_days, complaints, complaint_days, closed_days, value, before
):
    last = TODAY - timedelta(days=silent_days)
    Client.objects.filter(pk=anna.pk).update(state=state, segment=segment, last_contact_on=last, value=value)
    QuarterValue.objects.all().delete()
    if before is not None:
        QuarterValue.objects.create(client=anna, on=rules.compared_on(TODAY), value=before)
    Interaction.objects.all().delete()
    at = datetime.combine(TODAY - timedelta(days=complaint_days), datetime.min.time(), UTC)
    for _ in range(complaints):
        Interaction.objects.create(
            client=anna, by=rita, channel="call", purpose="complaint", at=at, summary="Fees"
        )
    closed_on = None if closed_days is None else TODAY - timedelta(days=closed_days)
    Account.objects.all().delete()
    Account.objects.create(
        client=anna,
        number="A-1",
        kind="current",
        currency="EUR",
        opened_on=date(2020, 1, 1),
        closed_on=closed_on,
    )
    days, figures = pack("contact", TODAY)["days"], pack("retention", TODAY).body
    seen = rules.Signals(
        state=state,
        segment=segment,
        last_contact_on=last,
        complaints=complaints if complaint_days <= figures["complaint_days"] else 0,
        accounts_closed=int(closed_days is not None and 0 <= closed_days <= figures["closed_days"]),
        value=Decimal(value),
        value_before=before,
    )
    reasons = rules.reasons_to_leave(seen, TODAY, days, figures)
    row = found("retention.at_risk").get(anna.pk)
    assert (row is not None) == rules.is_at_risk(state, reasons, figures)
    if row:
        facts = row["facts"] if isinstance(row["facts"], dict) else json.loads(row["facts"])
        assert facts["codes"] == [reason.code for reason in reasons]
        assert facts["points"] == sum(reason.points for reason in reasons)
        assert facts["fallen"] == rules.fallen_percent(Decimal(value), before)


@many
@given(last=st.dates(date(2020, 1, 1), date(2026, 11, 21)), segment=st.sampled_from(Segment.values))
def test_a_review_is_due_on_the_same_day(anna, last, segment):
    Client.objects.filter(pk=anna.pk).update(segment=segment)
    model = ModelPortfolio.objects.get_or_create(band=3, defaults={"name": "Balanced"})[0]
    Mandate.objects.update_or_create(
        client=anna,
        defaults={"kind": "advisory", "model": model, "since_on": date(2019, 1, 1), "last_review_on": last},
    )
    due = add_months(last, pack("portfolio", TODAY)["review_months"][segment])
    row = found("retention.review_due").get(anna.pk)
    assert (row is not None) == (due <= TODAY + timedelta(days=14))
    if row:
        assert (row["due_on"], row["urgency"]) == (due, 1 if due < TODAY else 2)


def test_an_execution_only_mandate_has_no_review(anna):
    model = ModelPortfolio.objects.get_or_create(band=3, defaults={"name": "Balanced"})[0]
    Mandate.objects.create(client=anna, kind="execution", model=model, since_on=date(2019, 1, 1))
    assert found("retention.review_due") == {}


@pytest.mark.parametrize(
    ("today", "compared"),
    [
        (date(2026, 11, 21), date(2026, 6, 30)),
        (date(2026, 1, 1), date(2025, 9, 30)),
        (date(2026, 12, 31), date(2026, 6, 30)),
        (date(2026, 4, 1), date(2025, 12, 31)),
    ],
)
def test_assets_are_compared_with_the_end_of_the_last_quarter_but_one(today, compared):
    assert rules.compared_on(today) == compared
    assert 90 <= (today - compared).days <= 185


def test_no_sentence_of_a_rule_holds_a_name(anna, rita):
    """Facts are days, codes and percentages: neither they nor the sentence name the client."""
    Client.objects.update(last_contact_on=timezone.localdate() - timedelta(days=700), state="dormant")
    rows = found("retention.contact_overdue") | found("retention.at_risk")
    for name in ("retention.contact_overdue", "retention.at_risk"):
        for row in found(name).values():
            facts = row["facts"] if isinstance(row["facts"], dict) else json.loads(row["facts"])
            assert "Keller" not in BY_NAME[name].sentence(facts)
    assert rows
