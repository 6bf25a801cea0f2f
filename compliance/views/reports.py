"""Reports of the desk: one page, one spreadsheet, one PDF each; the filter stands in the address."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audit.record import record
from compliance import forms, selectors
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui import reports
from ui.pages import attachment, page, show

# Who sees each. Of hits only who decides them may know, so no auditor counts them.
MAY = {
    "risk": May.INTERACTIONS_AUDIT,
    "reviews": May.INTERACTIONS_AUDIT,
    "interactions": May.INTERACTIONS_AUDIT,
    "screening": May.SCREENING_DECIDE,
}
LEADERS = {"interactions": May.TEAM_SEE}  # who also sees one, of the own teams
SELECTORS = {
    "risk": selectors.risk_report,
    "reviews": selectors.review_report,
    "interactions": selectors.interaction_report,
    "screening": selectors.screening_report,
}


def _made(request: StaffRequest, code: str) -> tuple[forms.Filter, reports.Report]:
    if not (code in LEADERS and request.user.may(LEADERS[code])):
        only_with(request, MAY[code])
    if code == "screening":
        form: forms.Filter = forms.ReportFilter(request.GET)
    elif code == "risk":
        form = forms.RiskReportFilter(request.GET, teams=selectors.team_names())
    else:
        form = forms.TeamReportFilter(request.GET, teams=selectors.team_names())
    return form, SELECTORS[code](request.user, form.asked, timezone.localdate())


@require_GET
@page
def report_list(request: StaffRequest) -> HttpResponse:
    """Which reports there are."""
    only_with(request, May.INTERACTIONS_AUDIT)
    return show(
        request,
        "compliance/reports.html",
        {
            "reports": [
                {**words, "url": reverse(f"compliance:report_{code}")}
                for code, words in _words().items()
                if request.user.may(MAY[code])
            ],
            "sweep": selectors.last_sweep(),
        },
    )


def _words() -> dict[str, dict[str, Any]]:
    return {
        "risk": {
            "title": _("Portfolio by risk"),
            "icon": "chart-pie",
            "sentence": _("How many clients of which risk, what they are worth, where they are served."),
        },
        "reviews": {
            "title": _("Punctuality of reviews"),
            "icon": "calendar-check",
            "sentence": _("Reviews done in time and late, by month, team and relationship manager."),
        },
        "interactions": {
            "title": _("Audit of interactions"),
            "icon": "clipboard-list",
            "sentence": _("What was sampled and reviewed, what passed, by author, team and channel."),
        },
        "screening": {
            "title": _("Screening statistics"),
            "icon": "shield-alert",
            "sentence": _("Alerts, decisions, false positives, time to decide, lists and scorer."),
        },
    }


@require_GET
@page
def report(request: StaffRequest, code: str) -> HttpResponse:
    form, made = _made(request, code)
    query = request.GET.urlencode()
    return show(
        request,
        "compliance/report.html",
        {
            "form": form,
            "report": made,
            "head": reports.head(made),
            "is_leader": not request.user.may(May.INTERACTIONS_AUDIT),
            "sheet_url": _with(reverse(f"compliance:report_{code}_sheet"), query),
            "paper_url": _with(reverse(f"compliance:report_{code}_paper"), query),
        },
    )


def _with(url: str, query: str) -> str:
    return f"{url}?{query}" if query else url


@require_GET
@page
def report_sheet(request: StaffRequest, code: str) -> HttpResponseBase:
    form, made = _made(request, code)
    body = reports.as_spreadsheet(made, request.user)
    return _download(request, code, form, body, reports.SPREADSHEET, "xlsx")


@require_GET
@page
def report_paper(request: StaffRequest, code: str) -> HttpResponseBase:
    form, made = _made(request, code)
    body = reports.as_paper(made, request.user)
    return _download(request, code, form, body, reports.PAPER, "pdf")


def _download(
    request: StaffRequest, code: str, form: forms.Filter, body: bytes, kind: str, ending: str
) -> HttpResponseBase:
    """What leaves the house is recorded, with the filter it was asked by."""
    told = {name: str(value) for name, value in sorted(form.asked.items())}
    record("report exported", by=request.user, payload={"report": code, "format": ending, "filters": told})
    name = f"{code}-{timezone.localdate().isoformat()}.{ending}"
    return attachment(body, name, kind)
