"""What the second wall costs: each page with the policies of PostgreSQL and without, in turn, in one run."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

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


def table(clients: int, rows: list[dict]) -> str:
    lines = [f"{clients:,} clients, p50 in milliseconds at one connection",
             f"{'page':32} {'with':>8} {'without':>8} {'costs':>7}"]  # fmt: skip
    for row in rows:
        costs = row["with"] / row["without"] - 1
        lines.append(f"{row['page']:32} {row['with']:8.1f} {row['without']:8.1f} {costs:+7.1%}")
    return "\n".join(lines)
