"""A dry run of the figures of any room: the room judges, and who is moved is kept behind the wall."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import transaction

from clients.models import Client
from compliance.models import TrialRow
from compliance.rules.trials import Moves
from jobs.actions import keep_result
from jobs.models import Job
from rulebook.actions import Body, try_pack

CHUNK = 5000  # clients whose book is asked for together

Judge = Callable[[str, Body, Body], tuple[dict[str, Any], Moves]]


def try_clients(job: Job, judge: Judge) -> dict[str, Any]:
    """The job of a room: totals as in rulebook.actions.try_pack, and beside them each client that moves.

    judge  (pack's name, figures now, then) -> (told, moves)
    """

    def count(name: str, now: Body, then: Body) -> dict[str, Any]:
        told, moves = judge(name, now, then)
        books = _books(moves)
        with transaction.atomic():
            keep_result(job, {})  # who took the job over writes the rows: this one stops here
            TrialRow.objects.filter(pack_id=job.args["pack_id"]).delete()
            TrialRow.objects.bulk_create(
                [
                    TrialRow(
                        client_id=each.client_id,
                        pack_id=job.args["pack_id"],
                        way=each.way.code,
                        now=each.now,
                        then=each.then,
                        why=each.why,
                    )
                    for each in moves.listed
                ],
                batch_size=500,
            )
        ways = [[way.code, way.words, way.of_screening, moves.count(way)] for way in moves.ways]
        return told | {"ways": [way for way in ways if way[3]], "books": books}

    return try_pack(job, count)


def _books(moves: Moves) -> dict[str, dict[str, int]]:
    """book id -> {way: clients}. As text: it stands in the result of a job."""
    found: dict[str, Counter[str]] = {}
    for way, clients in moves.clients.items():
        for at in range(0, len(clients), CHUNK):
            ids = clients[at : at + CHUNK]
            for book in Client.objects.filter(pk__in=ids).values_list("book_id", flat=True):
                found.setdefault(str(book), Counter())[way] += 1
    return {book: dict(counted) for book, counted in found.items()}
