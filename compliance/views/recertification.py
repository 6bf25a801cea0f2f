"""Recertification of access: what teams owe, and signing it."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.access import show_list
from compliance import actions, forms, selectors
from rulebook.selectors import pack
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui.pages import back_to, or_404, page, show
from ui.refusals import NotPermitted


def _check(request: StaffRequest) -> None:
    if not (request.user.may(May.ACCESS_CERTIFY) or request.user.may(May.ACCESS_AUDIT)):
        raise NotPermitted(May.ACCESS_CERTIFY)


@require_GET
@page
def recertification_list(request: StaffRequest) -> HttpResponse:
    """What teams owe, the longest due first; what was signed."""
    _check(request)
    return _list(request, _begin_form(request) if request.user.may(May.ACCESS_RECERTIFY) else None)


def _list(request: StaffRequest, begin: forms.BeginForm | None) -> HttpResponse:
    form, today = forms.RecertificationFilter(request.GET), timezone.localdate()
    found = selectors.recertification_list(request.user, form.asked, today)
    return show(
        request,
        "compliance/recertification_list.html",
        {"form": form, "page": found, "today": today, "begin": begin},
        status=422 if begin and begin.errors else 200,
    )


def _begin_form(request: StaffRequest) -> forms.BeginForm:
    today = timezone.localdate()
    return forms.BeginForm(
        request.POST or None,
        teams=selectors.teams_to_ask(),
        today=today,
        months=int(pack("access", today)["recertify"]["months"]),
    )


@require_POST
@page
def recertification_new(request: StaffRequest) -> HttpResponse:
    """One team or all are asked before their time."""
    only_with(request, May.ACCESS_RECERTIFY)
    form = _begin_form(request)
    if not form.is_valid():
        return _list(request, form)
    told = form.cleaned_data
    made = actions.begin_recertification(
        None, by=request.user, team_id=told["team"], reason=told["reason"], due_on=told["due_on"]
    )
    messages.success(
        request,
        ngettext("{count} team is asked.", "{count} teams are asked.", len(made)).format(count=len(made)),
    )
    return back_to(request, reverse("compliance:recertifications"))


@require_http_methods(["GET", "POST"])
@page
def recertification(request: StaffRequest, owed_id: int) -> HttpResponse:
    """Everybody who may open the team's books, each to be kept or ended; or what was signed."""
    _check(request)
    owed = or_404(
        selectors.recertification_of(request.user, owed_id), f"compliance.Recertification {owed_id}"
    )
    found = selectors.recertification_page(request.user, owed)
    form = forms.CertifyForm(request.POST or None, keys=[each.line["key"] for each in found.rights])
    if request.method == "POST" and form.is_valid():
        actions.certify(
            None, by=request.user, owed_id=owed_id, seen=form.cleaned_data["seen"], keep=form.keep
        )
        messages.success(request, _("Signed. What you ended is closed from now on."))
        return back_to(request, reverse("compliance:recertification", args=[owed_id]))
    show_list(request.user, "access to certify", {}, found.clients)
    return show(
        request,
        "compliance/recertification.html",
        {
            "found": found,
            "owed": owed,
            "today": timezone.localdate(),
            "may_sign": request.user.may(May.ACCESS_CERTIFY) and owed.certified_at is None,
        },
        status=422 if form.errors else 200,
    )
