"""What the second wall costs: each page with the policies of PostgreSQL and without, in turn, in one run."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2

from bench import load
from bench.load import Request

TURNS = 8

_BEHIND = """
SELECT oid::regclass::text FROM pg_class WHERE relforcerowsecurity AND relkind IN ('r', 'p') ORDER BY 1
"""


@contextmanager
def can_be_taken_down() -> Iterator["Wall"]:
    """The wall of the bank that is measured; it stands again in the end, whatever happens."""
    wall = Wall()
    try:
        yield wall
    finally:
        wall.stand(True)
        wall.link.close()


class Wall:
    def __init__(self) -> None:
        self.link = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
        self.link.autocommit = True
        with self.link.cursor() as cursor:
            cursor.execute(_BEHIND)
            self.tables = [row[0] for row in cursor.fetchall()]

    def stand(self, stands: bool) -> None:
        """Between requests only: it waits for those that run."""
        how = "ENABLE" if stands else "DISABLE"
        with self.link.cursor() as cursor:
            for table in self.tables:
                cursor.execute(f"ALTER TABLE {table} {how} ROW LEVEL SECURITY")


def measure(port: int, work: dict[str, tuple[int, list[Request]]], seconds: float, only: str) -> list[dict]:
    """Milliseconds of each page, with the wall and without. The work of carrying a person is in both."""
    rows = []
    with can_be_taken_down() as wall:
        for name, (_who, requests) in work.items():
            if only not in name or name.startswith("floor"):
                continue
            try:
                times = _in_turn(wall, port, requests, seconds)
            except load.Failed as failed:
                print(f"{name}: {failed}", file=sys.stderr)
                continue
            medians = {stands: load.Measured(each, 0, [0]).percentile(0.5) for stands, each in times.items()}
            rows.append({"page": name, "with": medians[True], "without": medians[False]})
    return rows


def _in_turn(wall: Wall, port: int, requests: list[Request], seconds: float) -> dict[bool, list[float]]:
    times: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(2 * TURNS):
        stands = turn % 4 in (0, 3)  # neither is always the second
        wall.stand(stands)
        load.run(port, requests, 1, 0.1)  # plans are made anew
        times[stands] += load.run(port, requests, 1, seconds / TURNS).milliseconds
    return times


def measure_statements(work: dict[str, tuple[int, list[Request]]], only: str) -> list[dict]:
    """PostgreSQL's own milliseconds for what a page asks, the lowest of each statement: a busy machine tells
    less of a whole page than of these."""
    from django.db import connection

    from bench.sql import statements

    rows = []
    with can_be_taken_down() as wall:
        for name, (who, requests) in work.items():
            if only not in name or name.startswith("floor"):
                continue
            seen = statements(requests[0], who)
            lowest: dict[bool, list[float]] = {stands: [float("inf")] * len(seen) for stands in (True, False)}
            for turn in range(2 * TURNS):
                connection.close()  # plans are made anew
                stands = turn % 4 in (0, 3)
                wall.stand(stands)
                for _ in range(6):
                    _ask(seen, lowest[stands])
            connection.close()
            rows.append({"page": name, "with": sum(lowest[True]), "without": sum(lowest[False])})
    return rows


def _ask(seen: list[tuple[str, Any]], lowest: list[float]) -> None:
    """The statements of a page in a transaction that is undone."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.connection.cursor() as cursor:
        for place, (sql, params) in enumerate(seen):
            begun = time.perf_counter()
            cursor.execute(sql, params)
            if cursor.description:
                cursor.fetchall()
            lowest[place] = min(lowest[place], (time.perf_counter() - begun) * 1000)
        transaction.set_rollback(True)


def table(clients: int, rows: list[dict], what: str) -> str:
    lines = [f"{clients:,} clients, {what}",
             f"{'page':32} {'with':>8} {'without':>8} {'costs':>7}"]  # fmt: skip
    for row in rows:
        costs = row["with"] / row["without"] - 1
        lines.append(f"{row['page']:32} {row['with']:8.1f} {row['without']:8.1f} {costs:+7.1%}")
    return "\n".join(lines)
