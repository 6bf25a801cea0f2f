"""Files lent to colleagues, and books covered by them."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients import actions, selectors
from clients.access import open_file, show_list
from clients.forms import CoverForm, LoanForm
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui.pages import back_to, page, show


@require_http_methods(["GET", "POST"])
@page
def lending(request: StaffRequest, client_id: int) -> HttpResponse:
    """To whom this file is open, and lending it."""
    client = open_file(request.user, client_id, why="lend the file")
    people = selectors.colleagues_to_choose(request.user)
    form = LoanForm(request.POST or None, people=people, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        actions.lend_client(client_id, by=request.user, **form.cleaned_data)
        messages.success(request, _("Lent. It ends by itself on the last day."))
        return back_to(request, reverse("clients:lending", args=[client_id]))
    told = {"client": client, "found": selectors.lending_page(request.user, client), "form": form}
    may_lend = request.user.may(May.CLIENTS_LEND)
    return show(
        request,
        "clients/lending.html",
        told | {"may_lend": may_lend},
        status=422 if form.errors else 200,
    )


@require_POST
@page
def loan_end(request: StaffRequest, grant_id: int) -> HttpResponse:
    """Taken back, or given back."""
    client = actions.take_back(grant_id, by=request.user)
    messages.success(request, _("Taken back: the file is closed to the colleague from now on."))
    if request.POST.get("back") == "lent":
        return back_to(request, reverse("clients:lent"))
    return back_to(request, reverse("clients:lending", args=[client.pk]))


@require_GET
@page
def lent(request: StaffRequest) -> HttpResponse:
    """What is open to me, and what I lent."""
    only_with(request, May.CLIENTS_SEE)
    mine, loans = selectors.lent_page(request.user)
    ids = {each.content_object_id for each in mine} | {each.grant.content_object_id for each in loans}
    show_list(request.user, "lent files", {}, sorted(ids))
    may_lend = request.user.may(May.CLIENTS_LEND)
    return show(request, "clients/lent.html", {"mine": mine, "loans": loans, "may_lend": may_lend})


@require_http_methods(["GET", "POST"])
@page
def covers(request: StaffRequest) -> HttpResponse:
    """Who stands in for whom, and naming a deputy."""
    only_with(request, May.CLIENTS_LEND)
    form = CoverForm(
        request.POST or None,
        books=selectors.books_to_cover(request.user),
        people=selectors.colleagues_to_choose(request.user),
        today=timezone.localdate(),
    )
    if request.method == "POST" and form.is_valid():
        actions.cover_book(None, by=request.user, **form.cleaned_data)
        messages.success(request, _("The deputy works the book in these days; it ends by itself."))
        return back_to(request, reverse("clients:covers"))
    told = {"found": selectors.covers_page(request.user), "form": form}
    return show(request, "clients/covers.html", told, status=422 if form.errors else 200)


@require_POST
@page
def cover_end(request: StaffRequest, member_id: int) -> HttpResponse:
    """Sooner than agreed."""
    actions.end_cover(None, by=request.user, member_id=member_id)
    messages.success(request, _("The cover is over from now on."))
    return back_to(request, reverse("clients:covers"))
