"""import_rates: the ECB's euro reference rates (eurofxref-hist.csv)."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rmcrm.imports.market import import_rates
from rmcrm.imports.reading import NotImported


class Command(BaseCommand):
    help = "Import ECB reference rates. All of it or nothing; a second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="the report for a machine")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_rates(options["file"])
        except NotImported as refused:
            raise CommandError(str(refused)) from None
        text = json.dumps(report.as_dict(), indent=2) if options["json"] else "\n".join(report.lines())
        self.stdout.write(text)
