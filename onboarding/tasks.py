"""What onboarding does by itself: imports are worked, openings compared, papers come to their end."""

from functools import partial
from typing import Any

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from compliance.actions import try_clients
from jobs.actions import progress
from jobs.models import Job
from jobs.registry import job
from jobs.tasks import Sweep
from onboarding import actions, selectors
from onboarding.importing import work
from staff.night import night_shift

__all__ = ["ask_papers", "compare_openings", "expire_papers", "try_rules", "work"]


@job("onboarding.trial", whole=False, of_the_bank=True, label=_("Dry run of new figures"))
def try_rules(trial: Job) -> dict[str, Any]:
    """What a draft of the figures would ask of the openings that run."""
    tell = partial(progress, trial)
    return try_clients(trial, lambda _name, now, then: selectors.papers_tried(now, then, tell))


@shared_task(base=Sweep, ignore_result=True)
def compare_openings() -> None:
    """New openings against the whole bank: apart from the request, so that its time tells nothing."""
    actions.compare_openings(by=night_shift())


@shared_task(base=Sweep, ignore_result=True)
def ask_papers() -> None:
    """Openings whose owners or signatories were changed on another page: their papers are asked for."""
    actions.ask_all_papers(by=night_shift())


@shared_task(base=Sweep, ignore_result=True)
def expire_papers() -> None:
    """Papers whose last day has passed fall to expired and are asked for again."""
    actions.expire_all(by=night_shift(), on=timezone.localdate())
