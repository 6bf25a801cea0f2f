"""What was said to a client, and what is to be done."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from clients import actions, selectors
from clients.access import open_file
from clients.forms import InteractionForm, PlaceForm, TaskForm
from staff.requests import StaffRequest
from ui.pages import back_to, may_be_asked_for, page, show

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
    form = InteractionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.log_interaction(client_id, by=request.user, **form.cleaned_data)
        messages.success(request, _("Logged."))
        return back_to(request, reverse("client", args=[client_id]))
    client = open_file(request.user, client_id, why="log a contact")
    return show(
        request,
        "clients/interaction_new.html",
        {"form": form, "client": client},
        status=422 if form.errors else 200,
    )


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
