"""What compliance does by itself. Safe to run twice; when a wake-up is lost the next one finds the rows."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any, BinaryIO, cast

from celery import shared_task
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from compliance import actions, selectors
from compliance.actions import figures, keeping, night
from compliance.models import FileDeletion, ScreeningLane
from compliance.rules import auditing
from compliance.rules import keeping as rules
from compliance.rules.trials import Moves
from jobs.actions import ask, progress
from jobs.models import Job
from jobs.registry import job
from jobs.tasks import Sweep
from staff.models import User
from staff.night import night_shift
from ui.refusals import Refused


@shared_task(base=Sweep, ignore_result=True)
def screen_daily() -> None:
    """Everyone, at least once every calendar day. Regulation (EU) 260/2012 Art. 5d."""
    if not selectors.was_screened_on(timezone.localdate()) and not selectors.refusals_to_screen():
        actions.ask_for_screening(None, by=night_shift())


@shared_task(base=Sweep, ignore_result=True)
def screen_changes() -> None:
    """Put a comparison of what changed on the list: parties, entries of a list."""
    if mark := selectors.changes_mark():
        ask("compliance.screen_changes", f"screening of changes {mark}")


@job(auditing.EXPORT, whole=False, label=_("Export of the audit"))
def export_audit(work: Job) -> dict[str, Any]:
    """A range of the audit as a ZIP, with the rights its asker has now."""
    return actions.make_audit_export(work, lambda done, total: progress(work, done, total))


@job(
    auditing.CHECK,
    whole=False,
    lease=timedelta(minutes=30),
    attempts=1,
    label=_("Check of the seals of the audit"),
)
def check_audit(work: Job) -> dict[str, Any]:
    """Every event, seal, signature and anchor."""
    return actions.check_audit(work)


@shared_task(base=Sweep, ignore_result=True)
def forget_audit_exports() -> None:
    """Files older than a day."""
    actions.forget_audit_exports()


@job("compliance.screen", whole=False, label=_("Screening of the whole bank"))
def screen(work: Job) -> dict[str, Any]:
    """One lane of a run; the last one finishes the run."""

    def told(lane: ScreeningLane) -> None:
        progress(work, lane.parties, max(lane.parties, lane.run.all_parties // lane.run.lanes.count()))

    lane = actions.screen_lane(work.args["lane_id"], by=night_shift(), progress=told)
    run = actions.finish_screening(None, by=night_shift(), run_id=lane.run_id)
    return {"run": run.pk, "new_hits": lane.new_hits, "reopened": lane.reopened, "closed": lane.closed}


@job("compliance.screen_changes", whole=False)
def screen_what_changed(work: Job) -> dict[str, Any]:
    run = actions.screen_changes(
        by=night_shift(), progress=lambda lane: progress(work, lane.parties, lane.run.all_parties)
    )
    return {"run": run.pk, "new_hits": run.new_hits} if run else {}


@job("compliance.import_list", label=_("Import of a sanctions list"))
def bring_in(work: Job) -> dict[str, Any]:
    """An uploaded list, with the rights of whoever sent it; a refused one says why, and nothing changed."""
    path = f"lists/{work.args['file']}"
    person = User.objects.get(pk=work.person_id or 0)
    try:
        with default_storage.open(path) as stored, transaction.atomic():
            file = cast(BinaryIO, stored.file)
            version = actions.import_list(
                None, by=person, source=work.args["source"], file=file, called=work.args["called"]
            )
    except Refused as refused:
        told: dict[str, Any] = {"refused": refused.sentences}
    else:
        told = {"version": version.pk}
    transaction.on_commit(lambda: default_storage.delete(path))
    return told


@job("compliance.hits", whole=False, label=_("Screening hits by the dozen"))
def decide(work: Job) -> dict[str, Any]:
    """Hits by the dozen, with the rights of whoever asked."""
    return actions.decide_each(work, lambda done, whole: progress(work, done, whole))


@job(rules.JOB, attempts=3)
def delete_file(work: Job) -> dict[str, Any]:
    """A file that two officers had deleted, with the rights the second one has now; or why it is not."""
    deletion_id = work.args["deletion"]
    person = User.objects.get(pk=work.person_id or 0)
    try:
        with transaction.atomic():
            done = keeping.delete_file(deletion_id, by=person)
    except Refused as refused:
        keeping.let_fall(deletion_id, by=person)
        return {"refused": refused.sentences}
    return {"rows": sum(done.gone.values()), "files": done.files}


@job(keeping.PAPERS)
def take_papers(work: Job) -> dict[str, Any]:
    """What a deleted client left on disk; and the deletion onto the list outside the database."""
    keeping.take_papers(FileDeletion.objects.get(pk=work.args["deletion"]), work.args["names"])
    return {"files": len(work.args["names"])}


# --- figures and ratings ---------------------------------------------------------------------------------


@shared_task(base=Sweep, ignore_result=True)
def look_at_rules() -> None:
    """Has a new version of the figures come into force? Then every client is judged by it."""
    night.ask_rerating()


@shared_task(base=Sweep, ignore_result=True)
def look_at_ratings() -> None:
    """Overrides whose last day has passed, offices whose tail is over, reviews that something set off."""
    night.look(night_shift())


@job("compliance.dry_run", whole=False, of_the_bank=True, label=_("Dry run of new figures"))
def dry_run(work: Job) -> dict[str, Any]:
    """What a draft would change."""
    run = figures.try_figures(work.args["run"], lambda done, whole: progress(work, done, whole))
    return {"run": run.pk}


@job("compliance.trial", of_the_bank=True, label=_("Dry run of new figures"))
def try_rules(work: Job) -> dict[str, Any]:
    """What a draft of the figures for hits, for ownership or for the desk would change."""

    def judge(name: str, now: Mapping[str, Any], then: Mapping[str, Any]) -> tuple[dict[str, Any], Moves]:
        if name == "hits":
            return selectors.hits_tried(now, then)
        if name == "desk":
            return selectors.desk_tried(now, then, timezone.localdate())
        return selectors.owners_tried(now, then, timezone.localdate(), partial(progress, work))

    return actions.try_clients(work, judge)


@job("compliance.rerate", whole=False)
def rerate(work: Job) -> dict[str, Any]:
    """Everybody whom the version in force judges otherwise."""
    return figures.rerate_all(night_shift(), lambda done, whole: progress(work, done, whole))


# --- the officer's desk ----------------------------------------------------------------------------------


@shared_task(base=Sweep, ignore_result=True)
def look_at_desk() -> None:
    """Put one look through the bank on the list, once an hour."""
    actions.sweep_hourly()


@job("compliance.sweep", whole=False, by_night=True)
def sweep(work: Job) -> dict[str, Any]:
    """What every served file lacks, and the figures."""
    made = actions.sweep(timezone.localdate(), lambda done, whole: progress(work, done, whole))
    return {"sweep": made.pk, "clients": made.clients}


@job("compliance.bulk", whole=False, label=_("Requests and reminders by the dozen"))
def bulk(work: Job) -> dict[str, Any]:
    """Requests and reminders by the dozen, with the rights of whoever asked."""
    return actions.work_through(work, lambda done, whole: progress(work, done, whole))


# --- the audit of interactions ---------------------------------------------------------------------------


@job("compliance.draw_sample", label=_("Draw of a sample"))
def draw_sample(work: Job) -> dict[str, Any]:
    """What a plan draws, with the rights of whoever asked."""
    person = User.objects.get(pk=work.person_id or 0)
    plan = actions.draw_sample(None, by=person, plan_id=work.args["plan"])
    return {"plan": plan.pk}


@shared_task(base=Sweep, ignore_result=True)
def look_at_recertifications() -> None:
    """A while before a team's half year is over, ask its lead who may open its books."""
    actions.open_recertifications(timezone.localdate())


@shared_task(base=Sweep, ignore_result=True)
def look_at_attestations() -> None:
    """When a period is over, ask everybody who serves clients to attest the channels used."""
    actions.open_attestations(timezone.localdate())
