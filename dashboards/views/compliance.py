"""The officer's desk: the first page of officers and auditors."""

from django.db import connection
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audit.seals.checking import standing
from clients.access import show_list
from compliance.forms import COLUMN_LABELS
from compliance.rules import desk
from dashboards.selectors import compliance as selectors
from staff.requests import StaffRequest
from staff.roles import May
from ui.pages import page, show
from ui.refusals import NotPermitted


@require_GET
@page
def compliance(request: StaffRequest) -> HttpResponse:
    """Queues by their clock, what files lack, open hits, approvals that wait, and the ways to search."""
    person = request.user
    if not person.may(May.INTERACTIONS_AUDIT):
        raise NotPermitted(May.INTERACTIONS_AUDIT)
    today = timezone.localdate()
    console = selectors.console(person, today)
    shown = {hit.client_id for hit in console.hits} | {each.approval.client_id for each in console.approvals}
    shown |= {each.ending.client_id for each in console.endings}
    show_list(person, "compliance console", {}, sorted(shown))
    gaps, kinds = reverse("compliance:gaps"), console.missing.kinds
    kyc = console.row("kyc")
    assert kyc is not None
    return show(
        request,
        "dashboards/compliance.html",
        {
            "console": console,
            "today": today,
            "columns": COLUMN_LABELS,
            "board": [
                (row, list(zip(COLUMN_LABELS.values(), row.cells, strict=True))) for row in console.board
            ],
            "may_decide_hits": person.may(May.SCREENING_DECIDE),
            "may_approve": person.may(May.ONBOARDING_APPROVE),
            "may_see_access": person.may(May.ACCESS_AUDIT),
            "may_see_audit": person.may(May.AUDIT_EXPORT),
            "may_manage_barriers": person.may(May.BARRIERS_MANAGE),
            "sealing": standing(connection, with_anchors=False),
            "may_look": person.may(May.KYC_REVIEW),
            "look_refusals": desk.refusals_to_sweep(console.missing.running),
            "kyc_labels": [str(COLUMN_LABELS[cell.column]) for cell in kyc.cells],
            "kyc_urls": [cell.url for cell in kyc.cells],
            "kyc_series": [{"name": _("Clients"), "values": [cell.figure.count for cell in kyc.cells]}],
            "capped": any(cell.figure.capped for cell in kyc.cells),
            "missing_labels": [each.label for each in kinds],
            "missing_urls": [f"{gaps}?kind={each.kind}" for each in kinds],
            "missing_series": [{"name": _("Missing"), "values": [each.missing for each in kinds]}],
        },
    )
