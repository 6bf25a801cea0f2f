"""What the needs room does by itself."""

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from compliance.actions import try_clients
from jobs.actions import progress
from jobs.models import Job
from jobs.registry import job
from needs import selectors


@job("needs.trial", whole=False, of_the_bank=True, label=_("Dry run of new figures"))
def try_rules(work: Job) -> dict[str, Any]:
    """What a draft of the figures would make of the assessments that hold."""
    return try_clients(work, partial(selectors.assessments_tried, progress=partial(progress, work)))
