"""The dry run of a draft: what it would change in the bank, before anybody activates it."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from clients.access import show_list
from compliance import actions, forms, selectors
from rulebook.selectors import may_write
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui import reports
from ui.pages import attachment, back_to, may_be_asked_for, or_404, page, show

may_be_asked_for("compliance/dry_run.html", "dry_run")


@require_http_methods(["GET", "POST"])
@page
def dry_run(request: StaffRequest, pack_id: int) -> HttpResponse:
    """By rating, by relationship manager, by client; POST runs it (anew)."""
    only_with(request, May.RULES_SEE)
    if request.method == "POST":
        or_404(selectors.dry_run_page(request.user, pack_id, {}), f"rulebook.RulePack {pack_id}")
        actions.ask_dry_run(None, by=request.user, pack_id=pack_id)
        messages.success(request, _("The dry run is under way; it goes on when you leave this page."))
        return back_to(request, reverse("compliance:dry_run", args=[pack_id]))
    form = forms.DryRunFilter(request.GET)
    found = or_404(selectors.dry_run_page(request.user, pack_id, form.asked), f"rulebook.RulePack {pack_id}")
    if found.rows:
        show_list(request.user, "dry run", form.asked, [row.client_id for row in found.rows])
    return show(
        request,
        "compliance/dry_run.html",
        {
            "found": found,
            "form": form,
            "may_run": may_write(request.user, "kyc"),
            "query": request.GET.urlencode(),
        },
    )


@require_GET
@page
def dry_run_sheet(request: StaffRequest, pack_id: int) -> HttpResponseBase:
    """A finished dry run as a spreadsheet, by the filter of the page. Who is in it is an event."""
    only_with(request, May.RULES_SEE)
    told = forms.DryRunFilter(request.GET).asked
    found = or_404(selectors.dry_run_page(request.user, pack_id, told), f"rulebook.RulePack {pack_id}")
    made, ids = or_404(selectors.dry_run_report(request.user, found, told), f"rulebook.RulePack {pack_id}")
    show_list(request.user, "spreadsheet of a dry run", told, ids)
    name = f"dry-run-version-{found.pack.version}.xlsx"
    return attachment(reports.as_spreadsheet(made, request.user), name, reports.SPREADSHEET)
