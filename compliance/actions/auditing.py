"""The audit leaves the house as a file that proves itself, and is verified on demand; both are events
themselves."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
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
from compliance.models import LargeExport
from compliance.rules import auditing as rules
from compliance.rules.auditing import CHECK, EXPORT, KEPT_A_DAY
from compliance.selectors import auditing as selectors
from jobs.actions import ask
from jobs.models import Job, State
from rulebook.selectors import pack
from staff.lock import action
from staff.models import User
from staff.roles import May
from staff.rules import refusals_to_end
from ui.formats import midnight
from ui.refusals import NotPermitted, NotVisible, refuse_if

KEPT = timedelta(hours=24)


@action(May.AUDIT_EXPORT, "audit export asked for", remember=("since", "until"))
def ask_for_audit_export(
    _nothing: None, *, by: User, since: date, until: date, key: str, reason: str = ""
) -> Job | LargeExport:
    """A ZIP of these days, both included; sent twice it is made once. A large one waits for a second word."""
    refuse_if(rules.refusals_to_export(since, until, timezone.localdate()))
    name = f"audit export of {by.pk}: {key}"
    return make_or_ask(EXPORT, name, by, days(since, until), reason, since=str(since), until=str(until))


def make_or_ask(
    kind: str, key: str, by: User, span: tuple[datetime, datetime], reason: str, **args: Any
) -> Job | LargeExport:
    """Inside an action: the job at once, or where many clients are in it the question to a second person."""
    figures = pack("access", timezone.localdate())
    most = figures["export_clients"]
    clients = selectors.clients_in(*span, most)
    if clients <= most:
        return ask(kind, key, person_id=by.pk, **args)
    refuse_if(rules.refusals_to_large_export(reason, most))
    asked, _made = LargeExport.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "args": args,
            "clients": clients,
            "pack_version": figures.version,
            "reason": reason.strip(),
            "fingerprint": selectors.fingerprint_of_asker(by),
            "asked_by": by,
        },
    )
    return asked


@action(May.EXPORTS_CONFIRM, "large export confirmed", remember=("export_id",), step_up=True)
def confirm_export(_nothing: None, *, by: User, export_id: int) -> Job:
    """The second person's word: it is made for who asked, and kept for a day as any other."""
    export = _held(export_id)
    refuse_if(selectors.refusals_to_confirm_export(export, by))
    _decide(export, LargeExport.State.CONFIRMED, by)
    return ask(export.kind, export.key, person_id=export.asked_by_id, confirmed_by=by.pk, **export.args)


@action(May.AUDIT_EXPORT, "large export ended", remember=("export_id",))
def end_export(_nothing: None, *, by: User, export_id: int) -> LargeExport:
    """Refused by a second person, or taken back by who asked."""
    export = _held(export_id)
    own = export.asked_by_id == by.pk
    if not own and not by.may(May.EXPORTS_CONFIRM):
        raise NotVisible(f"compliance.LargeExport {export_id}")
    refuse_if(refusals_to_end(export.stands))
    _decide(export, LargeExport.State.WITHDRAWN if own else LargeExport.State.REFUSED, by)
    return export


def _held(export_id: int) -> LargeExport:
    known = LargeExport.objects.select_for_update(of=("self",)).select_related("asked_by")
    held: LargeExport | None = known.filter(pk=export_id).first()
    if held is None:
        raise NotVisible(f"compliance.LargeExport {export_id}")
    return held


def _decide(export: LargeExport, state: str, by: User) -> None:
    export.decide(state, by)
    export.save(update_fields=["state", "decided_by", "decided_at"])


@action(May.AUDIT_EXPORT, "audit verification asked for")
def ask_for_audit_check(_nothing: None, *, by: User) -> Job:
    """Every event, seal, signature and anchor; while one is under way, that one."""
    running = Job.objects.unfinished().filter(kind=CHECK, person_id=by.pk).first()
    return running or ask(CHECK, f"audit verification {uuid4()}", person_id=by.pk)


def days(since: date, until: date) -> tuple[datetime, datetime]:
    """From the first instant of the one day to the last of the other, by the clock of who asks."""
    return midnight(since), midnight(until + timedelta(days=1))


def told_days(since: date, until: date) -> str:
    """The same, as it is to stand in the file for ever."""
    return f"{since} to {until}, by the clock of {timezone.get_current_timezone_name()}"


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
        record("audit exported", by=person, payload=told | second_person(job))
    with TemporaryFile() as out:
        manifest = write_export(
            out,
            partial(apart, connection),
            found,
            asked=told_days(since, until),
            by=f"{person.name} ({person.login}, {person.role})",
            anchors=anchors_of(settings.ANCHORS),
            tell=tell,
        )
        name = default_storage.save(f"audit-exports/{uuid4()}.zip", File(out))
    return {"file": name, "events": manifest["events"], "first": found.first, "last": found.last}


def second_person(job: Job) -> dict[str, int]:
    """For the audit: who confirmed a large one."""
    return {"confirmed_by": job.args["confirmed_by"]} if "confirmed_by" in job.args else {}


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
