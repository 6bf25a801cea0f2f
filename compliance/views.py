"""Pages of compliance. The console, which composes several rooms, lives on the top floor: dashboards/."""

from typing import Any

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
from compliance.rules import screening as screening_rules
from staff.requests import StaffRequest
from staff.roles import May
from ui.formats import day_text
from ui.pages import back_to, or_404, page, show
from ui.refusals import NotPermitted, NotVisible


def _only_with(request: StaffRequest, permission: May) -> None:
    if not request.user.may(permission):
        raise NotPermitted(permission)


def _only_for_deciders(request: StaffRequest, hit_id: int) -> None:
    """For everybody else no hit exists: that there is one must not show, not even in a status."""
    if not request.user.may(May.SCREENING_DECIDE):
        raise NotVisible(f"compliance.ScreeningHit {hit_id}")


# --- KYC -------------------------------------------------------------------------------------------------


@require_GET
@page
def kyc_list(request: StaffRequest) -> HttpResponse:
    form = forms.KycFilter(request.GET)
    asked, today = form.asked, timezone.localdate()
    clients = selectors.kyc_list(request.user, asked, today)
    show_list(request.user, "kyc", asked, [client.pk for client in clients])
    return show(request, "compliance/kyc_list.html", {"form": form, "page": clients, "today": today})


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
            "consent_form": consent_form or forms.ConsentForm(),
            "consents": [{"consent": each, "label": forms.consent_label(each)} for each in found.consents],
            "review_refusals": kyc_rules.refusals_to_review(
                client.state,
                kyc is not None and kyc.facts_known,
                kyc.facts_by_id if kyc else None,
                request.user.pk,
                found.undecided,
            ),
        },
        status=422 if consent_form is not None else 200,
    )


@require_http_methods(["GET", "POST"])
@page
def facts(request: StaffRequest, client_id: int) -> HttpResponse:
    """Source of funds, purpose, PEP, countries: asked at opening and whenever they change."""
    opened = open_file(request.user, client_id, why="KYC facts")
    _only_with(request, May.CLIENTS_EDIT)
    kyc, party = selectors.facts_of(opened)
    form = forms.FactsForm(request.POST if request.method == "POST" else None, kyc=kyc, party=party)
    if request.method == "POST" and form.is_valid():
        actions.record_facts(client_id, by=request.user, **form.cleaned_data)
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


# --- screening -------------------------------------------------------------------------------------------


@require_GET
@page
def hit_list(request: StaffRequest) -> HttpResponse:
    _only_with(request, May.SCREENING_DECIDE)
    form = forms.HitFilter(request.GET)
    hits = selectors.hit_list(request.user, form.asked)
    show_list(request.user, "screening hits", form.asked, [hit.client_id for hit in hits])
    return show(
        request,
        "compliance/hit_list.html",
        {"form": form, "page": hits, "lists": selectors.active_lists(), "run": selectors.last_run()},
    )


@require_GET
@page
def hit(request: StaffRequest, hit_id: int) -> HttpResponse:
    """Both sides, and the sentence why they look alike."""
    _only_for_deciders(request, hit_id)
    return _hit_page(request, hit_id, forms.ProposeForm())


def _hit_page(request: StaffRequest, hit_id: int, form: forms.ProposeForm, status: int = 200) -> HttpResponse:
    found = or_404(selectors.hit_page(request.user, hit_id), f"compliance.ScreeningHit {hit_id}")
    open_file(request.user, found.hit.client_id, why="screening hit")
    hit = found.hit
    return show(
        request,
        "compliance/hit.html",
        {
            "found": found,
            "hit": hit,
            "form": form,
            "verdict": forms.VERDICTS.get(hit.verdict, ""),
            "reason": forms.HIT_REASONS.get(hit.reason, hit.reason),
            "second_refusals": screening_rules.refusals_to_confirm(
                hit.state, hit.proposed_by_id, request.user.pk
            ),
        },
        status=status,
    )


@require_POST
@page
def hit_decision(request: StaffRequest, hit_id: int) -> HttpResponse:
    """The first of two people."""
    _only_for_deciders(request, hit_id)
    form = forms.ProposeForm(request.POST)
    if not form.is_valid():
        return _hit_page(request, hit_id, form, status=422)
    actions.propose_hit(hit_id, by=request.user, verdict=form.verdict, reason=form.cleaned_data["reason"])
    messages.success(request, _("Noted. A second officer confirms it."))
    return back_to(request, reverse("compliance:hits"))


@require_POST
@page
def hit_confirmation(request: StaffRequest, hit_id: int) -> HttpResponse:
    """The second of two people: agrees, or returns it."""
    _only_for_deciders(request, hit_id)
    form = forms.SecondForm(request.POST)
    if form.is_valid() and form.cleaned_data["agreed"]:
        actions.confirm_hit(hit_id, by=request.user)
        messages.success(request, _("Decided."))
    else:
        actions.return_hit(hit_id, by=request.user)
        messages.info(request, _("Returned: the hit is open again."))
    return back_to(request, reverse("compliance:hits"))


# --- audit -----------------------------------------------------------------------------------------------


@require_GET
@page
def interaction_list(request: StaffRequest) -> HttpResponse:
    """What was said with clients, found by words, person, channel, days and client."""
    _only_with(request, May.INTERACTIONS_AUDIT)
    form = forms.InteractionFilter(request.GET)
    found = selectors.interaction_list(request.user, form.asked)
    show_list(request.user, "interactions", form.asked, [each.client_id for each in found])
    return show(request, "compliance/interaction_list.html", {"form": form, "page": found})


@require_GET
@page
def access_list(request: StaffRequest) -> HttpResponse:
    """Who opened which file, by which right and why."""
    _only_with(request, May.ACCESS_AUDIT)
    form = forms.OpeningFilter(request.GET)
    found = selectors.file_openings(request.user, form.asked)
    show_list(request.user, "file openings", form.asked, sorted(found.clients))
    rows: list[dict[str, Any]] = [
        {"event": event, "client": found.clients.get(event.client_id)} for event in found.page
    ]
    return show(request, "compliance/access_list.html", {"form": form, "page": found.page, "rows": rows})
