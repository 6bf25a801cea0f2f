"""Rows for work by the dozen, and what came of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from clients.access import Person
from clients.models import Client
from compliance.models import FileGap, ScreeningHit
from compliance.rules import desk as rules
from compliance.selectors.gaps import chosen_gaps
from compliance.selectors.hits import chosen_hits
from compliance.selectors.kyc import chosen_clients
from jobs.models import FINISHED, Job
from jobs.selectors import job_of
from rulebook.selectors import pack
from staff.models import User

BULK = "compliance.bulk"  # the kind of such jobs
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


def hits_for_many(
    person: Person, verdict: str, asked: Mapping[str, Any] | None, ticked: Sequence[int], today: date
) -> list[list[int]]:
    """[hit's id, client's id] of all of a filter that this is said of, or of what is ticked. 2 queries."""
    found: Any
    if asked is None:
        found = ScreeningHit.objects.visible_to(person).filter(pk__in=ticked)
    elif verdict == "assign":
        found = chosen_hits(person, asked, today).undecided()
    else:
        figures = pack("hits", today).body
        found = chosen_hits(person, asked, today).obvious(figures, second=verdict == "confirm")
    rows = found.order_by("client_id", "pk").values_list("pk", "client_id")[: rules.AT_ONCE + 1]
    return [list(row) for row in rows]


@dataclass(frozen=True)
class Undoing:
    """How a piece of work is taken back: the key of the next try, the rows it would take, why not."""

    key: str
    rows: list[list[int]]  # [id the undo takes, client's id]
    refusals: list[str]


def undoing_of(job: Job) -> Undoing:
    """One answer for the button and for the guard. 1 query."""
    first = f"undo {job.pk}"
    tries = list(Job.objects.filter(Q(key=first) | Q(key__startswith=f"{first} ")).order_by("pk"))
    # What a try did not come to waits still: it died before. What it was refused stays refused.
    told = {row_id for each in tries for row_id in each.result.get("told", {})}
    done = [
        [row[2] or int(row_id), row[0]] for row_id, row in job.result.get("told", {}).items() if not row[1]
    ]
    left = [row for row in done if str(row[0]) not in told]
    return Undoing(
        key=f"{first} {len(tries)}" if tries else first,
        rows=left,
        refusals=rules.refusals_to_undo(
            job.args["act"],
            job.state in FINISHED,
            len(done),
            len(left),
            under_way=any(each.state not in FINISHED for each in tries),
        ),
    )


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
    if job is None or job.kind != BULK:
        return None
    told: list[list[Any]] = list(job.result.get("told", {}).values())
    told.sort(key=lambda row: (not row[1], row[0]))
    clients = Client.objects.visible_to(person).in_bulk([row[0] for row in told[:SHOWN]])
    act, undoes = job.args["act"], job.args["act"].startswith("undo ")
    return Many(
        job=job,
        act=act.removeprefix("undo "),
        undoes=undoes,
        finished=job.state in FINISHED,
        done=sum(not row[1] for row in told),
        refused=Counter(row[1] for row in told if row[1]).most_common(),
        rows=[(clients[row[0]], row[1]) for row in told[:SHOWN] if row[0] in clients],
        hidden=max(0, len(told) - SHOWN),
        undo_refusals=undoing_of(job).refusals,
    )
