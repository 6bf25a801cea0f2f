"""Hits: the queue, both sides of one, two people who decide, and a verdict as it was decided."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.access import open_file, show_list
from compliance import actions, forms, selectors
from compliance.rules import hits as rules
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui.pages import back_to, or_404, page, show
from ui.refusals import NotVisible, refuse_if


def _only_for_deciders(request: StaffRequest, hit_id: int) -> None:
    """For everybody else no hit exists: that there is one must not show, not even in a status."""
    if not request.user.may(May.SCREENING_DECIDE):
        raise NotVisible(f"compliance.ScreeningHit {hit_id}")


@require_http_methods(["GET", "POST"])
@page
def hit_list(request: StaffRequest) -> HttpResponse:
    only_with(request, May.SCREENING_DECIDE)
    form, today = forms.HitFilter(request.GET), timezone.localdate()
    batch = None
    if request.method == "POST":
        batch = forms.BatchForm(request.POST, deciders=selectors.deciders())
        if asked_for := _asked_for_hits(request, batch, form.asked):
            return asked_for
    hits = selectors.hit_list(request.user, form.asked, today)
    dozens = selectors.dozens(request.user, form.asked, today)
    show_list(request.user, "screening hits", form.asked, [hit.client_id for hit in hits])
    return show(
        request,
        "compliance/hit_list.html",
        {
            "form": form,
            "page": hits,
            "lists": selectors.active_lists(),
            "run": selectors.last_run(),
            "dozens": dozens,
            "narrowed": form.asked.get("state") == "obvious",
            "obvious_url": _obvious_of(request),
            "bulk": batch or forms.BatchForm(deciders=selectors.deciders(), dozens=dozens),
        },
        status=422 if batch else 200,
    )


def _obvious_of(request: StaffRequest) -> str:
    """The same filter, of what is obviously nobody alone."""
    asked = request.GET.copy()
    asked["state"] = "obvious"
    asked.pop("after", None)
    asked.pop("before", None)
    return f"?{asked.urlencode()}"


def _asked_for_hits(
    request: StaffRequest, form: forms.BatchForm, asked: Mapping[str, Any]
) -> HttpResponse | None:
    """Of what is ticked or all that the filter finds this moment: no match where that is obvious, the second
    person's word on it, or who looks at them. None: `form` says why not."""
    if not form.is_valid():
        return None
    told, whole, said = form.cleaned_data, form.whole(asked), form.said
    rows = selectors.hits_for_many(request.user, said["verdict"], whole, told["rows"], timezone.localdate())
    if form.is_too_much_or_nothing(rows):
        return None
    work = actions.decide_hits(
        None,
        by=request.user,
        rows=rows,
        key=told["form_key"] or timezone.now().isoformat(),
        asked=forms.filter_words(whole),
        **said,
    )
    return back_to(request, reverse("compliance:work", args=[work.pk]))


@require_GET
@page
def hit(request: StaffRequest, hit_id: int) -> HttpResponse:
    """Both sides, and the sentence why they look alike."""
    _only_for_deciders(request, hit_id)
    return _hit_page(request, hit_id)


def _hit_page(
    request: StaffRequest,
    hit_id: int,
    form: forms.ProposeForm | None = None,
    return_form: forms.ReturnForm | None = None,
) -> HttpResponse:
    found = or_404(selectors.hit_page(request.user, hit_id), f"compliance.ScreeningHit {hit_id}")
    open_file(request.user, found.hit.client_id, why="screening hit")
    hit, returned = found.hit, found.returned
    return show(
        request,
        "compliance/hit.html",
        {
            "found": found,
            "hit": hit,
            "form": form or forms.ProposeForm(hit=hit, papers=selectors.papers_on(hit)),
            "return_form": return_form or forms.ReturnForm(initial={"agreed": "no", "seen": found.last_step}),
            "returned": returned,
            "returned_why": forms.HIT_REASONS.get(returned.reason, "") if returned else "",
            "verdict": forms.VERDICTS.get(hit.verdict, ""),
            "reason": forms.HIT_REASONS.get(hit.reason, hit.reason),
            "decided": hit.state in ("cleared", "confirmed"),
            "may_decide": hit.state not in (*rules.CLOSED_BY_THE_LIST, "proposed"),
            "steps": [(step, forms.HIT_REASONS.get(step.reason, step.reason)) for step in found.steps],
            "first_refusals": rules.refusals_to_be_first(
                hit.state, passed_on=request.user.is_same_person(hit.escalated_by_id)
            ),
            "second_refusals": rules.refusals_to_confirm(
                hit.state, own=request.user.is_same_person(hit.proposed_by_id)
            ),
        },
        status=422 if form or return_form else 200,
    )


@require_POST
@page
def hit_decision(request: StaffRequest, hit_id: int) -> HttpResponse:
    """The first of two people; or one who passes it on."""
    _only_for_deciders(request, hit_id)
    hit = or_404(selectors.hit_of(request.user, hit_id), f"compliance.ScreeningHit {hit_id}")
    passed_on = request.user.is_same_person(hit.escalated_by_id)
    refuse_if(rules.refusals_to_be_first(hit.state, passed_on=passed_on))
    form = forms.ProposeForm(request.POST, hit=hit, papers=selectors.papers_on(hit))
    if not form.is_valid():
        return _hit_page(request, hit_id, form)
    told = form.cleaned_data
    if form.verdict == "escalate":
        actions.escalate_hit(hit_id, by=request.user, reason=told["reason"], note=told["note"])
        messages.success(request, _("Escalated: another officer decides it."))
    else:
        actions.propose_hit(hit_id, by=request.user, verdict=form.verdict, **told)
        messages.success(request, _("Noted. A second officer confirms it."))
    return back_to(request, reverse("compliance:hits"))


@require_POST
@page
def hit_confirmation(request: StaffRequest, hit_id: int) -> HttpResponse:
    """The second of two people: agrees, or returns it."""
    _only_for_deciders(request, hit_id)
    form = forms.SecondForm(request.POST)
    if form.agrees:
        actions.confirm_hit(hit_id, by=request.user, seen=form.seen_step)
        messages.success(request, _("Decided."))
        return back_to(request, reverse("compliance:hits"))
    hit = or_404(selectors.hit_of(request.user, hit_id), f"compliance.ScreeningHit {hit_id}")
    own = request.user.is_same_person(hit.proposed_by_id)
    refuse_if(rules.refusals_to_confirm(hit.state, own=own))
    why = forms.ReturnForm(request.POST)
    if not why.is_valid():
        return _hit_page(request, hit_id, return_form=why)
    told = {name: why.cleaned_data[name] for name in ("reason", "note")}
    actions.return_hit(hit_id, by=request.user, seen=why.seen_step, **told)
    messages.info(request, _("Returned: whoever decided first reads why."))
    return back_to(request, reverse("compliance:hits"))


@require_GET
@page
def hit_step(request: StaffRequest, hit_id: int, step_id: int) -> HttpResponse:
    """A verdict as it was decided, judged once more."""
    _only_for_deciders(request, hit_id)
    replay = or_404(selectors.as_decided(request.user, hit_id, step_id), f"compliance.ScreeningHit {hit_id}")
    open_file(request.user, replay.step.client_id, why="screening decision")
    return show(
        request,
        "compliance/hit_step.html",
        {
            "replay": replay,
            "step": replay.step,
            "then": replay.then,
            "verdict": forms.VERDICTS.get(replay.step.verdict, ""),
            "reason": forms.HIT_REASONS.get(replay.step.reason, replay.step.reason),
        },
    )
