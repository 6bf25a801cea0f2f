"""After a backup was restored: delete again what had been deleted since, by the list beside the database."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.record import coming_from
from clients.models import Client
from compliance.actions.keeping import delete_again
from compliance.rules.keeping import certificate
from staff.night import command_line
from ui.carrying import COMMAND_LINE, carrying


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("list", nargs="?", default=settings.DELETED_FILES, help="RMCRM_DELETED_FILES")

    @carrying(None, COMMAND_LINE)
    def handle(self, *args: Any, **options: Any) -> None:
        """Safe to run twice. A line that its certificate does not fit stops it before anything goes."""
        place = Path(options["list"])
        if not place.exists():
            raise CommandError(
                f"There is no list at {place}. Was a file ever deleted, and is this its machine?"
            )
        lines = [json.loads(line) for line in place.read_text(encoding="utf-8").splitlines()]
        if wrong := [
            at for at, line in enumerate(lines, 1) if certificate(line["told"]) != line["certificate"]
        ]:
            raise CommandError(f"Line {wrong[0]} of {place} was changed: its certificate does not fit.")
        deleted = {line["told"]["client"]: line["told"] for line in lines}  # twice, if it was replayed before
        back = [deleted[pk] for pk in Client.objects.filter(pk__in=deleted).values_list("pk", flat=True)]
        with coming_from("manage replay_deletions"):
            for told in back:
                delete_again(None, by=command_line(), told=told)
        self.stdout.write(f"{len(deleted)} files were deleted; {len(back)} were back, and are deleted again.")
        if back:
            self.stdout.write("A worker takes their papers off the disk: start it, or run `manage.py drain`.")
