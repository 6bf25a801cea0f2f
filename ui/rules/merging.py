"""Two save the same form: what each changed, field by field. Pure.

`seen` is what the page showed when it was opened, `current` what is stored now, `mine` what comes in. Where a
colleague changed a field meanwhile and this person sends something else, there is a choice; where this person
had not touched the field, the colleague's is proposed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Clash:
    """A field that somebody else changed while this person wrote something else there."""

    field: str
    before: str
    theirs: str
    mine: str

    @property
    def untouched(self) -> bool:
        return self.mine == self.before


def as_text(value: Any) -> str:
    """How a field's value is compared: lists sorted, nothing as ""."""
    if value is None:
        return ""
    if isinstance(value, list | tuple | set | frozenset):
        return ",".join(sorted(map(as_text, value)))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def as_seen(current: Mapping[str, Any]) -> str:
    """What a page shows, to come back with the form."""
    return json.dumps({field: as_text(value) for field, value in current.items()})


def seen_of(text: str) -> dict[str, str]:
    """What came back; anything else than what a page wrote is nothing seen."""
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def clashes(seen: Mapping[str, str], current: Mapping[str, Any], mine: Mapping[str, Any]) -> list[Clash]:
    """The fields to choose for. What was never seen (a page of an older version) cannot clash."""
    found = []
    for field in mine:
        if field not in seen or field not in current:
            continue
        before, theirs, own = as_text(seen[field]), as_text(current[field]), as_text(mine[field])
        if theirs not in (before, own):
            found.append(Clash(field, before, theirs, own))
    return found


def refusals_to_overwrite(found: list[Clash], who: str) -> list[str]:
    """For the moment between look and save, when there is no page to choose on."""
    who = who or "A colleague"
    return [
        f"{who} changed “{clash.field.replace('_', ' ')}” meanwhile. Open the page again and choose."
        for clash in found
    ]
