"""Who may leave: the ranked list, a call planned from it, and the values kept a quarter."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from alerts import actions as alerts
from clients.models import Client, Interaction, Task
from retention import actions, selectors
from retention.models import QuarterValue
from tests.alerts.test_look import TODAY, silence
from tests.cast import make_client
from ui.refusals import NotPermitted, NotVisible, Refused


@pytest.fixture
def leaving(cast):
    """Anna is silent and complained; Ines took most of her money away as well."""
    ines = make_client("Ines Frei", cast.rita_book, value=Decimal(100))
    QuarterValue.objects.create(client=ines, on=actions.rules.compared_on(TODAY()), value=Decimal(1000))
    for client in (cast.anna, ines):
        silence(client, 200)
        Interaction.objects.create(
            client=client,
            by=cast.rita,
            channel="call",
            purpose="complaint",
            at=timezone.now(),
            summary="Fees",
        )
    alerts.look_at_everything(TODAY())
    return cast, ines


def test_the_list_is_ranked_and_every_point_has_its_reason(leaving, page_of):
    cast, ines = leaving
    rows = selectors.at_risk(cast.rita)
    assert [(row.client.pk, row.points) for row in rows] == [(ines.pk, 105), (cast.anna.pk, 55)]
    page = page_of(cast.rita).get(reverse("retention:at_risk")).content.decode()
    assert "Assets fell by 90% since" in page
    assert "omplained in the last months" in page


def test_the_list_costs_two_queries(leaving, django_assert_num_queries):
    cast, _ines = leaving
    selectors.at_risk(cast.rita)  # resolves the reach
    with django_assert_num_queries(2):
        selectors.at_risk(cast.rita)


def test_a_call_is_planned_once_and_stands_on_the_list(leaving, page_of):
    cast, ines = leaving
    answer = page_of(cast.rita).post(reverse("retention:call_new", args=[ines.pk]), {"form_key": "k"})
    assert answer.status_code == 303
    task = Task.objects.get(client=ines)
    assert (task.kind, task.assigned_to) == ("call", cast.rita)
    with pytest.raises(Refused):
        actions.plan_call(ines, by=cast.rita)
    assert "call planned" in page_of(cast.rita).get(reverse("retention:at_risk")).content.decode()


def test_nobody_else_can(leaving, page_of):
    cast, ines = leaving
    with pytest.raises(NotVisible):
        actions.plan_call(ines, by=cast.otto)
    with pytest.raises(NotPermitted):
        actions.plan_call(ines, by=cast.cora)
    assert "Frei" not in page_of(cast.otto).get(reverse("retention:at_risk")).content.decode()
    assert page_of(cast.cora).get(reverse("retention:at_risk")).status_code == 403


def test_a_call_with_a_closed_file_is_refused(leaving):
    cast, ines = leaving
    Client.objects.filter(pk=ines.pk).update(state="closed")
    with pytest.raises(Refused):
        actions.plan_call(ines, by=cast.rita)


@pytest.mark.parametrize(
    ("today", "planned_on"),
    [
        (date(2026, 11, 19), date(2026, 11, 20)),
        (date(2026, 11, 20), date(2026, 11, 23)),  # a Friday
        (date(2026, 11, 22), date(2026, 11, 23)),  # a Sunday
        (date(2026, 12, 24), date(2026, 12, 28)),  # not on Christmas Day
    ],
)
def test_a_call_is_planned_for_the_team_s_next_working_day(cast, today, planned_on):
    with time_machine.travel(f"{today}T10:00:00Z", tick=False):
        assert actions.plan_call(cast.anna, by=cast.rita).due_on == planned_on


def test_values_are_kept_once_in_the_first_days_of_a_quarter_and_not_later(cast):
    begin = date(2026, 10, 1)
    assert actions.mark_values(begin) == 2
    Client.objects.update(value=Decimal(999))
    assert actions.mark_values(begin + timedelta(days=1)) == 0
    kept = set(QuarterValue.objects.values_list("on", "value"))
    assert kept == {(date(2026, 9, 30), Decimal("0.00"))}
    assert actions.mark_values(date(2027, 1, 20)) == 0
