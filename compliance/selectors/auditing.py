"""How the sealed audit stands, what was verified, and one's own exports."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from audit.seals.checking import Standing, last_check, standing
from audit.seals.verifier import Finding, words
from compliance.rules.auditing import CHECK, EXPORT
from jobs.models import Job, State
from jobs.selectors import job_of
from staff.models import User

SHOWN = 10
FINISHED = {State.DONE, State.DEAD, State.UNCERTAIN}


@dataclass(frozen=True)
class AuditPage:
    standing: Standing
    check: dict[str, Any] | None
    findings: list[str]
    checking: Job | None  # one's own, under way
    exports: list[Job]

    @property
    def local(self) -> bool:
        """Every anchor is a file of this machine: worth little against who administers it."""
        return all(
            name.startswith("file:" + str(settings.HOME)) for name, _number, _at in self.standing.anchors
        )


def audit_page(person: User) -> AuditPage:
    """5 queries."""
    check = last_check(connection)
    jobs = Job.objects.filter(person_id=person.pk)
    return AuditPage(
        standing=standing(connection),
        check=check,
        findings=[words(Finding(*each)) for each in check["findings"]] if check else [],
        checking=jobs.unfinished().filter(kind=CHECK).order_by("-pk").first(),
        exports=list(jobs.filter(kind=EXPORT).order_by("-pk")[:SHOWN]),
    )


def audit_export_of(person: User, job_id: int) -> Job | None:
    """An export this person asked for. 1 query."""
    job = job_of(person.pk, job_id)
    return job if job is not None and job.kind == EXPORT else None
