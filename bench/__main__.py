"""bin/bench --clients N [--json FILE]: load a bank of that size, measure its pages, print one table."""

import argparse
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlencode

from bench import bank, imports, load, wall
from bench.load import Request

ROOT = Path(__file__).resolve().parent.parent
CORES = 2
ROWS, INSERT = "floor: 50 rows × 7 values", "floor: bare insert"


def main() -> int:
    options = arguments()
    loaded = bank.make(options.clients)
    if options.import_rows:
        return import_clients(options)
    env = bank.environment(options.clients)
    os.environ.update({key: env[key] for key in ("DATABASE_URL", "RMCRM_URLCONF", "RMCRM_MODE")})
    os.environ["PORT"] = str(port := free_port())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rmcrm.settings")
    import django

    django.setup()
    people = bank.cast()
    bank.manage(env, "collectstatic", "--noinput", "--verbosity", "0")
    if options.statements:
        os.environ["DATABASE_OWNER_URL"] = env["DATABASE_OWNER_URL"]
        told = wall.measure_statements(workloads(people), options.only)
        print(wall.table(options.clients, told, "PostgreSQL's milliseconds for the statements of a page"))
        return 0
    server = start(port)
    try:
        if options.wall:
            os.environ["DATABASE_OWNER_URL"] = env["DATABASE_OWNER_URL"]
            rows = wall.measure(port, workloads(people), options.seconds, options.only)
        else:
            rows = measure(port, people, options.seconds, options.only)
    finally:
        server.terminate()
        server.wait(20)
    report = {"clients": options.clients, "load_seconds": loaded, "rows": rows}
    what = "p50 in milliseconds at one connection"
    print(wall.table(options.clients, rows, what) if options.wall else table(report))
    if options.json:
        Path(options.json).write_text(json.dumps(report, indent=1), encoding="utf-8")
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("--clients", type=int, required=True)
    parser.add_argument("--json", metavar="FILE", help="write the figures there too")
    parser.add_argument(
        "--import-rows", type=int, metavar="M", help="measure no page, but the import of a file of M lines"
    )
    parser.add_argument("--seconds", type=float, default=3.0, help="for each page and number of connections")
    parser.add_argument(
        "--only", metavar="TEXT", default="", help="only pages whose name holds it, and the floors"
    )
    parser.add_argument(
        "--wall", action="store_true", help="what row-level security costs: each page with it and without"
    )
    parser.add_argument("--statements", action="store_true", help="likewise, of what pages ask PostgreSQL")
    return parser.parse_args()


def import_clients(options: argparse.Namespace) -> int:
    told = imports.measure(options.clients, options.import_rows)
    print(imports.line(told, options.clients))
    if options.json:
        Path(options.json).write_text(json.dumps(told, indent=1), encoding="utf-8")
    return 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((load.HOST, 0))
        return probe.getsockname()[1]


def start(port: int) -> subprocess.Popen:
    """The web server as bin/run starts it."""
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "rmcrm.wsgi:application", "--host", load.HOST,
        "--port", str(port), "--workers", str(CORES), "--blocking-threads", "1", "--log-level", "warning",
    ]  # fmt: skip
    env = {
        key: value
        for key, value in os.environ.items()
        if key not in {"DATABASE_OWNER_URL", "DATABASE_LOADER_URL", "DATABASE_SEALER_URL"}
    }
    server = subprocess.Popen(command, cwd=ROOT, env=env)
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://{load.HOST}:{port}/accounts/login/", timeout=5)
            return server
        except OSError:
            time.sleep(0.2)
    server.terminate()
    raise SystemExit("The web server did not start.")


def workloads(people: bank.People) -> dict[str, tuple[int, list[Request]]]:
    """Each page by name: who asks, and the requests that are sent round and round."""

    def get(who: int, *paths: str) -> tuple[int, list[Request]]:
        return who, [Request(path, people.cookies[who]) for path in paths]

    rm, lead, officer = people.rm, people.lead, people.officer
    whole, typo = quote(people.name), quote(with_typo(people.name))
    some = people.clients_of_rm[: bank.FILES]
    own = people.cookies[rm]
    deep = f"/clients/?after={people.after_page_199}" if people.after_page_199 else "/clients/"
    return {
        ROWS: get(rm, f"/bench/floor/?book={people.book}"),
        "My day": get(rm, "/"),
        "clients, page 1 (RM)": get(rm, "/clients/"),
        "clients, page 1 (officer)": get(officer, "/clients/"),
        "clients, page 200 (officer)": get(officer, deep),
        "filtered list (RM)": get(rm, "/clients/?state=active&sort=-value"),
        "filtered list (officer)": get(officer, "/clients/?segment=affluent&sort=-value"),
        "search (RM)": get(rm, f"/search/?q={whole}"),
        "search with a typo (RM)": get(rm, f"/search/?q={typo}"),
        "search (officer)": get(officer, f"/search/?q={whole}"),
        "search with a typo (officer)": get(officer, f"/search/?q={typo}"),
        "client 360": get(rm, *(f"/clients/{pk}/" for pk in some)),
        "team board": get(lead, "/team/"),
        "compliance console": get(officer, "/compliance/"),
        "KYC queue": get(officer, "/compliance/kyc/"),
        "API: clients": get(rm, "/api/v1/clients/"),
        "API: client": get(rm, *(f"/api/v1/clients/{pk}/" for pk in some)),
        INSERT: (rm, [posted("/bench/insert/", own, lambda: {"member": rm}, expect=204)]),
        "log an interaction": (
            rm,
            [
                posted(f"/clients/{pk}/interactions/new/", session, a_call, expect=303)
                for pk, session in zip(some, people.sessions_of_rm, strict=True)
            ],
        ),
        "API: log an interaction": (
            rm,
            [api_posted(f"/api/v1/clients/{pk}/interactions/", own) for pk in some],
        ),
    }


def with_typo(name: str) -> str:
    """The longest word with two letters swapped in its middle."""
    word = max(name.split(), key=len)
    middle = len(word) // 2
    return name.replace(word, word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :])


def a_call() -> dict:
    """Some hours ago in any zone of the bank: what is logged later than a day says why."""
    at = (datetime.now(UTC) - timedelta(hours=14)).strftime("%Y-%m-%dT%H:%M")
    return {
        "channel": "call", "purpose": "service", "summary": "Asked about a card", "at": at,
        "outbound": "on", "form_key": str(uuid.uuid4()),
    }  # fmt: skip


def posted(path: str, session: str, fields, expect: int) -> Request:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": bank.CSRF}
    return Request(path, session, "POST", lambda: urlencode(fields()).encode(), headers, expect)


def api_posted(path: str, session: str) -> Request:
    def body() -> bytes:
        call = {key: value for key, value in a_call().items() if key not in {"form_key", "outbound"}}
        return json.dumps(call | {"at": f"{call['at']}:00Z"}).encode()

    headers = {"Content-Type": "application/json", "X-CSRFToken": bank.CSRF}
    return Request(path, session, "POST", body, headers, 201)


def measure(port: int, people: bank.People, seconds: float, only: str = "") -> list[dict]:
    from bench.sql import bare_milliseconds, statements

    rows = []
    work = workloads(people)
    for name, (who, requests) in work.items():
        if only not in name and not name.startswith("floor"):
            continue
        floor = work[INSERT if "log an" in name or name == INSERT else ROWS][1][0]
        # The floor is asked between any two requests: a machine that slows down meanwhile slows both.
        between = [each for request in requests for each in (floor, request)]
        try:
            load.run(port, requests, 2, min(1.0, seconds))  # warm: templates, plans, pages of the database
            both, eight = load.run(port, between, 1, 2 * seconds), load.run(port, requests, 8, seconds)
        except load.Failed as failed:
            print(f"{name}: {failed}", file=sys.stderr)
            rows.append({"page": name, "failed": str(failed)})
            continue
        under, one = both.every_second(0), both.every_second(1)
        asked = statements(requests[0], who)
        sql = bare_milliseconds(asked)
        rows.append(
            {
                "page": name,
                "p50": one.percentile(0.5), "p95": one.percentile(0.95),
                "p50_at_8": eight.percentile(0.5), "p95_at_8": eight.percentile(0.95),
                "queries": len(asked), "bytes": one.bytes, "per_second_per_core": eight.per_second / CORES,
                "sql": sql, "to_sql": one.percentile(0.5) / sql,
                "floor": under.percentile(0.5), "to_floor": one.percentile(0.5) / under.percentile(0.5),
            }
        )  # fmt: skip
    return rows


COLUMNS = [
    ("p50", "p50", "7.1f"),
    ("p95", "p95", "7.1f"),
    ("p50@8", "p50_at_8", "7.1f"),
    ("p95@8", "p95_at_8", "7.1f"),
    ("queries", "queries", "7d"),
    ("bytes", "bytes", "8d"),
    ("rps/core", "per_second_per_core", "8.1f"),
    ("×SQL", "to_sql", "6.1f"),
    ("×floor", "to_floor", "6.2f"),
]


def table(report: dict) -> str:
    """One line a page; milliseconds, and ratios to the two floors of this run."""
    loaded = report["load_seconds"]
    head = " ".join(f"{title:>{int(shape.split('.')[0].rstrip('d'))}}" for title, _, shape in COLUMNS)
    lines = [
        f"{report['clients']:,} clients, " + (f"loaded in {loaded:.0f} s" if loaded else "loaded before"),
        f"{'page':32} {head}",
    ]
    for row in report["rows"]:
        figures = row.get("failed") or " ".join(f"{row[key]:{shape}}" for _, key, shape in COLUMNS)
        lines.append(f"{row['page']:32} {figures}")
    lines.append("Milliseconds at 1 and 8 connections. ×SQL: p50 to the same statements by bare psycopg2.")
    lines.append("×floor: p50 to the floor page, for what logs to the bare insert, asked in turn with it.")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
