"""What can be done to keep a client, and what is remembered for it."""

from datetime import date

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client, Task, TaskKind
from retention import rules
from rulebook.calendars import working_days
from rulebook.days import quarter_end_before
from staff.lock import action
from staff.models import User
from staff.roles import May
from ui.refusals import refuse_if


@action(May.RETENTION_WORK, "retention call planned", on="clients.Client", hold="parent")
def plan_call(client: Client, *, by: User) -> Task:
    """A call with a client who may leave, on the team's next working day, by whoever plans it."""
    planned = Task.objects.open().filter(client=client, kind=TaskKind.CALL).values_list("due_on", flat=True)
    refuse_if(rules.refusals_to_plan_call(client.state, planned.first()))
    return Task.objects.create(
        client=client,
        kind=TaskKind.CALL,
        title=_("Call: may leave"),
        due_on=working_days(client.book.team.calendar).after(timezone.localdate(), 1),
        assigned_to=by,
        made_by=by,
    )


STEP = 20_000
# After the last day of a quarter each client's value is kept once; a later look finds it there.
_MARK = """
INSERT INTO retention_quartervalue (client_id, "on", value)
SELECT client.id, %(on)s, client.value FROM clients_client client
WHERE client.id > %(first)s AND client.id <= %(last)s AND client.state IN ('active', 'dormant')
  AND NOT EXISTS (
    SELECT FROM retention_quartervalue known WHERE known.client_id = client.id AND known.on = %(on)s)
ON CONFLICT DO NOTHING
"""


def mark_values(today: date) -> int:
    """Keep what each client is worth at the end of the last quarter; how many. Later it is too late."""
    on = quarter_end_before(today)
    first: int = 0
    kept: int = 0
    if (today - on).days > rules.MARK_WITHIN_DAYS:
        return 0
    while True:
        ids = Client.objects.filter(pk__gt=first).order_by("pk").values_list("pk", flat=True)
        last = ids[STEP - 1 : STEP].first()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_MARK, {"on": on, "first": first, "last": last or 2**62})
            kept += cursor.rowcount
        if last is None:
            return kept
        first = last
