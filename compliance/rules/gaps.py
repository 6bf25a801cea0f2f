"""What a file may lack: each requirement says what, why by the law, and where it is mended. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class Group(StrEnum):
    """Which queue of the desk it stands in once it has a last day."""

    PAPER = "paper"  # papers of identity
    FORM = "form"  # tax forms and proofs that end
    MEASURE = "measure"  # enhanced measures
    FACT = "fact"  # what has no end: it is there, or it is missing


def _no_figures(on: date) -> dict[str, Any]:
    return {}


# (client id, last day of what there is or None, id of the place where it is mended or None)
Found = tuple[int, date | None, int | None]


@dataclass(frozen=True)
class GapRule:
    """One requirement, declared in a room's gaps.py and listed in rmcrm/schedule.py.

    find      SQL giving client_id, ends_on and place_id of the clients `ANY(%(ids)s)` that lack it or of
              whom it ends before %(horizon)s; or a function (ids, day) -> such rows, where SQL cannot tell
    sentence  the rule, in words
    url       the page where it is mended, by URL name, with the client's id
    place     that page where `place_id` is given
    figures   day -> further parameters of `find`, from rule packs; each name begins with the kind
    """

    kind: str
    label: Any
    sentence: Any
    find: str | Callable[[Sequence[int], date], list[Found]]
    url: str
    place: str = ""
    act: Any = ""  # what to ask the relationship manager for, as the title of a task
    group: Group = Group.FACT
    figures: Callable[[date], Mapping[str, Any]] = field(default=_no_figures)
