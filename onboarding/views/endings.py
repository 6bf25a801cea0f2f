"""The end of a relationship: asked for on the client's file, confirmed by a second person. And of a lead."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.access import open_file, show_list
from onboarding import actions, selectors
from onboarding.forms.endings import AnswerForm, EndForm, EndingFilter, SetAsideForm
from onboarding.rules.endings import ENDING
from onboarding.views.workspace import find
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui.pages import back_to, or_404, page, show

SHOWN = 100


@require_GET
@page
def endings(request: StaffRequest) -> HttpResponse:
    """What waits for a second person, and what was decided."""
    asked = EndingFilter(request.GET).asked
    waiting = selectors.endings_waiting(request.user, SHOWN)
    over = selectors.ending_list(request.user, asked)
    shown = {each.client_id for each in (*(each.ending for each in waiting), *over)}
    show_list(request.user, "relationships that end", asked, sorted(shown))
    return show(request, "onboarding/endings.html", {"waiting": waiting, "page": over})


@require_http_methods(["GET", "POST"])
@page
def ending(request: StaffRequest, client_id: int) -> HttpResponse:
    """The end of one client's relationship: ask for it, decide on it, read how it was."""
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.ask_end(client_id, by=request.user, **form.cleaned_data)
        messages.success(
            request, _("Asked for. The client is served as before until a second person confirms.")
        )
        return back_to(request, _url(client_id))
    return _page(request, client_id, form=form)


@require_POST
@page
def ending_confirmation(request: StaffRequest, ending_id: int) -> HttpResponse:
    """The second person's yes. The file may have been open to this person by a loan that ends with it."""
    actions.confirm_end(ending_id, by=request.user)
    messages.success(request, _("Confirmed: the relationship has ended and the file is closed."))
    return back_to(request, reverse("onboarding:endings"))


@require_POST
@page
def ending_return(request: StaffRequest, ending_id: int) -> HttpResponse:
    """The second person's no, with a reason."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        found = or_404(selectors.find_ending(request.user, ending_id), f"onboarding.Ending {ending_id}")
        only_with(request, May.ONBOARDING_APPROVE)
        return _page(request, found.client_id, answer_form=form)
    returned = actions.return_end(ending_id, by=request.user, **form.cleaned_data)
    messages.success(request, _("Returned: the client is served as before."))
    return back_to(request, _url(returned.client_id))


@require_POST
@page
def ending_withdrawal(request: StaffRequest, ending_id: int) -> HttpResponse:
    """Taken back by who asked."""
    taken = actions.take_back_end(ending_id, by=request.user)
    messages.success(request, _("Taken back: the client is served as before."))
    return back_to(request, _url(taken.client_id))


@require_POST
@page
def lead_aside(request: StaffRequest, client_id: int) -> HttpResponse:
    """A lead came to nothing."""
    form = SetAsideForm(request.POST)
    if not form.is_valid():
        return _page(request, client_id, aside_form=form)
    actions.set_aside(client_id, by=request.user, **form.cleaned_data)
    messages.success(
        request, _("Set aside: the file is closed. Whoever works the book may take it up again.")
    )
    return back_to(request, _url(client_id))


@require_POST
@page
def opening_aside(request: StaffRequest, onboarding_id: int) -> HttpResponse:
    """An opening came to nothing, or was a mistake."""
    form = SetAsideForm(request.POST)
    if not form.is_valid():
        return _page(request, find(request, onboarding_id).client_id, aside_form=form)
    made = actions.set_opening_aside(onboarding_id, by=request.user, **form.cleaned_data)
    messages.success(
        request, _("Set aside: the file is closed. Whoever works the book may take it up again.")
    )
    return back_to(request, _url(made.client_id))


@require_POST
@page
def lead_taking_up(request: StaffRequest, aside_id: int) -> HttpResponse:
    """A lead or an opening again."""
    taken = actions.take_up(aside_id, by=request.user)
    messages.success(request, _("Taken up again: it is as it was before."))
    return back_to(request, reverse("client", args=[taken.client_id]))


def _url(client_id: int) -> str:
    return reverse("onboarding:ending", args=[client_id])


def _page(
    request: StaffRequest,
    client_id: int,
    form: EndForm | None = None,
    answer_form: AnswerForm | None = None,
    aside_form: SetAsideForm | None = None,
) -> HttpResponse:
    client = open_file(request.user, client_id, why="end of the relationship")
    person = request.user
    if (form is not None or aside_form is not None) and request.method == "POST":
        only_with(request, May.CLIENTS_EDIT)
    invalid = any(each is not None and each.errors for each in (form, answer_form, aside_form))
    return show(
        request,
        "onboarding/ending.html",
        {
            "client": client,
            "found": selectors.ending_page(person, client),
            "served": client.state in ENDING,
            "form": form or EndForm(),
            "answer_form": answer_form or AnswerForm(),
            "aside_form": aside_form or SetAsideForm(),
            "may_ask": person.may(May.CLIENTS_EDIT),
            "may_decide": person.may(May.ONBOARDING_APPROVE),
            "may_see_keeping": person.may(May.ACCESS_AUDIT),
        },
        status=422 if invalid else 200,
    )
