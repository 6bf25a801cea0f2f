"""The pipeline, one card, and what would help a client."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clients.access import open_file, show_list
from compliance.selectors import refusals_to_go_on
from opportunities import actions, rules, selectors
from opportunities.forms import DECLINE_LABELS, DeclineForm, MoveForm, PipelineFilter, TakeUpForm
from opportunities.models import OPEN_STAGES, Opportunity, Stage
from portfolios.models import ProductKind
from staff.requests import StaffRequest
from staff.roles import May
from ui.pages import back_to, may_be_asked_for, or_404, page, show
from ui.refusals import NotPermitted

may_be_asked_for("opportunities/client.html", "opportunities_panel")


def _only_for_the_desk(request: StaffRequest) -> None:
    """The pipeline is a desk's own; who only audits reads opportunities in the client's file."""
    if not request.user.may(May.OPPORTUNITIES_WORK):
        raise NotPermitted(May.OPPORTUNITIES_WORK)


@require_GET
@page
def pipeline(request: StaffRequest) -> HttpResponse:
    """As a board by stage, or as a list."""
    _only_for_the_desk(request)
    form = PipelineFilter(request.GET)
    asked, today = form.asked, timezone.localdate()
    context: dict[str, Any] = {"form": form, "asked": asked, "today": today, "tabs": _tabs(asked)}
    context["owners"], stale = selectors.owners(request.user), selectors.stale_before(today)
    if asked.get("view") == "list":
        rows = selectors.opportunity_list(request.user, asked, today)
        show_list(request.user, "opportunities", asked, [row.client_id for row in rows])
        cards = [_card(row, stale) for row in rows]
        context |= {"page": rows, "cards": cards, "sort": asked.get("sort", "moved_at")}
        return show(request, "opportunities/pipeline_list.html", context)
    columns = selectors.board(request.user, today, asked.get("owner"))
    show_list(
        request.user, "pipeline", asked, [card.client_id for column in columns for card in column.cards]
    )
    context["columns"] = [
        {
            "key": column.key,
            "label": column.label,
            "count": column.count,
            "total": column.total,
            "currency": column.currency,
            "cards": [_card(card, stale) for card in column.cards],
        }
        for column in columns
    ]
    context["any"] = any(column.count for column in columns)
    return show(request, "opportunities/pipeline.html", context)


def _tabs(asked: dict[str, Any]) -> list[dict[str, Any]]:
    owner = f"&owner={asked['owner']}" if asked.get("owner") else ""
    listed = asked.get("view") == "list"
    url = reverse("opportunities:pipeline")
    return [
        {"label": _("Board"), "url": f"{url}?view=board{owner}", "active": not listed},
        {"label": _("List"), "url": f"{url}?view=list{owner}", "active": listed},
        {"label": _("Suggestions"), "url": reverse("opportunities:suggestions"), "active": False},
    ]


def _card(card: Opportunity, stale_before: Any) -> dict[str, Any]:
    """One card in the words of templates/ui/board_card.html."""
    stale = card.stage in OPEN_STAGES and card.moved_at < stale_before
    movable = card.stage in OPEN_STAGES
    return {
        "id": card.pk,
        "title": ProductKind(card.product_kind).label,
        "url": reverse("opportunities:opportunity", args=[card.pk]),
        "client": card.client.name,
        "client_id": card.client_id,
        "value": card.value or None,
        "currency": card.currency,
        "meta": card.owner.initials,
        "owner": card.owner.name,
        "stage": card.get_stage_display(),
        "moved_at": card.moved_at,
        "reason": rules.sentence(card.reason, card.facts),
        "badge": _("Waits too long") if stale else "",
        "tone": "warn",
        # The stage that was seen travels along, so that of two people who move at once the second is told.
        "move_url": reverse("opportunities:stage", args=[card.pk]) + f"?seen={card.stage}" if movable else "",
    }


@require_GET
@page
def suggestion_list(request: StaffRequest) -> HttpResponse:
    """What would help the clients one serves, the most pressing first."""
    _only_for_the_desk(request)
    found = selectors.suggestions(request.user, timezone.localdate())
    show_list(request.user, "suggestions", {}, [one.client.pk for one in found])
    rows = [{"client": one.client, **_told(one.suggestion)} for one in found]
    return show(request, "opportunities/suggestions.html", {"rows": rows, "judged": selectors.CANDIDATES})


def _told(suggestion: rules.Suggestion) -> dict[str, Any]:
    return {
        "kind": suggestion.product_kind,
        "label": ProductKind(suggestion.product_kind).label,
        "sentence": rules.sentence(suggestion.reason, suggestion.facts),
        "value": suggestion.value or None,
        "currency": suggestion.currency,
    }


@require_GET
@page
def client_suggestions(request: StaffRequest, client_id: int) -> HttpResponse:
    """What would help one client; asked by htmx for #opportunities_panel, the panel alone."""
    client = open_file(request.user, client_id, why="opportunities")
    known = selectors.for_client(client, timezone.localdate())
    return show(
        request,
        "opportunities/client.html",
        {
            "client": client,
            "free": [_told(suggestion) for suggestion in known.free],
            "held_back": [
                {**_told(judged.suggestion), "refusals": judged.refusals} for judged in known.held_back
            ],
            "refusals": known.refusals,
            "opportunities": [{**_card(row, row.moved_at), "badge": ""} for row in known.opportunities],
            "may_work": request.user.may(May.OPPORTUNITIES_WORK),
        },
    )


@require_POST
@page
def opportunity_new(request: StaffRequest, client_id: int) -> HttpResponse:
    """Take up a suggestion."""
    form = TakeUpForm(request.POST)
    form.is_valid()
    kind = form.cleaned_data.get("product_kind", "")
    opportunity = actions.take_up_suggestion(client_id, by=request.user, product_kind=kind)
    messages.success(request, _("On your pipeline."))
    return back_to(request, reverse("opportunities:opportunity", args=[opportunity.pk]))


@require_GET
@page
def opportunity(request: StaffRequest, opportunity_id: int) -> HttpResponse:
    return _show_opportunity(request, opportunity_id, DeclineForm())


def _show_opportunity(
    request: StaffRequest, opportunity_id: int, form: DeclineForm, status: int = 200
) -> HttpResponse:
    found = or_404(
        selectors.opportunity(request.user, opportunity_id), f"opportunities.Opportunity {opportunity_id}"
    )
    open_file(request.user, found.client_id, why="opportunity")
    today = timezone.localdate()
    refusals = selectors.refusals_to_propose(found, today) if found.stage in OPEN_STAGES else []
    stopped = refusals_to_go_on(found.client_id)
    moves = [
        {
            "to": to,
            "label": Stage(to).label,
            "forward": rules.STAGES.index(to) > rules.STAGES.index(found.stage),
            "refusals": stopped + (refusals if to == Stage.PROPOSED else []),
        }
        for to in rules.MOVES[found.stage]
    ]
    return show(
        request,
        "opportunities/opportunity.html",
        {
            "opportunity": found,
            "client": found.client,
            "label": ProductKind(found.product_kind).label,
            "sentence": rules.sentence(found.reason, found.facts),
            "moves": moves,
            "refusals": refusals,
            "is_open": found.stage in OPEN_STAGES,
            "closed_reason": DECLINE_LABELS.get(found.closed_reason, ""),
            "stale": found.stage in OPEN_STAGES and found.moved_at < selectors.stale_before(today),
            "form": form,
            "may_work": request.user.may(May.OPPORTUNITIES_WORK),
        },
        status=status,
    )


@require_POST
@page
def opportunity_stage(request: StaffRequest, opportunity_id: int) -> HttpResponse:
    """Move a card: by drag, by its menu, or by a button on its own page."""
    form = MoveForm(
        {"to": request.POST.get("to"), "seen": request.POST.get("seen") or request.GET.get("seen")}
    )
    form.is_valid()
    moved = actions.move_opportunity(
        opportunity_id,
        by=request.user,
        to=form.cleaned_data.get("to", ""),
        expected=form.cleaned_data.get("seen", ""),
    )
    messages.success(request, _("Moved to “{stage}”.").format(stage=moved.get_stage_display()))
    if request.POST.get("seen"):
        return back_to(request, reverse("opportunities:opportunity", args=[moved.pk]))
    return back_to(request, reverse("opportunities:pipeline"))


@require_POST
@page
def opportunity_closure(request: StaffRequest, opportunity_id: int) -> HttpResponse:
    """Decline, with a reason of the list."""
    form = DeclineForm(request.POST)
    if not form.is_valid():
        _only_for_the_desk(request)
        return _show_opportunity(request, opportunity_id, form, status=422)
    actions.decline_opportunity(opportunity_id, by=request.user, **form.cleaned_data)
    messages.success(request, _("Closed as declined."))
    return back_to(request, reverse("opportunities:opportunity", args=[opportunity_id]))
