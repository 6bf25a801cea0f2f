"""Who holds the relationship, and what must be known of each. Pure.

A client may have joint holders. Each has papers, facts and tax certifications of their own and is screened.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from compliance.rules.kyc import refusals_to_be_born_on

SOURCES_OF_WEALTH = (
    "employment", "business", "sale_of_business", "inheritance", "property", "investments", "gift", "other",
)  # fmt: skip


@dataclass(frozen=True)
class Holder:
    """One holder as far as the steps and refusals look at it; the first is the client itself."""

    party_id: int
    name: str
    main: bool = True
    facts_known: bool = True  # birth, countries, source of funds, PEP
    wealth_known: bool = True
    pep: bool = False
    recorded_by: int | None = None
    forms_missing: tuple[str, ...] = ()  # labels of self-certifications that are needed and not there
    contradictions: tuple[str, ...] = ()  # between certification and facts, without an explanation


def gaps(holders: Iterable[Holder], *, senior: bool) -> list[str]:
    """A sentence for everything missing of a holder. `senior`: high risk or PEP (AMLR Art. 34, 42)."""
    sentences = []
    for holder in holders:
        if not holder.facts_known and not holder.main:
            sentences.append(f"The facts of {holder.name}, a joint holder, are not recorded.")
        if senior and not holder.wealth_known:
            sentences.append(f"The source of wealth of {holder.name} is not recorded: enhanced diligence.")
        whose = "" if holder.main else f" of {holder.name}"
        sentences += [f"The self-certification {form}{whose} is missing." for form in holder.forms_missing]
        sentences += list(holder.contradictions)
    return sentences


def refusals_to_record_holder(born_on: date | None, today: date) -> list[str]:
    return refusals_to_be_born_on(born_on, today)


def refusals_to_record_wealth(source: str, note: str) -> list[str]:
    refusals = [] if source in SOURCES_OF_WEALTH else ["Choose a source of wealth from the list."]
    if len(note.split()) < 3:
        refusals.append("Say in a sentence how the wealth came about: a code alone convinces nobody.")
    return refusals


def refusals_to_add_holder(kind: str, holders: int, most: int) -> list[str]:
    """Persons hold together; who signs for a firm is no holder."""
    if kind != "person":
        return ["An organisation has no joint holder: add owners and signatories."]
    if holders >= most:
        return [f"At most {most} hold one relationship together."]
    return []
