"""make_bank: a synthetic bank whose bytes depend on the number of clients, the seed and the date alone."""

import time
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from rmcrm.synthetic import make, truths
from rmcrm.synthetic.copying import Made, analyze, pour


class Command(BaseCommand):
    help = "Fill an empty database with a synthetic bank."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--clients", type=int, default=1500)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--as-of", type=date.fromisoformat, default=None, help="YYYY-MM-DD; today if not given"
        )
        parser.add_argument(
            "--rms", type=int, help="relationship managers (12, or one for each 1,000 clients)"
        )
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when there are clients already"
        )
        parser.add_argument("--truths", type=Path, help="where the list of what was planted goes")
        parser.add_argument(
            "--digest-only", action="store_true", help="make and digest everything, write nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        clients, seed = options["clients"], options["seed"]
        as_of = options["as_of"] or date.today()  # noqa: DTZ011
        if clients < 100:
            raise CommandError("A bank has at least 100 clients; ask for more.")
        started = time.monotonic()
        if options["digest_only"]:
            self._report(pour(clients, seed, as_of, lambda table, content: None, options["rms"]), started)
            return
        if self._has_clients():
            if options["if_empty"]:
                return
            raise CommandError("This bank has clients already. make_bank fills an empty database only.")
        with transaction.atomic():
            made = make(clients, seed, as_of, connection, options["rms"])
        with connection.cursor() as cursor:
            analyze(cursor)
        path = options["truths"] or settings.HOME / "truths.json"
        truths.write(path, truths.listing(made.truths, clients, seed, as_of))
        self._report(made, started)

    def _has_clients(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT FROM clients_client) OR EXISTS (SELECT FROM staff_user)")
            return cursor.fetchone()[0]

    def _report(self, made: Made, started: float) -> None:
        for table, count in made.rows.items():
            self.stdout.write(f"{count:>12,}  {table}")
        self.stdout.write(
            f"{sum(made.rows.values()):>12,}  rows in all; {made.rms} RMs in {made.teams} teams"
        )
        self.stdout.write(f"{made.distinct_names:>12,}  distinct client names")
        for name in truths.DEFINITIONS:
            self.stdout.write(f"{len(made.truths.get(name, [])):>12,}  {name}")
        self.stdout.write(f"{time.monotonic() - started:>12.1f}  seconds")
        self.stdout.write(f"sha256 {made.digest}")
