"""The sealer: every quarter of a second it closes what has happened into a chain, signs its head and
anchors it.

A process of its own with a database role of its own. It reads what was committed and adds seals; business
transactions never wait for it.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.seals.anchors import AnyAnchor, as_line
from audit.seals.chains import AUDIT, CHAINS, Chain, head, seals, utc_now
from audit.seals.verifier import GENESIS, blind_mark, iso_of, leaf, marks_of, seal_hash, sha256

log = logging.getLogger("rmcrm.audit")

EVERY = 0.25  # seconds
PULSE = 1.0
BLIND_EVERY = 60.0  # a chain of which nobody may see when it grows is anchored by the clock alone
MOST_IN_A_SEAL = 20_000
WAITS = (1.0, 30.0)  # seconds until an anchor that took nothing is tried again, doubled up to the second
MOST_AT_ONCE = 500  # seals given to an anchor in one go, so that catching up holds up no sealing
ONE_SEALER = 5_201_117  # the advisory lock: a second sealer waits for it


class Key:
    """The private key: 32 bytes, in hexadecimal. The database never sees it."""

    def __init__(self, text: str) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text.strip()))
        self.public: str = self._private.public_key().public_bytes_raw().hex()

    def sign(self, hash_hex: str) -> str:
        return self._private.sign(bytes.fromhex(hash_hex)).hex()


# What is visible to this statement and was not finished at the last look: each committed event once, and a
# long
# transaction holds up nobody else's. Old numbers of a restored database lie above `upto` or below `after`.
_NEW = """
SELECT id, row_hash, at FROM {events}
WHERE xid >= pg_snapshot_xmin(%(seen)s::pg_snapshot) AND xid < pg_snapshot_xmax(pg_current_snapshot())
  AND id > %(after)s AND NOT pg_visible_in_snapshot(xid, %(seen)s::pg_snapshot)
ORDER BY id
"""
# The same for a new epoch, while nobody writes: what no seal holds.
_LEFT = """
SELECT id, row_hash, at FROM {events}
WHERE (xid >= pg_snapshot_xmin(%(seen)s::pg_snapshot) AND id > %(after)s
       AND NOT pg_visible_in_snapshot(xid, %(seen)s::pg_snapshot)) OR id > %(sealed)s
ORDER BY id
"""
_LAST_SEALED = """
SELECT coalesce(max(('x' || encode(substr(leaves, octet_length(leaves) - 39, 8), 'hex'))::bit(64)::bigint), 0)
FROM {seals} WHERE count > 0
"""
_INSERT = """
INSERT INTO {seals} (number, chain, epoch, cluster, at, snapshot, after_id, count, first_at, last_at,
leaves, root,
                     previous, key, hash, signature)
VALUES (%(number)s, %(chain)s, %(epoch)s, %(cluster)s, %(at)s, %(snapshot)s, %(after_id)s, %(count)s,
%(first_at)s,
        %(last_at)s, %(leaves)s, decode(%(root)s, 'hex'), decode(%(previous)s, 'hex'), decode(%(key)s, 'hex'),
        decode(%(hash)s, 'hex'), decode(%(signature)s, 'hex'))
"""


@contextmanager
def whole(connection: Any, undo: Callable[[], None]) -> Iterator[None]:
    """One transaction of this autocommitting connection; `undo` puts back what we remember, should it
    fail."""
    with connection.cursor() as cursor:
        # The first seals of a large bank are hashed for longer than a transaction may lie idle otherwise.
        cursor.execute("BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0")
        try:
            yield
            cursor.execute("COMMIT")
        except BaseException:
            undo()
            if not connection.closed:
                cursor.execute("ROLLBACK")
            raise


@dataclass
class Sealing:
    """One chain as the sealer knows it: its head, and what was finished at the last look."""

    connection: Any
    chain: Chain
    key: Key
    cluster: str
    head: dict[str, Any] | None = None
    seen: str = ""
    after: int = 0

    def __post_init__(self) -> None:
        self.head = head(self.connection, self.chain)
        if self.head:
            self.seen, self.after = self.head["snapshot"], self.head["after_id"]

    @property
    def needs_epoch(self) -> bool:
        """At the very first, with another key, and after a logical restore, whose transactions begin anew."""
        return self.head is None or (self.head["cluster"], self.head["key"]) != (
            self.cluster,
            self.key.public,
        )

    def close(self) -> list[dict[str, Any]]:
        """Seal what is new; the seals that were made. One transaction."""
        if self.needs_epoch:
            return self._begin_epoch()
        with self.connection.cursor() as cursor:
            cursor.execute(
                f"WITH new AS ({_NEW.format(events=self.chain.events)}) "  # noqa: S608
                "SELECT pg_current_snapshot()::text, id, row_hash, at "
                "FROM (SELECT) one LEFT JOIN new ON true "
                "ORDER BY id",
                {"seen": self.seen, "after": self.after},
            )
            rows = cursor.fetchall()
        snapshot, found = rows[0][0], [row[1:] for row in rows if row[1] is not None]
        made = []
        if found and self.head:
            old = self.head
            with whole(self.connection, lambda: setattr(self, "head", old)):
                made = self._seal(found, snapshot, self.after, old["epoch"])
        self.seen = snapshot
        return made

    def _begin_epoch(self) -> list[dict[str, Any]]:
        """Signed over the old head. While it is made nobody writes an event, so nothing can slip past it."""
        old = self.head
        with whole(self.connection, lambda: setattr(self, "head", old)), self.connection.cursor() as cursor:
            cursor.execute(f"SELECT {self.chain.hold_still}()")
            sealed = self._last_sealed() if old else 0
            seen, after = (old["snapshot"], old["after_id"]) if old else ("3:3:", 0)
            cursor.execute(
                _LEFT.format(events=self.chain.events), {"seen": seen, "after": after, "sealed": sealed}
            )
            found = cursor.fetchall()
            cursor.execute("SELECT pg_current_snapshot()::text")
            snapshot = cursor.fetchone()[0]
            last = max([sealed, *(row[0] for row in found)])
            made = self._seal(found, snapshot, last, old["epoch"] + 1 if old else 1)
        self.seen, self.after = snapshot, last
        log.warning("the chain of %s begins epoch %s", self.chain.events, made[-1]["epoch"])
        return made

    def _last_sealed(self) -> int:
        """The highest number under any seal: the ids under a seal ascend."""
        with self.connection.cursor() as cursor:
            cursor.execute(_LAST_SEALED.format(seals=self.chain.seals))
            return int(cursor.fetchone()[0])

    def _seal(self, found: list[Any], snapshot: str, after: int, epoch: int) -> list[dict[str, Any]]:
        """Seals over these events, none of them too large to be read at once; an epoch begins with one even
        of none."""
        before, made = self.head, []
        for start in range(0, max(len(found), 1), MOST_IN_A_SEAL):
            part = found[start : start + MOST_IN_A_SEAL]
            now = utc_now()
            times = [row[2] for row in part] or [now]
            data = b"".join(leaf(row[0], bytes(row[1])) for row in part)
            seal: dict[str, Any] = {
                "number": before["number"] + 1 if before else 1,
                "chain": self.chain.name,
                "epoch": epoch,
                "cluster": self.cluster,
                "at": iso_of(now),
                "snapshot": snapshot,
                "after_id": after,
                "count": len(part),
                "first_at": iso_of(min(times)),
                "last_at": iso_of(max(times)),
                "leaves": data,
                "root": sha256(data).hex(),
                "previous": before["hash"] if before else GENESIS,
                "key": self.key.public,
            }
            seal["hash"] = seal_hash(seal)
            seal["signature"] = self.key.sign(seal["hash"])
            before = seal
            made.append(seal)
        with self.connection.cursor() as cursor:
            for seal in made:
                cursor.execute(_INSERT.format(seals=self.chain.seals), seal)
        self.head = before
        return made


@dataclass
class Anchoring:
    """Which seals each anchor has taken; what it could not take is tried again, in order."""

    connection: Any
    chain: Chain
    anchors: list[AnyAnchor]
    key: Key
    held: dict[str, int] = field(default_factory=dict)
    troubles: dict[str, str] = field(default_factory=dict)
    waits: dict[str, tuple[float, float]] = field(default_factory=dict)  # (not before, how long)
    blind_at: float = 0

    def __post_init__(self) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, number FROM audit_anchor WHERE chain = %s", [self.chain.name])
            self.held = dict(cursor.fetchall())

    def write(self, newest: dict[str, Any] | None, made: list[dict[str, Any]]) -> None:
        if newest is None:
            return
        if self.chain.blind:
            if time.monotonic() >= self.blind_at:
                self.blind_at = time.monotonic() + BLIND_EVERY
                self._write_blind(newest)
            return
        for anchor in self.anchors:
            # A new anchor begins with the head of now: the chain carries everything before it.
            first = self.held.get(anchor.name, newest["number"] - max(len(made), 1)) + 1
            if first > newest["number"] or time.monotonic() < self.waits.get(anchor.name, (0, 0))[0]:
                continue
            last = newest["number"]
            if made and made[0]["number"] <= first:
                due = [seal for seal in made if seal["number"] >= first]
            else:
                first = max(first, 1)
                last = min(last, first + MOST_AT_ONCE - 1)
                due = list(seals(self.connection, self.chain, first, last))
            self._try(anchor, [as_line(self.record(seal)) for seal in due], first, last)

    @staticmethod
    def record(seal: dict[str, Any]) -> dict[str, Any]:
        names = ("chain", "number", "epoch", "at", "count", "hash", "key", "signature")
        line = {name: seal[name] for name in names}
        if marks := marks_of(seal["leaves"]):
            line["events"] = marks
        return line

    def _write_blind(self, newest: dict[str, Any]) -> None:
        at = iso_of(utc_now())
        mark = blind_mark(newest["hash"], at)
        line = {"chain": self.chain.name, "at": at, "mark": mark, "key": self.key.public}
        line["signature"] = self.key.sign(mark)
        for anchor in self.anchors:
            self._try(anchor, [as_line(line)], 0, 0)

    def _try(self, anchor: AnyAnchor, lines: list[str], first: int, last: int) -> None:
        try:
            anchor.write(lines)
        except OSError as error:
            which, why = anchor.name, error.strerror or type(error).__name__
            if which not in self.troubles:
                log.warning("anchor %s takes nothing: %s", which, why)
            self.troubles[which] = why
            wait = min(self.waits.get(which, (0, WAITS[0] / 2))[1] * 2, WAITS[1])
            self.waits[which] = (time.monotonic() + wait, wait)
            return
        self.troubles.pop(anchor.name, None)
        self.waits.pop(anchor.name, None)
        self.held[anchor.name] = last
        with self.connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO audit_anchor (chain, name, begins, number, at) "
                "VALUES (%s, %s, %s, %s, clock_timestamp()) ON CONFLICT (chain, name) "
                "DO UPDATE SET number = EXCLUDED.number, at = EXCLUDED.at",
                [self.chain.name, anchor.name, first, last],
            )


class Sealer:
    """All chains, one after the other, again and again."""

    def __init__(self, connection: Any, key: Key, anchors: list[AnyAnchor]) -> None:
        self.connection, self.key = connection, key
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = on")
            cursor.execute("SELECT system_identifier::text FROM pg_control_system()")
            cluster = cursor.fetchone()[0]
        chains = [chain for chain in CHAINS if chain is AUDIT or chain.exists(connection)]
        self.work = [
            (Sealing(connection, chain, key, cluster), Anchoring(connection, chain, anchors, key))
            for chain in chains
        ]
        self.pulse_at = 0.0

    def round(self) -> int:
        """Look once at every chain; how many events were sealed."""
        count = 0
        for sealing, anchoring in self.work:
            made = sealing.close()
            count += sum(seal["count"] for seal in made)
            anchoring.write(sealing.head, made)
        if time.monotonic() >= self.pulse_at:
            self.pulse_at = time.monotonic() + PULSE
            self.pulse()
        return count

    def pulse(self) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("BEGIN; SET LOCAL synchronous_commit = off")
            for sealing, anchoring in self.work:
                trouble = "; ".join(f"{name}: {why}" for name, why in sorted(anchoring.troubles.items()))
                cursor.execute(
                    "INSERT INTO audit_pulse (chain, at, trouble) VALUES (%s, clock_timestamp(), %s) "
                    "ON CONFLICT (chain) DO UPDATE SET at = EXCLUDED.at, trouble = EXCLUDED.trouble",
                    [sealing.chain.name, trouble],
                )
            cursor.execute("COMMIT")

    def alone(self) -> bool:
        """Is this the one sealer? The lock ends with the connection, however that ends."""
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONE_SEALER])
            return bool(cursor.fetchone()[0])


def publish(key: Key, place: Path) -> None:
    """The public key beside the data, for whoever verifies."""
    with suppress(OSError):  # a container has no place for it; the anchors' lines carry it too
        known = place.read_text(encoding="utf-8").split() if place.exists() else []
        if key.public not in known:
            with place.open("a", encoding="utf-8") as out:
                out.write(f"{key.public}\n")
