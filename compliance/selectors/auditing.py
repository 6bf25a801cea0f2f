"""How the sealed audit stands, what was verified, and one's own exports."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from audit.seals.checking import Standing, last_check, standing
from audit.seals.verifier import Finding, words
from compliance.models import LargeExport
from compliance.rules.auditing import CHECK, EXPORT, PACK
from jobs.models import Job
from jobs.selectors import job_of
from staff.models import User
from staff.roles import May
from staff.rules import refusals_to_be_second

SHOWN = 10


@dataclass(frozen=True)
class AuditPage:
    standing: Standing
    check: dict[str, Any] | None
    findings: list[str]
    checking: Job | None  # one's own, under way
    exports: list[Job]
    asked: list["AskedExport"]  # large ones that wait for a second person
    ended: list[LargeExport]  # one's own, refused, taken back or void

    @property
    def local(self) -> bool:
        """Every anchor is a file of this machine: worth little against who administers it."""
        return all(
            name.startswith("file:" + str(settings.HOME)) for name, _number, _at in self.standing.anchors
        )


def audit_page(person: User) -> AuditPage:
    """7 queries."""
    check = last_check(connection)
    jobs = Job.objects.filter(person_id=person.pk)
    return AuditPage(
        standing=standing(connection),
        check=check,
        findings=[words(Finding(*each)) for each in check["findings"]] if check else [],
        checking=jobs.unfinished().filter(kind=CHECK).order_by("-pk").first(),
        exports=list(jobs.filter(kind=EXPORT).order_by("-pk")[:SHOWN]),
        asked=_asked(person),
        ended=list(
            LargeExport.objects.filter(asked_by=person, state__in=["refused", "withdrawn", "expired"])
            .select_related("decided_by")
            .order_by("-pk")[:3]
        ),
    )


@dataclass(frozen=True)
class AskedExport:
    export: LargeExport
    is_pack: bool
    mine: bool
    refusals: list[str]


def _asked(person: User) -> list[AskedExport]:
    """Everybody's for who confirms them, one's own for the others. Which client a pack is of is not told."""
    waiting = LargeExport.objects.filter(state=LargeExport.State.WAITING).select_related("asked_by")
    if not person.may(May.EXPORTS_CONFIRM):
        waiting = waiting.filter(asked_by=person)
    return [
        AskedExport(
            each, each.kind == PACK, each.asked_by_id == person.pk, refusals_to_confirm_export(each, person)
        )
        for each in waiting.order_by("asked_at", "pk")[:100]
    ]


def refusals_to_confirm_export(export: LargeExport, by: User) -> list[str]:
    """One answer for the button and for the guard."""
    return refusals_to_be_second(
        export.stands,
        own=by.is_same_person(export.asked_by_id),
        stale=export.fingerprint != fingerprint_of_asker(export.asked_by),
    )


def words_of(made: Job | LargeExport) -> str:
    """What comes of an export that was asked for."""
    if isinstance(made, LargeExport):
        return _("Many clients are in it: it is made when a second person of compliance confirms it.")
    return _("The export is being made. It stands below when it is ready.")


def fingerprint_of_asker(person: User) -> str:
    """A file is made for who asked, as whom he or she was."""
    told = [person.pk, person.role, person.is_active]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def clients_in(since: datetime, until: datetime, most: int) -> int:
    """How many different clients the audit of this time tells of, counted up to one above `most`. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(_CLIENTS_IN, {"since": since, "until": until, "most": most + 1})
        return int(cursor.fetchone()[0])


# Whom an event is about, and whom a list showed.
_CLIENTS_IN = """
SELECT count(*) FROM (
    SELECT DISTINCT id FROM (
        SELECT client_id AS id FROM audit_event
        WHERE at >= %(since)s AND at < %(until)s AND client_id IS NOT NULL
        UNION ALL
        SELECT shown.id::bigint FROM audit_event
        CROSS JOIN LATERAL jsonb_array_elements_text(
            CASE WHEN jsonb_typeof(payload -> 'clients') = 'array' THEN payload -> 'clients' ELSE '[]' END
        ) AS shown (id)
        WHERE at >= %(since)s AND at < %(until)s AND verb = 'list shown' AND shown.id ~ '^[0-9]{1,18}$'
    ) told LIMIT %(most)s
) counted
"""


def audit_export_of(person: User, job_id: int) -> Job | None:
    """An export this person asked for. 1 query."""
    job = job_of(person.pk, job_id)
    return job if job is not None and job.kind == EXPORT else None
