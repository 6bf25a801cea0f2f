"""Anyone hands a suspicion over."""

from functools import partial

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from staff.requests import StaffRequest
from suspicion import actions, forms, selectors
from ui.pages import hash_of, page, show


@require_http_methods(["GET", "POST"])
@partial(page, answers=None)
def report(request: StaffRequest) -> HttpResponse:
    """The form; sent from a client's page, about that client: the address says nothing of whom it is about.

    What was sent is answered by one page with the same words for all, at this same address: neither the
    address nor the browser's history tells whether the form was only read. It is the last thing its writer
    ever sees of it.
    """
    client = selectors.client_to_report(request.user, request.POST.get("client"))
    sent = "what" in request.POST
    form = forms.ReportForm(request.POST if sent else None, client=client)
    if sent and form.is_valid():
        said = {"about": "", **form.cleaned_data}
        actions.hand_over(None, by=request.user, key=hash_of(request), client=client, **said)
        return show(request, "suspicion/handed_over.html")
    return show(
        request,
        "suspicion/report.html",
        {"form": form, "client": client},
        status=422 if form.errors else 200,
    )
