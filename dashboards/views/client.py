"""Client 360: the one page that composes a client from all rooms."""

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from clients.access import open_file
from clients.forms import QuickLogForm
from dashboards.selectors import client as selectors
from staff.requests import StaffRequest
from ui.pages import page, show

WHYS = {"interaction": "interaction"}  # ?why=… of our own links: nobody writes into the audit by an address


@require_GET
@page
def client(request: StaffRequest, client_id: int) -> HttpResponse:
    opened = open_file(request.user, client_id, why=WHYS.get(request.GET.get("why", ""), ""))
    now = timezone.now()
    return show(
        request,
        "dashboards/client.html",
        {
            "file": selectors.client_page(request.user, opened, now),
            "client": opened,
            "today": timezone.localdate(now),
            "currency": settings.REPORTING_CURRENCY,
            "form": QuickLogForm(),
            "may": selectors.verbs(request.user),
        },
    )
