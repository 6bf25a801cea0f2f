"""The work of an import that a worker does, with the rights of who asked for it, as they are then."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from compliance.actions import screen_client
from compliance.selectors import active_lists
from jobs.actions import heartbeat, progress
from jobs.models import Job
from jobs.registry import job
from onboarding.actions import imports as actions
from onboarding.selectors import imports as shown
from staff.models import User
from staff.night import night_shift
from ui.carrying import NIGHT_SHIFT, carrying
from ui.refusals import NotPermitted, NotVisible, Refused


def _or_say_why(do: Callable[[Job], dict[str, Any]]) -> Callable[[Job], dict[str, Any]]:
    """A refusal is an answer and no breakdown: it is kept for who asked, and not tried again."""

    @wraps(do)
    def done(job: Job) -> dict[str, Any]:
        try:
            return do(job)
        except Refused as refused:
            sentence = " ".join(refused.sentences)
        except (NotPermitted, NotVisible):
            sentence = "Whoever asked for this may not do it any more."
        with carrying(None, NIGHT_SHIFT):  # who may do it no more does not see the import either
            actions.refuse_work(job.args["import_id"], job.pk, sentence)
        return {"refused": True}

    return done


def _person(job: Job) -> User:
    assert job.person_id is not None
    return User.objects.get(pk=job.person_id)


@job("onboarding.check_import", whole=False, lease=timedelta(minutes=2))
@_or_say_why
def check(job: Job) -> dict[str, Any]:
    """Check and stage a file, chunk by chunk; begun again, it begins anew."""
    found = actions.check_import(
        job.args["import_id"], by=_person(job), progress=lambda done, total: progress(job, done, total)
    )
    return {"read": found.read, "errors": found.errors}


@job("onboarding.load_import", whole=False, lease=timedelta(minutes=2))
@_or_say_why
def load(job: Job) -> dict[str, Any]:
    """All of a checked file into the bank, in one transaction; loaded twice, it is refused."""
    with heartbeat(job) as tell:
        found = actions.load_import(None, by=_person(job), import_id=job.args["import_id"], progress=tell)
    return {"loaded": found.fresh}


@job("onboarding.undo_import", whole=False, lease=timedelta(minutes=2))
@_or_say_why
def undo(job: Job) -> dict[str, Any]:
    """All of an import out of the bank again, in one transaction."""
    with heartbeat(job) as tell:
        found = actions.undo_import(None, by=_person(job), import_id=job.args["import_id"], progress=tell)
    return {"undone": found.fresh}


@job("onboarding.screen_import", whole=False)
def screen(job: Job) -> dict[str, Any]:
    """Whoever came in meets the sanctions lists, one by one; begun again, it goes on where it was."""
    if not active_lists():
        return {"screened": 0}
    left = shown.unscreened(job.args["import_id"])
    for at, client_id in enumerate(left, 1):
        screen_client(client_id, by=night_shift())
        if at % 50 == 0:
            progress(job, at, len(left))
    return {"screened": len(left)}
