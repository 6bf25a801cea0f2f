"""make_demo_list: an own list for the demo bank, so that screening finds something before OFAC is loaded."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from audit.record import coming_from
from clients.models import Party
from compliance.actions import import_list
from rmcrm.synthetic import truths
from staff.night import night_shift
from ui.carrying import NIGHT_SHIFT, carrying

NAMESAKES = 6  # entries who share no more than a name with a client: what two officers decide by the dozen
ELSEWHERE = "VE"


def _namesakes() -> Any:
    clients = Party.objects.filter(is_client=True, kind="person", born_on__isnull=False)
    return clients.exclude(nationality=ELSEWHERE).order_by("pk")[:NAMESAKES]


class Command(BaseCommand):
    help = "Bring the demo's own list into force: the names that make_bank planted."

    @carrying(None, NIGHT_SHIFT)
    def handle(self, *args: Any, **options: Any) -> None:
        with coming_from("manage make_demo_list"):
            version = import_list(None, by=night_shift(), source="csv", file=demo_list(), called="demo")
        self.stdout.write(f"{version.source} is active: {version.entities} entities.")


def demo_list(without: frozenset[str] = frozenset()) -> io.BytesIO:
    """The list as the reader of own lists wants it (compliance/lists/own.py); `without` these references."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["reference", "name", "kind", "born_on", "countries", "programmes"])
    rows.writerows(entry for entry in _entries() if entry[0] not in without)
    return io.BytesIO(text.getvalue().encode())


def _entries() -> Iterator[list[str]]:
    why = "On the list of US Treasury"
    for number, one in enumerate(truths.SANCTIONED_PERSONS, 1):
        name = f"{one.family.upper()}, {one.given}"
        yield [f"P-{number:03}", name, "person", one.born, one.nationality, why]
    for number, firm in enumerate(truths.SANCTIONED_FIRMS, 1):
        yield [f"F-{number:03}", firm, "organisation", "", "", why]
    for number, party in enumerate(_namesakes(), 1):
        born = party.born_on.replace(year=party.born_on.year - 31, day=1)
        yield [f"N-{number:03}", party.name, "person", born.isoformat(), ELSEWHERE, why]
