"""Which records of contacts are reviewed, by whom, and what a review decides. Pure.

MiFID II 2017/565 Art. 76: the bank reviews its records by risk. Everything of the kinds the figures name is
drawn; of the rest a random share, which anybody can draw again from the seed of the plan.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from math import ceil
from typing import Any

# Why a record was drawn, the gravest first: a record has one reason.
HIGH_RISK, OFF_CHANNEL, LATE, ADVICE_GAPS, RANDOM = "risk", "off_channel", "late", "advice_gaps", "random"
REASONS = (HIGH_RISK, OFF_CHANNEL, LATE, ADVICE_GAPS, RANDOM)

DRAWN, QUERIED, ANSWERED, FAILED, PASSED, REMEDIATED = (
    "drawn", "queried", "answered", "failed", "passed", "remediated",
)  # fmt: skip
OPEN = (DRAWN, QUERIED, ANSWERED, FAILED)
TO_DECIDE = (DRAWN, ANSWERED)


# --- the draw --------------------------------------------------------------------------------------------
def place_of(seed: str, interaction_id: int) -> str:
    """Where a record stands in the order of the draw: SHA-256 of "seed:id", as 64 hexadecimal digits."""
    return hashlib.sha256(f"{seed}:{interaction_id}".encode()).hexdigest()


def share_of(count: int, percent: float) -> int:
    """How many of `count` a share asks for, rounded up: of something at least one."""
    return ceil(count * percent / 100)


def drawn_of(seed: str, rest: Iterable[int], percent: float) -> list[int]:
    """The random part: the first of the rest in the order of `place_of`."""
    ordered = sorted(rest, key=lambda each: place_of(seed, each))
    return ordered[: share_of(len(ordered), percent)]


def why_always(told: Mapping[str, Any], figures: Mapping[str, Any]) -> str:
    """Why a record is drawn whatever the seed says, or "". `told`: risk, off_channel, late, gaps."""
    kinds = figures["always_kinds"]
    if told["risk"] in figures["always_risk"]:
        return HIGH_RISK
    for code, is_so in ((OFF_CHANNEL, "off_channel"), (LATE, "late"), (ADVICE_GAPS, "gaps")):
        if code in kinds and told[is_so]:
            return code
    return ""


def digest_of(population: Iterable[tuple[int, str]]) -> str:
    """SHA-256 over the whole population by id, a line "id:reason" each, "" for the rest."""
    whole = hashlib.sha256()
    for interaction_id, why in population:
        whole.update(f"{interaction_id}:{why}\n".encode())
    return whole.hexdigest()


def refusals_to_draw(first: date, last: date, today: date, overlaps: bool, unlocked: int) -> list[str]:
    """A period that is over, drawn once: who could draw again would draw until the sample pleases."""
    refusals = []
    if last < first:
        refusals.append("The period ends before it begins.")
    if last >= today:
        refusals.append("The period is not over: choose a last day before today.")
    if (last - first).days > 366:
        refusals.append("A plan covers a year at most.")
    if overlaps:
        refusals.append("Another plan covers some of these days: each record is drawn from once.")
    if unlocked:
        refusals.append(f"{unlocked} records of this period are not locked yet: draw when they are.")
    return refusals


# --- the review ------------------------------------------------------------------------------------------
def refusals_to_judge(*, own: bool, attended: bool, reviewer_above: bool) -> list[str]:
    """Nobody reviews the own work, nor what one's people did; all of it under whichever login.

    own  the reviewer logged it
    reviewer_above  the reviewer belongs to the author's team, or to one above it
    """
    if own:
        return ["You logged it yourself: a colleague reviews it."]
    if attended:
        return ["You attended: a colleague reviews it."]
    return ["The author works in your team or below it: a colleague reviews it."] if reviewer_above else []


def refusals_to_decide(state: str) -> list[str]:
    return {
        QUERIED: ["A question is open: decide when it is answered."],
        PASSED: ["It passed already."],
        FAILED: ["It failed; what is to be mended comes next."],
        REMEDIATED: ["It was mended and is closed."],
    }.get(state, [])


def refusals_to_pass(not_met: Sequence[str]) -> list[str]:
    """A record passes when the officer finds every required line met."""
    return [f"You marked as not met: {', '.join(not_met)}. Ask, or let it fail."] if not_met else []


NO_WORDS = {
    "query": "Say what you ask.", "fail": "Say what is to be mended.", "reject": "Say what is still missing.",
}  # fmt: skip


def refusals_of_no_words(decision: str, words: str) -> list[str]:
    """Whoever is asked, or is to mend it, must read what."""
    return [] if words.strip() else [NO_WORDS[decision]]


def refusals_to_send(served: bool, words: str, decision: str) -> list[str]:
    """A question or a task needs words, and somebody to whom it goes."""
    refusals = refusals_of_no_words(decision, words)
    if not served:
        refusals.append("Nobody serves this client now: its author is gone and its book has no owner.")
    return refusals


def refusals_to_answer(state: str, by: int, asked: int | None, serving: Sequence[int]) -> list[str]:
    """Who was asked answers, or who serves the client now. serving: owner and deputies of the book."""
    refusals = []
    if state != QUERIED:
        refusals.append("No question is open here.")
    elif by != asked and by not in serving:
        refusals.append("The question went to a colleague.")
    return refusals


def refusals_to_close(state: str, task_done: bool) -> list[str]:
    """What was to be mended is checked by an officer once the task is done."""
    if state != FAILED:
        return ["Nothing is to be mended here."]
    return [] if task_done else ["The task is not done yet."]


def refusals_to_reject(state: str, task_done: bool, words: str) -> list[str]:
    """The officer finds it not mended and says why: the task opens again."""
    return refusals_to_close(state, task_done) or refusals_of_no_words("reject", words)


# --- attestation of channels -----------------------------------------------------------------------------
def period_before(today: date, months: int) -> tuple[date, date]:
    """(first, last day) of the last whole period; periods are counted from January."""
    first = date(today.year, (today.month - 1) // months * months + 1, 1)
    last = first - timedelta(days=1)
    begun = (last.month - 1) // months * months + 1
    return date(last.year, begun, 1), last


def refusals_to_attest(person: int, by: int, done: bool) -> list[str]:
    if person != by:
        return ["Everybody attests alone."]
    return ["You attested this period already."] if done else []


def refusals_to_remind_to_attest(done: bool, reminded_on: date | None, today: date) -> list[str]:
    if done:
        return ["This person attested already."]
    return ["A reminder went out today."] if reminded_on == today else []


def refusals_to_capture(person: int, by: int, captured: bool) -> list[str]:
    """Who declared it logs it."""
    if person != by:
        return ["Who used the channel logs what was said."]
    return ["It is logged already."] if captured else []
