"""What a person sees first: an RM the day, a lead the team, compliance its console."""

from django.contrib import messages
from django.db import connection
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from alerts.actions import look_at_client
from alerts.forms import REASONS
from alerts.views import snooze_days
from audit.seals.checking import standing
from clients.access import open_file, show_list
from clients.actions import log_interaction
from dashboards.forms import CallForm
from dashboards.selectors import my_day as selectors
from dashboards.views.compliance import compliance
from dashboards.views.team import team
from staff.requests import StaffRequest
from staff.roles import May
from ui.pages import back_to, page, show
from ui.refusals import NotPermitted

BACK = {"risk": "retention:at_risk"}


@require_GET
@page
def my_day(request: StaffRequest) -> HttpResponse:
    """What is due and why, the meetings, the figures of the own books."""
    if not request.user.may(May.TASKS_WORK):
        raise NotPermitted(May.TASKS_WORK)
    now = timezone.now()
    today = timezone.localdate(now)
    day = selectors.my_day(request.user, now)
    shown = [row.client.pk for row in day.due] + [meeting.client_id for meeting in day.meetings]
    show_list(request.user, "my day", {}, shown)
    return show(
        request,
        "dashboards/my_day.html",
        {"day": day, "today": today, "reasons": REASONS, "snooze_days": snooze_days(today)},
    )


@require_GET
@page
def welcome(request: StaffRequest) -> HttpResponse:
    """For who serves no clients: what there is to do."""
    sealing = None
    if request.user.may(May.MAIL_SEE):  # who keeps the system running
        sealing = standing(connection, with_anchors=False)
    return show(request, "dashboards/welcome.html", {"sealing": sealing})


def home(request: StaffRequest) -> HttpResponse:
    """`/` is the person's first page, without a second hop."""
    person = request.user
    if person.may(May.TEAM_SEE):
        return team(request)
    if person.may(May.INTERACTIONS_AUDIT):
        return compliance(request)
    return my_day(request) if person.may(May.TASKS_WORK) else welcome(request)


home.is_page = True  # type: ignore[attr-defined]  # each of them is


@require_http_methods(["GET", "POST"])
@page
def day_call(request: StaffRequest, client_id: int) -> HttpResponse:
    """Log a contact from a row in two actions: open, save. Without script it is a page."""
    if not request.user.may(May.INTERACTIONS_LOG):
        raise NotPermitted(May.INTERACTIONS_LOG)
    back = request.POST.get("back") or request.GET.get("back", "")
    form = CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        log_interaction(client_id, by=request.user, at=timezone.now(), **form.cleaned_data)
        look_at_client(client_id, timezone.localdate())  # so that the row is gone when the list comes back
        messages.success(request, _("Logged."))
        return back_to(request, reverse(BACK.get(back, "home")))
    client = open_file(request.user, client_id, why="log a contact")
    inline = request.headers.get("HX-Request") == "true"  # below its row, whichever that is
    return show(
        request,
        "dashboards/_my_day_call.html" if inline else "dashboards/my_day_call.html",
        {"form": form, "client": client, "back": back, "home": reverse(BACK.get(back, "home"))},
        status=422 if form.errors else 200,
    )
