"""How far a job is: for whoever asked for it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jobs.models import State
from jobs.selectors import job_of
from ui.pages import or_404, page

FINISHED = {State.DONE, State.DEAD, State.UNCERTAIN}


@require_GET
@page
def progress(request: HttpRequest, job_id: int) -> HttpResponse:
    """A page; asked by the bar itself, the bar alone."""
    job = or_404(job_of(request.user.pk, job_id), f"jobs.Job {job_id}")
    template = "jobs/_progress.html" if request.headers.get("HX-Request") == "true" else "jobs/progress.html"
    return render(request, template, {"job": job, "finished": job.state in FINISHED})
