"""Which figures are in force on a day."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from rulebook.models import RulePack


@dataclass(frozen=True)
class Pack:
    """One version of one set of figures. Store `version` beside every decision it judged."""

    name: str
    version: int
    body: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.body[key]


def pack(name: str, on: date) -> Pack:
    """The activated version of `name` in force on that day. 1 query. LookupError when there is none."""
    found = (
        RulePack.objects.filter(name=name, valid_from__lte=on, activated_at__isnull=False)
        .order_by("-valid_from", "-version")
        .first()
    )
    if found is None:
        raise LookupError(f"No rule pack {name!r} is in force on {on}.")
    return Pack(found.name, found.version, found.body)
