"""What was said to a client, and what is to be done."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients import actions, rules, selectors
from clients.access import open_file
from clients.forms import AddendumForm, InteractionForm, PlaceForm, TaskForm
from clients.models import Interaction
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui.pages import back_to, may_be_asked_for, or_404, page, show
from ui.refusals import refuse_if

may_be_asked_for("clients/interaction_list.html", "interactions")


@require_GET
@page
def interaction_list(request: StaffRequest, client_id: int) -> HttpResponse:
    """Everything that was ever said, page by page."""
    client = open_file(request.user, client_id, why="read the contacts")
    contacts = selectors.interaction_list(client, **PlaceForm(request.GET).place)
    return show(request, "clients/interaction_list.html", {"client": client, "page": contacts})


@require_http_methods(["GET", "POST"])
@page
def interaction_new(request: StaffRequest, client_id: int) -> HttpResponse:
    """Log a contact: from the file, from My day, from the list."""
    if request.method == "POST":
        form = _sent(request, client_id)
        if form.is_valid():
            made = actions.log_interaction(client_id, by=request.user, **form.cleaned_data)
            return back_to(request, _where_next(request, made) or reverse("client", args=[client_id]))
    client = open_file(request.user, client_id, why="log a contact")
    colleagues = selectors.colleagues_of(request.user, client.book_id)
    form = InteractionForm(request.POST or None, colleagues=colleagues)
    return show(
        request,
        "clients/interaction_new.html",
        {"form": form, "client": client},
        status=422 if form.errors else 200,
    )


def _sent(request: StaffRequest, client_id: int) -> InteractionForm:
    """Who could have attended is looked up only where somebody is named: logging is to be quick."""
    named = "colleagues" in request.POST
    return InteractionForm(
        request.POST,
        colleagues=selectors.colleagues_at(request.user, client_id) if named else (),
    )


def _where_next(request: StaffRequest, made: Interaction) -> str:
    """What the record still asks for, where advice was given or an order taken; "" when it is whole."""
    missing = [line for line in selectors.lines_of(made) if not line.met and line.code != "late"]
    if not missing or not (made.advice_given or made.order_details):
        messages.success(request, _("Logged."))
        return ""
    told = ", ".join(line.label for line in missing)
    messages.warning(request, _("Logged. The record of advice still asks for: {what}.").format(what=told))
    return reverse("clients:interaction", args=[made.pk])


@require_GET
@page
def interaction(request: StaffRequest, interaction_id: int) -> HttpResponse:
    """One contact: its record against what is required, and what was added later."""
    return _record(request, _found(request, interaction_id), AddendumForm())


def _found(request: StaffRequest, interaction_id: int) -> selectors.RecordPage:
    found: selectors.RecordPage = or_404(
        selectors.record_page(request.user, interaction_id), f"clients.Interaction {interaction_id}"
    )
    open_file(request.user, found.interaction.client_id, why="read the record of a contact")
    return found


def _record(request: StaffRequest, found: selectors.RecordPage, form: AddendumForm) -> HttpResponse:
    row, person, now = found.interaction, request.user, timezone.now()
    said = (row.by_id, person.pk, row.locks_at, now)
    return show(
        request,
        "clients/interaction.html",
        {
            "found": found,
            "contact": row,
            "client": row.client,
            "form": form,
            "may_log": person.may(May.INTERACTIONS_LOG),
            "correct_refusals": rules.refusals_to_correct(*said),
            "add_refusals": rules.refusals_to_add_addendum(*said),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@page
def interaction_correction(request: StaffRequest, interaction_id: int) -> HttpResponse:
    """Mend a record before it is locked."""
    found = _found(request, interaction_id)
    only_with(request, May.INTERACTIONS_LOG)
    row = found.interaction
    refusals = rules.refusals_to_correct(row.by_id, request.user.pk, row.locks_at, timezone.now())
    if request.method == "GET" and refusals:
        return _record(request, found, AddendumForm())  # which says why not
    refuse_if(refusals)
    colleagues = selectors.colleagues_of(request.user, row.client.book_id)
    form = InteractionForm(request.POST or None, instance=row, colleagues=colleagues)
    if request.method == "POST" and form.is_valid():
        actions.correct_interaction(interaction_id, by=request.user, **form.cleaned_data)
        messages.success(request, _("Corrected."))
        return back_to(request, reverse("clients:interaction", args=[interaction_id]))
    return show(
        request,
        "clients/interaction_new.html",
        {"form": form, "client": row.client, "correcting": row},
        status=422 if form.errors else 200,
    )


@require_POST
@page
def addendum_new(request: StaffRequest, interaction_id: int) -> HttpResponse:
    """Add to a locked record."""
    form = AddendumForm(request.POST)
    if form.is_valid():
        actions.add_addendum(interaction_id, by=request.user, text=form.cleaned_data["text"])
        messages.success(request, _("Added."))
        return back_to(request, reverse("clients:interaction", args=[interaction_id]))
    return _record(request, _found(request, interaction_id), form)


@require_http_methods(["GET", "POST"])
@page
def task_new(request: StaffRequest, client_id: int) -> HttpResponse:
    form = TaskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_task(client_id, by=request.user, **form.cleaned_data)
        messages.success(request, _("Added to your tasks."))
        return back_to(request, reverse("client", args=[client_id]))
    client = open_file(request.user, client_id, why="add a task")
    return show(
        request, "clients/task_new.html", {"form": form, "client": client}, status=422 if form.errors else 200
    )
