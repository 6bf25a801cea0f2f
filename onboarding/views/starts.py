"""Open a client: is this somebody the bank has? And the queue of pairs that may be the same."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients import selectors as client_selectors
from clients.access import show_list
from clients.forms import PlaceForm
from onboarding import actions, forms, selectors
from onboarding.forms.starts import REASON_WORDS
from onboarding.rules.duplicates import NEUTRAL
from onboarding.views.workspace import workspace_url
from staff.requests import StaffRequest
from staff.roles import May
from ui.pages import back_to, page, show
from ui.refusals import NotPermitted


@require_http_methods(["GET", "POST"])
@page
def opening_new(request: StaffRequest) -> HttpResponse:
    """First what is known; then who looks alike among the files one sees; then the file and its workspace."""
    for needed in (May.CLIENTS_OPEN, May.ONBOARDING_WORK):
        if not request.user.may(needed):
            raise NotPermitted(needed)
    books = client_selectors.own_books(request.user)
    kind = request.GET.get("kind", "person")
    form = forms.OpenForm(request.POST or None, books=books, initial={"kind": kind})
    found, is_checked = [], False
    if request.method == "POST" and form.is_valid():
        if form.is_checked:
            opened = actions.open_client(None, by=request.user, **form.opening)
            messages.success(request, _("The file is open and the onboarding has begun."))
            return back_to(request, workspace_url(opened.pk))
        found = selectors.alike(request.user, selectors.somebody(**form.somebody))
        show_list(request.user, "possible duplicates", {}, [each.client.pk for each in found])
        is_checked = True
    return show(
        request,
        "onboarding/opening_new.html",
        {
            "form": form,
            "is_checked": is_checked,
            "tabs": [
                {"label": _("A person"), "url": request.path, "active": form.is_person},
                {
                    "label": _("An organisation"),
                    "url": f"{request.path}?kind=organisation",
                    "active": not form.is_person,
                },
            ],
            "compared": form.compared if is_checked else "",
            "alike": [
                {"client": each.client, "score": each.likeness.score, "why": _why(each.likeness.reasons)}
                for each in found
            ],
            "neutral": _(NEUTRAL),
        },
        status=422 if form.errors else 200,
    )


@require_GET
@page
def duplicates(request: StaffRequest) -> HttpResponse:
    """Pairs to judge, for who decides them and sees both."""
    if not request.user.may(May.DUPLICATES_DECIDE):
        raise NotPermitted(May.DUPLICATES_DECIDE)
    place = PlaceForm(request.GET).place
    pairs = selectors.duplicate_list(request.user, place)
    shown = [each.client_id for each in pairs] + [each.other_id for each in pairs]
    show_list(request.user, "possible duplicates", {}, shown)
    return show(
        request,
        "onboarding/duplicates.html",
        {"page": pairs, "pairs": [{"pair": each, "why": _why(each.reasons)} for each in pairs]},
    )


@require_POST
@page
def duplicate_decision(request: StaffRequest, duplicate_id: int) -> HttpResponse:
    if not request.user.may(May.DUPLICATES_DECIDE):  # before anybody learns whether there is such a pair
        raise NotPermitted(May.DUPLICATES_DECIDE)
    form = forms.DuplicateForm(request.POST)
    verdict = form.cleaned_data["verdict"] if form.is_valid() else ""
    pair = actions.decide_duplicate(duplicate_id, by=request.user, verdict=verdict)
    if pair.state == "same":
        messages.warning(request, _("Noted as the same: put the opening on hold and have the files merged."))
    else:
        messages.success(request, _("Noted: two different clients."))
    return back_to(request, reverse("onboarding:duplicates"))


def _why(codes: object) -> str:
    words = [str(REASON_WORDS.get(code, code)) for code in codes]  # type: ignore[attr-defined]
    return (", ".join(words)).capitalize() + "." if words else ""
