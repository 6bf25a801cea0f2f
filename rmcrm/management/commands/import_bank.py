"""import_bank: a whole bank from another house. Today: berka, the Czech bank of the PKDD'99 challenge."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from rmcrm.imports import berka
from rmcrm.imports.reading import NotImported
from ui.carrying import COMMAND_LINE, carrying


class Command(BaseCommand):
    help = "Import a bank: import_bank berka DIR. All of it or nothing; a second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("bank", choices=["berka"])
        parser.add_argument("folder", type=Path, help="where its files are")
        parser.add_argument("--json", action="store_true", help="the report for a machine")
        parser.add_argument("--owner", metavar="LOGIN", help="who shall work the book of --region")
        parser.add_argument(
            "--region", default="Prague", help='a region of the bank, such as "south Bohemia"'
        )

    @carrying(None, COMMAND_LINE)
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                report = berka.import_bank(options["folder"])
                if options["owner"]:
                    report.notes.append(berka.give_book(options["owner"], options["region"]))
        except NotImported as refused:
            raise CommandError(str(refused)) from None
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), indent=2, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(report.lines()))
