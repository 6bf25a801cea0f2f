"""move_market: the prices and rates of a synthetic bank go on until today."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from rmcrm.synthetic.market_days import go_on


class Command(BaseCommand):
    help = "Add the prices and rates that a synthetic bank lacks up to today; a real market is left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{go_on(timezone.localdate())} prices and rates")
