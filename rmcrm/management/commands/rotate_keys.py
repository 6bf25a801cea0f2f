"""rotate_keys: every encrypted value from its old key to the one that writes; how many hang on which."""

from argparse import ArgumentParser
from collections import Counter
from functools import partial
from time import sleep
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.record import record
from ui.carrying import COMMAND_LINE, carrying
from vault.cipher import box
from vault.keys import new_key
from vault.rotating import columns, forget_unused, rotate

PAST = "clients_filechange"  # how files stood: left by the key of then (ADR 21)
ROUNDS = 5  # through the rows that somebody held


class Command(BaseCommand):
    help = "Encrypt what hangs on older field keys with the one that writes (the last line of the ring)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--status", action="store_true", help="only tell how many values hang on which key"
        )
        parser.add_argument("--new-key", action="store_true", help="only print a line to put into the ring")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["new_key"]:
            self.stdout.write(new_key(), ending="")
            return
        with carrying(None, COMMAND_LINE):
            if not options["status"]:
                self._rotate()
            self._tell()

    def _rotate(self) -> None:
        writes, done, unreadable = box().writes, 0, []
        for column in columns():
            old = sum(count for name, count in column.counts().items() if name != writes)
            for _round in range(ROUNDS if old else 0):
                found = rotate(column, partial(self._say, column.label, old))
                done += found.done
                left = sum(count for name, count in column.counts().items() if name != writes)
                if left <= len(found.unreadable):
                    unreadable += [f"{column.label} {pk}" for pk in found.unreadable]
                    break
                sleep(0.2)
        forgotten = forget_unused(PAST)
        if done or forgotten:
            payload = {"key": writes, "values": done, "retired": forgotten, "unreadable": len(unreadable)}
            record("field keys rotated", by=None, payload=payload)
        if forgotten:
            self.stdout.write(f"Nothing hangs on {', '.join(forgotten)} any more: it may leave the ring.")
        if unreadable:
            listed = ", ".join(unreadable[:20])
            raise CommandError(f"{len(unreadable)} values cannot be read and were left as they are: {listed}")

    def _say(self, label: str, of: int, done: int) -> None:
        self.stdout.write(f"{label:<44}{done:>12,} of {of:,}")
        self.stdout.flush()

    def _tell(self) -> None:
        total: Counter[str] = Counter()
        past: Counter[str] = Counter()
        for column in columns():
            total += column.counts()
            past += column.counts_in(PAST)
        for name in sorted(total.keys() | past.keys()):
            said = "writes" if name == box().writes else "reads" if box().reads(name) else "IS NOT HERE"
            then = f", {past[name]:,} in how files stood" if past[name] else ""
            self.stdout.write(f"{name:<16} {said:<12}{total[name]:>12,} values{then}")
        if not total:
            self.stdout.write("Nothing is encrypted yet.")
