"""bin/bench --clients N --import-rows M: how many lines a second a file of a bank's own clients takes."""

import json
import os
import subprocess
import sys
import tempfile
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
    """Into a copy of the bank of that size, thrown away afterwards; what `import_clients --json` says."""
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
            command = ["manage.py", "import_clients", str(file), "--mapping", f"{file}.json", "--json"]
            done = subprocess.run(
                [sys.executable, *command], cwd=bank.ROOT, env=env, check=True, capture_output=True, text=True
            )
        finally:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
    link.close()
    told: dict[str, Any] = json.loads(done.stdout)
    return told


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
        f"({told['seconds']:.1f} s: check {told['seconds_check']:.1f} s, load {told['seconds_load']:.1f} s)"
    )
