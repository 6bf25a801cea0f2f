"""Files are held, and those kept long enough deleted: asked for by one officer, confirmed by a second one."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from clients.models import Client
from compliance.models import FileDeletion, HoldLift, LegalHold
from compliance.rules import keeping as rules
from compliance.selectors import keeping as selectors
from jobs.actions import ask
from staff.lock import action
from staff.models import User
from staff.night import CommandLine
from staff.roles import May
from staff.rules import refusals_to_end
from ui.refusals import refuse_if

State = FileDeletion.State
PAPERS = "compliance.take_papers"


# --- holds -----------------------------------------------------------------------------------------------
@action(May.FILES_KEEP, "client file held", on="clients.Client", remember=("kind", "until_on"))
def set_hold(client: Client, *, by: User, kind: str, reason: str, until_on: date | None = None) -> LegalHold:
    """From now on nothing of the file is deleted; a deletion that waits falls."""
    today = timezone.localdate()
    keeping = selectors.keeping_of(client, today)
    refuse_if(
        rules.refusals_to_hold(
            kind=kind,
            reason=reason,
            until_on=until_on,
            until=keeping.until,
            figures=keeping.figures.body,
            today=today,
        )
    )
    made: LegalHold = LegalHold.objects.create(
        client=client,
        kind=kind,
        reason=reason.strip(),
        until_on=until_on,
        set_by=by,
        pack_version=keeping.figures.version,
    )
    FileDeletion.objects.filter(client=client, state=State.WAITING).update(
        state=State.FALLEN, decided_at=timezone.now()
    )
    return made


@action(May.FILES_KEEP, "lifting of a hold asked for", on="compliance.LegalHold")
def ask_lift(hold: LegalHold, *, by: User, reason: str) -> HoldLift:
    """Nothing happens before a second officer confirms it."""
    waits = hold.lifts.filter(state=State.WAITING).exists()
    in_force = LegalHold.objects.in_force(timezone.localdate()).filter(pk=hold.pk).exists()
    refuse_if(rules.refusals_to_ask_lift(in_force=in_force, waits=waits, reason=reason))
    made: HoldLift = HoldLift.objects.create(
        client_id=hold.client_id, hold=hold, reason=reason.strip(), fingerprint=str(hold.pk), asked_by=by
    )
    return made


@action(May.FILES_KEEP, "hold lifted", on="compliance.HoldLift", step_up=True)
def confirm_lift(lift: HoldLift, *, by: User) -> HoldLift:
    """The second officer's word."""
    refuse_if(selectors.refusals_to_confirm_lift(lift, by))
    _decide(lift, State.CONFIRMED, by)
    lift.hold.lifted_at = lift.decided_at
    lift.hold.save(update_fields=["lifted_at"])
    return lift


@action(May.FILES_KEEP, "lifting of a hold ended", on="compliance.HoldLift")
def end_lift(lift: HoldLift, *, by: User) -> HoldLift:
    """Refused by a second officer, or taken back by who asked: the hold stays."""
    refuse_if(refusals_to_end(lift.stands))
    _decide(lift, State.WITHDRAWN if lift.asked_by_id == by.pk else State.REFUSED, by)
    return lift


# --- deletion --------------------------------------------------------------------------------------------
@action(May.FILES_KEEP, "file deletion asked for", on="clients.Client", step_up=True)
def ask_deletion(client: Client, *, by: User) -> FileDeletion:
    """A file that was kept long enough is to be deleted: why is the rule's own sentence, for it stays."""
    today = timezone.localdate()
    keeping = selectors.keeping_of(client, today)
    waits = FileDeletion.objects.filter(client=client, state=State.WAITING).exists()
    refuse_if(rules.refusals_to_ask_deletion(keeping.refusals(today), waits))
    assert keeping.ended_on is not None
    assert keeping.until is not None
    made: FileDeletion = FileDeletion.objects.create(
        client=client,
        ended_on=keeping.ended_on,
        kept_until=keeping.until,
        pack_version=keeping.figures.version,
        reason=f"Kept until {rules.day(keeping.until)} (AMLR Art. 77).",
        fingerprint=keeping.fingerprint,
        asked_by=by,
    )
    return made


@action(May.FILES_KEEP, "file deletion confirmed", on="compliance.FileDeletion", step_up=True)
def confirm_deletion(deletion: FileDeletion, *, by: User) -> FileDeletion:
    """The second officer's word; a worker deletes it."""
    refuse_if(selectors.refusals_to_confirm(deletion, by, timezone.localdate()))
    _decide(deletion, State.CONFIRMED, by)
    ask(rules.JOB, f"file deletion {deletion.pk}", person_id=by.pk, deletion=deletion.pk)
    return deletion


@action(May.FILES_KEEP, "file deletion ended", on="compliance.FileDeletion")
def end_deletion(deletion: FileDeletion, *, by: User) -> FileDeletion:
    """Refused by a second officer, or taken back by who asked."""
    refuse_if(refusals_to_end(deletion.stands))
    _decide(deletion, State.WITHDRAWN if deletion.asked_by_id == by.pk else State.REFUSED, by)
    return deletion


@action(May.FILES_KEEP, "client file deleted", on="compliance.FileDeletion")
def delete_file(deletion: FileDeletion, *, by: User) -> FileDeletion:
    """What two officers decided, if it is so still: everything of the client, whole or not at all."""
    refuse_if(selectors.keeping_of(deletion.client, timezone.localdate()).refusals(timezone.localdate()))
    return _delete(deletion)


@action(May.FILES_KEEP, "file deletion fell", on="compliance.FileDeletion")
def let_fall(deletion: FileDeletion, *, by: User) -> FileDeletion:
    """Between the second word and the deletion something changed: a hold, or the client is back."""
    _decide(deletion, State.FALLEN, None)
    return deletion


@action(May.DELETIONS_REPLAY, "client file deleted again")
def delete_again(_: None, *, by: CommandLine, told: Mapping[str, Any]) -> FileDeletion:
    """A restored backup brought the file back. What held it then was lifted before it was deleted."""
    LegalHold.objects.filter(client=told["client"], lifted_at=None).update(lifted_at=timezone.now())
    deletion: FileDeletion = FileDeletion.objects.create(
        client_id=told["client"],
        ended_on=told["ended_on"],
        kept_until=told["kept_until"],
        pack_version=told["pack_version"],
        reason="Deleted before the backup was restored.",
        fingerprint="",
        asked_by_id=told["asked_by"],
        asked_at=datetime.fromisoformat(told["asked_at"]),
        state=State.CONFIRMED,
        decided_by_id=told["confirmed_by"],
        decided_at=datetime.fromisoformat(told["confirmed_at"]),
    )
    return _delete(deletion)


def _delete(deletion: FileDeletion) -> FileDeletion:
    """Rows now; what lies on disk by a job of the same transaction, for a disk cannot be rolled back."""
    found = selectors.on_disk(deletion.client_id)
    with connection.cursor() as cursor:  # of the owner: the application itself may not touch what is locked
        cursor.execute("SELECT delete_client_file(%s)", [deletion.pk])
        deletion.gone = json.loads(cursor.fetchone()[0])
    deletion.files, deletion.done_at = len(found.papers), timezone.now()
    deletion.certificate = rules.certificate(deletion.as_told())
    deletion.save(update_fields=["gone", "files", "done_at", "certificate"])
    names = [*found.papers, *(job.result["file"] for job in found.exports)]
    for job in found.exports:
        job.result = {"forgotten": True}
        job.save(update_fields=["result"])
    ask(PAPERS, f"papers of file deletion {deletion.pk}", deletion=deletion.pk, names=names)
    return deletion


def take_papers(deletion: FileDeletion, names: list[str]) -> None:
    """Off the disk, and onto the list that lies outside the database. Safe to do twice."""
    for name in names:
        default_storage.delete(name)
    line = json.dumps({"told": deletion.as_told(), "certificate": deletion.certificate})
    place = Path(settings.DELETED_FILES)
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("a+", encoding="utf-8") as file:
        file.seek(0)
        if line not in file.read().splitlines():
            file.write(line + "\n")


def _decide(proposal: HoldLift | FileDeletion, state: str, by: User | None) -> None:
    proposal.decide(state, by)
    proposal.save(update_fields=["state", "decided_by", "decided_at"])
