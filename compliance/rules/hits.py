"""What two people may decide about a hit, how long it holds, and what makes it open again. Pure.

A decision holds only for what it was made on: the client's facts that were compared, the entry of the list.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from rulebook.rules.figures import country_name

# Codes; their words stand in compliance.forms.screening, where they are translated.
NO_MATCH_REASONS = (
    "other_birth_date", "other_country", "other_person", "other_kind", "common_name", "delisted",
    "struck_out",
)  # fmt: skip
MATCH_REASONS = ("same_papers", "same_birth", "client_says")
ESCALATION_REASONS = ("unclear", "papers_needed", "senior")
REASONS = {"no_match": NO_MATCH_REASONS, "match": MATCH_REASONS, "escalate": ESCALATION_REASONS}
RETURN_REASONS = ("not_shown", "not_looked_at", "paper_missing", "other_verdict", "other")
ON_PAPERS = frozenset({"other_person", "same_papers"})  # who decides by these names the paper

CLOSED_BY_THE_LIST = frozenset({"delisted", "unlike"})
# The words of a hit whose match two people confirmed and whose entry the list then dropped.
GONE = "No longer on the list: two people decide whether the client is free."
CHECK_OPEN = "A compliance check of this client is open."  # all that may be said: no hit, no list, no match


# The client's facts that are compared, in the words of the page that says what changed.
FACTS = {
    "name": "the client's name",
    "native_name": "the name in its own script",
    "kind": "the kind of client",
    "born_on": "the client's date of birth",
    "nationality": "the client's nationality",
    "residence": "the client's residence",
    "identifiers": "the client's papers",
}
ENTRY = {
    "name": "the listed name",
    "names": "the listed names",
    "kind": "the listed kind",
    "born_on": "the listed dates of birth",
    "born_in": "the listed places of birth",
    "countries": "the listed countries",
    "programmes": "the programmes",
    "identifiers": "the listed papers",
}


def seal_of(snapshot: dict[str, Any]) -> str:
    """A hash of all that a decision was made on: a later change of one letter shows."""
    return hashlib.sha256(json.dumps(snapshot, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def changes(before: dict[str, Any], now: dict[str, Any], words: dict[str, str]) -> list[list[str]]:
    """[what, before, now] of each fact that differs, in words."""
    return [
        [said, _written(key, before.get(key)), _written(key, now.get(key))]
        for key, said in words.items()
        if (before.get(key) or "") != (now.get(key) or "")
    ]


def _written(key: str, value: Any) -> str:
    if key in ("nationality", "residence", "countries"):
        value = ", ".join(map(country_name, str(value or "").split()))
    if isinstance(value, list) and value:
        return "; ".join(" ".join(map(str, each)) if isinstance(each, list) else str(each) for each in value)
    return str(value or "–")


def state_after(state: str, *, alike: bool, client_changed: bool, entry_changed: bool, frozen: bool) -> str:
    """The state of a hit whose entry is still listed, after the pair was compared anew.

    A change of the client's data never closes a hit by itself: whoever writes the file must not decide it.
    """
    if state in CLOSED_BY_THE_LIST:
        return "open" if alike else state
    if not (client_changed or entry_changed):
        return state
    if alike:
        return "open"
    if state == "cleared":
        return state
    return "open" if client_changed or frozen else "unlike"


# --- refusals --------------------------------------------------------------------------------------------


def refusals_to_go_on(frozen: bool) -> list[str]:
    """What a confirmed match says to whoever wants to open, sell or review: nothing but this."""
    return [CHECK_OPEN] if frozen else []


def refusals_to_propose(state: str, verdict: str, reason: str, *, passed_on: bool = False) -> list[str]:
    """The first of two people: a verdict with a reason from the list. A decision may be taken up again."""
    if refusals := refusals_to_be_first(state, passed_on=passed_on):
        return refusals
    if verdict not in ("match", "no_match"):
        return ["Say whether it is a match or no match."]
    if state == {"match": "confirmed", "no_match": "cleared"}[verdict]:
        return ["This is what was decided: choose the other verdict to overturn it."]
    return [] if reason in REASONS[verdict] else ["Choose a reason that fits the verdict."]


def refusals_to_be_first(state: str, *, passed_on: bool) -> list[str]:
    """Who passed a hit on has said that somebody else decides it. passed_on: by any login of the person."""
    if state == "proposed":
        return ["A colleague has decided this hit meanwhile: it waits for a second person."]
    if state in CLOSED_BY_THE_LIST:
        return ["The list closed this hit: there is nothing to decide."]
    if state == "escalated" and passed_on:
        return ["You escalated this hit: another officer decides it first."]
    return []


# Reason -> (what was compared, what it must not have shown, why the reason does not hold then).
_CONTRADICTED = {
    "other_birth_date": ("born", "same", "The date of birth is the same on both sides"),
    "other_country": ("country", "same", "The countries agree"),
    "other_kind": ("kind", "same", "Both are of the same kind"),
    "same_birth": ("born", "differs", "The dates of birth differ"),
}


def refusals_of_the_contradicted(
    reason: str, details: Mapping[str, Any], *, gone: bool, numbered: bool, mistaken: bool
) -> list[str]:
    """A reason holds only while what was compared does not say otherwise.

    gone: listed no more. numbered: the list tells the number of a paper. mistaken: the party never stood on
    the file.
    """
    if reason == "struck_out" and not mistaken:
        return ["The party was not struck out of the file: this reason does not hold."]
    if reason == "delisted" and not gone:
        return ["The entry is still on the list: this reason does not hold."]
    if reason == "same_papers" and not numbered:
        return ["The list tells no number of a paper: this reason does not hold."]
    what, shown, sentence = _CONTRADICTED.get(reason, ("", "", ""))
    return [f"{sentence}: this reason does not hold."] if what and details.get(what) == shown else []


def refusals_of_the_paperless(reason: str, paper: str) -> list[str]:
    """What papers show, a paper shows: the second officer and an auditor must be able to ask for it.

    paper: one on file, or which it was and who saw it, in words.
    """
    if reason not in ON_PAPERS or len(paper.split()) > 2:
        return []
    return ["Choose the paper, or say in words which paper it was and who saw it."]


def refusals_to_escalate(state: str, reason: str) -> list[str]:
    """One officer is enough to pass it on."""
    if state != "open":
        return ["Only an open hit is escalated."]
    if reason not in ESCALATION_REASONS:
        return ["Choose why it is escalated."]
    return []


def refusals_to_confirm(state: str, *, own: bool) -> list[str]:
    """The second of two people, whoever they are today. own: the same person decided first, by any login."""
    if state in ("open", "escalated"):
        return ["Nobody has decided this hit yet, or the decision was returned."]
    if state != "proposed":
        return ["A colleague has confirmed this decision already."]
    if own:
        return ["You decided this hit first: another officer confirms or returns it."]
    return []


def refusals_to_say_why_returned(reason: str, words: str) -> list[str]:
    """Whoever decided first decides anew by what stands here."""
    if reason not in RETURN_REASONS:
        return ["Choose why it is returned."]
    return [] if words.strip() else ["Say it in words: whoever decided first goes on by them."]


def refusals_of_the_unread(seen: int | None, last: int) -> list[str]:
    """Nobody confirms another verdict than the one on the page that was read."""
    return [] if seen in (None, last) else ["It was decided anew since you opened it: read it once more."]


def refusals_of_the_stale(same_facts: bool, listed: bool) -> list[str]:
    """A decision is made on the facts of today: until they are compared anew, it waits."""
    if same_facts and listed:
        return []
    whose = "The client's data" if listed else "The entry of the list"
    return [f"{whose} changed since this was compared: it is compared anew within minutes."]


def refusals_to_assign(state: str, may_decide: bool) -> list[str]:
    """A hit is given to somebody who may decide it, while there is something to decide."""
    if state not in ("open", "proposed", "escalated"):
        return ["This hit is decided: there is nothing to look at."]
    return [] if may_decide else ["Give it to somebody who decides hits."]


# --- by the dozen ----------------------------------------------------------------------------------------


def why_obvious(score: int, details: Mapping[str, Any], figures: Mapping[str, Any]) -> str:
    """The reason by which this is obviously nobody on the list; "" where an officer looks at it alone.

    Nothing but the name may speak for it, and the facts must be those of the day it was found: whoever
    writes the file does not make a hit obvious. `figures`: rule pack "hits".
    """
    if (
        score > figures["batch_highest_score"]
        or details.get("papers") != "unknown"
        or details.get("born") not in ("differs", "unknown")
        or details.get("country") not in ("differs", "unknown")
        or details.get("changed")
    ):
        return ""
    if figures["batch_other_kind"] and details.get("kind") == "differs":
        return "other_kind"
    return "other_birth_date" if details.get("apart", 0) >= figures["batch_birth_years"] else ""


LOOKED_AT = "Not obvious by the facts: it is looked at one by one."


def refusals_to_batch(state: str, obvious: str, *, frozen: bool) -> list[str]:
    """Only what is obviously nobody on a list is decided by the dozen: open, and never found a match."""
    if state == "escalated":
        return ["An escalated hit is decided one by one."]
    if state != "open":
        return ["It waits for no first officer any more."]
    return [] if obvious and not frozen else [LOOKED_AT]


def refusals_to_confirm_in_batch(verdict: str, obvious: str, *, frozen: bool) -> list[str]:
    """The second of two agrees by the dozen with what the first could decide by the dozen."""
    if verdict == "match":
        return ["A match is decided one by one."]
    return [] if obvious and not frozen else [LOOKED_AT]
