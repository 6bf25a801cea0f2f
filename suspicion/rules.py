"""How a suspicion is worked: its states, its clocks in working days, and what may be decided when.

EU AMLR (2024/1624): Art. 69 report promptly and answer the FIU within 5 working days, Art. 71 wait for its
instruction, Art. 73 tell nobody, Art. 77 keep for 5 years. The figures are in the rule pack "suspicion".
"""

from datetime import date
from enum import StrEnum
from typing import Any

from compliance.rules.keeping import years_after
from rulebook.calendars import working_days


class State(StrEnum):
    RECEIVED = "received"
    ASSESSING = "assessing"
    REPORTING = "reporting"
    REPORTED = "reported"
    CLOSED = "closed"


class Decision(StrEnum):
    MORE = "more"
    REPORT = "report"
    NO_REPORT = "no_report"
    CLOSE = "close"
    REOPEN = "reopen"


# What can be decided in a state, and the state it leads to. A received case is taken up first.
DECISIONS: dict[State, dict[Decision, State]] = {
    State.RECEIVED: {},
    State.ASSESSING: {
        Decision.MORE: State.ASSESSING,
        Decision.REPORT: State.REPORTING,
        Decision.NO_REPORT: State.CLOSED,
    },
    State.REPORTING: {Decision.NO_REPORT: State.CLOSED},
    State.REPORTED: {Decision.REPORT: State.REPORTING, Decision.CLOSE: State.CLOSED},
    State.CLOSED: {Decision.REOPEN: State.ASSESSING},
}
# The figure (working days) that runs in a state; a reported case waits for the FIU.
CLOCK_OF = {
    State.RECEIVED: "take_up_days",
    State.ASSESSING: "decide_days",
    State.REPORTING: "file_days",
    State.REPORTED: "waiting_days",
}
REASONS = "Write down the reasons: they must be understood years from now."


def due_on(state: State, since: date, figures: dict[str, Any]) -> date:
    """Until when a case may stay in `state`, which it came to on `since`."""
    return working_days(figures["calendar"]).after(since, figures[CLOCK_OF[state]])


def answer_due_on(received_on: date, urgent: bool, figures: dict[str, Any]) -> date:
    """Until when the FIU wants its answer (Art. 69: 5 working days, less when it says so)."""
    days = figures["urgent_answer_days" if urgent else "answer_days"]
    return working_days(figures["calendar"]).after(received_on, days)


def tone(due: date, today: date, figures: dict[str, Any]) -> str:
    """How near a clock is to its end: "late", "warn" or "neutral"."""
    if due < today:
        return "late"
    soon = working_days(figures["calendar"]).after(today, figures["warn_days"])
    return "warn" if due <= soon else "neutral"


# --- may it be so? ---------------------------------------------------------------------------------------
def refusals_to_take_up(state: str) -> list[str]:
    return [] if state == State.RECEIVED else ["This case was taken up already."]


def refusals_to_note(state: str) -> list[str]:
    return ["A closed case is not written in. Open it again first."] if state == State.CLOSED else []


def refusals_to_decide(state: str, decision: str, reason: str, unanswered: int) -> list[str]:
    """Every decision has its reasons, also the one not to report; the FIU is answered before a case ends."""
    found = []
    if state == State.RECEIVED:
        found.append("Take the case up first: who assesses it is part of the record.")
    elif decision not in DECISIONS[State(state)]:
        found.append("This cannot be decided as the case stands now. Load the page again.")
    if not reason.strip():
        found.append(REASONS)
    if decision in (Decision.NO_REPORT, Decision.CLOSE) and unanswered:
        found.append("The FIU waits for an answer in this case.")
    return found


def refusals_to_draft(state: str) -> list[str]:
    return [] if state == State.REPORTING else ["Decide to report first."]


def refusals_to_file(
    state: str, grounds: str, reference: str, filed_on: date | None, drafted_on: date, today: date
) -> list[str]:
    """What was filed is fixed: it needs its text, the reference of the FIU and the day."""
    found = refusals_to_draft(state)
    if not grounds.strip():
        found.append("Write the report first: its facts and grounds.")
    if not reference.strip():
        found.append("Give the reference under which the FIU received it.")
    if filed_on is None or not drafted_on <= filed_on <= today:
        found.append("A report is filed between the day it was begun and today.")
    return found


def refusals_to_hear(filed_on: date | None, answered: bool, heard_on: date | None, today: date) -> list[str]:
    """What the FIU said to a report is noted once."""
    if filed_on is None:
        return ["Only to a filed report can the FIU say something."]
    if answered:
        return ["What the FIU said is noted already. Write what came later as a note."]
    if heard_on is None or not filed_on <= heard_on <= today:
        return ["The FIU answers between the day of the report and today."]
    return []


def refusals_to_rule(reason: str) -> list[str]:
    """Legal hold and access requests are decided case by case, each with its reasons."""
    return [] if reason.strip() else [REASONS]


def kept_until(decided_on: date, ended_on: date | None, figures: dict[str, Any]) -> date:
    """The last day a closed case is kept: years after it and the relationship have ended (AMLR Art. 77).

    ended_on: the relationship; None of a case about nobody, or about a file that was deleted since.
    """
    return years_after(max(decided_on, ended_on or decided_on), int(figures["keep_years"]))


def refusals_to_purge(
    state: str,
    legal_hold: bool,
    served: bool,
    until: date | None,
    unanswered: int,
    today: date,
) -> list[str]:
    """Deleted is only what nobody needs any more; `until`: the last day it is kept, None while it is open."""
    found = []
    if state != State.CLOSED or until is None:
        return ["The case is open."]
    if legal_hold:
        found.append("It is under legal hold: nothing of it is deleted.")
    if served:
        found.append("The client is still with the bank: the years begin when the relationship ends.")
    elif until >= today:
        found.append(f"It is kept until {until.day} {until:%b %Y} (AMLR Art. 77).")
    if unanswered:
        found.append("The FIU waits for an answer in this case.")
    return found


def refusals_to_answer(answered: bool, answer: str) -> list[str]:
    if answered:
        return ["This request was answered already."]
    return [] if answer.strip() else ["Write what was answered."]
