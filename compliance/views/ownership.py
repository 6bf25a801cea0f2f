"""Who owns a client: drawn as of a day, and changed from a day on."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clients import actions as client_actions
from clients.access import open_file
from clients.models import Client, Relationship
from clients.rules.owners import refusals_to_change_holding
from clients.selectors import owners as owner_selectors
from compliance import forms, selectors
from compliance.selectors.ownership import picture, share_typed
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui.pages import back_to, or_404, page, show


@require_GET
@page
def ownership(request: StaffRequest, client_id: int) -> HttpResponse:
    """The graph of a day, what follows from it, and the form to add an owner."""
    return _ownership_page(request, open_file(request.user, client_id, why="ownership"))


def _ownership_page(
    request: StaffRequest, client: Client, form: forms.OwnerForm | None = None
) -> HttpResponse:
    as_of = forms.AsOfForm(request.GET)
    today = timezone.localdate()
    day = as_of.day if form is None else today
    found = selectors.ownership_of(client, day)
    blocked = selectors.blocked_of(found) if request.user.may(May.SCREENING_DECIDE) else []
    may_edit = request.user.may(May.CLIENTS_EDIT) and client.state != "closed" and day == today
    if may_edit and form is None:
        form = forms.OwnerForm(parties=found.parties.values())
    return show(
        request,
        "compliance/ownership.html",
        {
            "client": client,
            "found": found,
            "drawing": picture(client, found, blocked),
            "blocked": blocked,
            "changes": selectors.ownership_changes(client),
            "as_of": forms.AsOfForm({"on": day}),
            "day": day,
            "today": today,
            "may_edit": may_edit,
            "form": form if may_edit and client.kind != "person" else None,
        },
        status=422 if form is not None and form.errors else 200,
    )


@require_POST
@page
def owner_new(request: StaffRequest, client_id: int) -> HttpResponse:
    """Someone on the file, or someone new, holds a share or has a role in a trust."""
    client = open_file(request.user, client_id, why="add an owner")
    only_with(request, May.CLIENTS_EDIT)
    form = forms.OwnerForm(
        request.POST,
        parties=selectors.ownership_of(client, timezone.localdate()).parties.values(),
        held=owner_selectors.held_on_file(client.pk),
    )
    if not form.is_valid():
        return _ownership_page(request, client, form)
    client_actions.add_owner(client_id, by=request.user, **form.new_owner)
    messages.success(request, _("Recorded."))
    return back_to(request, reverse("compliance:ownership", args=[client_id]))


@require_GET
@page
def holding(request: StaffRequest, client_id: int, holding_id: int) -> HttpResponse:
    """One holding: another share from a day on, or its end."""
    client, row = _find(request, client_id, holding_id)
    return _holding_page(request, client, row)


@require_POST
@page
def holding_share(request: StaffRequest, client_id: int, holding_id: int) -> HttpResponse:
    client, row = _find(request, client_id, holding_id)
    form = forms.ShareForm(request.POST, **_beside(client, row))
    if not form.is_valid() or row.until_on is not None:
        return _holding_page(request, client, row, share_form=form)
    client_actions.change_share(client_id, by=request.user, relationship_id=row.pk, **form.cleaned_data)
    messages.success(request, _("Recorded: the share as it was stays in the history."))
    return back_to(request, reverse("compliance:ownership", args=[client_id]))


@require_POST
@page
def holding_end(request: StaffRequest, client_id: int, holding_id: int) -> HttpResponse:
    client, row = _find(request, client_id, holding_id)
    form = forms.EndForm(request.POST, **_beside(client, row))
    if not form.is_valid() or row.until_on is not None:
        return _holding_page(request, client, row, end_form=form)
    client_actions.end_holding(client_id, by=request.user, relationship_id=row.pk, **form.cleaned_data)
    messages.success(request, _("Ended: it stays in the history."))
    return back_to(request, reverse("compliance:ownership", args=[client_id]))


def _find(request: StaffRequest, client_id: int, holding_id: int) -> tuple[Client, Relationship]:
    client = open_file(request.user, client_id, why="change an owner")
    only_with(request, May.CLIENTS_EDIT)
    found = owner_selectors.holding(client, holding_id)
    return client, or_404(found, f"clients.Relationship {holding_id}")


def _beside(client: Client, row: Relationship) -> dict[str, Any]:
    """What the rules judge a change against."""
    return {
        "old": owner_selectors.held(row),
        "held": owner_selectors.held_on_file(client.pk),
        "parties": owner_selectors.parties_on_file(client.pk),
    }


def _holding_page(
    request: StaffRequest,
    client: Client,
    row: Relationship,
    *,
    share_form: forms.ShareForm | None = None,
    end_form: forms.EndForm | None = None,
) -> HttpResponse:
    """With what was typed; and where a colleague was quicker, what is there now beside it."""
    ended = row.until_on is not None
    typed = share_form or end_form
    beside = _beside(client, row)
    return show(
        request,
        "compliance/holding.html",
        {
            "client": client,
            "row": row,
            "refusals": refusals_to_change_holding(client.state, ended),
            "ended": ended,
            "now": owner_selectors.successor(row) if ended else None,
            "typed": typed,
            "share_form": share_form or forms.ShareForm(initial={"share": share_typed(row)}, **beside),
            "end_form": end_form or forms.EndForm(**beside),
        },
        status=409 if typed and ended else 422 if typed else 200,
    )
