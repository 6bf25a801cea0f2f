"""Who may open a team's books is looked at anew: every half year at least, line by line. Pure.

DORA, RTS 2024/1774 Art. 21: access rights are reviewed once a year, for what is critical every six months.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rulebook.days import add_months


def due_on(certified_on: date | None, first_due: date, months: int) -> date:
    """Months after the last signature; a team that never signed has until `first_due`."""
    return first_due if certified_on is None else add_months(certified_on, months)


def digest_of(lines: Sequence[Mapping[str, Any]]) -> str:
    """Of what was read: whoever signs signs these lines and no others. Also the seal of what was signed."""
    return hashlib.sha256(json.dumps(list(lines), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def refusals_to_sign(signed: bool, seen: str, now: str, missing: int) -> list[str]:
    """Once, of what stands there now, and of every line."""
    if signed:
        return ["This recertification is signed already."]
    if seen != now:
        return ["Who may open these books has changed since you opened the page: read it again."]
    return [] if not missing else ["Decide on every line: keep it or end it."]


def refusals_to_end(what: str, role: str) -> list[str]:
    """A book without an owner serves nobody."""
    if what == "member" and role == "owner":
        return ["The owner of a book is not ended here: hand the book over."]
    return []


def refusals_to_begin(due_on: date, today: date, months: int) -> list[str]:
    """Before its time, and not after it."""
    if due_on <= today:
        return ["Give the lead a day after today."]
    if due_on > add_months(today, months):
        return [f"At most {months} months from today: by then it is due by itself."]
    return []


def refusals_to_ask_teams(asked: int, owing: int) -> list[str]:
    """A team owes one at a time: what is under way is signed first."""
    if asked:
        return []
    if owing == 1:
        return ["This team owes a recertification already: it stands on the list."]
    return ["Every team with books owes a recertification already." if owing else "No such team has books."]
