"""Work by the dozen from the queues: asked for once, its progress, what came of each row, and taken back."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from clients.access import show_list
from compliance import actions, forms, selectors
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui.pages import back_to, or_404, page, show


def asked_for_many(
    request: StaffRequest, form: forms.BulkForm, of: str, asked: Mapping[str, Any]
) -> HttpResponse | None:
    """To the work with what is ticked, or with all that the filter finds this moment. None: `form` says why
    not. The rows are frozen here.

    of: the list it is sent from, "kyc" or "gaps".
    """
    only_with(request, May.KYC_REVIEW)
    if not form.is_valid():
        return None
    told, whole = form.cleaned_data, form.whole(asked)
    act = f"{told['act']} review" if told["act"] == "remind" and of == "kyc" else told["act"]
    rows = selectors.rows_for_many(request.user, told["act"], of, whole, told["rows"], timezone.localdate())
    if form.is_too_much_or_nothing(rows):
        return None
    key = told["form_key"] or timezone.now().isoformat()  # a form of ours has one: sent twice it does it once
    words = forms.filter_words(whole)
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
