"""Rows for work by the dozen, and what came of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from clients.access import Person
from clients.models import Client
from compliance.models import FileGap
from compliance.rules import desk as rules
from compliance.selectors.gaps import chosen_gaps
from compliance.selectors.kyc import chosen_clients
from jobs.models import Job, State
from jobs.selectors import job_of
from staff.models import User

FINISHED = {State.DONE, State.DEAD, State.UNCERTAIN}
SHOWN = 200


def rows_for_many(
    person: Person,
    act: str,
    of: str,
    asked: Mapping[str, Any] | None,
    ticked: Sequence[int],
    today: date,
) -> list[list[int]]:
    """[id the act takes, client's id] of all of a filter (`asked`), or of what is ticked. 1 query.

    One more than is allowed is enough to be refused. A review is asked of a file.
    """
    most = rules.AT_ONCE + 1
    if of == "kyc":
        clients = Client.objects.visible_to(person).served()
        found: Any = clients.filter(pk__in=ticked) if asked is None else chosen_clients(person, asked, today)
        return [[pk, pk] for pk in found.order_by("pk").values_list("pk", flat=True)[:most]]
    gaps = FileGap.objects.visible_to(person)
    found = gaps.filter(pk__in=ticked) if asked is None else chosen_gaps(person, dict(asked), today)
    if act == "review":
        ids = found.order_by("client_id").values_list("client_id", flat=True).distinct()[:most]
        return [[pk, pk] for pk in ids]
    return [list(row) for row in found.order_by("client_id", "pk").values_list("pk", "client_id")[:most]]


@dataclass(frozen=True)
class Many:
    """One piece of work by the dozen: how far, how many, why not, and the rows themselves."""

    job: Job
    act: str
    undoes: bool
    finished: bool
    done: int
    refused: list[tuple[str, int]]  # (sentence, rows), the commonest first
    rows: list[tuple[Client, str]]  # refused ones first; at most SHOWN
    hidden: int
    undo_refusals: list[str]

    @property
    def refused_rows(self) -> int:
        return sum(count for _sentence, count in self.refused)


def many_of(person: User, job_id: int) -> Many | None:
    """A piece of work this person asked for. 3 queries."""
    job = job_of(person.pk, job_id)
    if job is None or job.kind != "compliance.bulk":
        return None
    told: list[list[Any]] = list(job.result.get("told", {}).values())
    told.sort(key=lambda row: (not row[1], row[0]))
    clients = Client.objects.visible_to(person).in_bulk([row[0] for row in told[:SHOWN]])
    act, undoes = job.args["act"], job.args["act"].startswith("undo ")
    done = sum(not row[1] for row in told)
    undone = Job.objects.filter(key=f"undo {job.pk}").exists()
    return Many(
        job=job,
        act=act.removeprefix("undo "),
        undoes=undoes,
        finished=job.state in FINISHED,
        done=done,
        refused=Counter(row[1] for row in told if row[1]).most_common(),
        rows=[(clients[row[0]], row[1]) for row in told[:SHOWN] if row[0] in clients],
        hidden=max(0, len(told) - SHOWN),
        undo_refusals=rules.refusals_to_undo(act, undone, job.state in FINISHED, done),
    )
