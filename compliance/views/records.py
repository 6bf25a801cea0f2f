"""What was said with clients, and who opened which file."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from clients.access import show_list
from compliance import forms, selectors
from staff import typed
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui.pages import page, show


@require_http_methods(["GET", "POST"])
@page
def interaction_list(request: StaffRequest) -> HttpResponse:
    """What was said with clients, found by words, person, channel, days and client."""
    only_with(request, May.INTERACTIONS_AUDIT)
    if request.method == "POST":
        return typed.to_address(request, *forms.InteractionFilter.TYPED)
    form = forms.InteractionFilter(typed.opened(request, *forms.InteractionFilter.TYPED))
    found = selectors.interaction_list(request.user, form.asked)
    show_list(request.user, "interactions", form.asked, [each.client_id for each in found])
    return show(request, "compliance/interaction_list.html", {"form": form, "page": found})


@require_http_methods(["GET", "POST"])
@page
def access_list(request: StaffRequest) -> HttpResponse:
    """Who opened which file, by which right and why."""
    only_with(request, May.ACCESS_AUDIT)
    if request.method == "POST":
        return typed.to_address(request, *forms.OpeningFilter.TYPED)
    form = forms.OpeningFilter(typed.opened(request, *forms.OpeningFilter.TYPED))
    found = selectors.file_openings(request.user, form.asked)
    show_list(request.user, "file openings", form.asked, sorted(found.clients))
    rows: list[dict[str, Any]] = [
        {
            "event": event,
            "client": found.clients.get(event.client_id),
            "who": found.names.get(event.by_login, event.by_login),
        }
        for event in found.page
    ]
    told = {
        "form": form,
        "page": found.page,
        "rows": rows,
        "of_client": found.of_client,
        "of_person": found.of_person,
    }
    return show(request, "compliance/access_list.html", told)
