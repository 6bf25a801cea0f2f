"""The workspace of one opening, the clash of two who save at once, the plan on paper, the approver's page."""

from typing import Any

from django import forms as django_forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from clients.access import open_file
from clients.models import State
from compliance.forms import CONSENT_LABELS, FactsForm, consent_label
from compliance.models import DeliveryChannel, RelationPurpose, SourceOfFunds
from compliance.rules import approvals as approval_rules
from compliance.selectors.rating_page import reasons
from onboarding import forms, rules, selectors
from onboarding.models import Onboarding
from onboarding.rules import accounts
from onboarding.rules.requirements import oldest_months
from onboarding.rules.tax import MISSING_REASONS
from onboarding.selectors import Workspace
from portfolios.models import AccountKind, ProductKind
from rulebook.rules.words import FORMS
from rulebook.selectors import pack
from staff.models import User
from staff.requests import StaffRequest
from staff.roles import May
from ui.formats import label_of
from ui.forms import Choices, choices_of
from ui.pages import or_404, page, show
from ui.rules.merging import as_seen

STAGE_LABELS = {
    "draft": (gettext_lazy("Draft"), "neutral"),
    "documents_pending": (gettext_lazy("Documents pending"), "warn"),
    "revision_requested": (gettext_lazy("Revision requested"), "warn"),
    "ready": (gettext_lazy("Ready to submit"), "good"),
    "in_review": (gettext_lazy("In review"), "info"),
    "edd_required": (gettext_lazy("Enhanced diligence"), "warn"),
    "on_hold": (gettext_lazy("On hold"), "warn"),
    "set_aside": (gettext_lazy("Set aside"), "neutral"),
    "approved": (gettext_lazy("Approved and active"), "good"),
    "rejected": (gettext_lazy("Rejected"), "late"),
}
ENDED = (gettext_lazy("Relationship ended"), "neutral")
# Of these the needs room tells whether the client knows enough (figures "appropriateness").
KNOWN = frozenset(
    {ProductKind.BOND, ProductKind.FUND, ProductKind.SHARE, ProductKind.STRUCTURED, ProductKind.FX}
)
OWNER_LABELS = {
    "rm": gettext_lazy("Relationship manager"),
    "client": gettext_lazy("Client"),
    "operations": gettext_lazy("Operations"),
    "compliance": gettext_lazy("Compliance"),
    "second": gettext_lazy("Team lead or compliance"),
}


@require_GET
@page
def onboarding(request: StaffRequest, onboarding_id: int) -> HttpResponse:
    return workspace_page(request, find(request, onboarding_id))


@require_GET
@page
def plan(request: StaffRequest, onboarding_id: int) -> HttpResponse:
    """The action plan on paper: for the client's folder and the morning round."""
    found = find(request, onboarding_id)
    open_file(request.user, found.client_id, why="action plan of the onboarding")
    work = selectors.workspace(found)
    return show(request, "onboarding/plan.html", {"work": work, "client": work.client, **_plan(work)})


@require_GET
@page
def review(request: StaffRequest, onboarding_id: int) -> HttpResponse:
    return review_page(request, find(request, onboarding_id))


def review_page(
    request: StaffRequest, found: Onboarding, *, decline_form: forms.DeclineForm | None = None
) -> HttpResponse:
    """Everything that a second person approves, on one page: it is decided here and nowhere else."""
    open_file(request.user, found.client_id, why="review of the onboarding")
    work = selectors.workspace(found)
    return show(
        request,
        "onboarding/review.html",
        _context(request, work)
        | {
            "decline_form": decline_form or forms.DeclineForm(),
            "shown": selectors.shown_to(work, request.user) if work.approval else "",
        },
        status=422 if decline_form else 200,
    )


# --- found and addressed ---------------------------------------------------------------------------------


def find(request: StaffRequest, onboarding_id: int) -> Onboarding:
    found: Onboarding = or_404(
        selectors.find(request.user, onboarding_id), f"onboarding.Onboarding {onboarding_id}"
    )
    return found


def workspace_url(onboarding_id: int, part: str = "") -> str:
    url = reverse("onboarding:workspace", args=[onboarding_id])
    return f"{url}#{part}" if part else url


# --- two save at once ------------------------------------------------------------------------------------


def clash_of(
    found: Onboarding, step: str, form: django_forms.Form, seen: dict[str, str], current: dict[str, Any]
) -> Choices | None:
    """What a colleague saved since this page was opened, where this person wrote something else; or None."""
    saved = found.saved.get(step, {})
    at = parse_datetime(saved["at"]) if saved.get("at") else None
    return choices_of(form, seen, current, who=saved.get("by", ""), at=at, step=step)


# --- the page --------------------------------------------------------------------------------------------


def workspace_page(
    request: StaffRequest,
    found: Onboarding,
    *,
    products_form: forms.ProductsForm | None = None,
    facts_form: FactsForm | None = None,
    upload_form: tuple[int, forms.UploadForm] | None = None,
    review_form: tuple[int, forms.DocumentReviewForm] | None = None,
    clash: Choices | None = None,
) -> HttpResponse:
    """The page as it is now; a form that did not go through stands in its place, with what was typed."""
    open_file(request.user, found.client_id, why="onboarding")
    work = selectors.workspace(found)
    invalid = any((products_form, facts_form, upload_form, review_form))
    return show(
        request,
        "onboarding/workspace.html",
        _context(request, work)
        | {
            "documents": [
                _document(row, work, request.user, upload_form, review_form) for row in work.required
            ],
            "products_form": products_form
            or forms.ProductsForm(initial={"products": work.onboarding.products}),
            "facts_form": facts_form or FactsForm(kyc=work.kyc, party=work.party),
            "facts_seen": as_seen(selectors.facts_shown(work.kyc, work.party)),
            "products_seen": as_seen({"products": work.onboarding.products}),
            "clash": clash,
            "files_failed": (upload_form or review_form or (None,))[0],
        },
        status=409 if clash else 422 if invalid else 200,
    )


def _plan(work: Workspace) -> dict[str, Any]:
    """The plan with its words, what is next, and how far it is."""
    items = work.plan()
    today = timezone.localdate()
    done, of = rules.progress(items)
    running = work.facts.state in rules.RUNNING
    words: list[dict[str, Any]] = [
        {"item": item, "owner": OWNER_LABELS[item.owner], "late": item.is_late(today) and running}
        for item in items
    ]
    following = rules.turn(items, work.facts) if running else None
    return {
        "plan": words,
        "plan_open": sorted(
            (each for each in words if not each["item"].done), key=lambda each: each["item"].due_on
        ),
        "next": next((each for each in words if each["item"] is following), None),
        "done": done,
        "of": of,
        "today": today,
        "days_running": (today - timezone.localtime(work.onboarding.started_at).date()).days,
        "calendar": work.client.book.team.calendar,
    }


def _ended(work: Workspace) -> str:
    """What is still to come of an opening that nobody works on any more."""
    if work.facts.state == Onboarding.State.ON_HOLD:
        return _("Nothing, until it is taken up again.")
    if work.facts.state == Onboarding.State.SET_ASIDE:
        return _("It is set aside: whoever works the book may take it up again.")
    if work.facts.state == Onboarding.State.REJECTED:
        return _("It was rejected: the client was not opened.")
    if work.client.state == State.CLOSED:
        return _("The relationship has ended.")
    if undone := selectors.measures_undone(work):
        return _("The client is active. Enhanced measures are still to do: {measures}.").format(
            measures=", ".join(undone)
        )
    if not work.facts.accounts_open:
        return _("The client is active. Operations opens the planned accounts in the core system.")
    return _("The client is active: nothing is left to do.")


def _context(request: StaffRequest, work: Workspace) -> dict[str, Any]:
    """What the workspace and the approver's page both show."""
    person, running = request.user, work.facts.state in rules.RUNNING
    missing = rules.missing(work.facts)
    stage, tone = STAGE_LABELS[rules.stage(work.facts, missing)]
    if work.facts.state == Onboarding.State.APPROVED and work.client.state == State.CLOSED:
        stage, tone = ENDED
    second = second_refusals(work, person)
    held = work.facts.state == Onboarding.State.ON_HOLD
    return {
        "work": work,
        "client": work.client,
        "stage": stage,
        "stage_tone": tone,
        "steps": rules.steps(work.facts),
        "missing": missing,
        "running": running,
        "held": held,
        "ended": _ended(work),
        "hold_reason": forms.REASON_LABELS.get(work.onboarding.hold_reason, ""),
        "reasons": _rating_reasons(work, with_hits=person.may(May.SCREENING_DECIDE)),
        "to_be_known": bool(KNOWN & set(work.facts.products)),
        "product_labels": [str(dict(ProductKind.choices).get(each, each)) for each in work.facts.products],
        "source_label": label_of(SourceOfFunds, work.kyc.source_of_funds if work.kyc else ""),
        "channel_label": label_of(DeliveryChannel, work.kyc.channel if work.kyc else ""),
        "purpose_label": label_of(RelationPurpose, work.kyc.purpose if work.kyc else ""),
        "holders": [_holder(view) for view in work.holders],
        "accounts_needed": _accounts_needed(work),
        "consents": [consent_label(each) for each in work.consents],
        "consents_open": [
            str(CONSENT_LABELS.get(each.replace(" ", "_"), each)) for each in work.facts.consents_missing
        ],
        "may_work": person.may(May.ONBOARDING_WORK) and running,
        "may_certify": person.may(May.ONBOARDING_WORK) and (running or work.facts.state == "approved"),
        "may_upload": person.may(May.DOCUMENTS_UPLOAD),
        "may_review": person.may(May.DOCUMENTS_REVIEW),
        "may_set_aside": person.may(May.CLIENTS_EDIT) and work.facts.state in ("collecting", "on_hold"),
        "may_hold": person.may(May.ONBOARDING_HOLD) and (running or held),
        "may_take_over": held and not selectors.refusals_to_hold(work.onboarding, person),
        "resume_refusals": selectors.refusals_to_resume(work.onboarding, person) if held else [],
        "may_decide": person.may(May.ONBOARDING_APPROVE) and work.facts.state == "in_review",
        "submit_refusals": work.refusals_to_submit,
        "second_refusals": second,
        "approve_refusals": second + rules.refusals_to_approve(work.facts),
        "decline_reason": _decline_reason(work),
        **_plan(work),
    }


def _accounts_needed(work: Workspace) -> list[str]:
    there = {each.kind for each in work.accounts}
    labels = dict(AccountKind.choices)
    return [str(labels[kind]) for kind in accounts.accounts_needed(work.facts.products) if kind not in there]


def _holder(view: selectors.HolderView) -> dict[str, Any]:
    forms_now = [
        {
            "row": each.row,
            "valid": each.valid,
            "contradictions": each.contradictions,
            "residences": [
                r | {"why": MISSING_REASONS.get(r["missing_reason"], "")} for r in each.row.residences
            ],
        }
        for each in view.certified
    ]
    return {
        "view": view,
        "forms": forms_now,
        "needed": [FORMS[form] for form in view.needed],
        "source": label_of(SourceOfFunds, view.facts.source_of_funds if view.facts else ""),
    }


def second_refusals(work: Workspace, person: User) -> list[str]:
    """Why this person may not be the second one; the console asks too."""
    if work.approval is None or work.facts.state != "in_review":
        return []
    return approval_rules.refusals_to_decide(
        work.approval.decision,
        own=person.is_same_person(work.approval.asked_by_id),
        made=person.is_same_person(*selectors.makers(work)),
        senior=work.approval.senior or work.facts.senior,
        by_is_officer=person.may(May.APPROVALS_DECIDE),
    )


def _rating_reasons(work: Workspace, *, with_hits: bool) -> list[str]:
    if work.kyc is None or not work.kyc.facts_known:
        return []
    figures = pack("kyc", timezone.localdate()).body
    return reasons(work.kyc.rating_reasons, figures, with_hits=with_hits)


def _document(row: Any, work: Workspace, person: User, upload_form: Any, review_form: Any) -> dict[str, Any]:
    state, figures = work.facts.state, work.figures.body
    upload = upload_form[1] if upload_form and upload_form[0] == row.pk else None
    review = review_form[1] if review_form and review_form[0] == row.pk else None
    return {
        "row": row,
        "why": rules.why_sentence(row.why, oldest_months(row.kind, figures)),
        "label": str(selectors.document_label(row.kind)),
        "reason": forms.REASON_LABELS.get(row.reason, row.reason),
        "upload": upload or forms.UploadForm(prefix=str(row.pk), kind=row.kind, figures=figures),
        "review": review or forms.DocumentReviewForm(prefix=str(row.pk)),
        "failed": bool(upload or review),
        "open": not rules.refusals_to_change_paper(state, row.state),
        "may_take_back": person.may(May.DOCUMENTS_UPLOAD)
        and row.document is not None
        and not rules.refusals_to_take_paper_back(
            state,
            row.state,
            own=person.is_same_person(row.document.uploaded_by_id),
            taken=row.taken_by_id is not None,
        ),
        "refusals": rules.refusals_to_review_document(
            state, row.state, "approved", "", own=person.is_same_person(row.document.uploaded_by_id)
        )
        if row.state == "in_review" and row.document
        else [],
    }


def _decline_reason(work: Workspace) -> str:
    if work.approval is None or not work.approval.reason:
        return ""
    if work.approval.reason == "changed":
        return _("The last request fell, because what was submitted had changed. Submit it again.")
    if work.approval.reason == "held":
        return _("The last request fell, because the opening was put on hold. Submit it again.")
    first, _colon, code = work.approval.reason.partition(":")
    if first == "paper":
        kind, _colon, code = code.partition(":")
        told = _("Compliance returned a paper, {paper}: {reason}. Upload another one and submit it again.")
        why = forms.REASON_LABELS.get(code, code)
        return told.format(paper=selectors.document_label(kind), reason=why)
    who = work.approval.decided_by.name if work.approval.decided_by else ""
    return _("{who} did not approve: {reason}.").format(who=who, reason=forms.REASON_LABELS.get(code, code))
