"""One case: what was handed over, what the team made of it, and the paper for the FIU."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from staff.requests import StaffRequest
from suspicion import actions, forms, rules, selectors
from suspicion import paper as papers
from suspicion.models import Case
from suspicion.views.team import for_the_team
from ui.pages import attachment, back_to, show


@require_GET
@for_the_team
def case(request: StaffRequest, case_id: int) -> HttpResponse:
    return _page(request, selectors.open_case(request.user, case_id))


def _page(request: StaffRequest, case: Case, **forms_with_errors: django_forms.Form) -> HttpResponse:
    """The whole page; a form that did not go through stands in it as it was sent."""
    found = selectors.case_page(request.user, case, timezone.localdate())
    draft = found.draft
    fresh = {
        "note_form": forms.NoteForm(),
        "client_form": forms.ClientForm(),
        "decision_form": forms.DecisionForm(state=case.state),
        "draft_form": forms.DraftForm(
            initial={"grounds": draft.grounds, "wanted": draft.wanted} if draft else {}
        ),
        "filed_form": forms.FiledForm(initial={"filed_on": timezone.localdate()}),
        "heard_form": forms.HeardForm(initial={"answered_on": timezone.localdate()}),
        "hold_form": forms.HoldForm(initial={"hold": "off" if case.legal_hold else "on"}),
        "access_form": forms.AccessForm(),
    }
    return show(
        request,
        "suspicion/case.html",
        {
            "case": case,
            "found": found,
            "facts": found.facts,
            "entries": [{"entry": each, "said": _said(each)} for each in found.entries],
            "take_up_refusals": rules.refusals_to_take_up(case.state),
            "purge_refusals": selectors.refusals_to_purge(case, timezone.localdate()),
            "decidable": bool(rules.DECISIONS[rules.State(case.state)]),
            "today": timezone.localdate(),
            **fresh,
            **forms_with_errors,
        },
        status=422 if forms_with_errors else 200,
    )


def _said(entry: Any) -> Any:
    """What was decided, in words."""
    words = {
        **{decision.value: label for decision, label in forms.DECISIONS.items()},
        **{value: label for value, label in Case.Access.choices if value},
        "on": _("On"),
        "off": _("Lifted"),
    }
    return words.get(entry.value, entry.value if entry.kind == "filed" else "")


def _posted(
    request: StaffRequest,
    case_id: int,
    name: str,
    form: django_forms.Form,
    verb: Callable[..., Any],
    done: str,
) -> HttpResponse:
    """A form of the page was sent: the verb and back to the page, or the page with what is to be mended."""
    if not form.is_valid():
        return _page(request, selectors.open_case(request.user, case_id), **{name: form})
    verb(case_id, by=request.user, **form.cleaned_data)
    messages.success(request, done)
    return back_to(request, reverse("suspicion:case", args=[case_id]))


@require_POST
@for_the_team
def assessment(request: StaffRequest, case_id: int) -> HttpResponse:
    actions.take_up(case_id, by=request.user)
    messages.success(request, _("You assess this case. Its clock runs."))
    return back_to(request, reverse("suspicion:case", args=[case_id]))


@require_POST
@for_the_team
def note_new(request: StaffRequest, case_id: int) -> HttpResponse:
    form = forms.NoteForm(request.POST)
    return _posted(request, case_id, "note_form", form, actions.add_note, _("Added to the record."))


@require_POST
@for_the_team
def client_found(request: StaffRequest, case_id: int) -> HttpResponse:
    form = forms.ClientForm(request.POST)
    client = (
        selectors.client_by_number(request.user, form["number"].value() or "") if form.is_valid() else None
    )
    if client is None:
        form.add_error("number", _("No client has this number."))
        return _page(request, selectors.open_case(request.user, case_id), client_form=form)
    actions.find_client(case_id, by=request.user, client=client)
    messages.success(request, _("The case is about this client now."))
    return back_to(request, reverse("suspicion:case", args=[case_id]))


@require_POST
@for_the_team
def decision(request: StaffRequest, case_id: int) -> HttpResponse:
    found = selectors.case_of(request.user, case_id)
    form = forms.DecisionForm(request.POST, state=found.state)
    return _posted(request, case_id, "decision_form", form, actions.decide, _("Decided and recorded."))


@require_POST
@for_the_team
def draft(request: StaffRequest, case_id: int) -> HttpResponse:
    form = forms.DraftForm(request.POST)
    return _posted(request, case_id, "draft_form", form, actions.draft_report, _("The draft is kept."))


@require_POST
@for_the_team
def filing(request: StaffRequest, case_id: int) -> HttpResponse:
    form = forms.FiledForm(request.POST)
    done = _("Filed. The report is fixed, and the waiting period runs.")
    return _posted(request, case_id, "filed_form", form, actions.file_report, done)


@require_POST
@for_the_team
def fiu_answer(request: StaffRequest, case_id: int) -> HttpResponse:
    form = forms.HeardForm(request.POST)
    return _posted(request, case_id, "heard_form", form, actions.hear_fiu, _("Noted."))


@require_POST
@for_the_team
def hold(request: StaffRequest, case_id: int) -> HttpResponse:
    form = forms.HoldForm(request.POST)
    return _posted(request, case_id, "hold_form", form, actions.set_hold, _("Decided and recorded."))


@require_POST
@for_the_team
def removal(request: StaffRequest, case_id: int) -> HttpResponse:
    """Kept long enough: delete it for good."""
    actions.purge(case_id, by=request.user)
    messages.success(request, _("Deleted for good. The journal says who deleted it."))
    return back_to(request, reverse("suspicion:desk"))


@require_POST
@for_the_team
def access(request: StaffRequest, case_id: int) -> HttpResponse:
    form = forms.AccessForm(request.POST)
    return _posted(request, case_id, "access_form", form, actions.decide_access, _("Decided and recorded."))


@require_GET
@for_the_team
def paper(request: StaffRequest, case_id: int) -> HttpResponseBase:
    """The report as a paper, made anew each time and stored nowhere."""
    found = selectors.open_case(request.user, case_id)
    made = papers.make(found, selectors.case_page(request.user, found, timezone.localdate()), request.user)
    return attachment(made, f"report-{case_id}.pdf", "application/pdf")


@require_GET
@for_the_team
def document(request: StaffRequest, case_id: int, document_id: int) -> HttpResponseBase:
    """A paper of the client's file, read from here so that nobody sees it was opened."""
    kept = selectors.paper_of(request.user, selectors.case_of(request.user, case_id), document_id)
    return attachment(kept.content, kept.name, kept.kind)
