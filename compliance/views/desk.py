"""The queues of the desk beside KYC and hits: gaps, approvals, overrides, reviews outside the cycle."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.access import show_list
from compliance import actions, forms, selectors
from compliance.rules import reviews
from compliance.views.bulk import asked_for_many
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui.pages import back_to, page, show


@require_http_methods(["GET", "POST"])
@page
def gap_list(request: StaffRequest) -> HttpResponse:
    """What files lack, or hold only for a while: each with the rule and the page where it is mended."""
    form, today = forms.GapFilter(request.GET), timezone.localdate()
    asked, bulk = form.asked, forms.BulkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and (asked_for := asked_for_many(request, bulk, "gaps", asked)):
        return asked_for
    found, lines = selectors.gap_list(request.user, asked, today)
    show_list(request.user, "gaps", asked, sorted({gap.client_id for gap in found}))
    return show(
        request,
        "compliance/gap_list.html",
        {
            "form": form,
            "page": found,
            "lines": lines,
            "rule": selectors.gap_rules().get(asked.get("kind", "")),
            "ending": "clock" in asked,
            "today": today,
            "may_ask": request.user.may(May.KYC_REVIEW),
            "bulk": bulk,
            "sweep": selectors.last_sweep(),
        },
        status=422 if bulk.errors else 200,
    )


@require_GET
@page
def approval_list(request: StaffRequest) -> HttpResponse:
    """What waits for a second person."""
    only_with(request, May.INTERACTIONS_AUDIT)
    form, today = forms.QueueFilter(request.GET), timezone.localdate()
    found = selectors.approval_list(request.user, form.asked, today)
    show_list(request.user, "approvals", form.asked, [each.client_id for each in found])
    return show(request, "compliance/approval_list.html", {"form": form, "page": found, "today": today})


@require_GET
@page
def override_list(request: StaffRequest) -> HttpResponse:
    """Ratings set by hand: those that wait for a second officer, those that end."""
    only_with(request, May.SCREENING_DECIDE)
    form, today = forms.OverrideFilter(request.GET), timezone.localdate()
    found = selectors.override_list(request.user, form.asked, today)
    show_list(request.user, "overrides", form.asked, [each.client_id for each in found])
    waiting = form.asked.get("state") != "in_force"
    return show(
        request,
        "compliance/override_list.html",
        {"form": form, "page": found, "today": today, "waiting": waiting},
    )


@require_GET
@page
def trigger_list(request: StaffRequest) -> HttpResponse:
    """Why files are reviewed outside their cycle; what only hits tell reads as compliance's own wish."""
    only_with(request, May.INTERACTIONS_AUDIT)
    form, today = forms.QueueFilter(request.GET), timezone.localdate()
    found = selectors.trigger_list(request.user, form.asked, today)
    show_list(request.user, "reviews outside the cycle", form.asked, [each.client_id for each in found])
    with_hits = request.user.may(May.SCREENING_DECIDE)
    rows = [(each, reviews.trigger_words(each.code, with_hits=with_hits)) for each in found]
    return show(
        request,
        "compliance/trigger_list.html",
        {"form": form, "page": found, "rows": rows, "today": today},
    )


@require_GET
@page
def review_list(request: StaffRequest) -> HttpResponse:
    """KYC reviews that were done, in time or late."""
    only_with(request, May.INTERACTIONS_AUDIT)
    form = forms.ReviewFilter(request.GET)
    found = selectors.review_list(request.user, form.asked)
    show_list(request.user, "reviews done", form.asked, [each.client_id for each in found])
    return show(request, "compliance/review_list.html", {"form": form, "page": found})


@require_POST
@page
def sweep_new(request: StaffRequest) -> HttpResponse:
    """Look through the files now."""
    only_with(request, May.KYC_REVIEW)
    work = actions.ask_for_sweep(None, by=request.user)
    messages.success(request, _("Every served file is looked through now."))
    return back_to(request, reverse("job", args=[work.pk]))
