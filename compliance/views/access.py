"""Who can see a client and which clients a person can see, by which right and since when, at any instant."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from clients.access import open_file, show_list
from compliance import forms, selectors
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui.pages import or_404, page, show


def _moment(request: StaffRequest) -> forms.MomentForm:
    return forms.MomentForm(request.GET, begins=selectors.history_begins(), now=timezone.now())


@require_GET
@page
def client_access(request: StaffRequest, client_id: int) -> HttpResponse:
    """Each person who can see this client, and by which right."""
    opened = open_file(request.user, client_id, why="who can see this client")
    only_with(request, May.ACCESS_AUDIT)
    form = _moment(request)
    seers = selectors.who_sees(opened, form.moment) if form.moment else []
    told = {"client": opened, "form": form, "seers": seers}
    return show(request, "compliance/client_access.html", told, status=200 if form.moment else 422)


@require_GET
@page
def person_access(request: StaffRequest, person_id: int) -> HttpResponse:
    """The clients this person can see, and by which right."""
    only_with(request, May.ACCESS_AUDIT)
    person = or_404(selectors.colleague_of(person_id), f"staff.User {person_id}")
    form = _moment(request)
    seen = selectors.what_sees(request.user, person, form.moment, form.asked) if form.moment else None
    show_list(request.user, "clients a person sees", {}, [client.pk for client in seen.page] if seen else [])
    told = {"person": person, "form": form, "seen": seen}
    return show(request, "compliance/person_access.html", told, status=200 if form.moment else 422)
