"""Work by the dozen from the queues: asked for once, its progress, what came of each row, and taken back."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clients.access import show_list
from compliance import actions, forms, selectors
from compliance.rules import desk as rules
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui.pages import back_to, or_404, page, show
from ui.refusals import Refused, refuse_if


@require_POST
@page
def bulk(request: StaffRequest) -> HttpResponse:
    """The rows are frozen here: what is ticked, or all that the filter finds this moment."""
    only_with(request, May.KYC_REVIEW)
    form = forms.BulkForm(request.POST)
    if not form.is_valid():
        raise Refused([_("Tick at least one row and choose what to do with it.")])
    told, asked = form.cleaned_data, form.asked
    refuse_if(rules.refusals_to_tick(len(told["rows"]) if asked is None else 0))
    act = f"{told['act']} review" if told["act"] == "remind" and told["of"] == "kyc" else told["act"]
    rows = selectors.rows_for_many(
        request.user,
        told["act"],
        told["of"],
        asked,
        told["rows"],
        timezone.localdate(),
    )
    key = told["form_key"] or timezone.now().isoformat()  # a form of ours has one: sent twice it does it once
    words = forms.filter_words(asked)
    work = actions.ask_for_many(None, by=request.user, act=act, rows=rows, key=key, asked=words)
    return back_to(request, reverse("compliance:bulk_work", args=[work.pk]))


@require_GET
@page
def bulk_work(request: StaffRequest, job_id: int) -> HttpResponse:
    """How far it is, and what came of each row."""
    only_with(request, May.KYC_REVIEW)
    found = or_404(selectors.many_of(request.user, job_id), f"jobs.Job {job_id}")
    show_list(request.user, "work by the dozen", {}, [client.pk for client, _sentence in found.rows])
    return show(request, "compliance/bulk_work.html", {"found": found, "job": found.job})


@require_POST
@page
def bulk_undo(request: StaffRequest, job_id: int) -> HttpResponse:
    """Take back what it did, row by row."""
    only_with(request, May.KYC_REVIEW)
    work = actions.undo_many(None, by=request.user, job_id=job_id)
    return back_to(request, reverse("compliance:bulk_work", args=[work.pk]))
