"""Sanctions lists: which are active, what each version changed, bringing in one; and how screening goes."""

from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.access import show_list
from compliance import actions, forms, selectors
from compliance.rules.lists import title_of
from compliance.selectors.lists import KINDS
from jobs.models import FINISHED
from jobs.selectors import job_of
from staff.requests import StaffRequest, only_with
from staff.roles import May
from ui.pages import back_to, or_404, page, show

SHOWN = 200  # hits of one piece of work that are listed


@require_http_methods(["GET", "POST"])
@page
def list_list(request: StaffRequest) -> HttpResponse:
    """The lists with their versions, the last runs; a POST brings in a file."""
    only_with(request, May.SCREENING_DECIDE)
    form = forms.ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        only_with(request, May.SCREENING_RUN)
        work = actions.upload_list(None, by=request.user, **form.said)
        return back_to(request, reverse("compliance:work", args=[work.pk]))
    return show(
        request,
        "compliance/list_list.html",
        {
            "lists": selectors.lists(),
            "runs": selectors.runs(),
            "form": form,
            "screen_refusals": selectors.refusals_to_screen(),
            "statistics": selectors.screening_statistics(request.user, timezone.now()),
        },
        status=422 if request.method == "POST" else 200,
    )


@require_POST
@page
def screening_new(request: StaffRequest) -> HttpResponse:
    """Screen the whole bank now."""
    only_with(request, May.SCREENING_RUN)
    actions.ask_for_screening(None, by=request.user)
    return back_to(request, reverse("compliance:lists"))


@require_GET
@page
def list_version(request: StaffRequest, version_id: int) -> HttpResponse:
    """What a version of a list added, amended and removed, entity by entity."""
    only_with(request, May.SCREENING_DECIDE)
    version = or_404(selectors.version_of(version_id), f"compliance.ListVersion {version_id}")
    form = forms.Filter(request.GET)
    counts = {"added": version.added, "amended": version.amended, "removed": version.removed}
    asked = request.GET.get("what", "")
    what = (
        asked if asked in KINDS else next((kind for kind in ("amended", "removed") if counts[kind]), "added")
    )
    rows, changes = selectors.list_changes(version, what, form.asked)
    return show(
        request,
        "compliance/list_version.html",
        {
            "version": version,
            "title": title_of(version.source),
            "what": what,
            "page": rows,
            "changes": changes,
            "tabs": [
                {
                    "label": forms.CHANGE_LABELS[kind],
                    "url": f"?what={kind}",
                    "active": kind == what,
                    "count": f"{counts[kind]:,}",
                }
                for kind in KINDS
            ],
        },
    )


@require_GET
@page
def work(request: StaffRequest, job_id: int) -> HttpResponse:
    """How far one's import or one's decisions by the dozen are, and what came of each."""
    only_with(request, May.SCREENING_DECIDE)
    found = or_404(job_of(request.user.pk, job_id), f"jobs.Job {job_id}")
    told: dict[str, Any] = found.result
    came = sorted(told.get("told", {}).items(), key=lambda row: not row[1])  # what was refused first
    hits = selectors.hits_of(request.user, [int(pk) for pk, _sentence in came[:SHOWN]])
    hits.sort(key=lambda hit: not told["told"][str(hit.pk)])
    if hits:
        show_list(request.user, "decisions by the dozen", {}, sorted({hit.client_id for hit in hits}))
    return show(
        request,
        "compliance/work.html",
        {
            "job": found,
            "finished": found.state in FINISHED,
            "told": told,
            "verdict": found.args.get("verdict", ""),
            "done": sum(not sentence for _pk, sentence in came),
            "refused": Counter(sentence for _pk, sentence in came if sentence).most_common(),
            "hidden": max(0, len(came) - SHOWN),
            "rows": [(hit, told["told"][str(hit.pk)], forms.HIT_REASONS.get(hit.reason, "")) for hit in hits],
        },
    )
