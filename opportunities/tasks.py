"""What the pipeline does by itself."""

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from compliance.actions import try_clients
from jobs.actions import progress
from jobs.models import Job
from jobs.registry import job
from opportunities import selectors


@job("opportunities.trial", whole=False, of_the_bank=True, label=_("Dry run of new figures"))
def try_rules(work: Job) -> dict[str, Any]:
    """What a draft of the figures would suggest to whom, and which cards would be stale."""
    tell = partial(progress, work)
    return try_clients(work, lambda _name, now, then: selectors.figures_tried(now, then, tell))
