"""The day's measure of numbers shown in full, for pages and API alike; see clients/rules/identifiers.py."""

from django.conf import settings
from django.db import connection
from django.utils import timezone

from audit.models import AuditEvent
from audit.record import record
from clients.models import Client
from clients.rules.identifiers import refusals_to_show
from staff.models import User
from staff.roles import ROLES, Reach, Role
from ui.refusals import refuse_if

SHOWN = "identifier shown"  # the audit's word for each of them


def budget_of(person: User) -> int:
    """How many numbers a person may look at in a day; who sees every book audits them, and needs more."""
    sees_all = ROLES[Role(person.role)].reach == Reach.ALL
    return settings.IDENTIFIERS_A_DAY_OFFICERS if sees_all else settings.IDENTIFIERS_A_DAY


def take_one(person: User) -> None:
    """Refused when the day's measure is used up; whoever calls records one SHOWN in this transaction.

    Two looks at once wait for each other, so that both count.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('identifiers'), %s)", [person.pk % 2**31])
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    shown = AuditEvent.objects.filter(by_id=person.pk, at__gte=midnight, verb=SHOWN).count()
    refuse_if(refusals_to_show(shown, budget_of(person)))


def show_all_of(client: Client, *, by: User) -> None:
    """A call of the API asked for the numbers of one file in full: it counts as one."""
    take_one(by)
    record(SHOWN, by=by, subject=client, client_id=client.pk, payload={"what": "all, by API"})
