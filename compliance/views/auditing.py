"""The sealed audit: how it stands, its verification, and an export that proves itself."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from audit.record import record
from compliance import actions, forms, selectors
from jobs.models import FINISHED
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui.pages import attachment, back_to, or_404, page, sent_key, show


def _shown(request: StaffRequest, form: forms.AuditExportForm, status: int = 200) -> HttpResponse:
    record("audit page opened", by=request.user)
    found = selectors.audit_page(request.user)
    told = {"found": found, "form": form, "finished": FINISHED}
    told["may_confirm"] = request.user.may(May.EXPORTS_CONFIRM)
    return show(request, "compliance/audit.html", told, status=status)


@require_GET
@page
def audit(request: StaffRequest) -> HttpResponse:
    """Sealed up to when, anchored where, verified by whom."""
    only_with(request, May.AUDIT_EXPORT)
    today = timezone.localdate()
    return _shown(request, forms.AuditExportForm(initial={"since": today.replace(day=1), "until": today}))


@require_POST
@page
def audit_export(request: StaffRequest) -> HttpResponse:
    """Ask for a ZIP of some days."""
    only_with(request, May.AUDIT_EXPORT)
    form = forms.AuditExportForm(request.POST)
    if not form.is_valid():
        return _shown(request, form, status=422)
    key = sent_key(request) or timezone.now().isoformat()
    made = actions.ask_for_audit_export(None, by=request.user, key=key, **form.cleaned_data)
    messages.success(request, selectors.auditing.words_of(made))
    return back_to(request, reverse("compliance:audit"))


@require_POST
@page
def export_confirmation(request: StaffRequest, export_id: int) -> HttpResponse:
    """The second person's yes."""
    only_with(request, May.EXPORTS_CONFIRM)
    actions.confirm_export(None, by=request.user, export_id=export_id)
    messages.success(request, _("Confirmed: it is being made for who asked for it."))
    return back_to(request, reverse("compliance:audit"))


@require_POST
@page
def export_end(request: StaffRequest, export_id: int) -> HttpResponse:
    """The second person's no, or taken back by who asked."""
    only_with(request, May.AUDIT_EXPORT)
    actions.end_export(None, by=request.user, export_id=export_id)
    messages.success(request, _("Nothing is exported."))
    return back_to(request, reverse("compliance:audit"))


@require_POST
@page
def audit_check(request: StaffRequest) -> HttpResponse:
    """Verify everything now."""
    only_with(request, May.AUDIT_EXPORT)
    actions.ask_for_audit_check(None, by=request.user)
    return back_to(request, reverse("compliance:audit"))


@require_GET
@page
def audit_file(request: StaffRequest, job_id: int) -> HttpResponseBase:
    """The export, to be saved."""
    only_with(request, May.AUDIT_EXPORT)
    job = or_404(selectors.audit_export_of(request.user, job_id), f"jobs.Job {job_id}")
    name = f"audit-{job.args['since']}-{job.args['until']}.zip"
    return attachment(actions.hand_out(job, request.user), name, "application/zip")
