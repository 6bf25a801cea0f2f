"""manage.py import_list ofac FILE: bring a new version of a sanctions list into force."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.record import coming_from
from compliance.actions import import_list
from compliance.lists import READERS
from compliance.selectors import active_lists
from staff.night import night_shift
from ui.refusals import Refused


class Command(BaseCommand):
    help = "Import a sanctions list. The file replaces the active version whole, or nothing changes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", choices=sorted(READERS))
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, source: str, file: Path, as_json: bool, **_: object) -> None:
        before = {version.source: version.pk for version in active_lists()}
        try:
            with file.open("rb") as opened, coming_from("manage import_list"):
                version = import_list(None, by=night_shift(), source=source, file=opened)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except Refused as refused:
            raise CommandError(" ".join(refused.sentences) + " The active version stays.") from refused
        same = before.get(source) == version.pk
        told = {
            "source": source,
            "published_on": version.published_on.isoformat(),
            "entities": version.entities,
            "changed": not same,
            **{what: 0 if same else getattr(version, what) for what in ("added", "amended", "removed")},
        }
        if as_json:
            self.stdout.write(json.dumps(told))
        elif same:
            self.stdout.write(f"This file is the active version of {source} already: nothing was changed.")
        else:
            self.stdout.write(
                f"{source} of {version.published_on:%d %b %Y} is active: {version.entities:,} entities, "
                f"{version.added:,} added, {version.amended:,} amended, {version.removed:,} removed."
            )
