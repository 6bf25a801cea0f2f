"""A range of the audit as a ZIP that proves itself: events, seals, anchors, the key and the verifier."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from audit.seals.anchors import AnyAnchor
from audit.seals.chains import AUDIT, event_lines, seals, utc_now
from audit.seals.checking import retired_until
from audit.seals.verifier import iso_of, leaves_of, manifest_hash

VERIFIER = Path(__file__).with_name("verifier.py")
README = """An export of the audit of RM CRM.

To verify it, offline: install Python 3.9 or newer and the package `cryptography`, then

    python verifier.py EXPORT.zip

The copy of verifier.py in this ZIP could have been changed together with the rest: take yours from the
product, or
read it, it is one page. The same holds for the key in keys.txt: pass the one the bank has published with
--key=HEX.

events.tsv     one event a line: its header (JSON), its payload (JSON), its hash
seals.jsonl    the seals these events lie under; a range is a run of whole seals
anchors.jsonl  what the anchors outside the database hold of these seals, as far as it could be read
keys.txt       the public keys the seals are signed by
manifest.json  what was asked, by whom, and the hash of each file
"""


@dataclass(frozen=True)
class Range:
    """A run of whole seals: the first and the last one, and how many events lie under them."""

    first: int
    last: int
    events: int
    seals: int


def range_of(connection: Any, since: datetime, until: datetime) -> Range | None:
    """The seals that hold something of these days; None when there is none, or it was retired. 2 queries."""
    retired = retired_until(connection) or iso_of(datetime.min.replace(tzinfo=UTC))
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH ends AS (SELECT min(number) AS first, max(number) AS last FROM audit_seal "
            "WHERE count > 0 AND last_at >= %s AND first_at < %s AND first_at >= %s) "
            "SELECT ends.first, ends.last, sum(seal.count), count(*) FROM ends "
            "JOIN audit_seal seal ON seal.number BETWEEN ends.first AND ends.last GROUP BY 1, 2",
            [since, until, retired],
        )
        row = cursor.fetchone()
    return Range(row[0], row[1], int(row[2]), row[3]) if row else None


def write_export(
    out: IO[bytes],
    apart: Callable[[], Any],
    found: Range,
    *,
    asked: str,
    by: str,
    anchors: Iterable[AnyAnchor] = (),
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Any]:
    """Write the ZIP; its manifest. Events are stored as they are, so that a flipped byte can be traced to
    its event.

    by     who exports, as it is to stand in the export for ever
    tell   called now and then with how many events are written
    """
    reading, beside = apart(), apart()
    files: dict[str, dict[str, Any]] = {}
    try:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
            keys, ids = set(), _Ids()

            def seal_lines() -> Iterator[bytes]:
                for seal in seals(beside, AUDIT, found.first, found.last):
                    keys.add(seal["key"])
                    ids.add(seal["leaves"])
                    yield json.dumps(seal | {"leaves": seal["leaves"].hex()}).encode() + b"\n"

            _put(archive, files, "seals.jsonl", seal_lines())
            _put(
                archive,
                files,
                "events.tsv",
                _told(ids.of(event_lines(reading, AUDIT, ids.where())), found, tell),
            )
            held = list(_held(anchors, found))
            _put(archive, files, "anchors.jsonl", held)
            _put(archive, files, "keys.txt", (f"{key}\n".encode() for key in sorted(keys)))
            _put(archive, files, "README.txt", [README.encode()])
            _put(archive, files, "verifier.py", [VERIFIER.read_bytes()])
            manifest: dict[str, Any] = {
                "asked": asked,
                "exported_by": by,
                "exported_at": iso_of(utc_now()),
                "from_seal": found.first,
                "to_seal": found.last,
                "events": ids.written,
                "files": files,
            }
            manifest["sha256"] = manifest_hash(manifest)
            archive.writestr("manifest.json", json.dumps(manifest, indent=1))
    finally:
        reading.close()
        beside.close()
    return manifest


class _Ids:
    """Which events lie under the seals: a set of a few million numbers is small."""

    def __init__(self) -> None:
        self.wanted: set[int] = set()
        self.written = 0

    def add(self, data: bytes) -> None:
        self.wanted.update(event_id for event_id, _hash in leaves_of(data))

    def where(self) -> str:
        if not self.wanted:
            return "WHERE false"
        return f"WHERE e.id BETWEEN {min(self.wanted)} AND {max(self.wanted)}"

    def of(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        for line in lines:
            if int(line.split(b", ", 2)[1]) in self.wanted:
                self.written += 1
                yield line


def _told(lines: Iterator[bytes], found: Range, tell: Callable[[int, int], None]) -> Iterator[bytes]:
    for number, line in enumerate(lines):
        if number % 20_000 == 0:
            tell(number, found.events)
        yield line


def _held(anchors: Iterable[AnyAnchor], found: Range) -> Iterator[bytes]:
    for anchor in anchors:
        for line in anchor.lines() or ():
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if record.get("chain") == AUDIT.name and found.first <= record.get("number", 0) <= found.last:
                yield f"{anchor.name}\t{line.strip()}\n".encode()


def _put(
    archive: zipfile.ZipFile, files: dict[str, dict[str, Any]], name: str, lines: Iterable[bytes]
) -> None:
    digest, size = hashlib.sha256(), 0
    with archive.open(name, "w", force_zip64=True) as file:
        for line in lines:
            file.write(line)
            digest.update(line)
            size += len(line)
    files[name] = {"sha256": digest.hexdigest(), "bytes": size}
