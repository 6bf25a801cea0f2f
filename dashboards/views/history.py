"""A client's file as it stood at an instant, and what changed since."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from clients.access import open_file
from compliance.forms import MomentForm
from compliance.selectors import history_begins
from dashboards.selectors.history import file_at
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui.pages import page, show


@require_GET
@page
def file_history(request: StaffRequest, client_id: int) -> HttpResponse:
    """Every field of then beside what it is now; who changed what since; the rule versions in force then."""
    opened = open_file(request.user, client_id, why="the file as it stood")
    only_with(request, May.ACCESS_AUDIT)
    form = MomentForm(request.GET, begins=history_begins(), now=timezone.now())
    found = file_at(opened, form.moment) if form.moment else None
    told = {"client": opened, "form": form, "found": found}
    return show(request, "dashboards/file_history.html", told, status=200 if found else 422)
