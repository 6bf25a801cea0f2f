"""KYC: the list by its clock, and the compliance page of one client."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.access import open_file, show_list
from clients.models import Client
from compliance import actions, forms, selectors
from compliance.rules import kyc as kyc_rules
from compliance.rules.reviews import trigger_due
from compliance.selectors.keeping import holds_on
from compliance.views.bulk import asked_for_many
from rulebook.rules.words import TRIGGERS
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui.formats import day_text
from ui.pages import back_to, page, show


@require_http_methods(["GET", "POST"])
@page
def kyc_list(request: StaffRequest) -> HttpResponse:
    form = forms.KycFilter(request.GET)
    asked, today = form.asked, timezone.localdate()
    bulk = forms.BulkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and (asked_for := asked_for_many(request, bulk, "kyc", asked)):
        return asked_for
    clients = selectors.kyc_list(request.user, asked, today)
    show_list(request.user, "kyc", asked, [client.pk for client in clients])
    why = selectors.why_due(
        [client.pk for client in clients], with_hits=request.user.may(May.SCREENING_DECIDE)
    )
    rows = [{"client": each, "why": why.get(each.pk, "")} for each in clients]
    return show(
        request,
        "compliance/kyc_list.html",
        {
            "form": form,
            "page": clients,
            "rows": rows,
            "today": today,
            "may_ask": request.user.may(May.KYC_REVIEW),
            "bulk": bulk,
        },
        status=422 if bulk.errors else 200,
    )


@require_GET
@page
def client(request: StaffRequest, client_id: int) -> HttpResponse:
    opened = open_file(request.user, client_id, why="compliance")
    return _client_page(request, opened)


def _client_page(
    request: StaffRequest, client: Client, consent_form: forms.ConsentForm | None = None
) -> HttpResponse:
    may_decide = request.user.may(May.SCREENING_DECIDE)
    found = selectors.client_compliance(client, timezone.localdate(), with_hits=may_decide)
    kyc = found.kyc
    asked = TRIGGERS["officer"] in found.triggers
    sooner = trigger_due("officer", timezone.localdate(), found.figures)
    return show(
        request,
        "compliance/client.html",
        {
            "client": client,
            "found": found,
            "today": timezone.localdate(),
            "may_decide": may_decide,
            "may_review": request.user.may(May.KYC_REVIEW),
            "may_edit": request.user.may(May.CLIENTS_EDIT),
            "may_see_access": request.user.may(May.ACCESS_AUDIT),
            # Whoever serves the client is not told: that an authority asks would tip off.
            "holds": holds_on(client, timezone.localdate()) if request.user.may(May.ACCESS_AUDIT) else [],
            "consent_form": consent_form or forms.ConsentForm(),
            "consents": [{"consent": each, "label": forms.consent_label(each)} for each in found.consents],
            "may_record_pep": request.user.may(May.PEP_RECORD),
            "may_see_adverse": request.user.may(May.ADVERSE_WORK),
            "review_asked": may_decide and asked,
            "ask_review_refusals": kyc_rules.refusals_to_ask_review(
                client.state,
                kyc is not None and kyc.reviewed_on is not None,
                asked,
                client.kyc_due_on,
                sooner,
            ),
            "review_refusals": kyc_rules.refusals_to_review(
                client.state,
                kyc is not None and kyc.facts_known,
                found.undecided,
                own=kyc is not None and request.user.is_same_person(kyc.facts_by_id),
            ),
        },
        status=422 if consent_form is not None else 200,
    )


@require_http_methods(["GET", "POST"])
@page
def facts(request: StaffRequest, client_id: int) -> HttpResponse:
    """Source of funds, purpose, PEP, countries: asked at opening and whenever they change."""
    opened = open_file(request.user, client_id, why="KYC facts")
    only_with(request, May.CLIENTS_EDIT)
    kyc, party = selectors.facts_of(opened)
    form = forms.FullFactsForm(request.POST if request.method == "POST" else None, kyc=kyc, party=party)
    if request.method == "POST" and form.is_valid():
        actions.record_facts(client_id, by=request.user, **form.cleaned_data)
        if form.cleaned_data["pep"] and not selectors.has_roles(client_id):
            messages.success(request, _("Recorded, and rated anew. Now say which office, and whose."))
            return back_to(request, reverse("compliance:pep", args=[client_id]))
        messages.success(request, _("Recorded, and rated anew."))
        return back_to(request, reverse("compliance:client", args=[client_id]))
    return show(
        request, "compliance/facts.html", {"form": form, "client": opened}, status=422 if form.errors else 200
    )


@require_POST
@page
def review(request: StaffRequest, client_id: int) -> HttpResponse:
    kyc = actions.review_kyc(client_id, by=request.user)
    messages.success(
        request,
        _("Reviewed. The next review is due on {day}.").format(
            day=day_text(kyc.next_review_on, get_language() or "en")
        ),
    )
    return back_to(request, reverse("compliance:client", args=[client_id]))


@require_POST
@page
def consent_new(request: StaffRequest, client_id: int) -> HttpResponse:
    form = forms.ConsentForm(request.POST)
    if not form.is_valid():
        return _client_page(request, open_file(request.user, client_id, why="consents"), form)
    actions.give_consent(client_id, by=request.user, **form.cleaned_data)
    messages.success(request, _("The consent is recorded."))
    return back_to(request, reverse("compliance:client", args=[client_id]))


@require_POST
@page
def consent_withdrawal(request: StaffRequest, consent_id: int) -> HttpResponse:
    consent = actions.withdraw_consent(consent_id, by=request.user)
    messages.success(request, _("The consent is withdrawn from today."))
    return back_to(request, reverse("compliance:client", args=[consent.client_id]))


@require_POST
@page
def review_request(request: StaffRequest, client_id: int) -> HttpResponse:
    actions.ask_review(client_id, by=request.user)
    messages.success(request, _("The review is due earlier now; its desk is told."))
    return back_to(request, reverse("compliance:client", args=[client_id]))


@require_POST
@page
def review_request_withdrawal(request: StaffRequest, client_id: int) -> HttpResponse:
    kyc = actions.withdraw_review_request(client_id, by=request.user)
    messages.success(
        request,
        _("Withdrawn. The review is due on {day}.").format(
            day=day_text(kyc.next_review_on, get_language() or "en")
        ),
    )
    return back_to(request, reverse("compliance:client", args=[client_id]))


@require_http_methods(["GET", "POST"])
@page
def measures(request: StaffRequest, client_id: int) -> HttpResponse:
    """What a high risk asks for: done, missing, and the form to record one."""
    only_with(request, May.KYC_REVIEW)
    opened = open_file(request.user, client_id, why="enhanced measures")
    found = selectors.measure_page(opened, timezone.localdate())
    own = found.facts_by_id is not None and request.user.is_same_person(found.facts_by_id)
    form = forms.MeasureForm(request.POST if request.method == "POST" else None, page=found, own=own)
    if request.method == "POST" and form.is_valid():
        actions.record_measure(client_id, by=request.user, **form.cleaned_data)
        messages.success(request, _("The measure is recorded."))
        return back_to(request, reverse("compliance:measures", args=[client_id]))
    return show(
        request,
        "compliance/measures.html",
        {"client": opened, "found": found, "form": form},
        status=422 if form.errors else 200,
    )
