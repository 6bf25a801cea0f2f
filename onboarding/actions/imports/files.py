"""The file of an import: kept while it is needed, and how it is to be read."""

import hashlib
from functools import partial
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast
from uuid import uuid4

from django.conf import settings
from django.core.files.base import File
from django.db import transaction

from clients.rules import safe_title
from clients.scanner import refusals_of_scanner
from jobs.actions import ask
from onboarding.importing.reading import Table, Unreadable, look
from onboarding.models import ClientImport
from onboarding.rules.imports.mapping import Mapping, guess_fields
from onboarding.rules.imports.steps import refusals_to, refusals_to_upload
from onboarding.selectors import imports as shown
from staff.lock import action
from staff.models import User
from staff.night import NightShift
from staff.roles import May
from ui.refusals import NotVisible, Refused, refuse_if

BEFORE = {  # where an import stands again when its work was refused
    ClientImport.State.CHECKING: ClientImport.State.UPLOADED,
    ClientImport.State.LOADING: ClientImport.State.CHECKED,
    ClientImport.State.UNDOING: ClientImport.State.LOADED,
}


@action(May.CLIENTS_IMPORT, "clients' file uploaded")
def upload_clients(
    _: None, *, by: User | NightShift, file: File, table: Table, mapping: Mapping | None = None
) -> ClientImport:
    """Keep a file of clients under a name of ours. `mapping`: a saved one; else the last, or a guess."""
    title = safe_title(file.name or "")
    sha256 = _digest(file)
    refuse_if(refusals_to_upload(shown.loaded_before(sha256)))
    refuse_if(refusals_of_scanner(cast(BinaryIO, file), settings.CLAMD))
    told = mapping or shown.last_mapping(table) or Mapping(table.how, guess_fields(table.header))
    found = ClientImport(
        title=title,
        sha256=sha256,
        header=table.header,
        sheets=table.sheets,
        lines=table.lines,
        mapping=told.as_dict(),
        made_by=by if isinstance(by, User) else None,
    )
    found.file.save(f"{uuid4().hex}{PurePosixPath(title).suffix.lower()}", file, save=False)
    found.save()
    return found


def _digest(file: File) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


@action(May.CLIENTS_IMPORT, "clients' columns mapped", remember=("import_id",))
def map_columns(_: None, *, by: User | NightShift, import_id: int, mapping: Mapping) -> ClientImport:
    """Say what each column is. What was checked before is to be checked again."""
    found = hold_import(import_id)
    refuse_if(refusals_to("map", found.state))
    if mapping.file != shown.mapping_of(found).file:
        table = _look(found, mapping)
        fields = mapping.fields if table.header == found.header else guess_fields(table.header)
        found.header, found.lines = table.header, table.lines
        mapping = Mapping(table.how, fields)
    found.mapping = mapping.as_dict()
    forget(found)
    found.state = ClientImport.State.UPLOADED
    found.save()
    return found


def _look(found: ClientImport, mapping: Mapping) -> Table:
    try:
        with found.file.open("rb") as file:
            table = look(file, found.title, mapping.file)
    except Unreadable as error:
        raise Refused([str(error)]) from error
    return table


@action(May.CLIENTS_IMPORT, "clients' file discarded", remember=("import_id",))
def discard_import(_: None, *, by: User | NightShift, import_id: int) -> ClientImport:
    """The file and all that was found in it are deleted; that there was an import stays."""
    found = hold_import(import_id)
    refuse_if(refusals_to("discard", found.state))
    forget(found)
    drop_file(found)
    if found.state != ClientImport.State.UNDONE:
        found.state = ClientImport.State.DISCARDED
    found.save()
    return found


# --- inside a verb ---------------------------------------------------------------------------------------


def hold_import(import_id: int) -> ClientImport:
    """Lock it: two people, or a person and a worker, come one by one."""
    found: ClientImport | None = (
        ClientImport.objects.select_for_update(no_key=True).filter(pk=import_id).first()
    )
    if found is None:
        raise NotVisible(f"onboarding.ClientImport {import_id}")
    return found


def drop_file(found: ClientImport) -> None:
    """Off the disk, but only once it is sure: undone with its transaction, a file would not come back."""
    if found.file:
        transaction.on_commit(partial(found.file.storage.delete, str(found.file.name)))
        found.file = ""


def forget(found: ClientImport) -> None:
    """What was found in the file, and that it was checked."""
    found.staged.all().delete()
    found.problems.all().delete()
    found.read = found.fresh = found.known = found.errors = found.warnings = found.duplicates = 0
    found.sentence, found.checked_at = "", None


def ask_for(found: ClientImport, state: str, kind: str, by: Any) -> ClientImport:
    """Put the work on the list; the page shows how far it is."""
    found.asked += 1
    found.state = state
    found.sentence = ""
    job = ask(kind, f"import:{found.pk}:{found.asked}", person_id=by.pk, import_id=found.pk)
    found.job_id = job.pk
    found.save()
    return found


def refuse_work(import_id: int, job_id: int, sentence: str) -> None:
    """A worker was refused: the import stands where it stood, and says why. Only for its newest work."""
    for during, before in BEFORE.items():
        ClientImport.objects.filter(pk=import_id, job_id=job_id, state=during).update(
            state=before, sentence=sentence[:500]
        )
