"""bin/bench --clients N --import-rows M: how many lines a second a file of a bank's own clients takes."""

import io
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2

from bench import bank
from bench.clients_file import write

BOOKS = 40  # relationship managers whose books the file names
OWNERS = """
SELECT login FROM staff_user person JOIN staff_bookmember member ON member.user_id = person.id
WHERE member.role = 'owner' AND upper_inf(member.during) AND person.is_active
GROUP BY login HAVING count(*) = 1 ORDER BY login LIMIT %s
"""


def measure(clients: int, rows: int) -> dict[str, Any]:
    """Into a copy of the bank of that size, thrown away afterwards; what `import_clients --json` says.

    And the seconds of processor time of either side, which tell more of a busy machine than the clock.
    """
    source, name = bank.environment(clients), f"rmcrm_bench_import_{clients}"
    urls = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_LOADER_URL", "DATABASE_SEALER_URL")
    env = source | {key: bank.at_database(os.environ[key], name) for key in urls}
    link = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    link.autocommit = True
    with link.cursor() as cursor, tempfile.TemporaryDirectory() as folder:
        template = urlsplit(source["DATABASE_URL"]).path.lstrip("/")
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            file = Path(folder) / "clients.csv"
            write(file, rows, seed=1, books=_books(env["DATABASE_OWNER_URL"]))
            command = ["-m", "bench.imports", str(file)]
            done = subprocess.run(
                [sys.executable, *command], cwd=bank.ROOT, env=env, check=True, capture_output=True, text=True
            )
        finally:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
    link.close()
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def run(file: Path) -> dict[str, Any]:
    """In a process of its own: the command, and the processor's time that it and its PostgreSQL took."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rmcrm.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    before, out = (time.process_time(), _processor(backend)), io.StringIO()
    call_command("import_clients", file, "--mapping", f"{file}.json", "--json", stdout=out)
    told: dict[str, Any] = json.loads(out.getvalue())
    told["cpu_python"] = round(time.process_time() - before[0], 2)
    told["cpu_postgres"] = round(_processor(backend) - before[1], 2)
    return told


def _processor(pid: int) -> float:
    """Seconds that a process of this machine ran; 0 where PostgreSQL is elsewhere."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9
    except (OSError, ValueError):
        return 0.0


def _books(url: str) -> list[str]:
    link = psycopg2.connect(url)
    with link, link.cursor() as cursor:
        cursor.execute(OWNERS, [BOOKS])
        logins = [login for (login,) in cursor.fetchall()]
    link.close()
    return logins


def line(told: dict[str, Any], clients: int) -> str:
    return (
        f"import into a bank of {clients:,}: {told['loaded']:,} of {told['read']:,} lines loaded, "
        f"{told['rows_per_second']:,} lines a second from file to client "
        f"({told['seconds']:.1f} s: check {told['seconds_check']:.1f} s, load {told['seconds_load']:.1f} s; "
        f"processor: Python {told['cpu_python']:.1f} s, PostgreSQL {told['cpu_postgres']:.1f} s)"
    )


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1])), ensure_ascii=False))
