"""What retention does by itself."""

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
from retention import actions, selectors


@shared_task(base=Sweep, ignore_result=True)
def mark_values() -> None:
    """Once a quarter, keep what each client is worth; looked at every six hours."""
    actions.mark_values(timezone.localdate())


@job("retention.trial", whole=False, of_the_bank=True, label=_("Dry run of new figures"))
def try_rules(work: Job) -> dict[str, Any]:
    """What a draft of the cadence, of the signals of leaving or of the cycle of reviews would change."""
    return try_clients(work, partial(selectors.figures_tried, progress=partial(progress, work)))
