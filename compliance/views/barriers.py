"""Information barriers: what stands, what waits for a second person, who is inside."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit.record import record
from compliance.actions import barriers as actions
from compliance.forms.barriers import BarrierFilter, BarrierForm, NewBarrierForm, ReasonForm
from compliance.rules.barriers import CHANGE, LIFT, RAISE
from compliance.selectors import barriers as selectors
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui.pages import back_to, or_404, page, show


@require_http_methods(["GET", "POST"])
@page
def barrier_list(request: StaffRequest) -> HttpResponse:
    """What stands and what waits; or ask for a new one."""
    only_with(request, May.BARRIERS_MANAGE)
    form = NewBarrierForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.propose_barrier(None, by=request.user, kind=RAISE, **form.cleaned_data)
        return _asked(request, reverse("compliance:barriers"))
    record("barriers shown", by=request.user)
    told = {"found": selectors.barrier_list(request.user), "form": form}
    return show(request, "compliance/barriers.html", told, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page
def barrier(request: StaffRequest, barrier_id: int) -> HttpResponse:
    """Who is inside, what stands behind it, how it came to be so; or ask for a change."""
    only_with(request, May.BARRIERS_MANAGE)
    form = BarrierForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told: dict[str, Any] = form.cleaned_data
        actions.propose_barrier(None, by=request.user, kind=CHANGE, barrier_id=barrier_id, **told)
        return _asked(request, reverse("compliance:barrier", args=[barrier_id]))
    found = or_404(
        selectors.barrier_page(request.user, barrier_id, BarrierFilter(request.GET).asked),
        f"clients.Barrier {barrier_id}",
    )
    record("barrier opened", by=request.user, subject=found.barrier)
    return show(
        request,
        "compliance/barrier.html",
        {"found": found, "barrier": found.barrier, "page": found.files, "form": form, "lift": ReasonForm()},
        status=422 if form.errors else 200,
    )


@require_POST
@page
def barrier_lift(request: StaffRequest, barrier_id: int) -> HttpResponse:
    """Ask that it be lifted: whoever reaches its files by book or role sees them again."""
    only_with(request, May.BARRIERS_MANAGE)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    actions.propose_barrier(None, by=request.user, kind=LIFT, barrier_id=barrier_id, reason=reason)
    return _asked(request, reverse("compliance:barrier", args=[barrier_id]))


@require_POST
@page
def barrier_confirmation(request: StaffRequest, proposal_id: int) -> HttpResponse:
    """The second person's yes."""
    only_with(request, May.BARRIERS_MANAGE)
    changed = actions.confirm_barrier(None, by=request.user, proposal_id=proposal_id)
    messages.success(request, _("Confirmed: it is so from now on."))
    return back_to(request, reverse("compliance:barrier", args=[changed.pk]))


@require_POST
@page
def barrier_end(request: StaffRequest, proposal_id: int) -> HttpResponse:
    """The second person's no, or taken back by who asked."""
    only_with(request, May.BARRIERS_MANAGE)
    actions.end_barrier_proposal(None, by=request.user, proposal_id=proposal_id)
    messages.success(request, _("Nothing changed."))
    return back_to(request, reverse("compliance:barriers"))


def _asked(request: StaffRequest, url: str) -> HttpResponse:
    messages.success(request, _("Asked for. It takes effect when a second person of compliance confirms it."))
    return back_to(request, url)
