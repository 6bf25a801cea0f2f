"""The inbox, the bell and the outbox."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from alerts import actions, selectors
from alerts.forms import REASONS, DismissalForm, InboxFilter, PageFilter, SnoozeForm
from alerts.models import Urgency
from clients.access import show_list
from staff.requests import StaffRequest
from staff.roles import May
from ui.pages import back_to, may_be_asked_for, page, show
from ui.refusals import NotPermitted, Refused

may_be_asked_for("alerts/inbox.html", "alerts")
BACK = {"day": "home", "risk": "retention:at_risk"}


@require_GET
@page
def inbox(request: StaffRequest) -> HttpResponse:
    """The open alerts of the person. What is shown is no longer new."""
    if not request.user.may(May.ALERTS_WORK):
        raise NotPermitted(May.ALERTS_WORK)
    form = InboxFilter(request.GET)
    asked = form.asked
    today = timezone.localdate()
    counts, urgency, alerts = selectors.inbox(request.user, asked, today)
    dismissed = selectors.dismissed_lately(request.user)
    on_page = [alert.client_id for alert in alerts] + [each.alert.client_id for each in dismissed]
    show_list(request.user, "inbox", asked, list(dict.fromkeys(on_page)))
    actions.mark_read(request.user, [alert.pk for alert in alerts])
    return show(
        request,
        "alerts/inbox.html",
        {
            "form": form,
            "page": alerts,
            "shown": selectors.show_alerts(alerts),
            "tabs": _tabs(request, counts, urgency),
            "dismissed": dismissed,
            "today": today,
            "reasons": REASONS,
            "snooze_days": snooze_days(today),
        },
    )


def _tabs(request: StaffRequest, counts: dict[int, int], urgency: int) -> list[dict]:
    query = request.GET.copy()
    for place in ("after", "before"):
        query.pop(place, None)
    tabs = []
    for value, label in Urgency.choices:
        query["urgency"] = str(value)
        tabs.append(
            {
                "label": label,
                "url": f"?{query.urlencode()}",
                "active": value == urgency,
                "count": counts.get(value, 0),
            }
        )
    return tabs


def snooze_days(today: date) -> list[tuple[date, str]]:
    """Days to choose from, as the menu prints them."""
    return [
        (today + timedelta(days=1), _("Tomorrow")),
        (today + timedelta(days=3), _("In 3 days")),
        (today + timedelta(days=7), _("In a week")),
        (today + timedelta(days=30), _("In 30 days")),
    ]


@require_GET
@page
def bell(request: StaffRequest) -> HttpResponse:
    """The bell alone: asked by the page itself every minute."""
    return render(request, "alerts/_bell.html")


@require_POST
@page
def dismissal(request: StaffRequest, alert_id: int) -> HttpResponse:
    """Closed with a reason; sent again with undo=1 it is open again."""
    if request.POST.get("undo"):
        actions.reopen_alert(alert_id, by=request.user)
        messages.info(request, _("The alert is open again."))
    else:
        form = DismissalForm(request.POST)
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        actions.dismiss_alert(alert_id, by=request.user, reason=reason)
        messages.success(request, _("Dismissed. The foot of the inbox has it, should you want it back."))
    return _back(request)


@require_POST
@page
def snooze(request: StaffRequest, alert_id: int) -> HttpResponse:
    form = SnoozeForm(request.POST)
    if not form.is_valid():
        raise Refused([_("Choose a day after today.")])
    actions.snooze_alert(alert_id, by=request.user, until=form.cleaned_data["until"])
    messages.success(request, _("It comes back on that day."))
    return _back(request)


def _back(request: StaffRequest) -> HttpResponse:
    """To the page the button stood on."""
    return back_to(request, reverse(BACK.get(request.POST.get("back", ""), "inbox")))


@require_GET
@page
def outbox(request: StaffRequest) -> HttpResponse:
    """Mails to staff: in the demo nothing leaves the house, it is shown here."""
    mails = selectors.outbox(request.user, PageFilter(request.GET).asked)
    return show(
        request,
        "alerts/outbox.html",
        {"page": mails, "everybody": request.user.may(May.MAIL_SEE)},
    )
