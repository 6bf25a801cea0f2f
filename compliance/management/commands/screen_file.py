"""manage.py screen_file PERSONS.csv: whom of a file the active lists may mean. Nothing is stored."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from compliance import selectors
from compliance.lists.countries import country_code
from compliance.management.reading import rows_of
from compliance.models import ListedEntity
from compliance.rules import screening as rules
from rulebook.selectors import pack


class Command(BaseCommand):
    help = "Screen a CSV of persons (full_name, date_of_birth, nationality) against the active lists."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("persons", type=Path)
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, persons: Path, as_json: bool, **_: object) -> None:
        lists = selectors.active_lists()
        if not lists:
            raise CommandError(
                "No sanctions list is active. Import one first: manage.py import_list ofac FILE"
            )
        threshold = int(pack("kyc", timezone.localdate())["screening_threshold"])
        hits, bad, count = [], [], 0
        for line, row, why in rows_of(persons, ("full_name",)):
            someone, why = (None, why) if why else _someone(row)
            if someone is None:
                bad.append({"line": line, "why": why})
                continue
            count += 1
            for entity_id, likeness in selectors.likenesses_of(someone, threshold):
                hits.append((line, row["full_name"], entity_id, likeness))
        entities = ListedEntity.objects.in_bulk({entity_id for _, _, entity_id, _ in hits})
        told = {
            "persons": count,
            "persons_with_hits": len({line for line, *_ in hits}),
            "lists": {each.source: str(each.published_on) for each in lists},
            "threshold": threshold,
            "scorer": rules.SCORER,
            "bad_rows": bad,
            "hits": [
                _told(line, name, entities[entity_id], likeness) for line, name, entity_id, likeness in hits
            ],
        }
        self.stdout.write(json.dumps(told, ensure_ascii=False) if as_json else _as_text(told))


def _someone(row: dict[str, str]) -> tuple[rules.Someone | None, str]:
    if not row["full_name"]:
        return None, "full_name is empty"
    born = row.get("date_of_birth", "")
    try:
        born_on = date.fromisoformat(born) if born else None
    except ValueError:
        return None, f"date_of_birth is “{born[:40]}”, not a day as 1964-09-18"
    written = row.get("nationality", "")
    country = written.upper() if len(written) == 2 else country_code(written)
    countries = frozenset({country} - {""})
    return rules.Someone("person", (row["full_name"],), born_on, countries), ""


def _told(line: int, name: str, entity: ListedEntity, likeness: rules.Likeness) -> dict[str, Any]:
    return {
        "line": line,
        "full_name": name,
        "entity": entity.name,
        "list": entity.source,
        "reference": entity.reference,
        "score": likeness.score,
        "name_score": likeness.name,
        "sentence": likeness.sentence,
    }


def _as_text(told: dict[str, Any]) -> str:
    lines = [
        f"{told['persons']:,} persons, {told['persons_with_hits']:,} with hits, {len(told['hits']):,} hits "
        f"(lists: {', '.join(f'{source} of {day}' for source, day in told['lists'].items())})."
    ]
    lines += [f"Line {each['line']} was left out: {each['why']}." for each in told["bad_rows"]]
    lines += [
        f"Line {each['line']}, {each['full_name']}: {each['score']} {each['list']} {each['reference']} "
        f"{each['entity']}. {each['sentence']}"
        for each in told["hits"]
    ]
    return "\n".join(lines)
