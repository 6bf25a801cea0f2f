"""A bank in PostgreSQL screened as the product does it: the whole bank, then after a day's change of the
lists."""

import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from bench import bank
from compliance.lists.reading import Entry


def measure(clients: int, lists: Iterable[str], changed: Iterable[Entry]) -> None:
    loaded = bank.make(clients)
    env = bank.environment(clients)
    print(f"\na bank of {clients:,} clients, " + (f"made in {loaded:.0f} s" if loaded else "made before"))
    for each in lists:
        source, _, path = each.partition("=")
        bank.manage(env, "import_list", source, path)
    _screen(env, "--full")
    entries = list(changed)
    with tempfile.TemporaryDirectory() as folder:
        bank.manage(env, "import_list", "csv", str(_own_list(Path(folder), entries)), "--name", "drill")
        _screen(env, "--delta")
        bank.manage(
            env,
            "import_list",
            "csv",
            str(_own_list(Path(folder), entries[: len(entries) // 2 + 1])),
            "--name",
            "drill",
        )
        _screen(env, "--delta")


def _own_list(folder: Path, entries: Iterable[Entry]) -> Path:
    """These entries as a list of the bank's own."""
    path = folder / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["reference", "name", "kind", "aliases"])
        out.writerows(
            (place, entry.names[0].name, entry.kind, "; ".join(each.name for each in entry.names[1:]))
            for place, entry in enumerate(entries)
        )
    return path


def _screen(env: dict[str, str], how: str) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    clean = {key: value for key, value in env.items() if key != "RMCRM_DATABASE_ROLE"}
    run = subprocess.run(
        [sys.executable, "manage.py", "screen", how, "--json"],
        cwd=bank.ROOT, env=clean, check=True, capture_output=True, text=True,
    )  # fmt: skip
    taken, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    told = json.loads(run.stdout)
    print(
        f"screen {how}: {told['parties']:,} parties, {told['names']:,} names, {told['new_hits']:,} new hits, "
        f"{told['closed']:,} closed: {taken:.1f} s in all, {cpu:.1f} CPU s beside PostgreSQL's, load "
        f"{os.getloadavg()[0]:.1f}",
        flush=True,
    )
