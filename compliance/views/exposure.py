"""Politically exposed persons, and adverse information that only compliance reads."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clients.access import open_file
from compliance import actions, forms, selectors
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui.pages import back_to, page, show
from ui.refusals import Refused


@require_http_methods(["GET", "POST"])
@page
def pep(request: StaffRequest, client_id: int) -> HttpResponse:
    """Every office on this file, until when each counts, and the form to record one."""
    opened = open_file(request.user, client_id, why="PEP")
    if request.method == "POST":
        only_with(request, May.PEP_RECORD)
    found = selectors.pep_page(opened, timezone.localdate())
    form = forms.RoleForm(request.POST if request.method == "POST" else None, parties=found.parties)
    if request.method == "POST" and form.is_valid():
        actions.record_pep_role(client_id, by=request.user, **form.cleaned_data)
        messages.success(request, _("The office is recorded, and the client rated anew."))
        return back_to(request, reverse("compliance:pep", args=[client_id]))
    return show(
        request,
        "compliance/pep.html",
        {
            "client": opened,
            "found": found,
            "form": form,
            "rows": [(row, forms.RoleEndForm(auto_id=f"end-{row.role.pk}-%s")) for row in found.roles],
            "may_record": request.user.may(May.PEP_RECORD),
        },
        status=422 if form.errors else 200,
    )


@require_POST
@page
def pep_role_end(request: StaffRequest, role_id: int) -> HttpResponse:
    form = forms.RoleEndForm(request.POST)
    if not form.is_valid():
        raise Refused([_("Give the last day in office.")])
    role = actions.end_pep_role(role_id, by=request.user, until_on=form.cleaned_data["until_on"])
    messages.success(request, _("The last day is recorded; the office goes on counting for its tail."))
    return back_to(request, reverse("compliance:pep", args=[role.client_id]))


@require_http_methods(["GET", "POST"])
@page
def adverse(request: StaffRequest, client_id: int) -> HttpResponse:
    """Dated notes with their sources; who may not know of them is told so before anything is looked for."""
    only_with(request, May.ADVERSE_WORK)
    opened = open_file(request.user, client_id, why="adverse information")
    found = selectors.adverse_page(opened)
    form = forms.AdverseForm(request.POST if request.method == "POST" else None, parties=found.parties)
    if request.method == "POST" and form.is_valid():
        actions.record_adverse(client_id, by=request.user, **form.cleaned_data)
        messages.success(request, _("The note is recorded, and the client rated anew."))
        return back_to(request, reverse("compliance:adverse", args=[client_id]))
    rows = [(note, forms.ClosureForm(auto_id=f"close-{note.pk}-%s")) for note in found.notes]
    return show(
        request,
        "compliance/adverse.html",
        {"client": opened, "found": found, "form": form, "rows": rows},
        status=422 if form.errors else 200,
    )


@require_POST
@page
def adverse_closure(request: StaffRequest, note_id: int) -> HttpResponse:
    only_with(request, May.ADVERSE_WORK)
    form = forms.ClosureForm(request.POST)
    if not form.is_valid():
        raise Refused([_("Say why it counts no longer.")])
    note = actions.close_adverse(note_id, by=request.user, reason=form.cleaned_data["reason"])
    messages.success(request, _("The note is closed, and the client rated anew."))
    return back_to(request, reverse("compliance:adverse", args=[note.client_id]))
