"""make_bank: a synthetic bank whose bytes depend on the number of clients, the seed and the date alone."""

import time
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from rmcrm.settings import database, env
from rmcrm.synthetic import make, truths
from rmcrm.synthetic.bulk import WORTH_IT, bare_tables
from rmcrm.synthetic.copying import Made, analyze, pour, set_sequences, sink_of
from rmcrm.synthetic.tables import TABLES
from ui.carrying import COMMAND_LINE, carrying

Asked = tuple[int, int, date]


def owner_url() -> str:
    return env("DATABASE_OWNER_URL", "")


def connect(url: str) -> Any:
    """A connection of psycopg2 as the settings would make it."""
    place = database(url)
    return psycopg2.connect(
        dbname=place["NAME"],
        user=place["USER"],
        password=place["PASSWORD"],
        host=place["HOST"],
        port=place["PORT"] or None,
        **place["OPTIONS"],
    )


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
        path = options["truths"] or settings.HOME / "truths.json"
        asked = (clients, seed, as_of)
        if options["digest_only"]:
            made = pour(*asked, lambda table, content: None, options["rms"], hides=False)
            if options["truths"]:
                truths.write(path, truths.listing(made.truths, *asked))
            self._report(made, started)
            return
        with carrying(None, COMMAND_LINE):  # where the loader is the application's own role
            self._fill(asked, options, path, started)

    def _fill(self, asked: Asked, options: dict[str, Any], path: Path, started: float) -> None:
        if filled := self._filled():
            if options["if_empty"] and "clients_client" in filled:
                return
            found = "clients" if "clients_client" in filled else f"rows in {', '.join(filled[:3])}"
            raise CommandError(f"make_bank fills an empty database only; there are {found} already.")

        def keep(made: Made) -> None:
            """Before the commit: a bank without its list of truths never exists."""
            truths.write(path, truths.listing(made.truths, *asked))

        owner = owner_url() if asked[0] >= WORTH_IT else ""
        if owner:
            made = self._load_bare(owner, asked, options["rms"], keep, started)
        else:
            with transaction.atomic():
                made = make(*asked, connection, options["rms"])
                keep(made)
            self._analyze()
        self._report(made, started)

    def _filled(self) -> list[str]:
        """The tables of a bank that are not empty."""
        with connection.cursor() as cursor:
            filled = []
            for table in TABLES:
                cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")  # noqa: S608
                if cursor.fetchone()[0]:
                    filled.append(table)
            return filled

    def _load_bare(
        self, url: str, asked: Asked, rms: int | None, keep: Callable[[Made], None], started: float
    ) -> Made:
        """As the owner, into tables without keys and indexes: a large bank loads much faster so."""

        def say(what: str) -> None:
            self.stdout.write(f"{time.monotonic() - started:>12.1f}  {what}")
            self.stdout.flush()

        with closing(connect(url)) as owner, owner, owner.cursor() as cursor, bare_tables(cursor, say):
            say("rows")
            made = pour(*asked, sink_of(cursor, freeze=True), rms)
            set_sequences(cursor)
            keep(made)
        return made

    def _analyze(self) -> None:
        """Statistics are the owner's matter; where its address is not known, autovacuum sees to them."""
        if url := owner_url():
            with closing(connect(url)) as owner, owner, owner.cursor() as cursor:
                analyze(cursor)

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
