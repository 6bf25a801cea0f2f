"""What is made of several rooms in the background."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from compliance.rules.auditing import PACK
from dashboards import actions
from jobs.actions import progress
from jobs.models import Job
from jobs.registry import job


@job(PACK, whole=False, label=_("Files for the regulator"))
def make_pack(work: Job) -> dict[str, Any]:
    """A regulator pack, with the rights its asker has now."""
    return actions.make_pack(work, lambda done, total: progress(work, done, total))
