"""The regulator pack: a client's file as it stood and all that proves it, in one ZIP checked offline."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from audit.record import record
from audit.seals.anchors import anchors_of
from audit.seals.connecting import apart
from audit.seals.exporting import VERIFIER, range_of, write_export
from audit.seals.verifier import iso_of, manifest_hash
from clients.access import open_file
from clients.models import Client
from compliance.actions.auditing import asker, days, make_or_ask, second_person, told_days
from compliance.models import LargeExport
from compliance.rules.auditing import PACK, refusals_to_export
from compliance.selectors import history_begins
from dashboards.rules import refusals_to_look_back
from dashboards.selectors.pack import papers_of
from jobs.models import Job
from staff.lock import action
from staff.models import User
from staff.roles import May
from ui.refusals import NotVisible, refuse_if

PACK_VERIFIER = Path(__file__).with_name("pack_verifier.py")
README = """The file of one client of the bank as it stood, and what proves it.

To check it, offline: unpack verify_pack.py and verifier.py beside it, install Python 3.9 or newer and the
package `cryptography`, then

    python verify_pack.py PACK.zip

The programs in this ZIP could have been changed together with the rest: take yours from the product, or read
them. The audit of the bank names the hash of the manifest ("regulator pack made"): ask for it.

file.json           every field as it stood at the asked instant, and each change since; numbers are masked,
                    and times stand in words by the clock that manifest.json names
interactions.json   the contacts logged by then, whole, with what was added later
decisions.json      ratings, reviews, screening, approvals and measures by then, each with its rule version;
                    of what was compared, numbers and days of birth by their end
access.json         who could see the file at that instant and by which right; who opened it on the asked days
rules.json          the rule versions in force at that instant, whole
people.json         whom the numbers of staff in these files mean
audit.zip           the sealed audit of the asked days (absent: nothing of them is sealed)
manifest.json       what was asked, by whom, and the hash of each file
"""


@action(
    May.AUDIT_EXPORT,
    "regulator pack asked for",
    on="clients.Client",
    hold="parent",
    remember=("at", "since", "until"),
)
def ask_for_pack(
    client: Client, *, by: User, at: datetime, since: date, until: date, key: str, reason: str = ""
) -> Job | LargeExport:
    """A pack of the file as it stood at `at`, with the audit of these days; sent twice it is made once.

    The audit of these days tells of other clients too: of many, a second person confirms it.
    """
    refuse_if(
        [
            *refusals_to_look_back(at, history_begins(), timezone.now()),
            *refusals_to_export(since, until, timezone.localdate()),
        ]
    )
    return make_or_ask(
        PACK,
        f"regulator pack of {by.pk}: {key}",
        by,
        days(since, until),
        reason,
        client=client.pk,
        at=at.isoformat(),
        since=since.isoformat(),
        until=until.isoformat(),
    )


def make_pack(job: Job, tell: Callable[[int, int], None]) -> dict[str, Any]:
    """Write the ZIP with the rights its asker has now; what its manifest hashes to is an event."""
    person = asker(job)
    at, since, until = (job.args[name] for name in ("at", "since", "until"))
    span = days(date.fromisoformat(since), date.fromisoformat(until))
    with transaction.atomic():
        client = open_file(person, job.args["client"], why="regulator pack")
        papers = papers_of(person, client, datetime.fromisoformat(at), span)
    with TemporaryFile() as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
            files: dict[str, dict[str, Any]] = {}
            for name, paper in papers.items():
                _put(archive, files, name, paper)
            for name, path in (("verify_pack.py", PACK_VERIFIER), ("verifier.py", VERIFIER)):
                _put(archive, files, name, path.read_bytes())
            _put(archive, files, "README.txt", README.encode())
            _put_audit(
                archive,
                files,
                span,
                told_days(date.fromisoformat(since), date.fromisoformat(until)),
                person,
                tell,
            )
            manifest: dict[str, Any] = {
                "client": client.number,
                "as_it_stood_at": at,
                "audit_of": [since, until],
                "exported_by": f"{person.name} ({person.login}, {person.role})",
                "exported_at": iso_of(timezone.now()),
                "clock": timezone.get_current_timezone_name(),  # by which file.json tells times in words
                "files": files,
            }
            manifest["sha256"] = manifest_hash(manifest)
            archive.writestr("manifest.json", json.dumps(manifest, indent=1))
        with transaction.atomic():
            told = {"manifest": manifest["sha256"], "files": len(files), "from": since, "to": until}
            told |= second_person(job)
            record("regulator pack made", by=person, subject=client, client_id=client.pk, payload=told)
        name = f"regulator-packs/{job.pk}.zip"
        default_storage.delete(name)  # of a try that died
        name = default_storage.save(name, File(out))
    return {"file": name, "files": len(files)}


def _put(archive: zipfile.ZipFile, files: dict[str, dict[str, Any]], name: str, content: bytes) -> None:
    archive.writestr(name, content)
    files[name] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}


def _put_audit(
    archive: zipfile.ZipFile,
    files: dict[str, dict[str, Any]],
    span: tuple[datetime, datetime],
    asked: str,
    person: User,
    tell: Callable[[int, int], None],
) -> None:
    """The audit of these days as it is exported by itself, if something of them is sealed."""
    connection.ensure_connection()
    if (found := range_of(connection.connection, *span)) is None:
        return
    with TemporaryFile() as inner:
        write_export(
            inner,
            partial(apart, connection),
            found,
            asked=asked,
            by=f"{person.name} ({person.login}, {person.role})",
            anchors=anchors_of(settings.ANCHORS),
            tell=tell,
        )
        size = inner.seek(0, 2)
        inner.seek(0)
        files["audit.zip"] = {"sha256": hashlib.file_digest(inner, "sha256").hexdigest(), "size": size}
        inner.seek(0)
        with archive.open("audit.zip", "w", force_zip64=True) as into:
            shutil.copyfileobj(inner, into, 1 << 20)


def hand_out_pack(job: Job, by: User) -> Any:
    """The file, open; that it left is an event. Only while its client is still seen."""
    name = job.result.get("file", "")
    if not name or not default_storage.exists(name):
        raise NotVisible(f"jobs.Job {job.pk}")
    client = Client.objects.visible_to(by).with_id(job.args["client"])
    if client is None:
        raise NotVisible(f"jobs.Job {job.pk}")
    record("regulator pack downloaded", by=by, subject=client, client_id=client.pk, payload={"job": job.pk})
    return default_storage.open(name)
