"""Client 360: the one page that composes a client from all rooms."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from clients import selectors as client_selectors
from clients.access import open_file
from ui.pages import page, show


@require_GET
@page
def client(request: HttpRequest, client_id: int) -> HttpResponse:
    opened = open_file(request.user, client_id, why=request.GET.get("why", "")[:100])
    return show(
        request, "dashboards/client.html", {"client": opened, "timeline": client_selectors.timeline(opened)}
    )
