"""The compliance console: what is late, what is open, what waits, each figure with its list."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from clients.models import Client
from compliance.models import Approval, ListVersion, ScreeningHit, ScreeningRun
from compliance.rules.kyc import CLOCKS
from compliance.selectors import active_lists, last_run
from compliance.selectors.kyc import SERVED, in_clock
from onboarding.selectors import Waiting, waiting
from staff.models import User
from staff.roles import May
from ui.paging import COUNT_CAP

SHOWN = 8


@dataclass(frozen=True)
class Counted:
    """A figure that nobody counted further than the cap."""

    count: int
    capped: bool


@dataclass(frozen=True)
class Console:
    counts: dict[str, Counted]  # clocks of KYC, "overdue", "hits", "hits_second", "approvals"
    overdue: list[Client]
    hits: list[ScreeningHit]
    approvals: list[Waiting]
    lists: list[ListVersion]
    run: ScreeningRun | None


def console(person: User, today: date) -> Console:
    """Everything on the console. 6 queries, 4 for who does not decide hits."""
    served = Client.objects.visible_to(person).filter(state__in=SERVED)
    hits = ScreeningHit.objects.visible_to(person)
    decides = person.may(May.SCREENING_DECIDE)
    approvals = Approval.objects.visible_to(person).waiting()
    counted: dict[str, QuerySet[Any]] = {
        clock: in_clock(served, clock, today) for clock in (*CLOCKS, "overdue")
    }
    counted["approvals"] = approvals
    if decides:
        counted["hits"] = hits.undecided()
        counted["hits_second"] = hits.filter(state=ScreeningHit.State.PROPOSED)
    return Console(
        counts=capped_counts(counted),
        overdue=list(in_clock(served, "overdue", today).order_by("kyc_due_on", "pk")[:SHOWN]),
        hits=list(hits.undecided().select_related("party", "entity").order_by("-score", "-pk")[:SHOWN])
        if decides
        else [],
        approvals=waiting(person, SHOWN),
        lists=active_lists() if decides else [],
        run=last_run(),
    )


def capped_counts(counted: dict[str, QuerySet[Any]], cap: int = COUNT_CAP) -> dict[str, Counted]:
    """Many counts in one query, none further than the cap: a million clients cost what a few do."""
    parts: list[str] = []
    parameters: list[Any] = []
    for rows in counted.values():
        sql, given = rows.order_by().values("pk")[: cap + 1].query.sql_with_params()
        parts.append(f"(SELECT count(*) FROM ({sql}) capped)")  # noqa: S608  # Django made the SQL
        parameters += given
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", parameters)
        row = cursor.fetchone()
    return {name: Counted(min(count, cap), count > cap) for name, count in zip(counted, row, strict=True)}
