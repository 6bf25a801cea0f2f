"""Ask for work, claim it, finish it. A worker owns a job by its lease, and finishes only what it still owns."""

import logging
import os
import socket
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.record import coming_from
from jobs.models import Job, State
from jobs.registry import KINDS, After

log = logging.getLogger("rmcrm.jobs")
ME = f"{socket.gethostname()[:40]}:{os.getpid()}"
CLAIM = 10


def ask(
    kind: str, key: str, *, person_id: int | None = None, due_at: datetime | None = None, **args: Any
) -> Job:
    """Put a job on the list in the caller's transaction; the same key again gives the job that is there."""
    fresh = Job(kind=kind, key=key, person_id=person_id, args=args, due_at=due_at or timezone.now())
    Job.objects.bulk_create([fresh], ignore_conflicts=True)
    transaction.on_commit(wake)
    return Job.objects.get(key=key)


def wake() -> None:
    """Nudge a worker. Losing the nudge loses nothing: the next tick finds the row."""
    from jobs.tasks import drain

    drain.wake()


def run_due(limit: int = 1000) -> int:
    """Claim and do what is due until nothing is left; how many were done. Any number of workers at once."""
    done = 0
    while done < limit and (claimed := _claim()):
        for job in claimed:
            _do(job)
            done += 1
    return done


def _claim() -> list[Job]:
    now = timezone.now()
    with transaction.atomic():
        rows = list(
            Job.objects.claimable(now).select_for_update(skip_locked=True).order_by("due_at", "id")[:CLAIM]
        )
        claimed = []
        for job in rows:
            kind = KINDS.get(job.kind)
            if kind is None or (job.state == State.CLAIMED and kind.after_death == After.ASK):
                job.state = State.DEAD if kind is None else State.UNCERTAIN
                job.error = "no such kind of job" if kind is None else "the worker died in the middle"
                job.save(update_fields=["state", "error"])
                continue
            job.state, job.owner, job.lease_until = State.CLAIMED, ME, now + kind.lease
            job.attempts += 1
            job.save(update_fields=["state", "owner", "lease_until", "attempts"])
            claimed.append(job)
    return claimed


def _do(job: Job) -> None:
    kind = KINDS[job.kind]
    try:
        # Whole work and the word that it is done commit together, or neither does.
        with coming_from(f"job {job.pk} {job.kind}"), transaction.atomic() if kind.whole else nullcontext():
            result = kind.do(job)
            _finish(job, state=State.DONE, result=result or {}, finished_at=timezone.now(), error="")
    except LostLease:
        log.warning("job %s was taken over by another worker", job.pk)
    except Exception as error:
        given_up = job.attempts >= kind.attempts
        log.exception("job %s (%s) failed, attempt %s", job.pk, job.kind, job.attempts)
        wait = timedelta(seconds=min(3600, 5 * 4**job.attempts))
        Job.objects.filter(pk=job.pk, owner=ME, state=State.CLAIMED).update(
            state=State.DEAD if given_up else State.FAILED,
            error=type(error).__name__,
            due_at=timezone.now() + wait,
        )


class LostLease(Exception):
    """Somebody else owns the job by now: what we did is undone."""


def _finish(job: Job, **changes: Any) -> None:
    if not Job.objects.filter(pk=job.pk, owner=ME, state=State.CLAIMED).update(**changes):
        raise LostLease


def progress(job: Job, done: int, total: int) -> None:
    """Show how far a job is; it also prolongs the lease. Call between chunks, outside their transactions."""
    lease = timezone.now() + KINDS[job.kind].lease
    Job.objects.filter(pk=job.pk, owner=ME).update(done_units=done, all_units=total, lease_until=lease)
