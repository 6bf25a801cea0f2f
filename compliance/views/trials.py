"""The dry run of a draft of any pack that moves clients, before anybody activates it."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from clients.access import show_list
from compliance import forms, selectors
from rulebook.actions import ask_trial
from rulebook.selectors import may_write
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui import reports
from ui.pages import attachment, back_to, may_be_asked_for, or_404, page, show

may_be_asked_for("compliance/trial.html", "trial")


@require_http_methods(["GET", "POST"])
@page
def trial(request: StaffRequest, pack_id: int) -> HttpResponse:
    """In totals, by relationship manager, by client; POST runs it (anew)."""
    only_with(request, May.RULES_SEE)
    if request.method == "POST":
        or_404(selectors.trial_page(request.user, pack_id, {}), f"rulebook.RulePack {pack_id}")
        ask_trial(None, by=request.user, pack_id=pack_id)
        messages.success(request, _("The dry run is under way; it goes on when you leave this page."))
        return back_to(request, reverse("compliance:trial", args=[pack_id]))
    asked = forms.TrialFilter(request.GET).asked
    found = or_404(selectors.trial_page(request.user, pack_id, asked), f"rulebook.RulePack {pack_id}")
    if found.rows:
        show_list(request.user, "dry run", asked, sorted({row.client_id for row in found.rows}))
    may_run = may_write(request.user, found.trial.pack.name)
    query = request.GET.urlencode()
    return show(request, "compliance/trial.html", {"found": found, "may_run": may_run, "query": query})


@require_GET
@page
def trial_sheet(request: StaffRequest, pack_id: int) -> HttpResponseBase:
    """A finished dry run as a spreadsheet, by the filter of the page. Who is in it is an event."""
    only_with(request, May.RULES_SEE)
    asked = forms.TrialFilter(request.GET).asked
    found = or_404(selectors.trial_page(request.user, pack_id, asked), f"rulebook.RulePack {pack_id}")
    made, ids = or_404(selectors.trial_report(request.user, found, asked), f"rulebook.RulePack {pack_id}")
    show_list(request.user, "spreadsheet of a dry run", asked, ids)
    name = f"dry-run-{found.trial.pack.name}-version-{found.trial.pack.version}.xlsx"
    return attachment(reports.as_spreadsheet(made, request.user), name, reports.SPREADSHEET)
