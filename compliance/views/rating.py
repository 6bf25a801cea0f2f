"""A rating with everything that led to it, and the rating set by hand."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clients.access import open_file
from clients.models import Client
from compliance import actions, forms, selectors
from compliance.rules import override as rules
from compliance.selectors.rating import rated_for_override
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui.pages import back_to, or_404, page, show


@require_GET
@page
def rating(request: StaffRequest, client_id: int) -> HttpResponse:
    """Why this client is rated so; with ?record= how it was rated then."""
    opened = open_file(request.user, client_id, why="risk rating")
    return _rating_page(request, opened)


def _rating_page(
    request: StaffRequest, client: Client, form: forms.OverrideForm | None = None
) -> HttpResponse:
    asked, full = forms.RecordFilter(request.GET).asked, request.user.may(May.SCREENING_DECIDE)
    found = or_404(
        selectors.rating_page(request.user, client, asked.get("record"), full=full), "compliance.RatingRecord"
    )
    person, waiting = request.user, found.waiting
    return show(
        request,
        "compliance/rating.html",
        {
            "client": client,
            "found": found,
            "full": full,
            "today": timezone.localdate(),
            "form": form or forms.OverrideForm(),
            "may_rate": person.may(May.RATINGS_OVERRIDE),
            "decide_refusals": rules.refusals_to_decide_override(
                waiting.state, own=person.is_same_person(waiting.asked_by_id)
            )
            if waiting
            else [],
            "withdraw_refusals": rules.refusals_to_end(held.state, held.level, found.record.computed)
            if (held := found.override) and found.record
            else [],
        },
        status=422 if form is not None else 200,
    )


@require_POST
@page
def override_new(request: StaffRequest, client_id: int) -> HttpResponse:
    only_with(request, May.RATINGS_OVERRIDE)
    opened = open_file(request.user, client_id, why="risk rating")
    form = forms.OverrideForm(request.POST, rated=rated_for_override(opened, timezone.localdate()))
    if not form.is_valid():
        return _rating_page(request, opened, form)
    made = actions.override_rating(client_id, by=request.user, **form.cleaned_data)
    messages.success(
        request,
        _("It holds from now on.")
        if made.upward
        else _("Lowering takes two: it waits for a second officer."),
    )
    return back_to(request, reverse("compliance:rating", args=[client_id]))


@require_POST
@page
def override_decision(request: StaffRequest, override_id: int) -> HttpResponse:
    only_with(request, May.RATINGS_OVERRIDE)
    agreed = request.POST.get("agreed") == "yes"
    override = actions.decide_override(override_id, by=request.user, agreed=agreed)
    messages.success(request, _("The override holds now.") if agreed else _("The override is refused."))
    return back_to(request, reverse("compliance:rating", args=[override.client_id]))


@require_POST
@page
def override_withdrawal(request: StaffRequest, override_id: int) -> HttpResponse:
    only_with(request, May.RATINGS_OVERRIDE)
    override = actions.withdraw_override(override_id, by=request.user)
    messages.success(request, _("The override is withdrawn: the computed rating holds."))
    return back_to(request, reverse("compliance:rating", args=[override.client_id]))
