"""The audit leaves the house as a file that proves itself, and is verified on demand; both are events
themselves."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from tempfile import TemporaryFile
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from audit.record import record
from audit.seals.anchors import anchors_of
from audit.seals.checking import check, remember
from audit.seals.connecting import apart
from audit.seals.exporting import range_of, write_export
from audit.seals.keys import trusted_keys
from compliance.rules import auditing as rules
from compliance.rules.auditing import CHECK, EXPORT, KEPT_A_DAY
from jobs.actions import ask
from jobs.models import Job, State
from staff.lock import action
from staff.models import User
from staff.roles import May
from ui.refusals import NotPermitted, NotVisible, refuse_if

KEPT = timedelta(hours=24)


@action(May.AUDIT_EXPORT, "audit export asked for", remember=("since", "until"))
def ask_for_audit_export(_nothing: None, *, by: User, since: date, until: date, key: str) -> Job:
    """A ZIP of these days, both included; sent twice it is made once."""
    refuse_if(rules.refusals_to_export(since, until, timezone.localdate()))
    name = f"audit export of {by.pk}: {key}"
    return ask(EXPORT, name, person_id=by.pk, since=since.isoformat(), until=until.isoformat())


@action(May.AUDIT_EXPORT, "audit verification asked for")
def ask_for_audit_check(_nothing: None, *, by: User) -> Job:
    """Every event, seal, signature and anchor; while one is under way, that one."""
    running = Job.objects.unfinished().filter(kind=CHECK, person_id=by.pk).first()
    return running or ask(CHECK, f"audit verification {uuid4()}", person_id=by.pk)


def days(since: date, until: date) -> tuple[datetime, datetime]:
    """From the first instant of the one day to the last of the other, in UTC as the audit counts."""
    return (
        datetime.combine(since, time.min, UTC),
        datetime.combine(until + timedelta(days=1), time.min, UTC),
    )


def make_audit_export(job: Job, tell: Callable[[int, int], None]) -> dict[str, Any]:
    """Write the file with the rights its asker has now; that it was made, and what is in it, is an event."""
    person = asker(job)
    since, until = date.fromisoformat(job.args["since"]), date.fromisoformat(job.args["until"])
    connection.ensure_connection()
    found = range_of(connection.connection, *days(since, until))
    if found is None:
        return {"nothing": True}
    with transaction.atomic():
        told = {"from": str(since), "to": str(until), "first_seal": found.first, "last_seal": found.last}
        record("audit exported", by=person, payload=told)
    with TemporaryFile() as out:
        manifest = write_export(
            out,
            partial(apart, connection),
            found,
            asked=f"{since} to {until}",
            by=f"{person.name} ({person.login}, {person.role})",
            anchors=anchors_of(settings.ANCHORS),
            tell=tell,
        )
        name = default_storage.save(f"audit-exports/{uuid4()}.zip", File(out))
    return {"file": name, "events": manifest["events"], "first": found.first, "last": found.last}


def asker(job: Job) -> User:
    """Who asked for a file of the audit, with the rights of now."""
    person: User | None = User.objects.filter(pk=job.person_id or 0, is_active=True).first()
    if person is None or not person.may(May.AUDIT_EXPORT):
        raise NotPermitted(May.AUDIT_EXPORT)
    return person


def check_audit(job: Job) -> dict[str, Any]:
    """The whole audit, as `verify_audit` does it; the result is kept for everyone who may see it."""
    person = asker(job)
    verdict = check(partial(apart, connection), keys=trusted_keys(), anchors=anchors_of(settings.ANCHORS))
    connection.ensure_connection()
    remember(connection.connection, verdict, person.login)
    return {"findings": len(verdict.findings)}


def hand_out(job: Job, by: User) -> Any:
    """The file, open; that it left is an event."""
    if not by.may(May.AUDIT_EXPORT):
        raise NotPermitted(May.AUDIT_EXPORT)
    name = job.result.get("file", "")
    if not name or not default_storage.exists(name):
        raise NotVisible(f"jobs.Job {job.pk}")
    record("audit export downloaded", by=by, payload={"job": job.pk, "last_seal": job.result.get("last")})
    return default_storage.open(name)


def forget_audit_exports() -> int:
    """Files older than a day go: what is wanted longer was downloaded."""
    old = Job.objects.filter(kind__in=KEPT_A_DAY, state=State.DONE, finished_at__lt=timezone.now() - KEPT)
    gone = 0
    for job in old.filter(result__has_key="file"):
        with suppress(FileNotFoundError):
            default_storage.delete(job.result["file"])
        job.result = {"forgotten": True}
        job.save(update_fields=["result"])
        gone += 1
    return gone
