"""Export the audit of some days as a ZIP that proves itself: `export_audit --from 2026-11-01 --to
2026-11-30 FILE`. The days are by the clock of RMCRM_TIME_ZONE."""

import os
import pwd
from datetime import date as day
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from audit.record import coming_from, record
from audit.seals.anchors import anchors_of
from audit.seals.connecting import apart
from audit.seals.exporting import range_of, write_export


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--from", dest="since", type=day.fromisoformat, required=True, metavar="DAY")
        parser.add_argument("--to", dest="until", type=day.fromisoformat, required=True, metavar="DAY")

    def handle(self, *, file, since, until, **options):
        if until < since:
            raise CommandError("--to is before --from.")
        clock = ZoneInfo(settings.CLOCK)
        begin = datetime.combine(since, time.min, clock)
        end = datetime.combine(until + timedelta(days=1), time.min, clock)
        connection.ensure_connection()
        found = range_of(connection.connection, begin, end)
        if found is None:
            raise CommandError("Nothing of these days is sealed: there is nothing to export.")
        asked = f"{since} to {until}, by the clock of {settings.CLOCK}"
        who = f"{pwd.getpwuid(os.getuid()).pw_name} of the machine, by export_audit"
        with coming_from("manage export_audit"):
            told = {"from": str(since), "to": str(until), "first_seal": found.first, "last_seal": found.last}
            record("audit exported", by=None, why=who, payload=told)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            manifest = write_export(
                out,
                partial(apart, connection),
                found,
                asked=asked,
                by=who,
                anchors=anchors_of(settings.ANCHORS),
            )
        self.stdout.write(
            f"{file}: {manifest['events']} events under the seals {found.first} to {found.last}. "
            f"Verify it anywhere: python verifier.py {file.name}"
        )
