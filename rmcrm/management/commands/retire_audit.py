"""Take months out of the audit that are older than the bank keeps them: shows which; `--yes` does it."""

from datetime import UTC, date, datetime

from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.utils import timezone

from audit.record import coming_from, record
from audit.seals.verifier import iso_of
from rulebook.selectors import pack

_MONTHS = """
SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
WHERE inhparent = 'audit_event'::regclass AND relname ~ '^audit_event_[0-9]{4}_[0-9]{2}$' ORDER BY relname
"""


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--yes", action="store_true", help="take them out; there is no way back")

    def handle(self, *, yes, **options):
        """Whole months only, from the oldest on; the seals stay, so that the chain still verifies."""
        figures = pack("audit", timezone.localdate())
        today = timezone.localdate()
        first_kept = date(today.year - figures["keep_years"], today.month, 1)
        with connection.cursor() as cursor:
            cursor.execute(_MONTHS)
            names = [row[0] for row in cursor.fetchall()]
        old = [name for name in names if name < f"audit_event_{first_kept:%Y_%m}"]
        if not old:
            self.stdout.write(f"Nothing is older than {figures['keep_years']} years: nothing to take out.")
            return
        self.stdout.write(f"{'Taking out' if yes else 'Would take out'} {', '.join(old)}.")
        if not yes:
            return
        # The events of a month end where the next one begins; the sealed audit itself says that they are
        # gone.
        until = datetime(first_kept.year, first_kept.month, 1, tzinfo=UTC)
        with coming_from("manage retire_audit"), transaction.atomic(), connection.cursor() as cursor:
            told = {"until": iso_of(until), "months": old, "pack_version": figures.version}
            record("audit retired", by=None, payload=told)
            for name in old:
                cursor.execute(f'DROP TABLE "{name}"')
