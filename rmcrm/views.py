"""Answers that belong to no room."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from django.views.defaults import bad_request, server_error

from audit.record import record
from clients.access import open_file
from jobs.models import FINISHED
from jobs.selectors import job_of
from rmcrm import logs
from rmcrm.forms import ScreenForm
from rmcrm.middleware import answer, is_api
from staff.requests import StaffRequest
from ui.pages import back_to, or_404, page
from ui.refusals import NotVisible
from ui.screen import PRESENTING, SHOWN

log = logging.getLogger("rmcrm.policy")


@require_GET
@page
def job(request: StaffRequest, job_id: int) -> HttpResponse:
    """How far a job is, for whoever asked for it: a page, or, asked by the bar itself, the bar alone."""
    found = or_404(job_of(request.user.pk, job_id), f"jobs.Job {job_id}")
    template = "jobs/_progress.html" if request.headers.get("HX-Request") == "true" else "jobs/progress.html"
    return render(request, template, {"job": found, "finished": found.state in FINISHED})


@csrf_exempt
@require_POST
def policy_report(request: HttpRequest) -> HttpResponse:
    """What the browser of somebody who is logged in stopped. A browser sends no token with it."""
    if word := logs.what_was_stopped(request.body):
        log.warning("a browser stopped what the policy forbids: %s", word)
    return HttpResponse(status=204)


@require_POST
@page
def screen(request: StaffRequest) -> HttpResponse:
    """Hide names and figures, show them again, or show one client's alone while he or she looks on.

    Showing is remembered: who, when, on which page. The address of a page carries ids and no names.
    """
    form = ScreenForm(request.POST)
    if not form.is_valid():
        raise NotVisible("screen")
    to, client_id = form.cleaned_data["to"], form.cleaned_data["client"]
    if to == PRESENTING:
        open_file(request.user, client_id or 0, why="presented to the client")
    kept = {"mode": to, "client": client_id if to == PRESENTING else None}
    if request.session.get("screen", {"mode": SHOWN, "client": None}) != kept:
        request.session["screen"] = kept
    record(
        ScreenForm.SAID[to],
        by=request.user,
        client_id=kept["client"],
        payload={"page": form.page, "why": form.cleaned_data["why"] or "switch"},
    )
    return back_to(request, form.cleaned_data["next"])


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that leads nowhere reads like a client that is not there."""
    return answer(request, 404, _("Not found"), [_("There is nothing here, or nothing that you may see.")])


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django itself turns away, such as a body that is too large."""
    if is_api(request):
        return answer(request, 400, _("Not understood"), [_("The request is malformed or too large.")])
    return bad_request(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    """The mistake is ours; nothing was saved."""
    if is_api(request):
        return answer(request, 500, _("Something went wrong"), [_("The mistake is ours. Nothing was saved.")])
    return server_error(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from another site, or from before the session ended."""
    sentences = [
        _("This form is too old or came from elsewhere. Go back, reload the page and send it again.")
    ]
    return render(request, "403.html", {"title": _("Not sent"), "sentences": sentences}, status=403)
