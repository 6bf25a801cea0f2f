"""manage.py import_clients FILE --mapping FILE: a bank's own clients, all of them or none."""

import json
import time
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.record import coming_from
from onboarding.actions import imports as actions
from onboarding.importing.reading import Unreadable, look
from onboarding.models import ClientImport, ImportProblem
from onboarding.rules.imports.mapping import BadMapping, Mapping, read_mapping
from onboarding.selectors import imports as shown
from staff.night import command_line
from ui.carrying import COMMAND_LINE, carrying
from ui.refusals import Refused

SHOWN = 20  # of each kind so many are printed; --json tells all that are kept


class Command(BaseCommand):
    help = "Import clients from a CSV or XLSX file, all or none. Run again, it changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, required=True, help="JSON, see docs/importing-clients.md")
        parser.add_argument("--dry-run", action="store_true", help="check everything, load nothing")
        parser.add_argument("--json", action="store_true", dest="as_json")

    @carrying(None, COMMAND_LINE)
    def handle(self, *, file: Path, mapping: Path, dry_run: bool, as_json: bool, **_: object) -> None:
        begun = time.perf_counter()
        with coming_from("manage import_clients"):
            try:
                found = self._check(file, mapping)
                checked = time.perf_counter()
                told = self._told(found)
                if not dry_run and not found.errors and found.fresh:
                    found = actions.load_import(None, by=command_line(), import_id=found.pk)
                    told["loaded"] = found.fresh
                else:
                    actions.discard_import(None, by=command_line(), import_id=found.pk)
            except Refused as refused:
                raise CommandError(" ".join(refused.sentences)) from refused
        done = time.perf_counter()
        told |= {
            "dry_run": dry_run,
            "seconds": round(done - begun, 2),
            "seconds_check": round(checked - begun, 2),
            "seconds_load": round(done - checked, 2),
            "rows_per_second": round(told["read"] / (done - begun)),
        }
        self.stdout.write(json.dumps(told, ensure_ascii=False) if as_json else "\n".join(_lines(told)))
        if told["error_count"]:
            raise CommandError("Nothing was imported.")

    def _check(self, file: Path, mapping: Path) -> ClientImport:
        try:
            told = json.loads(mapping.read_text(encoding="utf-8-sig"))
            with file.open("rb") as opened:
                table = look(opened, file.name)
                wanted = read_mapping(told, table.how)
                if wanted.file != table.how:
                    table = look(opened, file.name, wanted.file)
                opened.seek(0)
                found = actions.upload_clients(
                    None,
                    by=command_line(),
                    file=File(opened, name=file.name),
                    table=table,
                    mapping=Mapping(table.how, wanted.fields),
                )
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror}.") from error
        except json.JSONDecodeError as error:
            raise CommandError(f"{mapping.name} is no JSON: line {error.lineno}, {error.msg}.") from error
        except (UnicodeDecodeError, RecursionError) as error:
            raise CommandError(f"{mapping.name} is no mapping: save it again as JSON in UTF-8.") from error
        except (BadMapping, Unreadable) as error:
            raise CommandError(str(error)) from error
        return actions.check_import(found.pk, by=command_line())

    @staticmethod
    def _told(found: ClientImport) -> dict[str, Any]:
        problems: dict[str, list[dict[str, Any]]] = {kind: [] for kind in ImportProblem.Kind.values}
        for row in shown.problems(command_line(), found):
            problems[row.kind].append(
                {
                    "line": row.line,
                    "column": shown.column_of(found, row.column),
                    "value": row.value,
                    "reason": row.reason,
                }
            )
        return {
            "import": found.pk,
            "read": found.read,
            "new": found.fresh,
            "known": found.known,
            "loaded": 0,
            "columns_not_taken": [
                {"column": column, "example": example}
                for column, example in shown.not_taken(found, shown.mapping_of(found))
            ],
            "error_count": found.errors,
            "duplicate_count": found.duplicates,
            "errors": problems["error"],
            "warnings": problems["warning"],
            "duplicates": problems["duplicate"],
            "already_here": problems["known"],
        }


def _lines(told: dict[str, Any]) -> list[str]:
    lines = [
        f"not taken: column {each['column']}, for example {each['example']!r}"
        for each in told["columns_not_taken"]
    ]
    for kind, name in (("errors", "error"), ("warnings", "warning"), ("duplicates", "perhaps a duplicate")):
        for each in told[kind][:SHOWN]:
            lines.append(
                f"{name}: line {each['line']}, column {each['column']}: {each['value']!r} {each['reason']}"
            )
        if (more := len(told[kind]) - SHOWN) > 0:
            lines.append(f"… and {more:,} more.")
    return [
        *lines,
        f"{told['read']:,} lines read: {told['new']:,} new clients, {told['known']:,} here already, "
        f"{told['error_count']:,} wrong cells, {told['duplicate_count']:,} perhaps duplicates.",
        f"{told['loaded']:,} clients loaded in {told['seconds']:.1f} s "
        f"({told['rows_per_second']:,} lines a second; check {told['seconds_check']:.1f} s, "
        f"load {told['seconds_load']:.1f} s).",
    ]
