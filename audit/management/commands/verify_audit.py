"""Verify every event, seal, signature and anchor. Exit code 0: all is as it was sealed; 1: something is
not."""

import json
import sys
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection

from audit.seals.anchors import FileAnchor, anchors_of
from audit.seals.chains import AUDIT, CHAINS
from audit.seals.checking import check, remember, standing
from audit.seals.connecting import apart
from audit.seals.keys import trusted_keys
from audit.seals.verifier import words


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--anchor", action="append", default=[], metavar="FILE", help="another copy of an anchor"
        )

    def handle(self, *, anchor, **options):
        connection.ensure_connection()
        extra = [(name, FileAnchor(name, Path(name)).lines) for name in anchor]
        verdicts = [
            check(
                partial(apart, connection),
                chain,
                keys=trusted_keys(),
                anchors=anchors_of(settings.ANCHORS),
                extra=extra,
            )
            for chain in CHAINS
            if chain is AUDIT or chain.exists(connection.connection)
        ]
        stand = standing(connection.connection)
        for verdict in verdicts:
            if verdict.chain == AUDIT.name:
                remember(connection.connection, verdict, "manage verify_audit")
        if options["json"]:
            told = [verdict.told() for verdict in verdicts]
            self.stdout.write(
                json.dumps({"sealing": stand.alarm or "runs", "chains": told}, indent=1, default=str)
            )
        else:
            for verdict in verdicts:
                self._tell(verdict)
            if stand.alarm:
                since = stand.pulse_at.isoformat(timespec="seconds") if stand.pulse_at else "never"
                self.stdout.write(f"Sealing: {stand.alarm} (last sign {since}) {stand.trouble}")
        if not all(verdict.right for verdict in verdicts):
            sys.exit(1)

    def _tell(self, verdict):
        for finding in verdict.findings:
            self.stdout.write(f"{verdict.chain}: {words(finding)}")
        if verdict.blind:  # how much there is, and when it grew, is nobody's business outside
            state = "all is as it was sealed" if verdict.right else "not all is as it was sealed"
            self.stdout.write(f"{verdict.chain}: {state}")
            return
        rate = verdict.events / verdict.seconds if verdict.seconds else 0
        self.stdout.write(
            f"{verdict.chain}: {verdict.events} events in {verdict.seals} seals, "
            f"the last one {verdict.to_seal} of {verdict.sealed_until or 'never'}; "
            f"{verdict.unsealed} newer than it, {verdict.retired} retired; "
            f"{verdict.seconds:.1f} s, {rate:,.0f} events a second"
        )
        for anchor in verdict.anchors:
            state = (
                "compared"
                if anchor["readable"]
                else "cannot be read here: compare its own copy with --anchor"
            )
            self.stdout.write(f"  anchor {anchor['name']}: {state}")
        self.stdout.write(
            "  all is as it was sealed" if verdict.right else f"  {len(verdict.findings)} findings"
        )
