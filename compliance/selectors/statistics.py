"""How screening goes: hits by state, age and list, and how long a decision takes. For the desk."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count

from clients.access import Person
from compliance.models import ScreeningHit
from compliance.rules.lists import title_of

AGES = {"1": (0, 1), "5": (1, 5), "10": (5, 10), "older": (10, None)}  # days a hit waits
PAST_DAYS = 365


@dataclass(frozen=True)
class ScreeningStatistics:
    by_state: dict[str, int]
    by_age: dict[str, int]  # of those undecided, by AGES
    by_list: dict[str, int]  # of those undecided, by the list's title
    decided: int  # within a year
    matches: int  # of these
    median_hours: float | None  # from when it opened to the second person's word
    frozen: int  # clients whose journeys a match has frozen


def screening_statistics(person: Person, now: datetime) -> ScreeningStatistics:
    """Of the hits this person may see. 5 queries."""
    hits = ScreeningHit.objects.visible_to(person)
    undecided = list(hits.undecided().values_list("opened_at", flat=True)[:100_000])
    decided = list(
        hits.filter(decided_at__gte=now - timedelta(days=PAST_DAYS)).values_list(
            "opened_at", "decided_at", "state"
        )[:100_000]
    )
    by_list = hits.undecided().order_by().values_list("entity__source").annotate(count=Count("pk"))
    by_state = hits.order_by().values_list("state").annotate(count=Count("pk"))
    hours = [(at - opened).total_seconds() / 3600 for opened, at, _ in decided if at]
    return ScreeningStatistics(
        by_state=dict.fromkeys(ScreeningHit.State.values, 0) | dict(by_state),
        by_age={
            age: sum(
                first <= (now - opened).total_seconds() / 86400 < (end or float("inf"))
                for opened in undecided
            )
            for age, (first, end) in AGES.items()
        },
        by_list={title_of(source): count for source, count in by_list},
        decided=len(decided),
        matches=sum(state == ScreeningHit.State.CONFIRMED for _, _, state in decided),
        median_hours=median(hours) if hours else None,
        frozen=hits.freezing().order_by().values("client").distinct().count(),
    )
