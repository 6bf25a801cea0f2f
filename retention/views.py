"""Who may leave, and what is done about it."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from alerts.forms import REASONS
from alerts.views import snooze_days
from clients.access import show_list
from retention import actions, selectors
from staff.requests import StaffRequest
from staff.roles import May
from ui.pages import back_to, page, show
from ui.refusals import NotPermitted


@require_GET
@page
def at_risk(request: StaffRequest) -> HttpResponse:
    """The clients who may leave, ranked, each with its reasons."""
    if not request.user.may(May.RETENTION_WORK):
        raise NotPermitted(May.RETENTION_WORK)
    rows = selectors.at_risk(request.user)
    show_list(request.user, "at risk", {}, [row.client.pk for row in rows])
    today = timezone.localdate()
    return show(
        request,
        "retention/at_risk.html",
        {"rows": rows, "today": today, "reasons": REASONS, "snooze_days": snooze_days(today)},
    )


@require_POST
@page
def call_new(request: StaffRequest, client_id: int) -> HttpResponse:
    """Plan a call for the next working day."""
    actions.plan_call(client_id, by=request.user)
    messages.success(request, _("The call is planned for the next working day; it stands on your day then."))
    return back_to(request, reverse("retention:at_risk"))
