"""bin/drill audit: what sealing and verifying cost, in a database of its own that is thrown away.

    bin/drill audit --events 1000000

Prints: events written with and without the sealer beside them, what one event costs its request, the age at
which
events are sealed, and how long a verification and an export of all of them take.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import psycopg2

from audit.seals.anchors import FileAnchor
from audit.seals.chains import AUDIT
from audit.seals.checking import check
from audit.seals.exporting import range_of, write_export
from audit.seals.sealing import EVERY, Key, Sealer
from audit.seals.verifier import verify_export
from bench.bank import ROOT, at_database

NAME = "rmcrm_drill_audit"
URLS = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_LOADER_URL", "DATABASE_SEALER_URL")
ONE = (
    "INSERT INTO audit_event (verb, by_id, by_login, by_role, path, subject_type, subject_id, client_id,"
    " source, ip, request_id, payload)"
    " VALUES ('file opened', 7, 'rita', 'rm', 'owner of book 7', 'clients.Client', 12345, 12345,"
    " 'GET /clients/12345/', '192.0.2.7', 'a5b0a3f2-3b1e-4e7e-9a55-0f6a6f0d9d11', '{}')"
)
MANY = ONE.replace("VALUES (", "SELECT ").removesuffix(")") + " FROM generate_series(1, %s)"
WRITERS, SECONDS = 8, 10


def connect(url: str):
    link = psycopg2.connect(at_database(os.environ[url], NAME))
    link.autocommit = True
    OPEN.append(link)
    return link


OPEN: list = []


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/drill audit", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    events = parser.parse_args(arguments).events
    owner = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    owner.autocommit = True
    try:
        drop(owner)
        with owner.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{NAME}"')
        migrate()
        with tempfile.TemporaryDirectory() as folder:
            return drill(events, Path(folder))
    finally:
        for link in OPEN:
            link.close()
        drop(owner)


def drop(owner: Any) -> None:
    """Sessions that were closed take a moment to be gone, and the owner may not end those of other roles."""
    for tries in range(50):
        try:
            with owner.cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{NAME}"')
            return
        except psycopg2.errors.ObjectInUse:
            if tries == 49:
                raise
            time.sleep(0.2)


def migrate() -> None:

    env = os.environ | {url: at_database(os.environ[url], NAME) for url in URLS}
    command = [sys.executable, "manage.py", "migrate", "audit", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=env, check=True)


def drill(events: int, folder: Path) -> int:
    anchors = [FileAnchor(name, folder / name / "seals.log") for name in ("first", "second")]
    sealer = Sealer(connect("DATABASE_SEALER_URL"), Key("11" * 32), anchors)
    one_event()
    rates = []
    for sealed in (False, True, False, True):
        rates.append((sealed, writers(sealer if sealed else None)))
        print(
            f"{WRITERS} writers, {'sealed' if sealed else 'not sealed'}: {rates[-1][1]:,.0f} events a second"
        )
    plain, sealing = (statistics.mean(rate for sealed, rate in rates if sealed is on) for on in (False, True))
    print(f"with the sealer {sealing / plain:.2f} of without")
    ages(sealer)
    begun = time.perf_counter()
    with connect("DATABASE_URL").cursor() as cursor:
        for _ in range(events // 10_000):
            cursor.execute(MANY, [10_000])
            sealer.round()
    sealer.round()
    taken = time.perf_counter() - begun
    print(f"{events:,} more written and sealed in {taken:.1f} s")
    spent = time.process_time()
    verdict = check(partial(connect, "DATABASE_SEALER_URL"), AUDIT, keys=[sealer.key.public], anchors=anchors)
    rate = verdict.events / verdict.seconds
    ours = verdict.events / (time.process_time() - spent)
    print(
        f"verified {verdict.events:,} events under {verdict.seals:,} seals in {verdict.seconds:.1f} s,"
        f" {rate:,.0f} a second, {len(verdict.findings)} findings; a million: {1e6 / rate:.0f} s"
        f" ({1e6 / ours:.0f} s of the processor beside PostgreSQL's)"
    )
    now = datetime.now(UTC)
    found = range_of(connect("DATABASE_URL"), now - timedelta(days=1), now + timedelta(days=1))
    file = folder / "export.zip"
    begun = time.perf_counter()
    with file.open("wb") as out:
        write_export(out, partial(connect, "DATABASE_URL"), found, asked="all", by="a drill", anchors=anchors)
    taken, begun = time.perf_counter() - begun, time.perf_counter()
    with ZipFile(file) as archive:
        wrong, _walk, _manifest = verify_export(archive, [sealer.key.public])
    size = file.stat().st_size
    print(
        f"exported in {taken:.1f} s, {size / 1e6:.0f} MB;"
        f" verified offline in {time.perf_counter() - begun:.1f} s, {len(wrong)} findings"
    )
    sealer.connection.close()
    return 1 if verdict.findings or wrong else 0


def one_event() -> None:
    """What writing an event costs the request it belongs to: one more statement in its transaction."""
    link = connect("DATABASE_URL")
    taken = []
    with link.cursor() as cursor:
        for _ in range(2000):
            cursor.execute("BEGIN")
            begun = time.perf_counter()
            cursor.execute(ONE)
            taken.append(time.perf_counter() - begun)
            cursor.execute("COMMIT")
    link.close()
    cuts = statistics.quantiles(taken, n=100)
    print(f"one event: p50 {cuts[49] * 1e3:.2f} ms, p99 {cuts[98] * 1e3:.2f} ms")


def writers(sealer: Sealer | None) -> float:
    """Events a second of several writers at once, one transaction each."""
    stop, done = threading.Event(), [0] * WRITERS

    def write(place: int) -> None:
        link = connect("DATABASE_URL")
        with link.cursor() as cursor:
            while not stop.is_set():
                cursor.execute(ONE)
                done[place] += 1
        link.close()

    threads = [threading.Thread(target=write, args=[place]) for place in range(WRITERS)]
    for thread in threads:
        thread.start()
    begun = time.perf_counter()
    while time.perf_counter() - begun < SECONDS:
        if sealer:
            sealer.round()
        time.sleep(EVERY)
    stop.set()
    taken = time.perf_counter() - begun
    for thread in threads:
        thread.join()
    return sum(done) / taken


def ages(sealer: Sealer) -> None:
    """How old an event is when it is sealed; of each seal its oldest one, which is the worst."""
    sealer.round()
    with sealer.connection.cursor() as cursor:
        cursor.execute("SELECT max(number) FROM audit_seal")
        (since,) = cursor.fetchone()
    writers(sealer)
    with sealer.connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_disc(ARRAY[0.5, 0.99]) WITHIN GROUP"
            " (ORDER BY extract(epoch FROM at - first_at)) FROM audit_seal WHERE number > %s AND count > 0",
            [since],
        )
        (half, most) = cursor.fetchone()[0]
    print(f"age when sealed, oldest event of each seal: p50 {half * 1000:.0f} ms, p99 {most * 1000:.0f} ms")
