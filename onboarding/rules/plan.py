"""The way of an opening: its steps, the stage it is in, and the action plan with owners and days. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from onboarding.rules.openings import Facts

# How the trade calls where an opening stands, and how that follows from the stored state.
STAGES = {
    "draft": "collecting, and nothing has come in yet",
    "documents_pending": "collecting, and something is missing",
    "revision_requested": "collecting, after a second person sent it back or a paper must be revised",
    "ready": "collecting, and nothing is missing: it can be submitted",
    "in_review": "in review",
    "edd_required": "in review, with high risk or a PEP: enhanced diligence, only compliance decides",
    "on_hold": "on hold",
    "set_aside": "set aside: the file is closed, and whoever works the book may take it up again",
    "approved": "approved: the client is active",
    "rejected": "rejected: the file is closed",
}


def stage(facts: Facts, missing: list[str]) -> str:
    """One of STAGES."""
    if facts.state == "in_review":
        return "edd_required" if facts.senior else "in_review"
    if facts.state != "collecting":
        return facts.state
    if facts.returned or any(document.state in ("to_revise", "rejected") for document in facts.documents):
        return "revision_requested"
    if not missing:
        return "ready"
    came = facts.facts_known or any(document.state != "missing" for document in facts.documents)
    return "documents_pending" if came else "draft"


@dataclass(frozen=True)
class Step:
    code: str
    label: str
    done: bool
    sentence: str


def steps(facts: Facts) -> list[Step]:
    """The way in seven steps, in the order the page shows them."""
    there = sum(document.state in ("in_review", "approved") for document in facts.documents)
    papers = len(facts.documents)
    known = facts.reached and (facts.kind == "person" or facts.signatories > 0) and not facts.owners_missing
    asked = facts.facts_known and all(
        (holder.main or holder.facts_known) and (holder.wealth_known or not facts.senior)
        for holder in facts.holders
    )
    open_forms = sum(len(holder.forms_missing) + len(holder.contradictions) for holder in facts.holders)
    tax_done = bool(facts.holders) and not open_forms
    words = {
        "in_review": "Waits for a second person",
        "approved": "Approved",
        "rejected": "Rejected",
        "set_aside": "Set aside",
    }
    return [
        Step("client", "Client data", known, "Complete" if known else "Incomplete"),
        Step("documents", "Documents", there == papers > 0, f"{there} of {papers}"),
        Step("facts", "KYC facts", asked, "Recorded" if asked else "Not all asked yet"),
        Step("tax", "Tax", tax_done, "Certified" if tax_done else f"{open_forms} open"),
        Step("products", "Products", bool(facts.products), f"{len(facts.products)} chosen"),
        Step("consents", "Consents", not facts.consents_missing, "Given" if not facts.consents_missing
             else f"{len(facts.consents_missing)} open"),
        Step("approval", "Approval", facts.state == "approved", words.get(facts.state, "Not submitted yet")),
    ]  # fmt: skip


# --- the action plan -------------------------------------------------------------------------------------

OWNERS = ("rm", "client", "operations", "compliance", "second")


@dataclass(frozen=True)
class Item:
    """One thing to do: what, why, by whom, by when, and how it stands."""

    code: str
    label: str
    owner: str  # one of OWNERS; "second" is who may decide it
    due_on: date
    done: bool
    link: str = ""  # the part of the workspace where it is done
    note: str = ""

    def is_late(self, today: date) -> bool:
        return not self.done and self.due_on < today


Days = Callable[[date, int], date]  # (day, working days) -> the working day that many later


def action_plan(
    facts: Facts,
    started_on: date,
    figures: Mapping[str, Any],
    after: Days,
    decide_by: Callable[[date], date],
    asked_on: date | None = None,
) -> list[Item]:
    """From the first data to the first account. `after` knows the calendar of the client's team.

    decide_by  day of the question -> last day for the second person, by the one clock of the compliance desk
    asked_on   when the question was put; None: it is planned for the day by which to submit
    """
    days = figures.get("due_days", {})
    decided = facts.state in ("approved", "rejected")
    submitted = decided or facts.state == "in_review"

    def by(code: str) -> date:
        return after(started_on, int(days.get(code, 5)))

    reached = facts.reached and (facts.kind == "person" or facts.signatories > 0) and not facts.owners_missing
    who = "A way to reach the client" if facts.kind == "person" else "Owners, directors and signatories"
    unknown = next(iter(facts.owners_missing), "")
    items = [Item("client", who, "rm", by("client"), reached and not unknown, "people", unknown)]
    for document in facts.documents:
        done = document.state == "approved"
        waits = document.state == "in_review"
        note = "" if done else _PAPER_NOTES.get(document.state, "")
        label = f"Review: {document.label}" if waits else document.label
        owner = "compliance" if waits else "client"
        items.append(
            Item(f"document:{document.kind}", label, owner, by(owner + "_paper"), done, "documents", note)
        )
    items.append(Item("facts", "KYC facts", "rm", by("facts"), facts.facts_known, "facts"))
    for holder in facts.holders:
        if not holder.main:
            label = f"KYC facts of {holder.name}"
            items.append(Item("holder", label, "rm", by("facts"), holder.facts_known, "people"))
        if facts.senior:
            label = f"Source of wealth of {holder.name}"
            items.append(Item("wealth", label, "rm", by("wealth"), holder.wealth_known, "people"))
        whose = "" if holder.main else f" of {holder.name}"
        for form in holder.forms_missing:
            label = f"Self-certification {form}{whose}"
            items.append(Item("tax", label, "client", by("tax"), done=False, link="tax"))
        for sentence in holder.contradictions:
            items.append(Item("tax", "Explain a contradiction", "rm", by("tax"), False, "tax", sentence))
        if not holder.forms_missing and not holder.contradictions:
            items.append(Item("tax", f"Tax certification{whose}", "client", by("tax"), True, "tax"))
    items += [
        Item("products", "Products wanted", "rm", by("products"), bool(facts.products), "products"),
        Item("consents", "Consents", "client", by("consents"), not facts.consents_missing, "consents"),
        Item("submission", "Submit", "rm", by("submission"), submitted, "next"),
        Item("screening", "Compliance check", "compliance", by("screening"),
             submitted and not facts.check_open, "next"),
    ]  # fmt: skip
    label = "Enhanced diligence and decision" if facts.senior else "Decision by a second person"
    owner = "compliance" if facts.senior else "second"
    decision = decide_by(asked_on or by("submission"))
    items.append(Item("approval", label, owner, decision, decided, "next"))
    if facts.state != "rejected":
        items.append(
            Item(
                "accounts",
                "Open the accounts",
                "operations",
                max(by("accounts"), decision),  # nothing is late that waits for a decision in time
                facts.accounts_open,
                "accounts",
            )
        )
    return items


_PAPER_NOTES = {
    "to_revise": "must be revised",
    "rejected": "was rejected",
    "expired": "has expired",
}


def turn(items: list[Item], facts: Facts) -> Item | None:
    """What is next: while it is collected, what relationship manager or client bring, and at last to submit:
    papers that an officer reads do not keep it. While a second person decides, what that one needs.
    """
    owners = ("rm", "client") if facts.state == "collecting" else ("compliance", "second", "operations")
    waiting = (item for item in items if not item.done and item.owner in owners)
    return min(waiting, key=lambda item: (item.code == "submission", item.due_on), default=None)


def progress(items: list[Item]) -> tuple[int, int]:
    return sum(item.done for item in items), len(items)
