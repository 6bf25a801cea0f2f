"""manage.py import_list ofac|eu|un|csv FILE: bring a new version of a sanctions list into force."""

import json
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.record import coming_from
from compliance.actions import import_list
from compliance.lists import READERS
from compliance.models import ListVersion
from staff.night import night_shift
from ui.carrying import NIGHT_SHIFT, carrying
from ui.refusals import Refused


class Command(BaseCommand):
    help = "Import a sanctions list. The file replaces the active version whole, or nothing changes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", choices=sorted(READERS))
        parser.add_argument("file", type=Path)
        parser.add_argument("--name", default="", help="csv: the own list's name, where the bank has several")
        parser.add_argument("--date", type=date.fromisoformat, help="csv: its day, where the file has none")
        parser.add_argument("--json", action="store_true", dest="as_json")

    @carrying(None, NIGHT_SHIFT)
    def handle(
        self, *, source: str, file: Path, name: str, date: date | None, as_json: bool, **_: object
    ) -> None:
        known = set(ListVersion.objects.filter(active=True).values_list("pk", flat=True))
        try:
            with file.open("rb") as opened, coming_from("manage import_list"):
                version = import_list(
                    None, by=night_shift(), source=source, file=opened, called=name, day=date
                )
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except Refused as refused:
            raise CommandError(" ".join(refused.sentences) + " The active version stays.") from refused
        same = version.pk in known
        told = {
            "source": version.source,
            "published_on": version.published_on.isoformat(),
            "entities": version.entities,
            "names": version.names,
            "changed": not same,
            **{what: 0 if same else getattr(version, what) for what in ("added", "amended", "removed")},
        }
        if as_json:
            self.stdout.write(json.dumps(told))
        elif same:
            self.stdout.write(
                f"This file is the active version of {version.source} already: nothing was changed."
            )
        else:
            self.stdout.write(
                f"{version.source} of {version.published_on:%d %b %Y} is active: "
                f"{version.entities:,} entities, {version.names:,} names, "
                f"{version.added:,} added, {version.amended:,} amended, {version.removed:,} removed."
            )
