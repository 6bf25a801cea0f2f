"""Seal the audit until stopped: `bin/run` keeps it running, a bank's service manager likewise."""

import signal
import sys
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from audit.seals.anchors import anchors_of
from audit.seals.sealing import EVERY, Key, Sealer, publish


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="look once and end")

    def handle(self, *, once, **options):
        if not settings.SEAL_KEY:
            raise CommandError(
                "Set RMCRM_SEAL_KEY_FILE to a file with 64 hexadecimal digits; docs/audit.md says how."
            )
        try:
            key = Key(settings.SEAL_KEY)
            anchors = anchors_of(settings.ANCHORS)
        except ValueError as error:
            raise CommandError(str(error)) from error
        connection.ensure_connection()
        sealer = Sealer(connection.connection, key, anchors)
        publish(key, Path(settings.HOME) / "seal.pub")
        stop = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.append(1))
        while not sealer.alone() and not stop:
            time.sleep(1)
        # A lost connection ends the process: who runs it starts it again.
        while not stop:
            began = time.monotonic()
            sealer.round()
            if once:
                return
            time.sleep(max(0.0, EVERY - (time.monotonic() - began)))
        sealer.round()  # what happened until the last moment
        sys.stdout.flush()
