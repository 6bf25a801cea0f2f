"""Who may write a rule pack, and who may bring it into force. Pure: no Django, dates are arguments."""

from collections.abc import Iterable
from datetime import date

from rulebook.rules.catalogue import PACKS
from rulebook.rules.figures import (
    Change,
    Figure,
    Found,
    PackWords,
    changes,
    digest,
    explained,
    leaves,
    ordered,
    refusals_to_body,
    section_of,
    unit_words,
    value_words,
    with_values,
)

__all__ = [
    "PACKS",
    "Change",
    "Figure",
    "Found",
    "PackWords",
    "changes",
    "digest",
    "explained",
    "leaves",
    "ordered",
    "refusals_to_activate",
    "refusals_to_body",
    "refusals_to_change",
    "refusals_to_date",
    "refusals_to_draft",
    "refusals_to_try",
    "refusals_to_withdraw",
    "section_of",
    "unit_words",
    "value_words",
    "with_values",
]


def refusals_to_draft(has_draft: bool) -> list[str]:
    """One draft a pack at a time: two of them would each undo the other."""
    return ["There is a draft of this pack already: finish or withdraw it first."] if has_draft else []


def _not_a_draft(activated: bool, withdrawn: bool) -> list[str]:
    if activated:
        return ["This version was activated: it never changes again. Draft the next one."]
    return ["This draft was withdrawn."] if withdrawn else []


def refusals_to_change(activated: bool, withdrawn: bool, written_by: int | None, by: int | None) -> list[str]:
    """A draft has one author, so that the second person can be somebody who wrote none of it."""
    refusals = _not_a_draft(activated, withdrawn)
    if not refusals and written_by != by:
        refusals.append("A colleague wrote this draft: its author changes it, or it is withdrawn.")
    return refusals


def refusals_to_date(valid_from: date, today: date, newest: date | None) -> list[str]:
    """A rule never reaches into the past: what was judged stays judged by what was in force."""
    if valid_from < today:
        return ["It can be in force from today at the earliest."]
    if newest is not None and valid_from < newest:
        return [f"A later version is decided already, from {newest.isoformat()}: choose that day or later."]
    return []


def refusals_to_try(draft: bool, under_way: bool) -> list[str]:
    if not draft:
        return ["Only a draft is tried: this version was decided already."]
    return ["A dry run is under way."] if under_way else []


def refusals_to_withdraw(activated: bool, withdrawn: bool) -> list[str]:
    return _not_a_draft(activated, withdrawn)


def refusals_to_activate(
    *,
    activated: bool,
    withdrawn: bool,
    own: bool,
    wrong: Iterable[Found],
    date_refusals: Iterable[str],
    differs: bool,
    reason: str,
    dry_run_needed: bool,
    dry_run_fits: bool,
) -> list[str]:
    """By a second person, when the figures are possible, explained, and their effect was seen (four eyes).

    own: the same person wrote it, under whichever login.
    """
    if refusals := _not_a_draft(activated, withdrawn):
        return refusals
    if own:
        refusals.append("You wrote this draft: a second person activates it.")
    if not differs:
        refusals.append("Nothing differs from the version in force.")
    refusals += [sentence for _path, sentence in wrong]
    refusals += date_refusals
    if not reason:
        refusals.append("The draft does not say why the figures change.")
    if dry_run_needed and not dry_run_fits:
        refusals.append("The dry run is missing, or older than the draft's figures: run it first.")
    return refusals
