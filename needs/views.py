"""The needs assessment: asked step by step, explained, signed; and the client's goals."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.access import open_file
from needs import actions, questions, selectors
from needs.forms import GoalForm, StepForm
from staff.requests import StaffRequest
from staff.roles import May
from ui.pages import back_to, may_be_asked_for, or_404, page, show

may_be_asked_for("needs/appropriateness.html", "appropriateness")


@require_http_methods(["GET", "POST"])
@page
def assess(request: StaffRequest, client_id: int) -> HttpResponse:
    """The overview; with ?step=goals that step of the questionnaire. A step is saved when it is left."""
    client = open_file(request.user, client_id, why="needs")
    step = questions.step_of(request.GET.get("step", ""))
    if step is None:
        return show(
            request,
            "needs/overview.html",
            {
                "client": client,
                "needs": selectors.needs_page(client, timezone.localdate()),
                "may_assess": request.user.may(May.NEEDS_ASSESS),
            },
            status=200 if request.method == "GET" else 422,
        )
    form = StepForm(step, selectors.draft_answers(client), request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.save_answers(client, by=request.user, step=step.code, answers=form.answers())
        following = questions.step_after(step.code)
        here = reverse("needs:assess", args=[client.pk])
        return back_to(request, f"{here}?step={following.code}" if following else here)
    return show(
        request,
        "needs/step.html",
        {
            "client": client,
            "form": form,
            "step": step,
            "steps": questions.STEPS,
            "refusals": selectors.refusals_to_assess(client),
        },
        status=422 if form.errors else 200,
    )


@require_GET
@page
def appropriateness(request: StaffRequest, client_id: int) -> HttpResponse:
    """Which products the client knows enough of; an opening fetches it beside what is wanted."""
    client = open_file(request.user, client_id, why="appropriateness")
    found = selectors.appropriate_page(client, timezone.localdate())
    return show(request, "needs/appropriateness.html", {"client": client, "found": found})


@require_POST
@page
def signature(request: StaffRequest, assessment_id: int) -> HttpResponse:
    signed = actions.sign_assessment(assessment_id, by=request.user)
    messages.success(request, _("Signed. The assessment holds from today."))
    return back_to(request, reverse("needs:assess", args=[signed.client_id]))


@require_POST
@page
def removal(request: StaffRequest, assessment_id: int) -> HttpResponse:
    """Drop a draft and begin anew."""
    client_id = actions.drop_draft(assessment_id, by=request.user)
    messages.info(request, _("The draft is gone."))
    return back_to(request, reverse("needs:assess", args=[client_id]))


@require_http_methods(["GET", "POST"])
@page
def goal_new(request: StaffRequest, client_id: int) -> HttpResponse:
    client = open_file(request.user, client_id, why="add a goal")
    form = GoalForm(request.POST or None, initial={"currency": client.currency})
    if request.method == "POST" and form.is_valid():
        actions.add_goal(client, by=request.user, **form.cleaned_data)
        messages.success(request, _("The goal is on the file."))
        return back_to(request, reverse("needs:assess", args=[client.pk]))
    return show(
        request, "needs/goal.html", {"client": client, "form": form}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
@page
def goal(request: StaffRequest, goal_id: int) -> HttpResponse:
    found = or_404(selectors.goal_opened(goal_id, request.user), f"needs.Goal {goal_id}")
    client = open_file(request.user, found.client_id, why="goal")
    form = GoalForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        actions.change_goal(goal_id, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return back_to(request, reverse("needs:assess", args=[client.pk]))
    return show(
        request,
        "needs/goal.html",
        {"client": client, "form": form, "goal": found},
        status=422 if form.errors else 200,
    )
