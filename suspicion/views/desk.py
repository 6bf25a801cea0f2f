"""The desk: cases by their clocks, the questions of the FIU, the journal."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from staff.requests import StaffRequest
from staff.selectors import names_of
from suspicion import actions, forms, selectors
from suspicion.journal import record
from suspicion.models import Case
from suspicion.views.team import for_the_team
from ui.pages import back_to, or_404, show


@require_GET
@for_the_team
def desk(request: StaffRequest) -> HttpResponse:
    form = forms.DeskFilter(request.GET)
    today = timezone.localdate()
    found = selectors.desk(request.user, form.asked, today)
    record("desk shown", by=request.user, payload={"cases": [case.pk for case in found.page]})
    return show(
        request,
        "suspicion/desk.html",
        {
            "desk": found,
            "page": found.page,
            "rows": [{"case": each, "clock": found.clocks.get(each.pk)} for each in found.page],
            "tabs": _tabs(form.asked.get("state", ""), found.counts),
            "today": today,
        },
    )


def _tabs(state: str, counts: dict[str, int]) -> list[dict[str, object]]:
    open_count = sum(counts.get(each, 0) for each in selectors.OPEN)
    tabs = [("", _("Open"), open_count)]
    tabs += [(value, str(label), counts.get(value, 0)) for value, label in Case.State.choices]
    return [
        {"label": label, "url": f"?state={value}" if value else "?", "active": value == state, "count": count}
        for value, label, count in tabs
    ]


@require_GET
@for_the_team
def journal(request: StaffRequest) -> HttpResponse:
    """Who saw and did what here."""
    record("journal shown", by=request.user)
    events = selectors.journal(request.user, forms.DeskFilter(request.GET).asked)
    names = names_of(event.by_login for event in events)
    rows = [(event, names.get(event.by_login, event.by_login)) for event in events]
    return show(request, "suspicion/journal.html", {"page": events, "rows": rows})


@require_http_methods(["GET", "POST"])
@for_the_team
def request_new(request: StaffRequest) -> HttpResponse:
    """A question of the FIU, about a case (?case=) or about somebody of whom there is none."""
    asked = request.POST.get("case") or request.GET.get("case")
    case = (
        selectors.open_case(request.user, int(asked))
        if asked and asked.isdecimal() and len(asked) <= 18
        else None
    )
    initial = {"about": case.subject if case else "", "received_on": timezone.localdate()}
    form = forms.RequestForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = actions.receive_request(None, by=request.user, case=case, **form.cleaned_data)
        messages.success(request, _("Noted. Its clock runs."))
        return back_to(request, reverse("suspicion:request", args=[made.pk]))
    return show(
        request,
        "suspicion/request_new.html",
        {"form": form, "case": case},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@for_the_team
def request(request: StaffRequest, request_id: int) -> HttpResponse:
    """A question of the FIU. POST: what was answered."""
    found = or_404(selectors.request_opened(request.user, request_id), "suspicion")
    form = forms.AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.answer_request(request_id, by=request.user, **form.cleaned_data)
        messages.success(request, _("The answer is on record."))
        return back_to(request, reverse("suspicion:desk"))
    return show(
        request,
        "suspicion/request.html",
        {"found": found, "clock": selectors.clock_of_request(found, timezone.localdate()), "form": form},
        status=422 if form.errors else 200,
    )
