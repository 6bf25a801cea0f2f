"""Handovers: what waits, asking for one, deciding one."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit.record import record
from clients.access import show_list
from cockpit import actions, rules, selectors
from cockpit.forms import ChoiceOfClients, HandoverFilter, HandoverForm
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui.pages import back_to, or_404, page, show
from ui.refusals import NotVisible


@require_GET
@page
def handover_list(request: StaffRequest) -> HttpResponse:
    """What waits for a second person, what waits for its day, what is over."""
    only_with(request, May.CLIENTS_SEE)
    record("handovers shown", by=request.user)
    told = {"found": selectors.handover_list(request.user)}
    return show(
        request, "cockpit/handovers.html", told | {"may_ask": request.user.may(May.CLIENTS_HAND_OVER)}
    )


@require_http_methods(["GET", "POST"])
@page
def handover_new(request: StaffRequest) -> HttpResponse:
    """Who and what would go; to whom, from when, why."""
    only_with(request, May.CLIENTS_HAND_OVER)
    asked = ChoiceOfClients(request.POST or request.GET).asked
    chosen = selectors.chosen(request.user, asked)
    if asked and not chosen.clients:
        raise NotVisible("clients.Client of a handover")
    if not asked and "listed" in request.GET:  # from the list of clients, where nobody was ticked
        messages.error(request, _("Tick at least one client to hand over."))
        return back_to(request, f"{reverse('clients:list')}?{request.GET['listed']}#clients")
    if not asked:
        record("books to hand over shown", by=request.user)
        return show(
            request, "cockpit/handover_choice.html", {"books": selectors.books_to_hand_over(request.user)}
        )
    today = timezone.localdate()
    initial = asked | {"effective_on": today, "to": chosen.to, "cause": chosen.cause}
    people = selectors.receivers(request.user, chosen.book)
    form = HandoverForm(request.POST or None, people=people, initial=initial)
    ids = [each.pk for each in chosen.clients]
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("to", "effective_on", "cause", "reason")}
        made = actions.propose_handover(None, by=request.user, clients=ids, undoes=chosen.undoes, **told)
        messages.success(request, _("Asked for. Nothing moves before a second person confirms it."))
        return back_to(request, reverse("cockpit:handover", args=[made.pk]))
    show_list(request.user, "clients to hand over", asked, ids[: rules.MOST])
    return show(
        request,
        "cockpit/handover_new.html",
        {
            "chosen": chosen,
            "owed": selectors.owed_by(request.user, ids, today),
            "owner": selectors.owner_of(chosen.book.pk) if chosen.book else None,
            "form": form,
            "currency": settings.REPORTING_CURRENCY,
        },
        status=422 if form.errors else 200,
    )


@require_GET
@page
def handover(request: StaffRequest, handover_id: int) -> HttpResponse:
    """One handover: whose clients, how many, what comes along; confirm it, end it, undo it."""
    only_with(request, May.CLIENTS_SEE)
    found = or_404(
        selectors.handover_page(request.user, handover_id, HandoverFilter(request.GET).asked),
        f"cockpit.Handover {handover_id}",
    )
    show_list(request.user, f"handover {handover_id}", {}, [each.client_id for each in found.lines])
    return show(
        request,
        "cockpit/handover.html",
        {
            "found": found,
            "handover": found.handover,
            "page": found.lines,
            "currency": settings.REPORTING_CURRENCY,
        },
    )


@require_POST
@page
def handover_confirmation(request: StaffRequest, handover_id: int) -> HttpResponse:
    """The second person's yes."""
    only_with(request, May.CLIENTS_HAND_OVER)
    done = actions.confirm_handover(None, by=request.user, handover_id=handover_id)
    moved = (
        _("Confirmed: the clients have moved.") if done.done_at else _("Confirmed: they move on that day.")
    )
    messages.success(request, moved)
    return back_to(request, reverse("cockpit:handovers"))


@require_POST
@page
def handover_end(request: StaffRequest, handover_id: int) -> HttpResponse:
    """The second person's no, or taken back by who asked."""
    only_with(request, May.CLIENTS_HAND_OVER)
    actions.end_handover(None, by=request.user, handover_id=handover_id)
    messages.success(request, _("Nothing moves."))
    return back_to(request, reverse("cockpit:handovers"))
