"""Pages about clients. The client file itself is composed on the top floor: dashboards/."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients import actions, selectors
from clients.access import open_file, show_list
from clients.forms import ClientFilter, InteractionForm, TaskForm, ViewForm
from ui.pages import back_to, may_be_asked_for, page, show

may_be_asked_for("clients/client_list.html", "clients")


@require_GET
@page
def client_list(request: HttpRequest) -> HttpResponse:
    form = ClientFilter(request.GET)
    asked = form.asked
    today = timezone.localdate()
    clients = selectors.client_list(request.user, asked, today)
    show_list(request.user, "clients", asked, [client.pk for client in clients])
    return show(
        request,
        "clients/client_list.html",
        {
            "form": form,
            "page": clients,
            "today": today,
            "sort": asked.get("sort", "name"),
            "views": selectors.saved_views(request.user, "clients:list"),
        },
    )


@require_http_methods(["GET", "POST"])
@page
def interaction_new(request: HttpRequest, client_id: int) -> HttpResponse:
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
def task_new(request: HttpRequest, client_id: int) -> HttpResponse:
    form = TaskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_task(client_id, by=request.user, **form.cleaned_data)
        messages.success(request, _("Added to your tasks."))
        return back_to(request, reverse("client", args=[client_id]))
    client = open_file(request.user, client_id, why="add a task")
    return show(
        request, "clients/task_new.html", {"form": form, "client": client}, status=422 if form.errors else 200
    )


@require_POST
@page
def task_completion(request: HttpRequest, task_id: int) -> HttpResponse:
    """Done; sent again with undo=1 it is open again."""
    if request.POST.get("undo"):
        actions.reopen_task(task_id, by=request.user)
        messages.info(request, _("The task is open again."))
    else:
        actions.finish_task(task_id, by=request.user)
        messages.success(request, _("Done."))
    return back_to(request, reverse("home"))


@require_POST
@page
def view_new(request: HttpRequest) -> HttpResponse:
    form = ViewForm(request.POST)
    if form.is_valid():
        actions.save_view(None, by=request.user, **form.cleaned_data)
        messages.success(request, _("View saved."))
    else:
        messages.error(request, _("Give the view a name."))
    query = form.cleaned_data.get("query", "")
    return back_to(request, reverse("clients:list") + (f"?{query}" if query else ""))


@require_POST
@page
def view_removal(request: HttpRequest, view_id: int) -> HttpResponse:
    actions.remove_view(None, by=request.user, view_id=view_id)
    return back_to(request, reverse("clients:list"))
