"""A rating set by hand: upward by one person, downward by two, with a reason and an end. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

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


def refusals_to_override(
    *,
    level: str,
    computed: str,
    holds: str,
    floor: str,
    until_on: date,
    today: date,
    most_days: int,
    waiting: bool,
) -> list[str]:
    """EBA/GL/2021/02: an override is reasoned, limited, and never undercuts what the law fixes.

    holds: the level of today, by an override in force or as computed. Back to the computed one it ends.
    """
    if computed not in LEVELS:
        return ["This client is not rated yet: record the KYC facts first."]
    refusals = []
    if level == holds:
        refusals.append("That is the rating that holds already.")
    if not is_upward(level, computed) and level != computed and floor:
        refusals.append("The rating rests on a floor, which no override undercuts.")
    if waiting:
        refusals.append("An override already waits for its second person.")
    if until_on <= today:
        refusals.append("Choose a last day after today.")
    elif until_on > today + timedelta(days=most_days):
        refusals.append(f"An override ends after {most_days} days at the latest.")
    return refusals


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
