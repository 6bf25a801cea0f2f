"""The regulator pack of a file: asked for, and saved."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from clients.access import open_file
from compliance.rules.auditing import PACK
from compliance.selectors.auditing import words_of
from dashboards import actions, forms
from dashboards.views.history import history_page
from jobs.selectors import job_of
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui.pages import attachment, back_to, or_404, page, sent_key
from ui.refusals import NotVisible


@require_POST
@page
def file_pack(request: StaffRequest, client_id: int) -> HttpResponse:
    """Ask for a ZIP of this file as it stood."""
    opened = open_file(request.user, client_id, why="regulator pack")
    only_with(request, May.AUDIT_EXPORT)
    form = forms.PackForm(request.POST)
    if not form.is_valid():
        return history_page(request, opened, form)
    key = sent_key(request) or timezone.now().isoformat()
    made = actions.ask_for_pack(client_id, by=request.user, key=key, **form.cleaned_data)
    messages.success(request, words_of(made))
    return back_to(request, reverse("file_history", args=[client_id]))


@require_GET
@page
def file_pack_file(request: StaffRequest, job_id: int) -> HttpResponseBase:
    """The pack, to be saved."""
    only_with(request, May.AUDIT_EXPORT)
    job = or_404(job_of(request.user.pk, job_id), f"jobs.Job {job_id}")
    if job.kind != PACK:
        raise NotVisible(f"jobs.Job {job_id}")
    name = f"pack-{job.args['client']}-{job.args['at'][:10]}.zip"
    return attachment(actions.hand_out_pack(job, request.user), name, "application/zip")
