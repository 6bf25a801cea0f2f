"""Hits: the queue, both sides of one, two people who decide."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clients.access import open_file, show_list
from compliance import actions, forms, selectors
from compliance.rules import screening as screening_rules
from compliance.views.rights import only_with
from staff.requests import StaffRequest
from staff.roles import May
from ui.pages import back_to, or_404, page, show
from ui.refusals import NotVisible


def _only_for_deciders(request: StaffRequest, hit_id: int) -> None:
    """For everybody else no hit exists: that there is one must not show, not even in a status."""
    if not request.user.may(May.SCREENING_DECIDE):
        raise NotVisible(f"compliance.ScreeningHit {hit_id}")


@require_GET
@page
def hit_list(request: StaffRequest) -> HttpResponse:
    only_with(request, May.SCREENING_DECIDE)
    form = forms.HitFilter(request.GET)
    hits = selectors.hit_list(request.user, form.asked)
    show_list(request.user, "screening hits", form.asked, [hit.client_id for hit in hits])
    return show(
        request,
        "compliance/hit_list.html",
        {"form": form, "page": hits, "lists": selectors.active_lists(), "run": selectors.last_run()},
    )


@require_GET
@page
def hit(request: StaffRequest, hit_id: int) -> HttpResponse:
    """Both sides, and the sentence why they look alike."""
    _only_for_deciders(request, hit_id)
    return _hit_page(request, hit_id, forms.ProposeForm())


def _hit_page(request: StaffRequest, hit_id: int, form: forms.ProposeForm, status: int = 200) -> HttpResponse:
    found = or_404(selectors.hit_page(request.user, hit_id), f"compliance.ScreeningHit {hit_id}")
    open_file(request.user, found.hit.client_id, why="screening hit")
    hit = found.hit
    return show(
        request,
        "compliance/hit.html",
        {
            "found": found,
            "hit": hit,
            "form": form,
            "verdict": forms.VERDICTS.get(hit.verdict, ""),
            "reason": forms.HIT_REASONS.get(hit.reason, hit.reason),
            "second_refusals": screening_rules.refusals_to_confirm(
                hit.state, hit.proposed_by_id, request.user.pk
            ),
        },
        status=status,
    )


@require_POST
@page
def hit_decision(request: StaffRequest, hit_id: int) -> HttpResponse:
    """The first of two people."""
    _only_for_deciders(request, hit_id)
    form = forms.ProposeForm(request.POST)
    if not form.is_valid():
        return _hit_page(request, hit_id, form, status=422)
    actions.propose_hit(hit_id, by=request.user, verdict=form.verdict, reason=form.cleaned_data["reason"])
    messages.success(request, _("Noted. A second officer confirms it."))
    return back_to(request, reverse("compliance:hits"))


@require_POST
@page
def hit_confirmation(request: StaffRequest, hit_id: int) -> HttpResponse:
    """The second of two people: agrees, or returns it."""
    _only_for_deciders(request, hit_id)
    form = forms.SecondForm(request.POST)
    if form.is_valid() and form.cleaned_data["agreed"]:
        actions.confirm_hit(hit_id, by=request.user)
        messages.success(request, _("Decided."))
    else:
        actions.return_hit(hit_id, by=request.user)
        messages.info(request, _("Returned: the hit is open again."))
    return back_to(request, reverse("compliance:hits"))
