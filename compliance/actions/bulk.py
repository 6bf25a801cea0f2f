"""Work by the dozen: frozen rows, chunk by chunk through the verb of one, each with what came of it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction

from compliance import selectors
from compliance.actions.kyc import ask_review, withdraw_review_request
from compliance.actions.reminders import remind, remind_of_review, withdraw_reminder
from compliance.models import Reminder
from compliance.rules import desk as rules
from jobs.actions import ask, keep_result
from jobs.models import Job
from staff.lock import action
from staff.models import User
from staff.roles import May
from ui.refusals import NotPermitted, NotVisible, Refused, refuse_if

ACTS: dict[str, Callable[..., Any]] = {
    "review": ask_review,
    "remind": remind,
    "remind review": remind_of_review,
    "undo review": partial(withdraw_review_request, own=True),
    "undo remind": withdraw_reminder,
    "undo remind review": withdraw_reminder,
}
Rows = list[list[int]]  # [id the verb takes, client's id]
Progress = Callable[[int, int], None]


def ask_for_many(_: None, *, by: User, act: str, rows: Rows, key: str, asked: tuple[str, ...] = ()) -> Job:
    """Put it on the list, with the rows as they were seen; the same key: once.

    `asked`: the filter they came from, "risk=high"; none where they were ticked.
    """
    return _ask_for_many(None, by=by, act=act, rows=rows, key=key, asked=asked, count=len(rows))


@action(May.KYC_REVIEW, "work by the dozen asked for", remember=("act", "asked", "count"))
def _ask_for_many(
    _: None, *, by: User, act: str, rows: Rows, key: str, asked: tuple[str, ...], count: int
) -> Job:
    refuse_if(rules.refusals_to_ask_for_many(count))
    return ask(selectors.BULK, f"bulk {by.pk} {key}", person_id=by.pk, act=act, rows=by_client(rows))


def by_client(rows: Rows) -> Rows:
    """In the order in which two pieces of work lock files without waiting for each other."""
    return sorted(rows, key=lambda row: (row[1], row[0]))


@action(May.KYC_REVIEW, "work by the dozen taken back", remember=("job_id",))
def undo_many(_: None, *, by: User, job_id: int) -> Job:
    """Take back what one's own job did; what was done since by somebody else stays, and says why.

    A piece of taking back that died is asked for again: for the rows that it left, and for those alone.
    """
    job = Job.objects.filter(pk=job_id, person_id=by.pk, kind=selectors.BULK).first()
    if job is None:
        raise NotVisible(f"jobs.Job {job_id}")
    undoing = selectors.undoing_of(job)
    refuse_if(undoing.refusals)
    return ask(
        selectors.BULK,
        undoing.key,
        person_id=by.pk,
        act=f"undo {job.args['act']}",
        rows=by_client(undoing.rows),
        of=job.pk,
    )


def work_through(job: Job, progress: Progress) -> dict[str, Any]:
    """Each row with the asker's rights of that moment."""
    verb = ACTS[job.args["act"]]

    def one(row_id: int, client_id: int, person: User) -> list[Any]:
        sentence, made = outcome(partial(verb, row_id, by=person))
        return [client_id, sentence, made.pk if isinstance(made, Reminder) else None]

    return {"told": by_chunks(job, job.args["rows"], one, progress)}


def by_chunks(job: Job, rows: Rows, one: Callable[[int, int, User], Any], progress: Progress) -> Any:
    """What came of each row, by its id; a chunk commits with its results, and none is done twice."""
    told = dict(job.result.get("told", {}))
    for start in range(0, len(rows), rules.CHUNK):
        chunk = rows[start : start + rules.CHUNK]
        with transaction.atomic():
            person = User.objects.get(pk=job.person_id or 0)
            for row_id, client_id in chunk:
                if str(row_id) not in told:
                    told[str(row_id)] = one(row_id, client_id, person)
            keep_result(job, {"told": told})  # with the rows, or neither: another worker may have taken over
        progress(min(start + rules.CHUNK, len(rows)), len(rows))
    return told


def outcome(verb: Callable[[], Any]) -> tuple[str, Any]:
    """("", what it made) when it was done, else the sentence why not."""
    try:
        return "", verb()
    except Refused as refused:
        return " ".join(refused.sentences), None
    except (NotVisible, NotPermitted):
        return "It is no longer there, or not yours to do.", None
