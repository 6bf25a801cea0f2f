"""Pages of onboarding: the list, and what is done on the workspace of a client."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.access import open_file, show_list
from compliance.forms import FactsForm
from onboarding import actions, forms, selectors
from onboarding.models import Onboarding
from onboarding.views.workspace import clash_of, find, review_page, workspace_page, workspace_url
from rulebook.selectors import pack
from staff.requests import StaffRequest
from staff.roles import May
from ui.pages import back_to, page, show
from ui.refusals import NotPermitted
from ui.rules.merging import seen_of


@require_GET
@page
def onboarding_list(request: StaffRequest) -> HttpResponse:
    form = forms.OnboardingFilter(request.GET)
    onboardings, lines = selectors.onboarding_list(request.user, form.asked)
    show_list(request.user, "onboardings", form.asked, [each.client_id for each in onboardings])
    return show(
        request,
        "onboarding/onboarding_list.html",
        {
            "form": form,
            "page": onboardings,
            "lines": lines,
            "may_start": request.user.may(May.ONBOARDING_WORK),
            "may_import": request.user.may(May.CLIENTS_IMPORT),
            "may_compare": request.user.may(May.DUPLICATES_DECIDE),
        },
    )


@require_http_methods(["GET", "POST"])
@page
def onboarding_new(request: StaffRequest, client_id: int) -> HttpResponse:
    """A lead says yes: choose the products, and the workspace opens."""
    form = forms.ProductsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        onboarding = actions.start_onboarding(client_id, by=request.user, **form.cleaned_data)
        messages.success(request, _("The onboarding has begun."))
        return back_to(request, workspace_url(onboarding.pk))
    client = open_file(request.user, client_id, why="start an onboarding")
    if not request.user.may(May.ONBOARDING_WORK):
        raise NotPermitted(May.ONBOARDING_WORK)
    begun = selectors.begun(client)
    return show(
        request,
        "onboarding/onboarding_new.html",
        {
            "form": form,
            "client": client,
            "begun": begun,
            "refusals": selectors.refusals_to_start(client),
        },
        status=422 if form.errors else 200,
    )


@require_POST
@page
def products(request: StaffRequest, onboarding_id: int) -> HttpResponse:
    form = forms.ProductsForm(request.POST)
    found, seen = find(request, onboarding_id), seen_of(request.POST.get("seen", ""))
    if not form.is_valid():
        return workspace_page(request, found, products_form=form)
    if clash := clash_of(found, "products", form, seen, {"products": found.products}):
        return workspace_page(request, found, products_form=form, clash=clash)
    actions.choose_products(onboarding_id, by=request.user, seen=seen, **form.cleaned_data)
    messages.success(request, _("Products saved."))
    return back_to(request, workspace_url(onboarding_id, "products"))


@require_POST
@page
def facts(request: StaffRequest, onboarding_id: int) -> HttpResponse:
    form = FactsForm(request.POST)
    found, seen = find(request, onboarding_id), seen_of(request.POST.get("seen", ""))
    if not form.is_valid():
        return workspace_page(request, found, facts_form=form)
    if clash := clash_of(found, "facts", form, seen, selectors.facts_now(found.client_id)):
        return workspace_page(request, found, facts_form=form, clash=clash)
    actions.record_facts(onboarding_id, by=request.user, seen=seen, **form.cleaned_data)
    messages.success(request, _("Recorded, and rated."))
    return back_to(request, workspace_url(onboarding_id, "facts"))


@require_POST
@page
def document_file(request: StaffRequest, onboarding_id: int, required_id: int) -> HttpResponse:
    found = find(request, onboarding_id)
    form = forms.UploadForm(
        request.POST,
        request.FILES,
        prefix=str(required_id),
        person=request.user,
        kind=selectors.kind_of_paper(found, required_id),
        figures=pack("onboarding", timezone.localdate()).body,
    )
    if not form.is_valid():
        return workspace_page(request, found, upload_form=(required_id, form))
    actions.upload_document(onboarding_id, by=request.user, required_id=required_id, **form.cleaned_data)
    messages.success(request, _("Uploaded. An officer looks at it."))
    return back_to(request, workspace_url(onboarding_id, "documents"))


@require_POST
@page
def document_removal(request: StaffRequest, onboarding_id: int, required_id: int) -> HttpResponse:
    """Taken back by who sent it: it was the wrong file."""
    actions.take_document_back(onboarding_id, by=request.user, required_id=required_id)
    messages.success(request, _("Taken back: the file is deleted."))
    return back_to(request, workspace_url(onboarding_id, "documents"))


@require_POST
@page
def document_review(request: StaffRequest, onboarding_id: int, required_id: int) -> HttpResponse:
    form = forms.DocumentReviewForm(request.POST, prefix=str(required_id))
    if not form.is_valid():
        return workspace_page(request, find(request, onboarding_id), review_form=(required_id, form))
    actions.review_document(
        onboarding_id,
        by=request.user,
        required_id=required_id,
        verdict=form.verdict,
        reason=form.cleaned_data["reason"],
    )
    messages.success(request, _("Reviewed."))
    return back_to(request, workspace_url(onboarding_id, "documents"))


@require_POST
@page
def document_taking(request: StaffRequest, onboarding_id: int, required_id: int) -> HttpResponse:
    """An officer takes a paper to read."""
    actions.take_document(onboarding_id, by=request.user, required_id=required_id)
    return back_to(request, workspace_url(onboarding_id, "documents"))


@require_POST
@page
def submission(request: StaffRequest, onboarding_id: int) -> HttpResponse:
    actions.submit_onboarding(onboarding_id, by=request.user)
    messages.success(request, _("Submitted. A second person decides."))
    return back_to(request, workspace_url(onboarding_id))


@require_POST
@page
def approval(request: StaffRequest, onboarding_id: int) -> HttpResponse:
    done = actions.approve_onboarding(onboarding_id, by=request.user, seen=request.POST.get("seen", ""))
    if done.state == Onboarding.State.APPROVED:
        messages.success(request, _("Approved: the client is active."))
    else:
        messages.warning(
            request,
            _("What was submitted has changed since, so the request fell. It must be submitted again."),
        )
    return back_to(request, workspace_url(onboarding_id))


@require_POST
@page
def refusal(request: StaffRequest, onboarding_id: int) -> HttpResponse:
    """Return it for more work, or reject the client."""
    form = forms.DeclineForm(request.POST)
    if not form.is_valid():
        return review_page(request, find(request, onboarding_id), decline_form=form)
    actions.decline_onboarding(
        onboarding_id, by=request.user, verdict=form.verdict, reason=form.cleaned_data["reason"]
    )
    messages.success(request, _("Noted."))
    return back_to(request, workspace_url(onboarding_id))
