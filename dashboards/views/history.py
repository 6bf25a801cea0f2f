"""A client's file as it stood at an instant, and what changed since."""

from datetime import timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from clients.access import open_file
from clients.models import Client
from compliance.forms import MomentForm
from compliance.selectors import history_begins
from dashboards.forms import PackForm
from dashboards.selectors.history import file_at
from dashboards.selectors.pack import packs_of
from jobs.models import FINISHED
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui.pages import page, show

DAYS = timedelta(days=30)  # of the audit go along, if nothing else is asked


@require_GET
@page
def file_history(request: StaffRequest, client_id: int) -> HttpResponse:
    """Every field of then beside what it is now; who changed what since; the rule versions in force then."""
    opened = open_file(request.user, client_id, why="the file as it stood")
    only_with(request, May.ACCESS_AUDIT)
    return history_page(request, opened)


def history_page(request: StaffRequest, client: Client, pack: PackForm | None = None) -> HttpResponse:
    """The page; again with the form of a pack that was not understood."""
    form = MomentForm(request.GET, begins=history_begins(), now=timezone.now())
    found = file_at(client, form.moment) if form.moment else None
    if pack is None and form.moment and request.user.may(May.AUDIT_EXPORT):
        day = timezone.localdate(form.moment)
        pack = PackForm(initial={"at": form.moment.isoformat(), "since": day - DAYS, "until": day})
    told = {
        "client": client,
        "form": form,
        "found": found,
        "pack": pack,
        "packs": packs_of(request.user, client.pk) if pack else [],
        "finished": FINISHED,
    }
    status = 200 if found and not (pack and pack.errors) else 422
    return show(request, "dashboards/file_history.html", told, status=status)
