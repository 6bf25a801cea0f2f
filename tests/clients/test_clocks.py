"""Times are typed and told by the clock of who asks, and stored by one clock for all."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from clients.models import Interaction

WINTER, SUMMER = datetime(2026, 11, 30, 14, 10, tzinfo=UTC), datetime(2027, 7, 1, 13, 10, tzinfo=UTC)
CONTACT = {"channel": "call", "purpose": "service", "summary": "Talked"}


def log(page, client, at):
    return page.post(
        reverse("clients:interaction_new", args=[client.pk]), CONTACT | {"at": at, "form_key": at}
    )


@pytest.mark.parametrize("now", [WINTER, SUMMER])
def test_a_call_of_just_now_in_zurich_is_not_in_the_future(cast, page_of, now):
    """In either half of the year it is ten past three there."""
    cast.rita.team.time_zone = "Europe/Zurich"
    cast.rita.team.save()
    with time_machine.travel(now, tick=False):
        page = page_of(cast.rita)
        assert log(page, cast.anna, f"{now:%Y-%m-%d}T15:05").status_code == 303
        assert Interaction.objects.get().at == now - timedelta(minutes=5)
        file = page.get(reverse("clients:interactions", args=[cast.anna.pk])).content.decode()
        assert "15:05" in file
        later = log(page, cast.anna, f"{now:%Y-%m-%d}T15:25")
        assert "A contact in the future" in later.content.decode()
    assert timezone.get_current_timezone_name() == "UTC", "nothing is left for the next request"


def test_who_belongs_to_no_team_lives_by_the_clock_of_the_bank(cast, page_of, settings):
    Interaction.objects.create(
        client=cast.anna, by=cast.rita, at=WINTER, channel="call", purpose="service", summary="Talked"
    )
    url = reverse("clients:interactions", args=[cast.anna.pk])
    with time_machine.travel(WINTER + timedelta(hours=2), tick=False):
        assert "14:10" in page_of(cast.cora).get(url).content.decode()
        settings.CLOCK = "Asia/Singapore"
        assert "22:10" in page_of(cast.cora).get(url).content.decode()


def test_a_day_begins_where_the_person_is(cast, page_of):
    """At half past eleven in London it is tomorrow in Singapore."""
    cast.rita.team.time_zone = "Asia/Singapore"
    cast.rita.team.save()
    with time_machine.travel(datetime(2026, 11, 30, 23, 30, tzinfo=UTC), tick=False):
        assert "1 December 2026" in page_of(cast.rita).get("/").content.decode()
        assert "30 November 2026" in page_of(cast.otto).get("/").content.decode()
