#!/usr/bin/env python3
"""Verify an exported audit of RM CRM, offline: `python verifier.py EXPORT.zip`. One file, nothing else of
RM CRM.

It needs Python 3.9 or newer and the package `cryptography`. Exit codes: 0 all is as it was sealed, 1
something is
not (each finding names the event, the seal or the anchor), 2 the export cannot be read, 3 without
--key: all is as it was sealed, by a key that the export itself brings.

The arithmetic, for who writes a verifier of his own:

  event   one line: HEADER, tab, PAYLOAD, tab, ROW HASH. HEADER is a JSON array, whose last element is the
  SHA-256
          of PAYLOAD; the row hash is the SHA-256 of HEADER. All as UTF-8, byte for byte as they stand there.
  leaf    the number of an event (8 bytes, big-endian) and its row hash (32 bytes).
  root    the SHA-256 of all leaves of a seal, one behind the other.
  seal    its hash is the SHA-256 of a JSON array (`seal_header`) that holds the root and the hash of the
  seal before.
  signature   Ed25519 over the 32 bytes of the seal's hash.
  anchor  the same number, hash and signature, kept outside the database.

RM CRM itself checks its live audit with the functions of this file.
"""

import hashlib
import io
import json
import os
import sys
import zipfile
from collections import namedtuple
from datetime import UTC, datetime, timedelta

EVENT_FORMAT, SEAL_FORMAT = "rmcrm-event-2", "rmcrm-seal-1"
GENESIS = "0" * 64
LEAF = 40
# An event is written down when it happens and sealed when its transaction is over. One that claims to be
# much older
# than the seal before its own was put in later.
LONGEST_TRANSACTION = timedelta(hours=1)
CLOCKS = timedelta(seconds=5)  # two clocks of one machine, and the sealing itself
MARKED = 64  # so many events are named one by one in an anchor's line
MOST_FINDINGS = 1000

# what: "event", "seal", "anchor" or "export"; number: of the event or seal, None where there is none
Finding = namedtuple("Finding", "what number sentence")


def sha256(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


# --- one event, one seal ---------------------------------------------------------------------------------
def seal_header(seal):
    """What the hash of a seal is taken of."""
    fields = (
        "chain",
        "number",
        "epoch",
        "cluster",
        "at",
        "snapshot",
        "after_id",
        "count",
        "first_at",
        "last_at",
    )
    return json.dumps(
        [SEAL_FORMAT, *(seal[name] for name in fields), seal["root"], seal["previous"], seal["key"]],
        separators=(",", ":"),
        ensure_ascii=False,
    ).encode()


def seal_hash(seal):
    return sha256(seal_header(seal)).hex()


def leaf(event_id, row_hash):
    return event_id.to_bytes(8, "big") + row_hash


def leaves_of(data):
    """(number, row hash) of each event under a seal."""
    for at in range(0, len(data), LEAF):
        yield int.from_bytes(data[at : at + 8], "big"), data[at + 8 : at + LEAF]


def marks_of(data):
    """The events of a small seal, short, for an anchor: so that it can name what was changed behind it."""
    if len(data) > MARKED * LEAF:
        return {}
    return {str(event_id): row_hash[:8].hex() for event_id, row_hash in leaves_of(data)}


def blind_mark(hash_hex, at):
    """For a chain of which nobody may see when it grows: another value at each time, also for the same
    head."""
    return sha256(bytes.fromhex(hash_hex), at.encode()).hex()


def read_event(line):
    """(number, at, transaction, row hash as computed, what is wrong with the line itself or "")."""
    header, _tab, rest = line.rstrip(b"\n").partition(b"\t")
    payload, _tab, stored = rest.rpartition(b"\t")
    try:
        name, number, at, xid, _more = header.split(b", ", 4)
        event_id, when, transaction = int(number), at[1:-1].decode("ascii"), int(xid[1:-1])
    except ValueError:
        raise Unreadable("a line of the events is not one") from None
    computed = sha256(header)
    if name != b'["' + EVENT_FORMAT.encode() + b'"':
        return event_id, when, transaction, computed, "has an unknown format"
    if computed.hex().encode() != stored:
        return event_id, when, transaction, computed, "was changed: its content does not have its hash"
    if header[-68:] != b' "' + sha256(payload).hex().encode() + b'"]':
        return event_id, when, transaction, computed, "was changed: its payload does not have its hash"
    return event_id, when, transaction, computed, ""


def was_finished(transaction, snapshot):
    """Did PostgreSQL count this transaction as over when the snapshot "xmin:xmax:running,..." was taken?"""
    try:
        low, high, running = snapshot.split(":")
        return transaction < int(high) and (
            transaction < int(low) or transaction not in [int(each) for each in running.split(",") if each]
        )
    except ValueError:
        return False


class Unreadable(Exception):
    """Not an export, or not one of ours."""


class Signatures:
    """Checks signatures by the keys that are trusted."""

    def __init__(self, keys):
        self.keys = set(keys)
        self._known = {}

    def is_right(self, key, hash_hex, signature):
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            if key not in self._known:
                self._known[key] = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
            self._known[key].verify(bytes.fromhex(signature), bytes.fromhex(hash_hex))
        except (InvalidSignature, ValueError):
            return False
        return True


def place_of(seal):
    """Where a seal stands: after a restore of an older dump numbers are given once more, in a later epoch."""
    return seal["epoch"], seal["number"]


# --- anchors ---------------------------------------------------------------------------------------------
class Anchor:
    """One copy of the heads outside the database, read beside the seals, in their order.

    upto    the newest that it held before the seals were read; what it got meanwhile is newer than they are
    """

    def __init__(self, name, lines, chain, begins=1, upto=None):
        self.name, self.chain, self.begins, self.upto = name, chain, begins, upto
        self.lines = self._parse(lines)
        self.next, self.last, self.findings = None, (0, 0), []
        self._advance()

    def _parse(self, lines):
        """Lines of a file, or of a syslog where each has a prefix."""
        for line in lines:
            start = line.find('{"chain"')
            if start < 0:
                continue
            try:
                found = json.loads(line[start:])
            except ValueError:
                self.findings.append(Finding("anchor", None, f"anchor {self.name} has a damaged line"))
                continue
            if found.get("chain") != self.chain or "mark" in found:
                continue
            if all(type(found.get(name)) is int for name in ("number", "epoch", "count")) and all(
                type(found.get(name)) is str for name in ("hash", "key", "signature")
            ):
                yield found
            else:
                self.findings.append(Finding("anchor", None, f"anchor {self.name} has a damaged line"))

    def _advance(self):
        self.next = None
        for found in self.lines:
            if place_of(found) > self.last:
                self.next, self.last = found, place_of(found)
                return

    def compare(self, seal, signatures):
        """What this anchor says against a seal."""
        number = seal["number"]
        while self.next and place_of(self.next) < place_of(seal):
            yield from self._gone(self.next)
            self._advance()
        if not self.next or place_of(self.next) > place_of(seal):
            if number >= self.begins:
                yield Finding("seal", number, f"is not in anchor {self.name}, which should hold it")
            return
        held = self.next
        self._advance()
        if not signatures.is_right(held["key"], held["hash"], held["signature"]):
            yield Finding("anchor", number, f"anchor {self.name}: its signature for seal {number} is wrong")
            return
        if held["hash"] == seal["hash"]:
            return
        yield Finding("seal", number, f"is not the one that anchor {self.name} holds: seals were rewritten")
        now = marks_of(seal["leaves"])
        for event_id, mark in held.get("events", {}).items():
            if now.get(event_id) != mark:
                yield Finding("event", int(event_id), f"is not what anchor {self.name} holds of it")
        for event_id in set(now) - set(held.get("events", {})):
            if "events" in held:
                yield Finding("event", int(event_id), f"is not in anchor {self.name}: it was put in later")

    def rest(self):
        """What it holds beyond the last seal."""
        while self.next and (self.upto is None or place_of(self.next) <= self.upto):
            yield from self._gone(self.next)
            self._advance()
        yield from self.findings

    def _gone(self, held):
        number = held["number"]
        yield Finding("seal", number, f"is gone; anchor {self.name} holds it, with {held['count']} events")
        for event_id in held.get("events", {}):
            yield Finding(
                "event", int(event_id), f"is gone with seal {number}, which anchor {self.name} holds"
            )


# --- the walk --------------------------------------------------------------------------------------------
class Walk:
    """Seals in their order, events by their number, anchors beside them: what does not fit is a finding.

    seals      dicts with `leaves` (bytes), in order of their number
    events     lines (bytes), in order of the events' number
    anchors    `Anchor`s
    keys       hex of the public keys that are trusted
    whole      the chain from its beginning, and every event there is; else a run of whole seals out of it
    unsealed   what an event in no seal is called: a function (number, at, transaction) ->
    sentence, or "" when it is
    only new
    retired    events before this instant (ISO) may be gone, the oldest of a seal first
    """

    def __init__(self, seals, events, *, keys, anchors=(), whole=True, unsealed=None, retired=""):
        self.seals, self.events = iter(seals), iter(events)
        self.anchors, self.whole, self.retired = list(anchors), whole, retired
        self.signatures = Signatures(keys)
        self.unsealed = unsealed or (lambda number, at, transaction: "is in no seal")
        self.findings = []
        self.named = set()
        self.waiting = {}  # read and not yet found in a seal
        self.read_to = 0
        self.counts = {"events": 0, "seals": 0, "unsealed": 0, "retired": 0}
        self.head = None

    def run(self):
        before = None
        for seal in self.seals:
            if seal is None:
                self.find("seal", before["number"] + 1 if before else 1, "cannot be read")
                continue
            self._seal(seal, before)
            for anchor in self.anchors:
                for finding in anchor.compare(seal, self.signatures):
                    self.find(*finding)
            before = seal
            self.counts["seals"] += 1
        self.head = before
        for anchor in self.anchors:
            for finding in anchor.rest():
                self.find(*finding)
        self._read_until(None)
        for event_id, (at, transaction, _hash) in sorted(self.waiting.items()):
            self.counts["unsealed"] += 1
            head = self.head
            if head and (event_id <= head["after_id"] or was_finished(transaction, head["snapshot"])):
                self.find(
                    "event",
                    event_id,
                    "is in no seal, and should be: it was put in later, or its seal is gone",
                )
            elif sentence := self.unsealed(event_id, at, transaction):
                self.find("event", event_id, sentence)
        return self.findings

    def find(self, what, number, sentence):
        """Each event is named once, for the first thing found; each other finding as it is."""
        if what == "event":
            if number in self.named:
                return
            self.named.add(number)
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(what, number, sentence))

    def _seal(self, seal, before):
        number = seal["number"]
        expected = before["number"] + 1 if before else 1 if self.whole else number
        if number != expected:
            gone = str(expected) if number == expected + 1 else f"{expected} to {number - 1}"
            self.find("seal", expected, f"is gone (of the seals, {gone} are missing)")
        elif (before["hash"] if before else GENESIS if self.whole else seal["previous"]) != seal["previous"]:
            self.find("seal", number, "does not follow the seal before it")
        if before and seal["epoch"] < before["epoch"]:
            self.find("seal", number, "belongs to an earlier epoch than the seal before it")
        data = seal["leaves"]
        if sha256(data).hex() != seal["root"] or len(data) != seal["count"] * LEAF:
            self.find("seal", number, "does not hold the events it was made of")
        if seal_hash(seal) != seal["hash"]:
            self.find("seal", number, "was changed: its content does not have its hash")
        if seal["key"] not in self.signatures.keys:
            self.find("seal", number, f"is signed by a key that is not known ({seal['key'][:16]}...)")
        if not self.signatures.is_right(seal["key"], seal["hash"], seal["signature"]):
            self.find("seal", number, "has a wrong signature")
        # Of the first seal of an epoch nothing is known before it.
        earliest = ""
        if before and before["epoch"] == seal["epoch"]:
            earliest = shifted(before["at"], -LONGEST_TRANSACTION)
        self._leaves(number, data, earliest, shifted(seal["at"], CLOCKS), seal["first_at"])

    def _leaves(self, number, data, earliest, latest, first_at):
        ids = [int.from_bytes(data[at : at + 8], "big") for at in range(0, len(data), LEAF)]
        if ids:
            self._read_until(max(ids))
        gone = []
        for place, event_id in enumerate(ids):
            found = self.waiting.pop(event_id, None)
            if found is None:
                gone.append(event_id)
                continue
            at, _transaction, row_hash = found
            if row_hash != data[place * LEAF + 8 : (place + 1) * LEAF]:
                self.find("event", event_id, f"was changed after it was sealed (seal {number})")
            elif at < earliest:
                self.find("event", event_id, f"is dated {at}, long before it was sealed (seal {number})")
            elif at > latest:
                self.find("event", event_id, f"is dated {at}, after it was sealed (seal {number})")
        if gone and first_at < self.retired and gone == ids[: len(gone)]:
            self.counts["retired"] += len(gone)
            return
        for event_id in gone:
            self.find("event", event_id, f"is gone: it was removed after it was sealed (seal {number})")

    def _read_until(self, last):
        """Take events from the stream up to this number, all for None."""
        if last is not None and self.read_to >= last:
            return
        for line in self.events:
            self.counts["events"] += 1
            try:
                event_id, at, transaction, row_hash, wrong = read_event(line)
            except Unreadable:
                self.find("export", None, f"line {self.counts['events']} of the events cannot be read")
                continue
            if wrong:
                self.find("event", event_id, wrong)
            if event_id == self.read_to or event_id in self.waiting:
                self.find("event", event_id, "is there twice")
            elif event_id < self.read_to:
                self.find("event", event_id, "is out of order")
            self.waiting[event_id] = (at, transaction, row_hash)
            self.read_to = max(self.read_to, event_id)
            if last is not None and event_id >= last:
                return


def shifted(iso, by):
    try:
        return iso_of(datetime.strptime(iso, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC) + by)
    except ValueError:  # of a seal that was found to be changed already
        return iso


def iso_of(moment):
    """As it stands in events and seals: UTC, to the microsecond."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


# --- an export -------------------------------------------------------------------------------------------
FILES = (
    "manifest.json",
    "events.tsv",
    "seals.jsonl",
    "anchors.jsonl",
    "keys.txt",
    "verifier.py",
    "README.txt",
)


def seal_from_json(line):
    """A seal out of its line; None for a line that holds none."""
    try:
        seal = json.loads(line)
        seal["leaves"] = bytes.fromhex(seal["leaves"])
        whole = all(type(seal[name]) is int for name in NUMBERS) and all(
            type(seal[name]) is str for name in WORDS
        )
    except (ValueError, KeyError, TypeError):
        return None
    return seal if whole else None


NUMBERS = ("number", "epoch", "after_id", "count")
WORDS = (
    "chain",
    "cluster",
    "at",
    "snapshot",
    "first_at",
    "last_at",
    "root",
    "previous",
    "key",
    "hash",
    "signature",
)


class Stored(io.RawIOBase):
    """A file of the archive as its bytes stand there. zipfile itself stops at the first byte that was
    flipped, and
    we want to say in which event it is: so events and seals lie uncompressed."""

    def __init__(self, archive, name):
        info, self.file = archive.getinfo(name), archive.fp
        if info.compress_type != zipfile.ZIP_STORED:
            raise Unreadable(f"{name} is not stored as it is")
        self.file.seek(info.header_offset)
        head = self.file.read(30)
        self.at = (
            info.header_offset
            + 30
            + int.from_bytes(head[26:28], "little")
            + int.from_bytes(head[28:30], "little")
        )
        self.end = self.at + info.file_size

    def readable(self):
        return True

    def readinto(self, buffer):
        self.file.seek(self.at)
        block = self.file.read(min(len(buffer), self.end - self.at))
        buffer[: len(block)] = block
        self.at += len(block)
        return len(block)


def opened(archive, name):
    return io.BufferedReader(Stored(archive, name), 1 << 18)


def verify_export(archive, keys=()):
    """(findings, the walk, the manifest) of an open ZipFile. `keys`: trusted ones, else those it brings
    itself."""
    manifest = json.loads(archive.read("manifest.json"))
    findings = []
    for name, told in sorted(manifest["files"].items()):
        digest, file = hashlib.sha256(), opened(archive, name)
        while block := file.read(1 << 20):
            digest.update(block)
        if digest.hexdigest() != told["sha256"]:
            findings.append(Finding("export", None, f"{name} is not the file that was exported"))
    held = set(archive.namelist()) - {"manifest.json"}
    for name in sorted(held ^ set(manifest["files"])):
        findings.append(Finding("export", None, f"{name} is not what the manifest lists"))
    body = {name: value for name, value in manifest.items() if name != "sha256"}
    if manifest.get("sha256") != manifest_hash(body):
        findings.append(Finding("export", None, "manifest.json was changed"))
    own = opened(archive, "keys.txt").read().decode(errors="replace").split()
    seals = (seal_from_json(line) for line in opened(archive, "seals.jsonl"))
    whole = manifest["from_seal"] == 1
    walk = Walk(seals, opened(archive, "events.tsv"), keys=keys or own, whole=whole)
    walk.run()
    told = (manifest["from_seal"], manifest["to_seal"], manifest["events"])
    last = walk.head["number"] if walk.head else 0
    if (last - walk.counts["seals"] + 1, last, walk.counts["events"]) != told:
        walk.find("export", None, "there are not the seals and events that the manifest counts")
    compare_anchors(archive, walk)
    return [*findings, *walk.findings], walk, manifest


def compare_anchors(archive, walk):
    """Each line of an anchor that was exported along says of its seal what the seal says."""
    hashes = {}
    for line in opened(archive, "anchors.jsonl"):
        name, _tab, text = line.decode(errors="replace").partition("\t")
        try:
            held = json.loads(text)
            hashes.setdefault(held["number"], []).append((name, held["hash"]))
        except (ValueError, KeyError, TypeError):
            walk.find("anchor", None, f"a line of anchor {name} cannot be read")
    for line in opened(archive, "seals.jsonl") if hashes else ():
        if seal := seal_from_json(line):
            for name, held in hashes.get(seal["number"], []):
                if held != seal["hash"]:
                    walk.find("seal", seal["number"], f"is not the one that anchor {name} holds")


def manifest_hash(body):
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def words(finding):
    if finding.what in ("event", "seal"):
        return f"{finding.what} {finding.number}: {finding.sentence}"
    return finding.sentence


def main(arguments):
    keys = [each.removeprefix("--key=") for each in arguments if each.startswith("--key=")]
    files = [each for each in arguments if not each.startswith("--")]
    if len(files) != 1:
        print("Say which export: python verifier.py EXPORT.zip [--key=HEX of the public key you trust]")
        return 2
    try:
        with zipfile.ZipFile(files[0]) as archive:
            findings, walk, manifest = verify_export(archive, keys)
    except ImportError:
        print("The package `cryptography` is needed: pip install cryptography")
        return 2
    except Exception as error:  # a byte anywhere in a ZIP may have been flipped
        print(f"{os.path.basename(files[0])} cannot be read: {type(error).__name__}: {error}")
        return 2
    for finding in findings:
        print(words(finding))
    print(
        f"{walk.counts['events']} events in {walk.counts['seals']} seals"
        f" ({manifest['from_seal']} to {manifest['to_seal']}), exported by {manifest['exported_by']}"
        f" at {manifest['exported_at']}"
    )
    if findings:
        print(f"{len(findings)} findings")
        return 1
    if not keys:
        own = ", ".join(sorted(walk.signatures.keys))
        print(
            "All is as it was sealed by the key in the file itself: compare its fingerprint with the one"
            f" the bank has published, {own}"
        )
        return 3
    print("All is as it was sealed.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
