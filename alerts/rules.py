"""What a rule of attention is, and what may be done with an alert. Pure: no Django, dates are arguments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

LATE, SOON, NOTE = 1, 2, 3  # alerts.models.Urgency, for SQL and ranking

DISMISS_REASONS = ("handled", "not_relevant", "client_wish", "wrong")


class To(StrEnum):
    """Who gets an alert: found anew at every look, so that after a handover the new owner has it."""

    BOOK = "book"  # owner and deputies of the client's book at the moment
    BORROWER = "borrower"  # to whom the file is lent: of a rule whose subject is the loan
    LEADS = "leads"  # the leads of the team of the client's book
    COMPLIANCE = "compliance"  # every compliance officer and MLRO: for what is rare


@dataclass(frozen=True)
class Act:
    """What to do about it: a link to a page by its URL name, with the id it wants."""

    url: str  # "clients:interaction_new"
    label: Any  # "Log a call"
    of: str = "client"  # the id in the URL: "client", "subject" or "" for none


def _no_figures(on: date) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class AlertRule:
    """One reason to look at a client, declared in a room's alerts.py and listed in rmcrm/schedule.py.

    find      SQL giving client_id, subject_id, occurrence (text), urgency (1 late, 2 due, 3 note), due_on
              (date) and facts (jsonb: days, dates, codes, percentages; never a name) for all clients of the
              walk: `client_id > %(first)s AND client_id <= %(last)s`, as of %(today)s. Indexed columns only.
              An instant stands in the facts as it is, for each reader has a clock; as due_on it is a day of
              the team that has the client.
    sentence  facts -> why, in words, made when it is shown. Facts should not change from day to day.
    people    facts that hold the login of a colleague: the sentence is given the name
    figures   day -> further parameters of `find`, from rule packs
    weight    rank among equally urgent ones, the highest first
    stays     nobody closes it: it is about somebody, and closes when its reason is gone
    """

    name: str  # "retention.contact_overdue"
    label: Any  # "Contact overdue", as the filter prints it
    find: str
    sentence: Callable[[Mapping[str, Any]], str]
    act: Act
    to: To = To.BOOK
    people: tuple[str, ...] = ()
    figures: Callable[[date], Mapping[str, Any]] = field(default=_no_figures)
    weight: int = 0
    stays: bool = False


def refusals_to_dismiss(is_open: bool, reason: str, stays: bool = False) -> list[str]:
    """An open alert that may be closed by hand, and a reason from the list."""
    if stays:
        return ["This alert closes by itself when its reason is gone."]
    refusals = []
    if not is_open:
        refusals.append("This alert is closed already.")
    if reason not in DISMISS_REASONS:
        refusals.append("Say why this alert needs no work.")
    return refusals


def refusals_to_reopen(closed_why: str) -> list[str]:
    """Only what a person dismissed; the rest closed because it is no longer so."""
    return [] if closed_why == "dismissed" else ["Only a dismissed alert can be opened again."]


def refusals_to_snooze(is_open: bool, until: date, today: date, days_at_most: int = 30) -> list[str]:
    refusals = []
    if not is_open:
        refusals.append("This alert is closed already.")
    if not today < until:
        refusals.append("Choose a day after today.")
    elif (until - today).days > days_at_most:
        refusals.append(
            f"An alert can wait for {days_at_most} days at most; dismiss it with a reason instead."
        )
    return refusals
