"""Work by the dozen: frozen rows, chunk by chunk through the verb of one, each with what came of it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction

from compliance.actions.kyc import ask_review, withdraw_review_request
from compliance.actions.reminders import remind, remind_of_review, withdraw_reminder
from compliance.models import Reminder
from compliance.rules import desk as rules
from jobs.actions import ask, keep_result
from jobs.models import Job, State
from staff.lock import action
from staff.models import User
from staff.roles import May
from ui.refusals import NotPermitted, NotVisible, Refused, refuse_if

KIND = "compliance.bulk"
ACTS: dict[str, Callable[..., Any]] = {
    "review": ask_review,
    "remind": remind,
    "remind review": remind_of_review,
    "undo review": partial(withdraw_review_request, own=True),
    "undo remind": withdraw_reminder,
    "undo remind review": withdraw_reminder,
}


@action(May.KYC_REVIEW, "work by the dozen asked for", remember=("act",))
def ask_for_many(_: None, *, by: User, act: str, rows: list[list[int]], key: str) -> Job:
    """Put it on the list. `rows`: [id the act takes, client's id] as they were seen; the same key: once."""
    refuse_if(rules.refusals_to_ask_for_many(len(rows)))
    # By client, so that two such pieces of work lock files in the same order.
    frozen = sorted(rows, key=lambda row: (row[1], row[0]))
    return ask(KIND, f"bulk {by.pk} {key}", person_id=by.pk, act=act, rows=frozen)


@action(May.KYC_REVIEW, "work by the dozen taken back", remember=("job_id",))
def undo_many(_: None, *, by: User, job_id: int) -> Job:
    """Take back what one's own job did; what was done since by somebody else stays, and says why."""
    job = Job.objects.filter(pk=job_id, person_id=by.pk, kind=KIND).first()
    if job is None:
        raise NotVisible(f"jobs.Job {job_id}")
    key = f"undo {job.pk}"
    done = [(each, row) for each, row in job.result.get("told", {}).items() if not row[1]]
    refuse_if(
        rules.refusals_to_undo(
            job.args["act"],
            Job.objects.filter(key=key).exists(),
            job.state in (State.DONE, State.DEAD),
            len(done),
        )
    )
    made = [[row[2] or int(each), row[0]] for each, row in done]
    return ask(KIND, key, person_id=by.pk, act=f"undo {job.args['act']}", rows=made, of=job.pk)


def work_through(job: Job, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Each row with the asker's rights of that moment; a chunk commits with its results."""
    rows, told = job.args["rows"], dict(job.result.get("told", {}))
    verb = ACTS[job.args["act"]]
    for start in range(0, len(rows), rules.CHUNK):
        chunk = rows[start : start + rules.CHUNK]
        with transaction.atomic():
            person = User.objects.get(pk=job.person_id or 0)
            for row_id, client_id in chunk:
                if str(row_id) not in told:
                    told[str(row_id)] = [client_id, *_one(verb, row_id, person)]
            keep_result(job, {"told": told})  # with the rows, or neither: another worker may have taken over
        progress(min(start + rules.CHUNK, len(rows)), len(rows))
    return {"told": told}


def _one(verb: Callable[..., Any], row_id: int, person: User) -> tuple[str, int | None]:
    """("" when done, else the sentence why not; the id of what it made, if that is what an undo takes)."""
    try:
        made = verb(row_id, by=person)
    except Refused as refused:
        return " ".join(refused.sentences), None
    except (NotVisible, NotPermitted):
        return "It is no longer there, or not yours to do.", None
    return "", made.pk if isinstance(made, Reminder) else None
