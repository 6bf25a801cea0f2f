"""Who owns a client: drawn as of a day, changed from a day on, put right where it was entered by mistake."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients import actions as client_actions
from clients import selectors as client_selectors
from clients.access import open_file, show_list
from clients.forms import SearchForm
from clients.models import Client, Party, Relationship
from clients.rules.owners import changed_by, refusals_to_change_holding
from clients.selectors import owners as owner_selectors
from compliance import actions, forms, selectors
from compliance.selectors.ownership import lines_of, picture, share_typed
from staff import typed
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
        form = forms.OwnerForm(parties=found.parties.values(), known=_chosen(request))
    return show(
        request,
        "compliance/ownership.html",
        {
            "client": client,
            "found": found,
            "lines": lines_of(request.user, found),
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


def _chosen(request: StaffRequest) -> Party | None:
    """The client who was looked for and chosen; 404 for one whom this person may not see, as for none."""
    asked = forms.KnownForm(request.POST if request.method == "POST" else request.GET)
    if asked.chosen is None:
        return None
    open_file(request.user, asked.chosen, why="taken as an owner")
    return owner_selectors.own_party(request.user, asked.chosen)


@require_http_methods(["GET", "POST"])
@page
def owner_search(request: StaffRequest, client_id: int) -> HttpResponse:
    """Clients whom this person may see, to choose an owner from: the search as it is everywhere."""
    client = open_file(request.user, client_id, why="look for an owner")
    only_with(request, May.CLIENTS_EDIT)
    if request.method == "POST":
        return typed.to_address(request, "q")
    text = SearchForm(typed.opened(request, "q")).text
    found = client_selectors.search(request.user, text) if text else []
    if text:
        show_list(request.user, "search", {}, [each.client.pk for each in found])
    return show(request, "compliance/owner_search.html", {"client": client, "text": text, "found": found})


@require_POST
@page
def owner_new(request: StaffRequest, client_id: int) -> HttpResponse:
    """Someone on the file, a client, or someone new holds a share or has a role in a trust."""
    client = open_file(request.user, client_id, why="add an owner")
    only_with(request, May.CLIENTS_EDIT)
    form = forms.OwnerForm(
        request.POST,
        parties=selectors.ownership_of(client, timezone.localdate()).parties.values(),
        held=owner_selectors.held_on_file(client.pk),
        known=_chosen(request),
    )
    if not form.is_valid():
        return _ownership_page(request, client, form)
    client_actions.add_owner(client_id, by=request.user, **form.new_owner)
    messages.success(request, _("Recorded."))
    return back_to(request, reverse("compliance:ownership", args=[client_id]))


@require_POST
@page
def owner_renewal(request: StaffRequest, client_id: int, party_id: int) -> HttpResponse:
    """Who is a client reads here as on the own file, which was corrected since."""
    open_file(request.user, client_id, why="an owner as on the own file")
    actions.renew_owner(client_id, by=request.user, party_id=party_id)
    messages.success(
        request, _("Taken over: this file reads as the own one, and is compared with the lists anew.")
    )
    return back_to(request, reverse("compliance:ownership", args=[client_id]))


@require_GET
@page
def holding(request: StaffRequest, client_id: int, holding_id: int) -> HttpResponse:
    """One holding: another share from a day on, or its end; or what was entered by mistake."""
    client, row = _find(request, client_id, holding_id)
    return _holding_page(request, client, row)


@require_POST
@page
def holding_share(request: StaffRequest, client_id: int, holding_id: int) -> HttpResponse:
    client, row = _find(request, client_id, holding_id)
    form = forms.ShareForm(request.POST, **_beside(client, row))
    if not form.is_valid() or _has_gone(row):
        return _holding_page(request, client, row, "share", form, moved=_has_gone(row))
    client_actions.change_share(client_id, by=request.user, relationship_id=row.pk, **form.cleaned_data)
    messages.success(request, _("Recorded: the share as it was stays in the history."))
    return back_to(request, reverse("compliance:ownership", args=[client_id]))


@require_POST
@page
def holding_end(request: StaffRequest, client_id: int, holding_id: int) -> HttpResponse:
    client, row = _find(request, client_id, holding_id)
    form = forms.EndForm(request.POST, **_beside(client, row))
    if not form.is_valid() or _has_gone(row):
        return _holding_page(request, client, row, "end", form, moved=_has_gone(row))
    client_actions.end_holding(client_id, by=request.user, relationship_id=row.pk, **form.cleaned_data)
    messages.success(request, _("Ended: it stays in the history."))
    return back_to(request, reverse("compliance:ownership", args=[client_id]))


@require_POST
@page
def holding_correction(request: StaffRequest, client_id: int, holding_id: int) -> HttpResponse:
    client, row = _find(request, client_id, holding_id)
    form = forms.CorrectionForm(request.POST, **_as_seen(_beside(client, row), row, "correction"))
    if not form.is_valid() or form.is_late:
        return _holding_page(request, client, row, "correction", form, moved=form.is_late)
    client_actions.correct_holding(client_id, by=request.user, relationship_id=row.pk, **form.correction)
    messages.success(request, _("Corrected: what was entered wrongly stays in the history."))
    return back_to(request, reverse("compliance:ownership", args=[client_id]))


@require_POST
@page
def holding_mistake(request: StaffRequest, client_id: int, holding_id: int) -> HttpResponse:
    client, row = _find(request, client_id, holding_id)
    form = forms.MistakeForm(request.POST, **_as_seen(_beside(client, row), row, "mistake"))
    if not form.is_valid() or form.is_late:
        return _holding_page(request, client, row, "mistake", form, moved=form.is_late)
    client_actions.strike_holding(client_id, by=request.user, relationship_id=row.pk, **form.cleaned_data)
    messages.success(request, _("Struck out: it held on no day, and stays in the history."))
    return back_to(request, reverse("compliance:ownership", args=[client_id]))


IDS = {"correction": "right-%s", "mistake": "mistake-%s"}  # some fields stand in two forms of the page


def _has_gone(row: Relationship) -> bool:
    return row.until_on is not None or row.struck_at is not None


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


def _as_seen(beside: dict[str, Any], row: Relationship, which: str) -> dict[str, Any]:
    """The same for what was entered by mistake."""
    return beside | {"auto_id": IDS[which], "struck": row.struck_at is not None}


def _holding_page(
    request: StaffRequest,
    client: Client,
    row: Relationship,
    which: str = "",
    form: Any = None,
    *,
    moved: bool = False,
) -> HttpResponse:
    """With what was typed; and where a colleague was quicker, what is there now beside it."""
    beside = _beside(client, row)
    looks_ahead = row.struck_at or (row.until_on and which not in IDS)
    now = owner_selectors.successor(row) if looks_ahead else row
    forms_shown: dict[str, Any] = {
        "share": forms.ShareForm(initial={"share": share_typed(row)}, **beside),
        "end": forms.EndForm(**beside),
        "correction": forms.CorrectionForm(**_as_seen(beside, row, "correction")),
        "mistake": forms.MistakeForm(**_as_seen(beside, row, "mistake")),
    }
    return show(
        request,
        "compliance/holding.html",
        {
            "client": client,
            "row": row,
            "refusals": refusals_to_change_holding(client.state, moved=False),
            "gone": _has_gone(row),
            "moved": moved,
            "now": now,
            "typed": form,
            "again": _again(client, now, which, form) if moved and now and not form.errors else None,
            "before": changed_by(beside["old"], beside["held"]),
            "forms": forms_shown | ({which: form} if form else {}),
        },
        status=409 if moved else 422 if form else 200,
    )


def _again(client: Client, now: Relationship, which: str, form: Any) -> dict[str, Any] | None:
    """What was typed, to be sent once more to what is there now; None: that has ended."""
    said = dict(form.cleaned_data)
    if which in IDS:
        said["seen_until"] = now.until_on
        if "until_on" in said and "until_on" not in form.data:
            said["until_on"] = now.until_on  # nobody was asked for it then
    elif now.until_on:
        return None
    return {
        "url": reverse(f"compliance:holding_{which}", args=[client.pk, now.pk]),
        "fields": {
            name: value.isoformat() if isinstance(value, date) else "" if value is None else value
            for name, value in said.items()
        },
    }
