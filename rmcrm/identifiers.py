"""Masked numbers, shown one by one on request. Every look is an event, and a day has a measure of them.

The rooms print them by `{% identifier %}` (clients/templatetags/clients.py); which kinds there are stands
here, on the floor that knows all rooms.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from clients.identifiers import SHOWN, take_one
from clients.models import Identifier, Party, TaxResidence
from onboarding.models import SelfCertification
from portfolios.models import Account
from staff.lock import action
from staff.models import User
from staff.requests import StaffRequest
from staff.roles import May
from ui import screen
from ui.formats import day_text, language
from ui.pages import page, show
from ui.refusals import NotVisible, refuse_if

# kind -> the model it is on, and what is shown in full
KINDS: dict[str, tuple[type, Callable[[Any], str]]] = {
    "account": (Account, lambda row: row.number),
    "born": (Party, lambda row: day_text(row.born_on, language()) if row.born_on else ""),
    "paper": (Identifier, lambda row: row.number),
    "tax": (TaxResidence, lambda row: row.number),
    "tax_form": (
        SelfCertification,
        lambda row: ", ".join(place["number"] for place in row.residences if place.get("number")),
    ),
}


def _verb(model: type, text: Callable[[Any], str]) -> Callable[..., str]:
    """The business verb that shows this kind: visible, counted, remembered."""

    @action(May.CLIENTS_SEE, SHOWN, on=model._meta.label, hold="parent", remember=("what",))  # type: ignore[attr-defined]
    def show_identifier(row: Any, *, by: User, what: str) -> str:
        take_one(by)
        return text(row)

    return show_identifier


VERBS = {kind: _verb(model, text) for kind, (model, text) in KINDS.items()}


@require_POST
@page
def identifier(request: StaffRequest, kind: str, pk: int) -> HttpResponse:
    """The number in full: in its place on the page, or without JavaScript on a page of its own."""
    if kind not in VERBS:
        raise NotVisible(f"identifier {kind}")
    refuse_if([screen.sentence()] if screen.current().mode != screen.SHOWN else [])
    text = VERBS[kind](pk, by=request.user, what=kind)
    in_place = request.headers.get("HX-Request") == "true"
    return show(request, f"clients/{'_' if in_place else ''}identifier.html", {"text": text})
