"""The compliance console: the first page of officers and auditors."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from clients.access import show_list
from compliance.rules.kyc import CLOCKS
from dashboards.selectors import compliance as selectors
from staff.requests import StaffRequest
from staff.roles import May
from ui.pages import page, show
from ui.refusals import NotPermitted

CLOCK_LABELS = {  # short, for the bars
    "late_long": gettext_lazy("90+ days late"),
    "late": gettext_lazy("Late"),
    "due_30": gettext_lazy("In 30 days"),
    "due_60": gettext_lazy("31–60 days"),
    "due_90": gettext_lazy("61–90 days"),
}


@require_GET
@page
def compliance(request: StaffRequest) -> HttpResponse:
    """KYC by clock, open hits, approvals that wait, and the ways to search and audit."""
    person = request.user
    if not person.may(May.INTERACTIONS_AUDIT):
        raise NotPermitted(May.INTERACTIONS_AUDIT)
    today = timezone.localdate()
    console = selectors.console(person, today)
    shown = {client.pk for client in console.overdue} | {hit.client_id for hit in console.hits}
    shown |= {each.approval.client_id for each in console.approvals}
    show_list(person, "compliance console", {}, sorted(shown))
    kyc = reverse("compliance:kyc")
    return show(
        request,
        "dashboards/compliance.html",
        {
            "console": console,
            "today": today,
            "may_decide_hits": person.may(May.SCREENING_DECIDE),
            "may_approve": person.may(May.ONBOARDING_APPROVE),
            "may_see_access": person.may(May.ACCESS_AUDIT),
            "clock_labels": [str(CLOCK_LABELS[clock]) for clock in CLOCKS],
            "clock_urls": [f"{kyc}?clock={clock}" for clock in CLOCKS],
            "clock_series": [
                {"name": _("Clients"), "values": [console.counts[clock].count for clock in CLOCKS]}
            ],
            "capped": any(console.counts[clock].capped for clock in CLOCKS),
        },
    )
