"""manage.py draw_sample --plan ID: draws a sample again from its seed, and compares."""

import json
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from compliance.models import SamplePlan
from compliance.selectors.sampling import redrawn

HELP = """\
Draw a sample of interactions again from what its plan stores, by a way of its own, and compare.

The population is every record logged from the plan's first to its last day. Drawn by rule: what the plan
stores as drawn because of the client's risk on that day, and every record of the kinds its figures name. Of
the rest a share: SHA-256 of "seed:number of the record", in the order of these digits, the first
ceil(rest x percent / 100). Stores nothing. Exit code 1 when what is stored is not what is drawn.

--json prints one object:
  {"plan", "first_on", "last_on", "seed", "pack_version", "figures", "population", "always", "random",
   "digest",                  SHA-256 over a line "number:reason" for every record by its number
   "drawn": [{"interaction", "why", "place"}],        place: the SHA-256 that ordered it
   "agrees", "differences": [sentences]}
"""


class Command(BaseCommand):
    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--plan", type=int, required=True, metavar="ID")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = SamplePlan.objects.filter(pk=options["plan"]).first()
        if plan is None:
            raise CommandError(f"There is no plan {options['plan']}.")
        if plan.drawn_at is None:
            raise CommandError("This plan is not drawn yet.")
        found = redrawn(plan)
        if options["json"]:
            told = {
                "plan": plan.pk,
                "first_on": plan.first_on.isoformat(),
                "last_on": plan.last_on.isoformat(),
                "seed": plan.seed,
                "pack_version": plan.pack_version,
                "figures": plan.figures,
                "population": found.population,
                "always": sum(each["why"] != "random" for each in found.drawn),
                "random": sum(each["why"] == "random" for each in found.drawn),
                "digest": found.digest,
                "drawn": found.drawn,
                "agrees": found.agrees,
                "differences": found.differences,
            }
            self.stdout.write(json.dumps(told, indent=2))
        else:
            self.stdout.write(f"{len(found.drawn)} of {found.population} records, seed {plan.seed}.")
            for sentence in found.differences:
                self.stdout.write(sentence)
            if found.agrees:
                self.stdout.write("What is stored is what is drawn.")
        if not found.agrees:
            raise SystemExit(1)
