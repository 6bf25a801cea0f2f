"""Bring a new version of a sanctions list into force."""

import hashlib
from datetime import date, timedelta
from typing import BinaryIO, cast
from uuid import uuid4

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from clients.scanner import refusals_of_scanner
from compliance.lists import READERS
from compliance.lists.reading import Entry, ListFile, Unreadable
from compliance.models import ListedEntity, ListedName, ListVersion
from compliance.rules import lists as rules
from jobs.actions import ask
from jobs.models import Job
from staff.lock import action
from staff.models import User
from staff.night import NightShift
from staff.roles import May
from ui.refusals import Refused, refuse_if

BATCH = 2000


@action(May.SCREENING_RUN, "sanctions list imported", remember=("source",))
def import_list(
    _: None,
    *,
    by: User | NightShift,
    source: str,
    file: BinaryIO,
    called: str = "",
    day: date | None = None,
) -> ListVersion:
    """Replace the active version of a list by this file, whole or not at all; what did not change stays.

    `source` names the reader; "csv" reads an own list, which may have a name (`called`) and is of `day`, or
    of today, where the file does not say. The same file again changes nothing. Refused (Refused) with a
    sentence when it is no such list, cut short, older, or has lost half its entities: the active one stays.
    """
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # any open binary file
    file.seek(0)
    listed = rules.source_of(source, called)
    with connection.cursor() as cursor:  # one after the other, the very first ones too
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"list {listed}"])
    active = ListVersion.objects.select_for_update().filter(source=listed, active=True).first()
    if active is not None and active.sha256 == digest:
        return active
    found = _read(source, file)
    published_on = found.published_on or day or timezone.localdate()
    before = (active.entities, active.published_on) if active else None
    # A publisher east of us is ahead of us by a day.
    latest = timezone.localdate() + timedelta(days=1)
    refuse_if(rules.refusals_to_import(len(found.entries), published_on, before, found.stated, latest))
    version, _made = ListVersion.objects.update_or_create(
        source=listed,
        sha256=digest,
        defaults={
            "published_on": published_on,
            "entities": len(found.entries),
            "names": found.names,
            "imported_by_id": by.pk,
            "imported_at": timezone.now(),
        },
    )
    _swap(version, found.entries)
    ListVersion.objects.filter(source=listed, active=True).update(active=False)
    version.active = True
    version.save()
    return version


@action(May.SCREENING_RUN, "sanctions list uploaded", remember=("source",))
def upload_list(_: None, *, by: User, source: str, file: File, called: str = "") -> Job:
    """Keep the file under a name of ours, and put its import on the list."""
    refuse_if(refusals_of_scanner(cast(BinaryIO, file), settings.CLAMD))
    path = default_storage.save(f"lists/{uuid4().hex}", file)
    key = path.rpartition("/")[2]
    return ask(
        "compliance.import_list", f"list {key}", person_id=by.pk, file=key, source=source, called=called
    )


def _read(source: str, file: BinaryIO) -> ListFile:
    if source not in READERS:
        raise Refused([f"There is no reader for a list “{source}”. Known: {', '.join(sorted(READERS))}."])
    try:
        return READERS[source](file)
    except Unreadable as error:
        raise Refused([str(error)]) from error


def _swap(version: ListVersion, entries: tuple[Entry, ...]) -> None:
    """End what is gone or changed, begin what is new or changed, and count them on `version`."""
    content = {entry.reference: entry.content for entry in entries}
    listed = dict(
        ListedEntity.objects.listed().filter(source=version.source).values_list("reference", "content")
    )
    ended = [reference for reference, hashed in listed.items() if content.get(reference) != hashed]
    fresh = [entry for entry in entries if listed.get(entry.reference) != content[entry.reference]]
    for start in range(0, len(ended), BATCH):
        ListedEntity.objects.listed().filter(
            source=version.source, reference__in=ended[start : start + BATCH]
        ).update(until=version)
    for start in range(0, len(fresh), BATCH):
        _begin(version, fresh[start : start + BATCH], content)
    version.amended = sum(reference in content for reference in ended)
    version.removed = len(ended) - version.amended
    version.added = len(fresh) - version.amended


def _begin(version: ListVersion, entries: list[Entry], content: dict[str, str]) -> None:
    rows = ListedEntity.objects.bulk_create(
        ListedEntity(
            source=version.source,
            reference=entry.reference,
            content=content[entry.reference],
            since=version,
            kind=entry.kind,
            name=entry.names[0].name,
            born_on=entry.born_on,
            countries=entry.countries,
            programmes=entry.programmes,
            born_in=entry.born_in,
            identifiers=[[paper.kind, paper.number, paper.country] for paper in entry.papers],
        )
        for entry in entries
    )
    ListedName.objects.bulk_create(
        (
            ListedName(entity=row, name=name.name, strong=name.strong)
            for row, entry in zip(rows, entries, strict=True)
            for name in entry.names
        ),
        batch_size=BATCH,
    )
