"""Is this somebody the bank has already? What agrees, and how much that says. Pure.

Names are compared folded to Latin letters, so any script meets any other. A shared phone alone says little (a
family has one), a shared identity paper all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz

from clients.words import fold, key_of

LEAST = 60  # points from which two may be the same
NEUTRAL = (
    "Compliance compares every opening with the whole bank, also with files that you do not see. "
    "You hear of it only if something must be mended."
)
REASONS = {
    "identifier": "the same identity paper or register number",
    "email": "the same e-mail address",
    "phone": "the same phone number",
    "name": "the same name",
    "similar_name": "a similar name",
    "birth": "the same date of birth",
    "other_birth": "another date of birth",
}
_POINTS = {"identifier": 100, "email": 45, "phone": 35, "name": 50, "similar_name": 35, "birth": 35}
_AGAINST = {"other_birth": 30}


@dataclass(frozen=True)
class Somebody:
    """Whom the check compares: one that is to be opened, or one that is there."""

    names: tuple[str, ...]
    born_on: date | None = None
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    identifiers: frozenset[str] = frozenset()  # "CH:X1234567"


def identifier_key(country: str, number: str) -> str:
    return f"{country}:{key_of(number)}"


@dataclass(frozen=True)
class Likeness:
    score: int  # 0 to 100
    reasons: tuple[str, ...]  # codes, what says most first

    @property
    def sentence(self) -> str:
        words = [REASONS.get(code, code) for code in self.reasons]
        return (", ".join(words)).capitalize() + "." if words else ""


def likeness(new: Somebody, known: Somebody) -> Likeness | None:
    """None when nothing, or too little, agrees."""
    found = []
    if new.identifiers & known.identifiers:
        found.append("identifier")
    if {each.lower() for each in new.emails} & {each.lower() for each in known.emails}:
        found.append("email")
    if {key_of(each) for each in new.phones} & {key_of(each) for each in known.phones}:
        found.append("phone")
    nearness = _names_agree(new.names, known.names)
    if nearness == 100:
        found.append("name")
    elif nearness >= 87:
        found.append("similar_name")
    if new.born_on and known.born_on:
        found.append("birth" if new.born_on == known.born_on else "other_birth")
    score = sum(_POINTS.get(code, 0) - _AGAINST.get(code, 0) for code in found)
    # A birthday agrees with one in 25,000: without a name or a number it says nothing.
    if set(found) <= {"birth", "other_birth"} or score < _least(found):
        return None
    return Likeness(min(100, score), tuple(sorted(found, key=lambda code: -_POINTS.get(code, 0))))


def _least(found: Iterable[str]) -> int:
    """The same name and an unknown birthday is worth a look; a similar one needs something beside it."""
    return 50 if "name" in found and "other_birth" not in found else LEAST


def _names_agree(ours: Iterable[str], theirs: Iterable[str]) -> int:
    pairs = [(fold(a), fold(b)) for a in ours for b in theirs if a and b]
    return max((_alike(a, b) for a, b in pairs), default=0)


def _alike(a: str, b: str) -> int:
    """0 to 100; two whole words in common and nothing but more of them on one side is a similar name."""
    shorter, longer = sorted((set(a.split()), set(b.split())), key=len)
    ratio = int(fuzz.token_sort_ratio(a, b))
    return max(ratio, 90) if len(shorter) > 1 and shorter < longer else ratio


def refusals_to_decide_duplicate(state: str, verdict: str) -> list[str]:
    if state != "open":
        return ["A colleague has decided this pair already."]
    return [] if verdict in ("same", "different") else ["Say whether they are the same."]
