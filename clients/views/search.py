"""One search, as a page and for the palette (Ctrl-K)."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from clients import selectors
from clients.access import show_list
from clients.forms import SearchForm
from staff import typed
from staff.requests import StaffRequest
from staff.roles import May
from ui.pages import may_be_asked_for, page, show

may_be_asked_for("clients/search.html", "search_results")


@require_http_methods(["GET", "POST"])
@page
def search(request: StaffRequest) -> HttpResponse:
    """That someone searched and what was shown is recorded; what was typed, which can be a name, is not.

    It is posted, and stands in no address but sealed (staff/typed.py); the palette shows no address at all.
    """
    if request.method == "POST" and request.headers.get("HX-Request") != "true":
        return typed.to_address(request, "q")
    form = SearchForm(request.POST if request.method == "POST" else typed.opened(request, "q"))
    text = form.text
    found = selectors.search(request.user, text) if text else []
    if text:
        show_list(request.user, "search", {}, [each.client.pk for each in found])
    return show(
        request,
        "clients/search.html",
        {"text": text, "found": found, "may_break": request.user.may(May.GLASS_BREAK)},
    )
