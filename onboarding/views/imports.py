"""Pages of an import: the list with its upload, the mapping with its preview, what was found."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.forms import PlaceForm
from onboarding.actions import imports as actions
from onboarding.forms.imports import ImportForm, MappingForm
from onboarding.models import ClientImport
from onboarding.rules.imports.mapping import refusals_to_use_mapping
from onboarding.rules.imports.steps import STEPS, refusals_to, refusals_to_load, refusals_to_undo
from onboarding.selectors import imports as selectors
from staff.requests import StaffRequest
from ui.pages import attachment, back_to, htmx_part, is_poll, may_be_asked_for, or_404, page, show
from ui.rules.spreadsheets import csv_file

LISTED = {"error": 100, "warning": 20, "duplicate": 50, "known": 20}  # on the page; all are in the download
WORKING = {"checking", "loading", "undoing"}
PAGE = "onboarding/import.html"
may_be_asked_for(PAGE, "import_state")


@require_http_methods(["GET", "POST"])
@page
def imports(request: StaffRequest) -> HttpResponse:
    selectors.may_import(request.user)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        found = actions.upload_clients(
            None, by=request.user, file=form.cleaned_data["file"], table=form.table, mapping=form.mapping
        )
        messages.success(request, _("Uploaded. Say what each column is, then have it checked."))
        return back_to(request, _url(found.pk))
    shown = selectors.import_list(request.user, PlaceForm(request.GET).place)
    status = 422 if request.method == "POST" else 200
    return show(request, "onboarding/imports.html", {"page": shown, "form": form}, status=status)


@require_GET
@page
def import_page(request: StaffRequest, import_id: int) -> HttpResponse:
    """The whole story of one import; the bar asks for its own part again."""
    if is_poll(request) and htmx_part(request):
        found = or_404(selectors.find_import(request.user, import_id), _named(import_id))
        if found.state not in WORKING:  # done: the buttons of the page change too
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        return show(request, PAGE, _state(request, found))
    return _page(request, import_id)


def _page(request: StaffRequest, import_id: int, form: MappingForm | None = None) -> HttpResponse:
    found = or_404(selectors.open_import(request.user, import_id), _named(import_id))
    context = _state(request, found)
    if found.state in STEPS["map"]:
        mapping = selectors.mapping_of(found)
        context |= {
            "form": form or _form(found),
            "preview": selectors.preview(request.user, found, mapping, timezone.localdate()),
            "not_taken": selectors.not_taken(found, mapping),
            "check_refusals": refusals_to("check", found.state)
            + refusals_to_use_mapping(mapping, found.header),
            "load_refusals": refusals_to_load(found.state, found.errors, found.fresh),
        }
    if found.state == ClientImport.State.LOADED:
        context["undo_refusals"] = refusals_to_undo(found.state, actions.count_touched(found))
    return show(request, PAGE, context, status=422 if form else 200)


def _state(request: StaffRequest, found: ClientImport) -> dict[str, Any]:
    job = selectors.job_under_way(found)
    return {
        "found": found,
        "job": job,
        "working": found.state in WORKING,
        "given_up": job is None and selectors.is_given_up(found),
        "may_discard": found.state in STEPS["discard"] and bool(found.file),
        "problems": [
            (kind, selectors.problem_page(request.user, found, kind, limit)) for kind, limit in LISTED.items()
        ],
    }


def _form(found: ClientImport, data: Any = None) -> MappingForm:
    mapping = selectors.mapping_of(found)
    codes = selectors.codes_of(found, mapping)
    return MappingForm(data, header=found.header, sheets=found.sheets, mapping=mapping, codes=codes)


@require_POST
@page
def import_mapping(request: StaffRequest, import_id: int) -> HttpResponse:
    found = or_404(selectors.find_import(request.user, import_id), _named(import_id))
    form = _form(found, request.POST) if found.state in STEPS["map"] else None
    if form is not None and not form.is_valid():
        return _page(request, import_id, form)
    told = form.told if form is not None else selectors.mapping_of(found)
    actions.map_columns(None, by=request.user, import_id=import_id, mapping=told)
    messages.success(request, _("Saved. See below what the first lines become."))
    return back_to(request, _url(import_id, "preview"))


@require_GET
@page
def import_mapping_file(request: StaffRequest, import_id: int) -> HttpResponseBase:
    """For the next file of this kind, and for bin/manage import_clients."""
    found = or_404(selectors.find_import(request.user, import_id), _named(import_id))
    text = json.dumps(found.mapping, ensure_ascii=False, indent=2) + "\n"
    return attachment(text, f"mapping-{import_id}.json", "application/json; charset=utf-8")


@require_GET
@page
def import_problems(request: StaffRequest, import_id: int) -> HttpResponseBase:
    found = or_404(selectors.find_import(request.user, import_id), _named(import_id))
    text = csv_file(*selectors.problem_table(request.user, found))
    return attachment(text, f"import-{import_id}-problems.csv", "text/csv; charset=utf-8")


@require_POST
@page
def import_check(request: StaffRequest, import_id: int) -> HttpResponse:
    actions.ask_check(None, by=request.user, import_id=import_id)
    return back_to(request, _url(import_id))


@require_POST
@page
def import_load(request: StaffRequest, import_id: int) -> HttpResponse:
    actions.ask_load(None, by=request.user, import_id=import_id)
    return back_to(request, _url(import_id))


@require_POST
@page
def import_undo(request: StaffRequest, import_id: int) -> HttpResponse:
    actions.ask_undo(None, by=request.user, import_id=import_id)
    return back_to(request, _url(import_id))


@require_POST
@page
def import_removal(request: StaffRequest, import_id: int) -> HttpResponse:
    actions.discard_import(None, by=request.user, import_id=import_id)
    messages.success(request, _("Discarded: the file is deleted."))
    return back_to(request, reverse("onboarding:imports"))


def _url(import_id: int, part: str = "") -> str:
    url = reverse("onboarding:import", args=[import_id])
    return f"{url}#{part}" if part else url


def _named(import_id: int) -> str:
    return f"onboarding.ClientImport {import_id}"
