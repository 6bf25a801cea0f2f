"""manage.py screen --full: compare the whole bank with the active lists."""

import json

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from audit.record import coming_from
from compliance.actions import screen_all
from compliance.selectors import active_lists
from staff.night import night_shift


class Command(BaseCommand):
    help = "Screen the bank's clients and everyone on their files against the active sanctions lists."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--full", action="store_true", required=True, help="all parties, all names")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, as_json: bool, **_: object) -> None:
        if not active_lists():
            raise CommandError(
                "No sanctions list is active. Import one first: manage.py import_list ofac FILE"
            )
        begun = timezone.now()
        with coming_from("manage screen"):
            run = screen_all(by=night_shift())
        seconds = (timezone.now() - begun).total_seconds()
        told = {
            "parties": run.parties,
            "names": run.names,
            "new_hits": run.new_hits,
            "seconds": round(seconds, 1),
        }
        if as_json:
            self.stdout.write(json.dumps(told))
        else:
            self.stdout.write(
                f"{run.parties:,} parties against {run.names:,} names in {seconds:.1f} s: "
                f"{run.new_hits:,} new hits."
            )
