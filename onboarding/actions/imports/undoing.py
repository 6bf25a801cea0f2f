"""A whole import is taken back, while nobody has worked on its clients."""

from collections.abc import Callable

from django.db import connection
from django.utils import timezone

from alerts.models import Alert
from audit.record import record_each
from clients.models import (
    BarrierFile,
    Client,
    ContactPoint,
    Identifier,
    Party,
    SearchKey,
    SearchName,
    TaxResidence,
)
from compliance.models import HitStep, KycFile, RatingRecord, ReviewTrigger, ScreeningHit
from onboarding.actions.imports.files import ask_for, hold_import
from onboarding.models import ClientImport, ImportedClient, StagedClient
from onboarding.rules.imports.steps import refusals_to_undo
from staff.lock import action
from staff.models import User
from staff.night import NightShift
from staff.roles import May
from ui.carrying import NIGHT_SHIFT, transaction_for
from ui.refusals import refuse_if

# What the import made itself, children first, and what the night shift adds without anybody's work: where a
# person does, the audit says so.
OWN = (ContactPoint, Identifier, TaxResidence, SearchName, SearchKey, KycFile, ImportedClient, Party)
STRETCH = 5_000  # clients: as often a bar moves
BY_NIGHT = (Alert, HitStep, ScreeningHit, ReviewTrigger, RatingRecord)
# Whoever looked at a file has not worked on it.
_WORKED = """
SELECT imported.client_id FROM onboarding_importedclient imported
JOIN audit_event event ON event.client_id = imported.client_id AND event.at >= %(since)s
WHERE imported.of_id = %(of)s AND event.by_id IS NOT NULL
  AND event.verb NOT IN ('client imported', 'file opened', 'denied')
"""
_HANGING = """
SELECT hanging.{column} FROM {table} hanging
JOIN onboarding_importedclient imported ON imported.client_id = hanging.{column} WHERE imported.of_id = %(of)s
"""


@action(May.CLIENTS_IMPORT, "import undo asked for", remember=("import_id",), step_up=True)
def ask_undo(_: None, *, by: User, import_id: int) -> ClientImport:
    """A worker undoes it. What is known to forbid it is said at once."""
    found = hold_import(import_id)
    refuse_if(refusals_to_undo(found.state, count_touched(found)))
    return ask_for(found, ClientImport.State.UNDOING, "onboarding.undo_import", by)


@action(May.CLIENTS_IMPORT, "import undone", remember=("import_id",))
def undo_import(
    _: None,
    *,
    by: User | NightShift,
    import_id: int,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> ClientImport:
    """Delete every client of this import: locked first, so that nobody begins to work on one meanwhile."""
    found = hold_import(import_id)
    # Whole or not at all, and who asked may stand before a barrier: so as the night shift.
    with transaction_for(None, NIGHT_SHIFT):
        _delete(found, by, progress)
    found.state = ClientImport.State.UNDONE
    found.undone_by, found.undone_at = by if isinstance(by, User) else None, timezone.now()
    found.save()
    return found


def _delete(found: ClientImport, by: User | NightShift, progress: Callable[[int, int], None]) -> None:
    imported = ImportedClient.objects.filter(of=found)
    ids = list(imported.order_by("client_id").values_list("client_id", flat=True))
    list(Client.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))
    state = ClientImport.State.LOADED if found.state == ClientImport.State.UNDOING else found.state
    refuse_if(refusals_to_undo(state, count_touched(found)))
    for model in BY_NIGHT:
        progress(0, len(ids))
        model.objects.filter(client__imported__of=found).delete()
    with connection.cursor() as cursor:
        # Else whatever may point at a deleted file is looked for at the end, when the bar stands at full.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for begin in range(0, len(ids), STRETCH):
            part = ids[begin : begin + STRETCH]
            for own in OWN:
                cursor.execute(f"DELETE FROM {own._meta.db_table} WHERE client_id = ANY(%s)", [part])  # noqa: S608
            cursor.execute("DELETE FROM clients_client WHERE id = ANY(%s)", [part])
            # Nor does how they stood stay (ADR 21).
            cursor.execute("SELECT count(forget_history_of(gone)) FROM unnest(%s::bigint[]) gone", [part])
            record_each("client import undone", by=by, client_ids=part, payload={"import": found.pk})
            progress(begin + len(part), len(ids))


def count_touched(found: ClientImport) -> int:
    """On how many of its clients somebody has worked: by the audit, and by what hangs on them.

    Counted as the night shift: to put a file behind a barrier is work too, and one that its outsiders hear of
    in no other words than of any other work.
    """
    ignored = {*OWN, *BY_NIGHT, StagedClient}
    hanging = [
        _HANGING.format(table=relation.related_model._meta.db_table, column=relation.field.column)
        for relation in Client._meta.related_objects
        if relation.related_model not in ignored
    ]
    # No relation of Client tells of it.
    hanging.append(_HANGING.format(table=BarrierFile._meta.db_table, column="client_id"))
    worked = " UNION ".join([_WORKED, *hanging])
    with transaction_for(None, NIGHT_SHIFT), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({worked}) touched", {"of": found.pk, "since": found.loaded_at})  # noqa: S608
        return int(cursor.fetchone()[0])
