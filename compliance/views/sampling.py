"""The audit of interactions: plans, the review of one record, what compliance asks of a person."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.access import open_file, show_list
from clients.forms import InteractionForm
from clients.models import Risk
from clients.selectors import client_by_number
from compliance import actions, forms
from compliance.models import SampleItem
from compliance.rules import sampling as rules
from compliance.selectors import sampling as selectors
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui.pages import back_to, or_404, page, show
from ui.refusals import refuse_if


# --- plans -----------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@page
def sample_plans(request: StaffRequest) -> HttpResponse:
    """Every draw with its progress, and the form for the next one."""
    only_with(request, May.INTERACTIONS_AUDIT if request.method == "GET" else May.INTERACTIONS_SAMPLE)
    today = timezone.localdate()
    first, last = selectors.next_period(today)
    form = forms.PlanForm(request.POST or None, initial={"first_on": first, "last_on": last})
    if request.method == "POST" and form.is_valid():
        plan = actions.plan_sample(None, by=request.user, **form.cleaned_data)
        return back_to(request, reverse("compliance:sample_plan", args=[plan.pk]))
    return show(
        request,
        "compliance/sample_plans.html",
        {
            "rows": selectors.plan_list(),
            "form": form,
            "may_draw": request.user.may(May.INTERACTIONS_SAMPLE),
            "figures": selectors.interaction_figures(today),
        },
        status=422 if form.errors else 200,
    )


@require_GET
@page
def sample_plan(request: StaffRequest, plan_id: int) -> HttpResponse:
    """What one plan drew and why, how far its review is, and how to draw it again."""
    only_with(request, May.INTERACTIONS_AUDIT)
    found = or_404(selectors.plan_page(request.user, plan_id), f"compliance.SamplePlan {plan_id}")
    may_review = request.user.may(May.INTERACTIONS_SAMPLE)
    url = reverse("compliance:samples")
    return show(
        request,
        "compliance/sample_plan.html",
        {
            "found": found,
            "plan": found.plan,
            "next_id": selectors.next_to_review(request.user, plan_id) if may_review else None,
            "may_review": may_review,
            "risks": [str(Risk(each).label) for each in found.plan.figures["always_risk"]],
            "kinds": [str(SampleItem.Why(each).label) for each in found.plan.figures["always_kinds"]],
            "why_labels": [label for _code, label, _count in found.whys],
            "why_urls": [f"{url}?plan={plan_id}&why={code}" for code, _label, _count in found.whys],
            "why_series": [{"name": _("Drawn"), "values": [count for *_rest, count in found.whys]}],
            "state_labels": [label for _code, label, _count in found.states],
            "state_urls": [f"{url}?plan={plan_id}&state={code}" for code, _label, _count in found.states],
            "state_series": [{"name": _("Records"), "values": [count for *_rest, count in found.states]}],
        },
    )


@require_GET
@page
def sample_list(request: StaffRequest) -> HttpResponse:
    """Samples by what they wait for."""
    only_with(request, May.INTERACTIONS_AUDIT)
    form, today = forms.SampleFilter(request.GET), timezone.localdate()
    found = selectors.sample_list(request.user, form.asked, today)
    show_list(request.user, "samples of interactions", form.asked, [each.client_id for each in found])
    return show(request, "compliance/sample_list.html", {"form": form, "page": found, "today": today})


# --- the review ------------------------------------------------------------------------------------------
@require_GET
@page
def sample(request: StaffRequest, item_id: int) -> HttpResponse:
    """One record against what it must hold, and the decision."""
    only_with(request, May.INTERACTIONS_AUDIT)
    found = _sample(request, item_id)
    return _shown(request, found, _judge_form(found))


def _sample(request: StaffRequest, item_id: int) -> selectors.SamplePage:
    found: selectors.SamplePage = or_404(
        selectors.sample_page(request.user, item_id), f"compliance.SampleItem {item_id}"
    )
    open_file(request.user, found.item.client_id, why="review the record of a contact")
    return found


def _judge_form(found: selectors.SamplePage, data: Any = None) -> forms.JudgeForm:
    lines = {line.code: line.label for line, _met in found.lines}
    return forms.JudgeForm(data, lines=lines, today=timezone.localdate())


def _shown(
    request: StaffRequest,
    found: selectors.SamplePage,
    form: forms.JudgeForm,
    close_form: forms.CloseForm | None = None,
) -> HttpResponse:
    may_review = request.user.may(May.INTERACTIONS_SAMPLE)
    said = request.POST.getlist("met") if form.is_bound else None
    return show(
        request,
        "compliance/sample.html",
        {
            "found": found,
            "item": found.item,
            "contact": found.record.interaction,
            "client": found.item.client,
            "form": form,
            "close_form": close_form or forms.CloseForm(),
            "rows": [(line, line.code in said if said is not None else met) for line, met in found.lines],
            "may_review": may_review,
            "open_to_decide": found.item.state in rules.TO_DECIDE,
            "today": timezone.localdate(),
        },
        status=422 if form.errors or close_form else 200,
    )


@require_POST
@page
def sample_decision(request: StaffRequest, item_id: int) -> HttpResponse:
    """Pass, ask, or let it fail."""
    only_with(request, May.INTERACTIONS_SAMPLE)
    found = _sample(request, item_id)
    refuse_if(found.judge_refusals or rules.refusals_to_decide(found.item.state))
    form = _judge_form(found, request.POST)
    if not form.is_valid():
        return _shown(request, found, form)
    told = form.cleaned_data
    common = {"by": request.user, "met": told["met"], "note": told["note"]}
    if told["decision"] == "pass":
        actions.pass_sample(item_id, **common)
        messages.success(request, _("Passed."))
    elif told["decision"] == "query":
        actions.query_sample(item_id, **common)
        messages.success(request, _("Asked. The question is on the desk of who answers it."))
    else:
        actions.fail_sample(item_id, until_on=told["until_on"], **common)
        messages.success(request, _("Failed. The task is on the desk of who mends it."))
    nearest = selectors.next_to_review(request.user, found.item.plan_id)
    if nearest is not None and told["decision"] == "pass":
        return back_to(request, reverse("compliance:sample", args=[nearest]))
    return back_to(request, reverse("compliance:sample", args=[item_id]))


@require_POST
@page
def sample_closure(request: StaffRequest, item_id: int) -> HttpResponse:
    """Mended, or not yet."""
    only_with(request, May.INTERACTIONS_SAMPLE)
    found = _sample(request, item_id)
    refuse_if(found.judge_refusals or found.close_refusals)
    form = forms.CloseForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, _judge_form(found), form)
    note = form.cleaned_data["note"]
    if form.cleaned_data["mended"] == "yes":
        actions.close_sample(item_id, by=request.user, note=note)
        messages.success(request, _("Found mended."))
    else:
        actions.reject_sample(item_id, by=request.user, note=note)
        messages.success(request, _("The task is open again."))
    return back_to(request, reverse("compliance:sample", args=[item_id]))


# --- what compliance asks of a person --------------------------------------------------------------------
@require_GET
@page
def mine(request: StaffRequest) -> HttpResponse:
    """Questions on one's records, what is to be mended, the attestation of channels."""
    only_with(request, May.CHANNELS_ATTEST)
    found = selectors.my_record(request.user)
    ids = {item.client_id for item, _step in found.questions} | {item.client_id for item in found.tasks}
    show_list(request.user, "asked by compliance", {}, sorted(ids | {use.client_id for use in found.uses}))
    return show(request, "compliance/mine.html", {"found": found, "today": timezone.localdate()})


@require_http_methods(["GET", "POST"])
@page
def sample_answer(request: StaffRequest, item_id: int) -> HttpResponse:
    """The question, the record it is about, and the answer: for whom it went to and who serves."""
    only_with(request, May.INTERACTIONS_LOG)
    asked = or_404(selectors.question_to(request.user, item_id), f"compliance.SampleItem {item_id}")
    found = _sample(request, asked.pk)
    form = forms.AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.answer_query(item_id, by=request.user, text=form.cleaned_data["text"])
        messages.success(request, _("Answered."))
        return back_to(request, reverse("compliance:mine"))
    item = found.item
    return show(
        request,
        "compliance/sample_answer.html",
        {
            "found": found,
            "item": item,
            "contact": found.record.interaction,
            "client": item.client,
            "form": form,
            "today": timezone.localdate(),
            "answer_refusals": rules.refusals_to_answer(
                item.state, request.user.pk, item.asked_of_id, selectors.serving(item.client.book_id)
            ),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@page
def attestation(request: StaffRequest) -> HttpResponse:
    """My attestation of the period that is over."""
    only_with(request, May.CHANNELS_ATTEST)
    due = selectors.attestation_due(request.user)
    if due is None:
        return show(request, "compliance/attestation.html", {"due": None})
    form = forms.AttestForm(
        request.POST or None,
        attestation=due,
        client_by_number=lambda number: client_by_number(request.user, number),
    )
    if request.method == "POST" and form.is_valid():
        actions.attest(None, by=request.user, attestation_id=due.pk, uses=form.cleaned_data["uses"])
        messages.success(request, _("Attested. Thank you."))
        return back_to(request, reverse("compliance:mine"))
    return show(
        request,
        "compliance/attestation.html",
        {"due": due, "form": form, "today": timezone.localdate()},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@page
def use_capture(request: StaffRequest, use_id: int) -> HttpResponse:
    """Log what was said on a channel that is not recorded."""
    use = or_404(selectors.use_of(request.user, use_id), f"compliance.OffChannelUse {use_id}")
    only_with(request, May.INTERACTIONS_LOG)
    initial = {"summary": "", "off_channel": True, "late_reason": _("Declared in an attestation.")}
    form = InteractionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.capture_use(use_id, by=request.user, **form.cleaned_data)
        messages.success(request, _("Logged."))
        return back_to(request, reverse("compliance:mine"))
    open_file(request.user, use.client_id, why="log a contact on an unrecorded channel")
    return show(
        request,
        "compliance/use_capture.html",
        {"form": form, "use": use, "client": use.client},
        status=422 if form.errors else 200,
    )


@require_GET
@page
def attestation_list(request: StaffRequest) -> HttpResponse:
    """Who attested the channels, who did not, and what was declared."""
    only_with(request, May.INTERACTIONS_AUDIT)
    form, today = forms.AttestationFilter(request.GET), timezone.localdate()
    found = selectors.attestation_list(request.user, form.asked, today)
    may_remind = request.user.may(May.INTERACTIONS_SAMPLE)
    rows = [(each, rules.refusals_to_remind_to_attest(*_reminded(each), today)) for each in found]
    return show(
        request,
        "compliance/attestation_list.html",
        {"form": form, "page": found, "rows": rows, "today": today, "may_remind": may_remind},
    )


def _reminded(each: Any) -> tuple[bool, Any]:
    return each.attested_at is not None, timezone.localdate(each.reminded_at) if each.reminded_at else None


@require_POST
@page
def attestation_reminder(request: StaffRequest, attestation_id: int) -> HttpResponse:
    only_with(request, May.INTERACTIONS_SAMPLE)
    actions.remind_to_attest(None, by=request.user, attestation_id=attestation_id)
    messages.success(request, _("Reminded."))
    return back_to(request, reverse("compliance:attestations"))
