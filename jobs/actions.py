"""Ask for work, claim it, finish it. A worker owns a job by its lease and finishes only what it owns."""

import logging
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from audit.record import coming_from
from jobs.models import Job, State
from jobs.registry import After, Kind, Uncertain, kinds
from jobs.rules import wait_after
from ui.carrying import NIGHT_SHIFT, WHOLE_BANK, carrying, transaction_for

log = logging.getLogger("rmcrm.jobs")


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
    while done < limit and (job := _claim()):
        _do(job, kinds()[job.kind])
        done += 1
    return done


def _claim() -> Job | None:
    """Take one job. One at a time: a lease must not run out, nor a death raise doubts, before the work began.

    Only kinds this process knows: during an upgrade an old worker leaves the new kinds to the new ones.
    """
    while True:
        now = timezone.now()
        with transaction.atomic():
            due = Job.objects.claimable(now).filter(kind__in=list(kinds()))
            job: Job | None = due.select_for_update(skip_locked=True).order_by("due_at", "id").first()
            if job is None:
                return None
            kind = kinds()[job.kind]
            if job.state == State.CLAIMED and (
                kind.after_death == After.ASK or job.attempts >= kind.attempts
            ):
                job.state = State.UNCERTAIN if kind.after_death == After.ASK else State.DEAD
                job.error = "the worker died in the middle"
                job.save(update_fields=["state", "error"])
                continue
            job.state, job.owner, job.lease_until = State.CLAIMED, _me(), now + kind.lease
            job.attempts += 1
            job.save(update_fields=["state", "owner", "lease_until", "attempts"])
            return job


def _me() -> str:
    """For who reads the table; asked anew, for a worker's children are forked after this was imported."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}"


def _do(job: Job, kind: Kind) -> None:
    try:
        # Whole work and the word that it is done commit together, or neither does.
        # Who asked for it is carried with the rights of this moment, or else the night shift.
        span = transaction_for if kind.whole else carrying
        by_night = kind.by_night or job.person_id is None
        whom = (
            (None, WHOLE_BANK) if kind.of_the_bank else (None, NIGHT_SHIFT) if by_night else (job.person_id,)
        )
        with coming_from(f"job {job.pk} {job.kind}"), span(*whom), timezone.override(_clock(*whom)):
            result = kind.do(job)
            _finish(job, state=State.DONE, result=result or {}, finished_at=timezone.now(), error="")
    except LostLease:
        log.warning("job %s was taken over by another worker", job.pk)
    except Uncertain as error:
        log.exception("job %s (%s) may have been seen outside", job.pk, job.kind)
        _still_mine(job).update(state=State.UNCERTAIN, error=str(error)[:300])
    except Exception as error:  # whatever it was, the row must say so, or nobody learns that it was tried
        given_up = job.attempts >= kind.attempts
        log.exception("job %s (%s) failed, attempt %s", job.pk, job.kind, job.attempts)
        _still_mine(job).update(
            state=State.DEAD if given_up else State.FAILED,
            error=type(error).__name__,
            due_at=timezone.now() + wait_after(job.attempts),
        )


def _clock(person_id: int | None, _shift: str = "") -> tzinfo | None:
    """A person's work tells times, and counts days, as that person's pages do; any other by UTC (None).

    The front door hands down whose clock is which (settings.JOB_CLOCK).
    """
    return import_string(settings.JOB_CLOCK)(person_id) if person_id is not None else None


class LostLease(Exception):
    """Somebody else owns the job by now: what we did is undone."""


def _still_mine(job: Job) -> Any:
    """The job, unless it was claimed again: every claim has a number of its own."""
    return Job.objects.filter(pk=job.pk, attempts=job.attempts, state=State.CLAIMED)


def _finish(job: Job, **changes: Any) -> None:
    if not _still_mine(job).update(**changes):
        raise LostLease


def progress(job: Job, done: int, total: int) -> None:
    """Show how far a job is; it also prolongs the lease. Call between chunks, outside their transactions.

    Raises LostLease when another worker has the job by now: stop.
    """
    lease = timezone.now() + kinds()[job.kind].lease
    if not _still_mine(job).update(done_units=done, all_units=total, lease_until=lease):
        raise LostLease


def keep_result(job: Job, result: dict[str, Any]) -> None:
    """What a long job found so far, for its page and for who takes it over."""
    if not _still_mine(job).update(result=result):
        raise LostLease


_BEAT = """
UPDATE jobs_job SET done_units = %s, all_units = %s, lease_until = %s
WHERE id = %s AND attempts = %s AND state = 'claimed'
"""


@contextmanager
def heartbeat(job: Job) -> Iterator[Callable[[int, int], None]]:
    """`tell(done, total)` as `progress`, from the middle of one long transaction and seen at once.

    Through a connection of its own. It stops nobody: a job that was taken over learns it at its end.
    """
    lease, apart = kinds()[job.kind].lease, connection.copy()

    def tell(done: int, total: int) -> None:
        with apart.cursor() as cursor:
            cursor.execute(_BEAT, [done, total, timezone.now() + lease, job.pk, job.attempts])

    try:
        yield tell
    finally:
        apart.close()
