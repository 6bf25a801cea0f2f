"""Do the due jobs without Celery: once, or as a loop while Redis is away."""

import time

from django.core.management.base import BaseCommand

from jobs.actions import run_due


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--loop", action="store_true", help="look again every two seconds")

    def handle(self, *, loop, **options):
        while True:
            done = run_due()
            if done or not loop:
                self.stdout.write(f"{done} jobs done")
            if not loop:
                return
            time.sleep(2)
