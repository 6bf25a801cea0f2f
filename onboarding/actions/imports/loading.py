"""What was checked becomes client files: all of it in one transaction, or nothing."""

from collections.abc import Callable

from django.db import connection
from django.utils import timezone

from audit.record import record_each
from jobs.actions import ask
from onboarding.actions.imports.files import ask_for, drop_file, hold_import
from onboarding.importing import duplicates
from onboarding.importing.swap import swap
from onboarding.models import ClientImport
from onboarding.rules.imports.steps import refusals_to_load
from staff.lock import action
from staff.models import User
from staff.night import NightShift
from staff.roles import May
from ui.refusals import refuse_if


@action(May.CLIENTS_IMPORT, "import load asked for", remember=("import_id",))
def ask_load(_: None, *, by: User, import_id: int) -> ClientImport:
    """A worker loads it; whoever asked may close the page."""
    found = hold_import(import_id)
    refuse_if(refusals_to_load(found.state, found.errors, found.fresh))
    return ask_for(found, ClientImport.State.LOADING, "onboarding.load_import", by)


@action(May.CLIENTS_IMPORT, "clients imported", remember=("import_id",))
def load_import(
    _: None,
    *,
    by: User | NightShift,
    import_id: int,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> ClientImport:
    """Open a file for each line that is not here yet. A worker that dies leaves nothing behind.

    Who came in is recorded client by client. Screening follows as work of its own. `progress` must speak
    through a connection of its own to be heard before the end (jobs.actions.heartbeat).
    """
    found = hold_import(import_id)
    if found.state != ClientImport.State.LOADING:
        refuse_if(refusals_to_load(found.state, found.errors, found.fresh))
    loaded = 0
    with connection.cursor() as cursor:
        # Somebody may have opened a file with one of these numbers since the check.
        cursor.execute(duplicates.MARK_KNOWN, {"of": import_id})
        found.known += cursor.rowcount
        for client_ids in swap(cursor, import_id):
            record_each("client imported", by=by, client_ids=client_ids, payload={"import": import_id})
            loaded += len(client_ids)
            progress(min(loaded, found.fresh), found.fresh)
    found.staged.all().delete()
    drop_file(
        found
    )  # all it held is in the bank now: who is deleted there one day is in no file of ours either
    found.fresh, found.state = loaded, ClientImport.State.LOADED
    found.loaded_by, found.loaded_at = by if isinstance(by, User) else None, timezone.now()
    found.save()
    ask("onboarding.screen_import", f"import:{import_id}:screen", import_id=import_id)
    return found
