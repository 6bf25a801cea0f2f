"""manage.py ownership EDGES.csv: both arithmetics of ownership on any graph, to recompute a case."""

import json
from argparse import RawDescriptionHelpFormatter
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from compliance.rules.ownership import regimes, threshold_of
from compliance.rules.ownership.edges_file import read_edges
from compliance.rules.ownership.report import report, report_lines
from rulebook.selectors import pack

HELP = """\
Who are the beneficial owners of every entity in a file, and who counts as blocked.

EDGES.csv is UTF-8 with commas and the columns owner, owned, share, owner_kind, blocked, in any order:
  share       percent, with or without the sign: 25, 25 %, 33.3333. 0.25 is a quarter of one percent.
              Several lines between the same two add up. Empty only for a role in a trust.
  owner_kind  person, company (organisation) or trust (foundation). Who is only owned is taken for a company.
  blocked     true or false: the owner is on a sanctions list itself. Empty: nothing is said.
Names are compared letter by letter. Owners over 100 percent, self-ownership, a share that is no percentage
or two lines that contradict each other refuse the whole file: exit code 1, and each problem with its line,
column, value and reason.

Beneficial owners: shares multiply along a chain and add across chains, over all levels and every round of a
circle; persons at or above the threshold of rule pack "ownership" count. Behind a trust that reaches it,
everyone with a line to the trust counts by role. Blocked: 50 percent or more (OFAC), more than 50 percent
(EU) of all blocked owners together; who counts as blocked counts whole downstream.

--json prints one object. Percentages are numbers rounded to 10 places, "fraction" is exact:
  {"on", "pack_version", "threshold": {"percent", "or_more", "country"},
   "entities": [{"entity", "kind",
      "beneficial_owners": [{"owner", "percent", "fraction", "circle_percent", "all_chains",
         "chains": [{"nodes": [owner ... entity], "shares": [percents], "percent", "shown"}]}],
      "by_trust_role": [{"owner", "role", "trust", "trust_percent"}],
      "below_threshold": [{"owner", "percent", "fraction"}],
      "ends": [{"owner", "kind", "percent"}],      companies and trusts behind which no line leads to a person
      "untold_percent", "circle_percent",          held by nobody named; owned by nobody but the circle itself
      "opaque", "sentence"}],
   "blocked": {"ofac": [{"entity", "listed", "percent", "because": [{"owner", "percent"}], "sentence"}],
               "eu": the same},
   "circles": [[names]]}
Refused: {"refused": true, "problems": [{"line", "column", "value", "reason"}]}, and exit code 1.
"""


class Command(BaseCommand):
    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="EDGES.csv")
        parser.add_argument("--json", action="store_true", dest="as_json")
        parser.add_argument("--country", default="", help="its threshold, where stricter")
        parser.add_argument("--on", type=date.fromisoformat, help="the rules of this day; today")

    def handle(self, *, file: Path, as_json: bool, country: str, on: date | None, **_: object) -> None:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        graph, problems = read_edges(content)
        if graph is None:
            if as_json:
                named = [
                    {"line": each.line, "column": each.column, "value": each.value, "reason": each.reason}
                    for each in problems
                ]
                self.stdout.write(json.dumps({"refused": True, "problems": named}, ensure_ascii=False))
            raise CommandError("\n".join(["The file is refused.", *map(str, problems)]))
        day = on or timezone.localdate()
        if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
            raise CommandError(f"--country {country}: write the two letters of a country, as CH.")
        try:
            figures = pack("ownership", day)
        except LookupError as error:
            raise CommandError(str(error)) from error
        threshold = threshold_of(figures.body, [country.upper()] if country else [])
        told: dict[str, Any] = {"on": day.isoformat(), "pack_version": figures.version}
        told |= report(graph, threshold, regimes(figures.body))
        self.stdout.write(json.dumps(told, ensure_ascii=False) if as_json else "\n".join(report_lines(told)))
