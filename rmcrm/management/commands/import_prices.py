"""import_prices: daily closing prices, a table of days and tickers."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rmcrm.imports.market import import_prices
from rmcrm.imports.reading import NotImported


class Command(BaseCommand):
    help = "Import closing prices; an unknown ticker becomes a product. All or nothing, and once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--currency", default="USD", help="of the prices; of new products")
        parser.add_argument("--kind", default="share", choices=["share", "fund"], help="of new products")
        parser.add_argument("--risk-class", type=int, default=5, choices=range(1, 8), help="of new products")
        parser.add_argument("--json", action="store_true", help="the report for a machine")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_prices(
                options["file"],
                currency=options["currency"],
                kind=options["kind"],
                risk_class=options["risk_class"],
            )
        except NotImported as refused:
            raise CommandError(str(refused)) from None
        text = json.dumps(report.as_dict(), indent=2) if options["json"] else "\n".join(report.lines())
        self.stdout.write(text)
