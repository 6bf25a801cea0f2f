"""The single steps of an opening, each a page with one form: holders, tax, accounts, consents, hold."""

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clients.access import open_file
from clients.selectors.owners import held_on_file
from onboarding import actions, forms, selectors
from onboarding.models import Onboarding
from onboarding.rules.accounts import accounts_needed
from onboarding.selectors import HolderView, Workspace
from onboarding.views.workspace import find, workspace_url
from staff.requests import StaffRequest
from staff.roles import May
from ui.formats import day_text, language
from ui.pages import back_to, or_404, page, show
from ui.refusals import NotPermitted

asks = require_http_methods(["GET", "POST"])


@asks
@page
def holder_new(request: StaffRequest, onboarding_id: int) -> HttpResponse:
    work = _work(request, onboarding_id, "add a joint holder")
    form = forms.HolderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_holder(onboarding_id, by=request.user, **form.cleaned_data)
        messages.success(request, _("Added: papers and facts of this holder are asked for."))
        return back_to(request, workspace_url(onboarding_id, "people"))
    return _form_page(request, work, form, _("Add a joint holder"), _("Add"), part="people")


@asks
@page
def person_new(request: StaffRequest, onboarding_id: int) -> HttpResponse:
    work = _work(request, onboarding_id, "add an owner or signatory")
    held = held_on_file(work.client.pk) if request.method == "POST" else []
    form = forms.PersonForm(request.POST or None, main=work.party, held=held)
    if request.method == "POST" and form.is_valid():
        actions.add_person(onboarding_id, by=request.user, **form.cleaned_data)
        messages.success(request, _("Added."))
        return back_to(request, workspace_url(onboarding_id, "people"))
    return _form_page(request, work, form, _("Add an owner, director or signatory"), _("Add"), part="people")


@asks
@page
def person(request: StaffRequest, onboarding_id: int, party_id: int) -> HttpResponse:
    """Who somebody on the file is, mended."""
    work = _work(request, onboarding_id, "correct who somebody is")
    party = or_404(
        next((each for each in work.people if each.pk == party_id), None), f"clients.Party {party_id}"
    )
    form = forms.CorrectionForm(request.POST or None, party=party, client=work.client)
    if request.method == "POST" and form.is_valid():
        actions.correct_person(onboarding_id, by=request.user, party_id=party_id, **form.cleaned_data)
        messages.success(request, _("Corrected."))
        return back_to(request, workspace_url(onboarding_id, "people"))
    return _form_page(request, work, form, _("Correct who it is"), _("Save"), part="people")


@asks
@page
def paper_new(request: StaffRequest, onboarding_id: int) -> HttpResponse:
    """A paper that was shown only after the client was opened."""
    return _paper(request, onboarding_id, None)


@asks
@page
def paper(request: StaffRequest, onboarding_id: int, paper_id: int) -> HttpResponse:
    """The paper that was shown, mended."""
    return _paper(request, onboarding_id, paper_id)


def _paper(request: StaffRequest, onboarding_id: int, paper_id: int | None) -> HttpResponse:
    work = _work(request, onboarding_id, "identity paper that was shown")
    found = None
    if paper_id is not None:
        found = or_404(
            next((each for each in work.papers if each.pk == paper_id), None),
            f"clients.Identifier {paper_id}",
        )
    is_person = work.client.kind == "person"
    form = forms.PaperForm(request.POST or None, paper=found, is_person=is_person)
    if request.method == "POST" and form.is_valid():
        actions.correct_paper(onboarding_id, by=request.user, paper_id=paper_id, **form.cleaned_data)
        messages.success(request, _("Corrected.") if found else _("Added."))
        return back_to(request, workspace_url(onboarding_id, "people"))
    heading = _("Correct the paper that was shown") if found else _("A paper was shown")
    return _form_page(request, work, form, heading, _("Save"), part="people")


@require_POST
@page
def person_removal(request: StaffRequest, onboarding_id: int, party_id: int) -> HttpResponse:
    actions.remove_person(onboarding_id, by=request.user, party_id=party_id)
    messages.info(request, _("Removed: nothing of this person is asked for any more."))
    return back_to(request, workspace_url(onboarding_id, "people"))


@asks
@page
def holder(request: StaffRequest, onboarding_id: int, party_id: int) -> HttpResponse:
    """What a joint holder is asked."""
    work = _work(request, onboarding_id, "facts of a joint holder")
    view = _holder(work, party_id, joint=True)
    form = forms.HolderFactsForm(request.POST or None, party=view.party, facts=view.facts)
    if request.method == "POST" and form.is_valid():
        actions.record_holder(onboarding_id, by=request.user, party_id=party_id, **form.cleaned_data)
        messages.success(request, _("Recorded, and rated."))
        return back_to(request, workspace_url(onboarding_id, "people"))
    return _form_page(
        request, work, form, _("KYC facts of a joint holder"), _("Record"), part="people", whose=view
    )


@asks
@page
def wealth(request: StaffRequest, onboarding_id: int, party_id: int) -> HttpResponse:
    work = _work(request, onboarding_id, "source of wealth")
    view = _holder(work, party_id)
    form = forms.WealthForm(request.POST or None, facts=view.facts)
    if request.method == "POST" and form.is_valid():
        actions.record_wealth(onboarding_id, by=request.user, party_id=party_id, **form.cleaned_data)
        messages.success(request, _("Recorded."))
        return back_to(request, workspace_url(onboarding_id, "people"))
    return _form_page(request, work, form, _("Source of wealth"), _("Record"), part="people", whose=view)


@asks
@page
def owners_search(request: StaffRequest, onboarding_id: int) -> HttpResponse:
    work = _work(request, onboarding_id, "search for owners")
    form = forms.SearchForm(request.POST or None, initial={"what": work.onboarding.owners_search})
    if request.method == "POST" and form.is_valid():
        actions.record_search(onboarding_id, by=request.user, **form.cleaned_data)
        messages.success(request, _("Recorded: the managing officials stand in for the owners."))
        return back_to(request, workspace_url(onboarding_id, "people"))
    return _form_page(request, work, form, _("Who could not be found"), _("Record"), part="people")


@asks
@page
def certification(request: StaffRequest, onboarding_id: int, party_id: int) -> HttpResponse:
    """A signed FATCA or CRS form."""
    work = _work(request, onboarding_id, "tax self-certification")
    view = _holder(work, party_id)
    form = forms.CertificationForm(request.POST or None, party=view.party, figures=work.figures.body)
    if request.method == "POST" and form.is_valid():
        made = actions.record_certification(
            onboarding_id, by=request.user, party_id=party_id, **form.certification
        )
        if made.valid_until:
            messages.success(
                request,
                _("Recorded. It holds until {day}.").format(day=day_text(made.valid_until, language())),
            )
        else:
            messages.success(request, _("Recorded. It holds until circumstances change."))
        return back_to(request, workspace_url(onboarding_id, "tax"))
    return _form_page(request, work, form, _("Tax self-certification"), _("Record"), part="tax", whose=view)


@asks
@page
def circumstances(request: StaffRequest, onboarding_id: int, certification_id: int) -> HttpResponse:
    """What was certified is no longer so: the clock of the new form begins."""
    work = _work(request, onboarding_id, "change of circumstances")
    forms_now = [(view, each.row) for view in work.holders for each in view.certified]
    view, row = or_404(
        next((pair for pair in forms_now if pair[1].pk == certification_id), None),
        f"onboarding.SelfCertification {certification_id}",
    )
    form = forms.ChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        changed = actions.report_change(row.pk, by=request.user, **form.cleaned_data)
        messages.warning(
            request, _("A new form is due by {day}.").format(day=day_text(changed.valid_until, language()))
        )
        return back_to(request, workspace_url(onboarding_id, "tax"))
    return _form_page(
        request, work, form, _("Circumstances have changed"), _("Record"), part="tax", whose=view
    )


@asks
@page
def account_new(request: StaffRequest, onboarding_id: int) -> HttpResponse:
    work = _work(request, onboarding_id, "plan an account")
    there = {each.kind for each in work.accounts}
    needed = [kind for kind in accounts_needed(work.facts.products) if kind not in there]
    form = forms.AccountForm(request.POST or None, needed=needed, currency=work.client.currency)
    if request.method == "POST" and form.is_valid():
        actions.plan_account(onboarding_id, by=request.user, **form.cleaned_data)
        messages.success(request, _("Planned. Operations opens it after the approval."))
        return back_to(request, workspace_url(onboarding_id, "accounts"))
    return _form_page(request, work, form, _("Plan an account"), _("Plan"), part="accounts")


@require_POST
@page
def account_removal(request: StaffRequest, onboarding_id: int, account_id: int) -> HttpResponse:
    actions.drop_account(onboarding_id, by=request.user, account_id=account_id)
    messages.info(request, _("Removed."))
    return back_to(request, workspace_url(onboarding_id, "accounts"))


@asks
@page
def consents(request: StaffRequest, onboarding_id: int) -> HttpResponse:
    work = _work(request, onboarding_id, "consents")
    given = {each.purpose for each in work.consents}
    form = forms.ConsentsForm(request.POST or None, initial={"purposes": sorted(given)})
    if request.method == "POST" and form.is_valid():
        actions.take_consents(onboarding_id, by=request.user, **form.cleaned_data)
        messages.success(request, _("Recorded."))
        return back_to(request, workspace_url(onboarding_id, "consents"))
    return _form_page(request, work, form, _("What the client agrees to"), _("Record"), part="consents")


@asks
@page
def hold(request: StaffRequest, onboarding_id: int) -> HttpResponse:
    """It waits, with a reason."""
    work = _work(request, onboarding_id, "put on hold", may=May.ONBOARDING_HOLD)
    form = forms.HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.hold_onboarding(onboarding_id, by=request.user, **form.cleaned_data)
        messages.info(request, _("On hold."))
        return back_to(request, workspace_url(onboarding_id))
    return _form_page(request, work, form, _("Put on hold"), _("Put on hold"), part="")


@require_POST
@page
def resumption(request: StaffRequest, onboarding_id: int) -> HttpResponse:
    actions.resume_onboarding(onboarding_id, by=request.user)
    messages.success(request, _("Taken up again."))
    return back_to(request, workspace_url(onboarding_id))


# --- what the pages share --------------------------------------------------------------------------------


def _work(
    request: StaffRequest, onboarding_id: int, why: str, *, may: May = May.ONBOARDING_WORK
) -> Workspace:
    """The opening, when this person sees its client and may do such a step."""
    found: Onboarding = find(request, onboarding_id)
    if not request.user.may(may):
        raise NotPermitted(may)
    open_file(request.user, found.client_id, why=why)
    return selectors.workspace(found)


def _holder(work: Workspace, party_id: int, *, joint: bool = False) -> HolderView:
    views = [each for each in work.holders if each.party.pk == party_id]
    view: HolderView = or_404(
        next((each for each in views if not (joint and each.party.is_client)), None),
        f"clients.Party {party_id}",
    )
    return view


def _form_page(
    request: StaffRequest,
    work: Workspace,
    form: django_forms.BaseForm,
    heading: str,
    submit: str,
    *,
    part: str,
    whose: HolderView | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "work": work,
        "client": work.client,
        "form": form,
        "heading": heading,
        "submit": submit,
        "whose": whose,
        "back": reverse("onboarding:workspace", args=[work.onboarding.pk]) + (f"#{part}" if part else ""),
    }
    return show(request, "onboarding/step.html", context, status=422 if form.errors else 200)
