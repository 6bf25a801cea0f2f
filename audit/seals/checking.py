"""Verify the live audit: rows, seals, signatures, anchors and partitions, by the arithmetic of
audit/seals/verifier.py."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from psycopg2.extras import Json

from audit.seals.anchors import AnyAnchor
from audit.seals.chains import AUDIT, Chain, event_lines, seals, utc_now
from audit.seals.verifier import CLOCKS, Anchor, Finding, Signatures, Walk, blind_mark, iso_of, place_of

# Whatever an event says: what no bank may take out so early counts as gone.
LEAST_KEPT = timedelta(days=5 * 365)
LATE = timedelta(seconds=5)  # an event that is in no seal after this says that sealing has stopped


@dataclass
class Verdict:
    """What one verification found."""

    chain: str
    findings: list[Finding] = field(default_factory=list)
    events: int = 0
    seals: int = 0
    to_seal: int = 0
    sealed_until: str = ""
    unsealed: int = 0
    retired: int = 0
    anchors: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0

    blind: bool = False

    @property
    def right(self) -> bool:
        return not self.findings

    def told(self) -> dict[str, Any]:
        """As JSON. Of a blind chain whether it is right, and what is not: how much there is, is not told."""
        findings = [finding._asdict() for finding in self.findings]
        if self.blind:
            return {"chain": self.chain, "findings": findings}
        return asdict(self) | {"findings": findings}


def check(
    apart: Callable[[], Any],
    chain: Chain = AUDIT,
    *,
    keys: Iterable[str],
    anchors: list[AnyAnchor],
    extra: Iterable[tuple[str, Callable[[], Iterator[str] | None]]] = (),
) -> Verdict:
    """Everything there is of one chain.

    apart    opens a connection: events and seals are read side by side, in one snapshot
    keys     public keys that are trusted from elsewhere; those that anchors hold are trusted too
    extra    more copies of an anchor: (name, lines), such as what was taken out of a syslog
    """
    began, verdict = time.monotonic(), Verdict(chain.name, blind=chain.blind)
    reading, beside = apart(), apart()
    try:
        read = [(anchor.name, anchor.lines) for anchor in anchors] + list(extra)
        # Before the snapshot: a seal is in the database first, so whatever an anchor holds now must be in it.
        newest = [_newest(lines_of(), chain) for _name, lines_of in read]
        now, next_transaction = _one_snapshot(reading, beside)
        held = _anchors_of(beside, chain)
        trusted = set(keys) or _keys_in(read, chain)
        beside_them = []
        for (name, lines_of), upto in zip(read, newest, strict=True):
            lines = lines_of()
            told: dict[str, Any] = {"name": name, "readable": lines is not None, **held.pop(name, {})}
            verdict.anchors.append(told)
            if lines is not None and not chain.blind:
                beside_them.append(Anchor(name, lines, chain.name, told.get("begins", 1), upto))
        walk = Walk(
            seals(beside, chain),
            event_lines(reading, chain),
            keys=trusted,
            anchors=beside_them,
            unsealed=_in_no_seal(now, next_transaction),
            retired=retired_until(beside) if chain is AUDIT else "",
        )
        walk.run()
        for name in sorted(held):
            walk.find("anchor", None, f"anchor {name} was written to and is not among those to be verified")
        if chain.blind:
            _blind(walk, beside, chain, read, trusted)
        if chain is AUDIT:
            for event_id, partition in _strays(beside):
                walk.find("event", event_id, f"lies in {partition}, the partition of another month")
    finally:
        reading.close()
        beside.close()
    verdict.findings = walk.findings
    verdict.events, verdict.seals = walk.counts["events"], walk.counts["seals"]
    verdict.unsealed, verdict.retired = walk.counts["unsealed"], walk.counts["retired"]
    if walk.head:
        verdict.to_seal, verdict.sealed_until = walk.head["number"], walk.head["at"]
    verdict.seconds = time.monotonic() - began
    return verdict


def _newest(lines: Iterator[str] | None, chain: Chain) -> tuple[int, int]:
    """The place of the last seal that an anchor holds."""
    anchor = Anchor("", lines or (), chain.name)  # which stands at the first one
    return max(map(place_of, anchor.lines), default=anchor.last)


def _one_snapshot(first: Any, second: Any) -> tuple[datetime, int]:
    """Both connections see the same instant, or a seal could be newer than the events beside it."""
    begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    patient = "SET LOCAL idle_in_transaction_session_timeout = 0"  # one waits while the other is hashed
    with first.cursor() as cursor:
        cursor.execute(begin)
        cursor.execute(patient)
        cursor.execute(
            "SELECT pg_export_snapshot(), clock_timestamp(), "
            "pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
        )
        name, now, next_transaction = cursor.fetchone()
    with second.cursor() as cursor:
        cursor.execute(begin)
        cursor.execute("SET TRANSACTION SNAPSHOT %s", [name])  # before anything else
        cursor.execute(patient)
    return now, next_transaction


def _anchors_of(connection: Any, chain: Chain) -> dict[str, dict[str, Any]]:
    """What the sealer says it has written; only a help, the anchors themselves are the proof."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, begins, number, at FROM audit_anchor WHERE chain = %s", [chain.name])
        rows = cursor.fetchall()
    return {name: {"begins": begins, "number": number, "at": iso_of(at)} for name, begins, number, at in rows}


def _keys_in(read: Iterable[tuple[str, Callable[[], Iterator[str] | None]]], chain: Chain) -> set[str]:
    """Keys that anchors hold: they are outside the database, so its administrator did not choose them."""
    found = set()
    for _name, lines_of in read:
        for line in lines_of() or ():
            start = line.find('{"chain"')
            try:
                record = json.loads(line[start:]) if start >= 0 else {}
            except ValueError:
                continue
            if record.get("chain") == chain.name and "key" in record:
                found.add(record["key"])
    return found


def _in_no_seal(now: datetime, next_transaction: int) -> Callable[[int, str, int], str]:
    limit, latest = iso_of(now - LATE), iso_of(now + CLOCKS)

    def sentence(number: int, at: str, transaction: int) -> str:
        if at > latest or transaction >= next_transaction:
            return f"is in no seal and of a time to come (dated {at}): it was put in by hand"
        return (
            f"is in no seal (dated {at}): it was put in by hand, or sealing has stopped" if at < limit else ""
        )

    return sentence


def retired_until(connection: Any) -> str:
    """Until when events were taken out by the owner's command, "": the audit itself says so, sealed."""
    with connection.cursor() as cursor:
        cursor.execute(
            # What stands under no seal says nothing: whoever deletes events could write it too.
            "SELECT max(said.payload->>'until') FROM audit_event said "
            "WHERE said.verb = 'audit retired' AND said.payload->>'until' < %s AND EXISTS ("
            "SELECT FROM audit_seal seal WHERE said.at BETWEEN seal.first_at AND seal.last_at "
            "AND position(int8send(said.id) || said.row_hash IN seal.leaves) > 0)",
            [iso_of(utc_now() - LEAST_KEPT)],
        )
        return str(cursor.fetchone()[0] or "")


def _strays(connection: Any) -> list[tuple[int, str]]:
    """Rows whose time is not of their partition's month: PostgreSQL would not put them there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid "
            "WHERE inhparent = 'audit_event'::regclass AND relname ~ '^audit_event_[0-9]{4}_[0-9]{2}$' "
            "ORDER BY 1"
        )
        months = [row[0] for row in cursor.fetchall()]
        found: list[tuple[int, str]] = []
        for name in months:
            year, month = (int(part) for part in name.split("_")[-2:])
            first = datetime(year, month, 1, tzinfo=UTC)
            next_month = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
            cursor.execute(
                "SELECT id FROM audit_event WHERE tableoid = %s::regclass AND (at < %s OR at >= %s) "
                "ORDER BY id LIMIT 100",
                [name, first, next_month],
            )
            found += [(row[0], name) for row in cursor.fetchall()]
    return found


def _blind(walk: Walk, connection: Any, chain: Chain, read: Iterable[Any], trusted: set[str]) -> None:
    """A blind anchor's line holds the head of its minute under another name each time."""
    signatures = Signatures(trusted)
    for name, lines_of in read:
        for line in lines_of() or ():
            start = line.find('{"chain":"' + chain.name + '"')
            if start < 0:
                continue
            try:
                held = json.loads(line[start:])
                at, mark = held["at"], held["mark"]
                signed = signatures.is_right(held["key"], mark, held["signature"])
            except (ValueError, KeyError):
                walk.find("anchor", None, f"anchor {name} has a damaged line")
                continue
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT number, encode(hash, 'hex') FROM {chain.seals} WHERE at <= %s "  # noqa: S608
                    "ORDER BY number DESC LIMIT 1",
                    [at],
                )
                row = cursor.fetchone()
            if not signed or row is None or blind_mark(row[1], at) != mark:
                number = row[0] if row else 1
                walk.find(
                    "seal", number, f"is not the head that anchor {name} holds of {at}: seals were changed"
                )


# --- how sealing stands ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Standing:
    """What the status line says. `alarm` is empty while all is well."""

    alarm: str  # "", "stopped", "late" or "anchor"
    pulse_at: datetime | None
    sealed_until: datetime | None
    number: int
    trouble: str
    anchors: list[tuple[str, int, datetime]]
    oldest: datetime | None  # the oldest event that is in no seal


QUIET = timedelta(seconds=4)  # with the pulse of a second: an alarm within five

_STANDING = """
SELECT (SELECT at FROM audit_pulse WHERE chain = 'audit'),
       (SELECT trouble FROM audit_pulse WHERE chain = 'audit'),
       seal.number, seal.at, clock_timestamp(),
       (SELECT min(at) FROM audit_event
        WHERE xid >= pg_snapshot_xmin(seal.snapshot::pg_snapshot) AND id > seal.after_id
          AND xid < pg_snapshot_xmax(pg_current_snapshot())
          AND NOT pg_visible_in_snapshot(xid, seal.snapshot::pg_snapshot))
FROM (SELECT) one LEFT JOIN (SELECT * FROM audit_seal ORDER BY number DESC LIMIT 1) seal ON true
"""


def standing(connection: Any, with_anchors: bool = True) -> Standing:
    """How far the audit is sealed, and whether anything is wrong. 2 queries, 1 without the anchors."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING)
        pulse_at, trouble, number, sealed, now, oldest = cursor.fetchone()
        anchors = []
        if with_anchors:
            cursor.execute("SELECT name, number, at FROM audit_anchor WHERE chain = 'audit' ORDER BY name")
            anchors = cursor.fetchall()
    if pulse_at is None or now - pulse_at > QUIET:
        alarm = "stopped"
    elif oldest is not None and now - oldest > LATE:
        alarm = "late"
    else:
        alarm = "anchor" if trouble else ""
    return Standing(alarm, pulse_at, sealed, number or 0, trouble or "", anchors, oldest)


def remember(connection: Any, verdict: Verdict, source: str) -> None:
    """Keep what a verification of the audit found, for the page."""
    told = [list(finding) for finding in verdict.findings[:50]]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_check (source, events, seals, to_seal, findings, seconds) "
            "VALUES (%s, %s, %s, %s, %s, %s)",
            [source, verdict.events, verdict.seals, verdict.to_seal, Json(told), verdict.seconds],
        )


def last_check(connection: Any) -> dict[str, Any] | None:
    """The newest verification. 1 query."""
    names = ("at", "source", "events", "seals", "to_seal", "seconds", "findings")
    with connection.cursor() as cursor:
        # As text: who reads it may have told psycopg2 to leave JSON alone, as Django does.
        cursor.execute(f"SELECT {', '.join(names)}::text FROM audit_check ORDER BY id DESC LIMIT 1")  # noqa: S608
        row = cursor.fetchone()
    return dict(zip(names, [*row[:-1], json.loads(row[-1])], strict=True)) if row else None
