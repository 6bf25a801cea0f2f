"""The clients list, its saved views, and one's own tasks."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients import actions, selectors
from clients.access import show_list
from clients.forms import ClientFilter, PlaceForm, ViewForm
from staff import typed
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui.pages import back_to, may_be_asked_for, page, show

may_be_asked_for("clients/client_list.html", "clients")


@require_http_methods(["GET", "POST"])
@page
def client_list(request: StaffRequest) -> HttpResponse:
    """The filters are posted, and stand in the address with the name sealed (staff/typed.py)."""
    if request.method == "POST":
        return typed.to_address(request, "name")
    plain = typed.opened(request, "name")
    form = ClientFilter(plain, books=selectors.books_to_choose(request.user), address=request.GET)
    asked = form.asked
    today = timezone.localdate()
    clients = selectors.client_list(request.user, asked, today)
    show_list(request.user, "clients", asked, [client.pk for client in clients])
    response = show(
        request,
        "clients/client_list.html",
        {
            "form": form,
            "page": clients,
            "today": today,
            "currency": settings.REPORTING_CURRENCY,
            "sort": asked.get("sort", "name"),
            "views": selectors.saved_views(request.user, "clients:list"),
            "query": form.as_query(),
            "may_lend": request.user.may(May.CLIENTS_LEND),
            "may_see": request.user.may(May.CLIENTS_SEE),
            "may_hand_over": request.user.may(May.CLIENTS_HAND_OVER),
        },
    )
    # The address that htmx shows carries only what was asked, not every empty field of the form.
    response.headers["HX-Push-Url"] = f"{request.path}?{form.as_query()}"
    return response


@require_http_methods(["GET", "POST"])
@page
def brake(request: StaffRequest) -> HttpResponse:
    """Stopped at many files: how many they were, and going on."""
    only_with(request, May.CLIENTS_SEE)
    if request.method == "POST":
        actions.release_brake(None, by=request.user)
        messages.success(request, _("Go on."))
        return back_to(request, reverse("clients:list"))
    return show(request, "clients/brake.html", selectors.brake_page(request.user))


@require_POST
@page
def view_new(request: StaffRequest) -> HttpResponse:
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
def view_removal(request: StaffRequest, view_id: int) -> HttpResponse:
    actions.remove_view(None, by=request.user, view_id=view_id)
    messages.info(request, _("View removed."))
    return back_to(request, reverse("clients:list"))


@require_GET
@page
def task_list(request: StaffRequest) -> HttpResponse:
    """What I have to do, the earliest due first."""
    place = PlaceForm(request.GET).place
    tasks = selectors.task_list(request.user, **place)
    show_list(request.user, "tasks", {}, [task.client_id for task in tasks])
    return show(request, "clients/task_list.html", {"page": tasks, "today": timezone.localdate()})


@require_POST
@page
def task_completion(request: StaffRequest, task_id: int) -> HttpResponse:
    """Done; sent again with undo=1 it is open again."""
    back = request.POST.get("back", "")
    if request.POST.get("undo"):
        task = actions.reopen_task(task_id, by=request.user)
        messages.info(request, _("The task is open again."))
    else:
        task = actions.finish_task(task_id, by=request.user)
        messages.success(request, _undo(request, task_id, back))
    places = {"tasks": reverse("clients:tasks"), "client": reverse("client", args=[task.client_id])}
    return back_to(request, places.get(back, reverse("home")))


def _undo(request: StaffRequest, task_id: int, back: str) -> str:
    """The sentence of the toast, with the button that takes it back."""
    return format_html(
        '{} <form method="post" action="{}" class="d-inline"><input type="hidden" name="csrfmiddlewaretoken" '
        'value="{}"><input type="hidden" name="undo" value="1"><input type="hidden" name="back" value="{}">'
        '<button type="submit" class="btn btn-sm btn-link">{}</button></form>',
        _("Done."),
        reverse("clients:task_completion", args=[task_id]),
        get_token(request),
        back,
        _("Undo"),
    )
