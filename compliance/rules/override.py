"""A rating set by hand: upward by one person, downward by two, with a reason and an end. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from clients.rules.owners import Wrong
from compliance.rules.rating import LEVELS
from staff.rules import refusals_to_be_second


@dataclass(frozen=True)
class Override:
    level: str
    computed: str  # what the rating was when it was set: a downward override judged exactly that
    until_on: date


def is_upward(level: str, computed: str) -> bool:
    return computed not in LEVELS or LEVELS.index(level) > LEVELS.index(computed)


def is_lowering(level: str, holds: str) -> bool:
    """Below what holds today, by whatever it holds: that takes a second officer."""
    return holds in LEVELS and LEVELS.index(level) < LEVELS.index(holds)


def why_fallen(override: Override, computed: str, today: date) -> str:
    """Expired, or (downward) changed: what it judged is no longer so. "" while it holds."""
    if override.until_on < today:
        return "expired"
    downward = not is_upward(override.level, override.computed)
    return "changed" if downward and computed != override.computed else ""


def effective(computed: str, floor: str, override: Override | None) -> str:
    """The level that holds: an upward override never lowers, a downward one never undercuts a floor."""
    if override is None:
        return computed
    if is_upward(override.level, override.computed):
        return max(computed, override.level, key=LEVELS.index)
    return max(override.level, floor or LEVELS[0], key=LEVELS.index)


@dataclass(frozen=True)
class Rated:
    """What an override is judged by.

    holds: the level of today, by an override in force or as computed. Back to the computed one it ends.
    """

    computed: str
    holds: str
    floor: str
    most_days: int
    waiting: bool  # another one waits for its second person


def wrongs_of_override(level: str, until_on: date, rated: Rated, today: date) -> list[Wrong]:
    """EBA/GL/2021/02: an override is reasoned, limited, and never undercuts what the law fixes."""
    if rated.computed not in LEVELS:
        return [Wrong("", "This client is not rated yet: record the KYC facts first.")]
    found = []
    if level == rated.holds:
        found.append(Wrong("level", "That is the rating that holds already."))
    if not is_upward(level, rated.computed) and level != rated.computed and rated.floor:
        found.append(Wrong("level", "The rating rests on a floor, which no override undercuts."))
    if rated.waiting:
        found.append(Wrong("", "An override already waits for its second person."))
    if until_on <= today:
        found.append(Wrong("until_on", "Choose a last day after today."))
    elif until_on > today + timedelta(days=rated.most_days):
        found.append(Wrong("until_on", f"An override ends after {rated.most_days} days at the latest."))
    return found


def refusals_to_decide_override(state: str, *, own: bool) -> list[str]:
    """A downward override takes a second person (four eyes). own: the same one asked, by whichever login."""
    return refusals_to_be_second(state, own=own)


def refusals_to_end(state: str, level: str, computed: str) -> list[str]:
    """Whoever withdraws decides alone: so not what would lower the rating."""
    if state not in ("waiting", "in_force"):
        return ["This override has ended already."]
    if state == "in_force" and is_lowering(computed, level):
        return ["Without it the rating falls, and lowering takes two: ask for the computed rating instead."]
    return []
