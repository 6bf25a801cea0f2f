"""Recertification of access: what teams owe, and signing it."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from clients.access import show_list
from compliance import actions, forms, selectors
from staff.requests import StaffRequest
from staff.roles import May
from ui.pages import back_to, or_404, page, show
from ui.refusals import NotPermitted


def _check(request: StaffRequest) -> None:
    if not (request.user.may(May.ACCESS_CERTIFY) or request.user.may(May.ACCESS_AUDIT)):
        raise NotPermitted(May.ACCESS_CERTIFY)


@require_GET
@page
def recertification_list(request: StaffRequest) -> HttpResponse:
    """What teams owe, the longest due first; what was signed."""
    _check(request)
    form, today = forms.RecertificationFilter(request.GET), timezone.localdate()
    found = selectors.recertification_list(request.user, form.asked, today)
    return show(
        request, "compliance/recertification_list.html", {"form": form, "page": found, "today": today}
    )


@require_http_methods(["GET", "POST"])
@page
def recertification(request: StaffRequest, owed_id: int) -> HttpResponse:
    """Everybody who may open the team's books, each to be kept or ended; or what was signed."""
    _check(request)
    owed = or_404(
        selectors.recertification_of(request.user, owed_id), f"compliance.Recertification {owed_id}"
    )
    found = selectors.recertification_page(request.user, owed)
    form = forms.CertifyForm(request.POST or None, keys=[each.line["key"] for each in found.rights])
    if request.method == "POST" and form.is_valid():
        actions.certify(
            None, by=request.user, owed_id=owed_id, seen=form.cleaned_data["seen"], keep=form.keep
        )
        messages.success(request, _("Signed. What you ended is closed from now on."))
        return back_to(request, reverse("compliance:recertification", args=[owed_id]))
    show_list(request.user, "access to certify", {}, found.clients)
    return show(
        request,
        "compliance/recertification.html",
        {
            "found": found,
            "owed": owed,
            "today": timezone.localdate(),
            "may_sign": request.user.may(May.ACCESS_CERTIFY) and owed.certified_at is None,
        },
        status=422 if form.errors else 200,
    )
