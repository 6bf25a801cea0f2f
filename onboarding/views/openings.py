"""Pages of onboarding: the list, and one workspace a client."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.access import open_file, show_list
from compliance.forms import FactsForm
from compliance.rules import approvals as approval_rules
from compliance.rules import rating
from onboarding import actions, forms, rules, selectors
from onboarding.models import Onboarding
from onboarding.selectors import Workspace
from portfolios.models import ProductKind
from rulebook.selectors import pack
from staff.requests import StaffRequest
from staff.roles import May
from ui.pages import back_to, or_404, page, show
from ui.refusals import NotPermitted


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
        return back_to(request, _url(onboarding.pk))
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
            "refusals": rules.refusals_to_start(client.state, begun is not None),
        },
        status=422 if form.errors else 200,
    )


@require_GET
@page
def onboarding(request: StaffRequest, onboarding_id: int) -> HttpResponse:
    return _workspace(request, _find(request, onboarding_id))


@require_POST
@page
def products(request: StaffRequest, onboarding_id: int) -> HttpResponse:
    form = forms.ProductsForm(request.POST)
    if not form.is_valid():
        return _workspace(request, _find(request, onboarding_id), products_form=form)
    actions.choose_products(onboarding_id, by=request.user, **form.cleaned_data)
    messages.success(request, _("Products saved."))
    return back_to(request, _url(onboarding_id, "products"))


@require_POST
@page
def facts(request: StaffRequest, onboarding_id: int) -> HttpResponse:
    form = FactsForm(request.POST)
    if not form.is_valid():
        return _workspace(request, _find(request, onboarding_id), facts_form=form)
    actions.record_facts(onboarding_id, by=request.user, **form.cleaned_data)
    messages.success(request, _("Recorded, and rated."))
    return back_to(request, _url(onboarding_id, "facts"))


@require_POST
@page
def document_file(request: StaffRequest, onboarding_id: int, required_id: int) -> HttpResponse:
    form = forms.UploadForm(request.POST, request.FILES, prefix=str(required_id))
    if not form.is_valid():
        return _workspace(request, _find(request, onboarding_id), upload_form=(required_id, form))
    actions.upload_document(onboarding_id, by=request.user, required_id=required_id, **form.cleaned_data)
    messages.success(request, _("Uploaded. An officer looks at it."))
    return back_to(request, _url(onboarding_id, "documents"))


@require_POST
@page
def document_review(request: StaffRequest, onboarding_id: int, required_id: int) -> HttpResponse:
    form = forms.DocumentReviewForm(request.POST, prefix=str(required_id))
    if not form.is_valid():
        return _workspace(request, _find(request, onboarding_id), review_form=(required_id, form))
    actions.review_document(
        onboarding_id,
        by=request.user,
        required_id=required_id,
        verdict=form.verdict,
        reason=form.cleaned_data["reason"],
    )
    messages.success(request, _("Reviewed."))
    return back_to(request, _url(onboarding_id, "documents"))


@require_POST
@page
def submission(request: StaffRequest, onboarding_id: int) -> HttpResponse:
    actions.submit_onboarding(onboarding_id, by=request.user)
    messages.success(request, _("Submitted. A second person decides."))
    return back_to(request, _url(onboarding_id))


@require_POST
@page
def approval(request: StaffRequest, onboarding_id: int) -> HttpResponse:
    done = actions.approve_onboarding(onboarding_id, by=request.user)
    if done.state == Onboarding.State.APPROVED:
        messages.success(request, _("Approved: the client is active."))
    else:
        messages.warning(
            request,
            _("What was submitted has changed since, so the request fell. It must be submitted again."),
        )
    return back_to(request, _url(onboarding_id))


@require_POST
@page
def refusal(request: StaffRequest, onboarding_id: int) -> HttpResponse:
    """Return it for more work, or reject the client."""
    form = forms.DeclineForm(request.POST)
    if not form.is_valid():
        return _workspace(request, _find(request, onboarding_id), decline_form=form)
    actions.decline_onboarding(
        onboarding_id, by=request.user, verdict=form.verdict, reason=form.cleaned_data["reason"]
    )
    messages.success(request, _("Noted."))
    return back_to(request, _url(onboarding_id))


# --- the workspace ---------------------------------------------------------------------------------------


def _find(request: StaffRequest, onboarding_id: int) -> Onboarding:
    found: Onboarding = or_404(
        selectors.find(request.user, onboarding_id), f"onboarding.Onboarding {onboarding_id}"
    )
    return found


def _url(onboarding_id: int, part: str = "") -> str:
    url = reverse("onboarding:workspace", args=[onboarding_id])
    return f"{url}#{part}" if part else url


def _workspace(
    request: StaffRequest,
    found: Onboarding,
    *,
    products_form: forms.ProductsForm | None = None,
    facts_form: FactsForm | None = None,
    decline_form: forms.DeclineForm | None = None,
    upload_form: tuple[int, forms.UploadForm] | None = None,
    review_form: tuple[int, forms.DocumentReviewForm] | None = None,
) -> HttpResponse:
    """The page as it is now; a form that did not go through stands in its place, with what was typed."""
    open_file(request.user, found.client_id, why="onboarding")
    work = selectors.workspace(found)
    person, running = request.user, work.facts.state in rules.RUNNING
    invalid = any((products_form, facts_form, decline_form, upload_form, review_form))
    return show(
        request,
        "onboarding/workspace.html",
        {
            "work": work,
            "client": work.client,
            "today": timezone.localdate(),
            "steps": rules.steps(work.facts),
            "missing": rules.missing(work.facts) if running else [],
            "running": running,
            "reasons": _rating_reasons(work, with_hits=person.may(May.SCREENING_DECIDE)),
            "product_labels": [
                str(dict(ProductKind.choices).get(each, each)) for each in work.facts.products
            ],
            "documents": [_document(row, upload_form, review_form) for row in work.required],
            "products_form": products_form
            or forms.ProductsForm(initial={"products": work.onboarding.products}),
            "facts_form": facts_form or FactsForm(kyc=work.kyc, party=work.party),
            "decline_form": decline_form or forms.DeclineForm(),
            "may_work": person.may(May.ONBOARDING_WORK) and running,
            "may_upload": person.may(May.DOCUMENTS_UPLOAD) and running,
            "may_review": person.may(May.DOCUMENTS_REVIEW) and running,
            "may_decide": person.may(May.ONBOARDING_APPROVE) and work.facts.state == "in_review",
            "submit_refusals": rules.refusals_to_submit(work.facts),
            "second_refusals": second_refusals(work, person),
            "approve_refusals": second_refusals(work, person) + rules.refusals_to_approve(work.facts),
            "decline_reason": _decline_reason(work),
            "files_failed": (upload_form or review_form or (None,))[0],
        },
        status=422 if invalid else 200,
    )


def second_refusals(work: Workspace, person: Any) -> list[str]:
    """Why this person may not be the second one; the console asks too."""
    if work.approval is None or work.facts.state != "in_review":
        return []
    return approval_rules.refusals_to_decide(
        work.approval.decision,
        work.approval.asked_by_id,
        work.facts.makers,
        person.pk,
        senior=work.approval.senior or work.facts.senior,
        by_is_officer=person.may(May.APPROVALS_DECIDE),
    )


def _rating_reasons(work: Workspace, *, with_hits: bool) -> list[str]:
    if work.kyc is None or not work.kyc.facts_known:
        return []
    figures = pack("kyc", timezone.localdate()).body
    return rating.reasons(work.kyc.rating_reasons, figures, with_hits=with_hits)


def _document(row: Any, upload_form: Any, review_form: Any) -> dict[str, Any]:
    upload = upload_form[1] if upload_form and upload_form[0] == row.pk else None
    review = review_form[1] if review_form and review_form[0] == row.pk else None
    return {
        "row": row,
        "why": rules.why_sentence(row.why),
        "label": str(selectors.document_label(row.kind)),
        "reason": forms.REASON_LABELS.get(row.reason, row.reason),
        "upload": upload or forms.UploadForm(prefix=str(row.pk)),
        "review": review or forms.DocumentReviewForm(prefix=str(row.pk)),
        "failed": bool(upload or review),
    }


def _decline_reason(work: Workspace) -> str:
    if work.approval is None or not work.approval.reason:
        return ""
    if work.approval.reason == "changed":
        return _("The last request fell, because what was submitted had changed. Submit it again.")
    code = work.approval.reason.partition(":")[2]
    who = work.approval.decided_by.name if work.approval.decided_by else ""
    return _("{who} did not approve: {reason}.").format(who=who, reason=forms.REASON_LABELS.get(code, code))
