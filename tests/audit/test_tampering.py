"""Who owns the database tampers with the audit, in every way we could think of; each is found and the row
named.

The attacks are those of a superuser: no trigger runs, hashes are computed anew, seals are rewritten. The
private key
and the anchors he has not, except where the test says so.
"""

import pytest

from audit.seals.anchors import FileAnchor
from audit.seals.chains import AUDIT, seals
from audit.seals.sealing import Key
from audit.seals.verifier import GENESIS, leaf, seal_hash, sha256


def test_an_untouched_audit_is_right(stand):
    stand.seal("logged in", "file opened", "list shown")
    stand.happen("not sealed yet")
    verdict = stand.check()
    assert verdict.findings == []
    assert (verdict.events, verdict.unsealed) == (4, 1)
    assert [anchor["readable"] for anchor in verdict.anchors] == [True, True]


@pytest.mark.parametrize(
    "change",
    [
        "verb = 'nothing'", "by_login = 'otto'", "by_id = 9", "client_id = NULL", "at = at - '1 s'::interval",
        "why = 'asked to'", "source = 'x'", "path = 'owner'", "ip = '192.0.2.1'", "request_id = 'r'",
        "subject_id = 1", "subject_type = 'x'", "by_role = 'rm'", "xid = '5'", "row_hash = sha256('x')",
        "payload_hash = sha256('x')",
    ],
)  # fmt: skip
def test_1_a_row_is_edited(stand, change):
    (_, _), (event, _), (_, _) = stand.seal("a", "b", "c")
    stand.tamper(f"UPDATE audit_event SET {change} WHERE id = {event}")
    assert stand.found() == {("event", event)}


def test_2_a_row_is_edited_and_its_hash_computed_anew(stand):
    (_, _), (event, _), (_, _) = stand.seal("a", "b", "c")
    stand.tamper("UPDATE audit_event SET by_login = 'otto' WHERE id = %s", event)
    stand.rehash(f"id = {event}")
    assert stand.found() == {("event", event)}


def test_3_a_row_is_deleted(stand):
    (_, _), (event, _), (_, _) = stand.seal("a", "b", "c")
    stand.tamper("DELETE FROM audit_event WHERE id = %s", event)
    assert stand.found() == {("event", event)}


def test_4_a_seal_is_deleted_and_then_its_row_too(stand):
    (_, _), (event, seal), (_, _) = stand.seal("a", "b", "c")
    stand.tamper("DELETE FROM audit_seal WHERE number = %s", seal)
    assert {("seal", seal), ("event", event)} <= stand.found_inside()
    stand.tamper("DELETE FROM audit_event WHERE id = %s", event)
    assert ("seal", seal) in stand.found_inside()  # without an anchor at least the gap
    assert {("seal", seal), ("event", event)} <= stand.found()


def test_5_the_tail_is_cut_off_with_its_seals(stand):
    *_, (first, seal), (second, last) = stand.seal("a", "b", "c", "d")
    stand.tamper("DELETE FROM audit_seal WHERE number >= %s", seal)
    stand.tamper("DELETE FROM audit_event WHERE id >= %s", first)
    assert stand.found_inside() == set()  # this is why there are anchors
    assert stand.found() == {("event", first), ("event", second), ("seal", seal), ("seal", last)}


def test_what_is_sealed_while_one_looks_is_not_gone(stand):
    """A verification asked for is an event itself, sealed while the verification begins."""
    *_, (event, seal) = stand.seal("a", "b")

    class Busy(FileAnchor):
        def lines(self):
            stand.seal("meanwhile")
            return super().lines()

    busy = [Busy(each.name, each.path) for each in stand.anchors]
    assert stand.check(anchors=busy).findings == []
    stand.tamper("DELETE FROM audit_seal WHERE number = %s", seal)
    assert {("seal", seal), ("event", event)} <= stand.found(anchors=busy)


def rewrite(stand, key, from_seal):
    """Everything after the edit: leaves, roots, links, hashes and signatures, by whatever key is at hand."""
    rows = dict(stand.run("SELECT id, row_hash FROM audit_event"))
    previous = GENESIS
    for seal in list(seals(stand.owner, AUDIT)):
        if seal["number"] >= from_seal:
            ids = [
                int.from_bytes(seal["leaves"][at : at + 8], "big") for at in range(0, len(seal["leaves"]), 40)
            ]
            ids = [event_id for event_id in ids if event_id in rows]
            data = b"".join(leaf(event_id, bytes(rows[event_id])) for event_id in ids)
            seal |= {"leaves": data, "root": sha256(data).hex(), "previous": previous, "count": len(ids)}
            seal["key"] = key.public
            seal["hash"] = seal_hash(seal)
            stand.tamper(
                "UPDATE audit_seal SET leaves = %s, root = decode(%s, 'hex'), previous = decode(%s, 'hex'),"
                " count = %s, key = decode(%s, 'hex'), hash = decode(%s, 'hex'), signature"
                " = decode(%s, 'hex') WHERE number = %s",
                data, seal["root"], previous, seal["count"], key.public, seal["hash"], key.sign(seal["hash"]),
                seal["number"],
            )  # fmt: skip
        previous = seal["hash"]


@pytest.mark.parametrize("whose", ["a key of his own", "the stolen key"])
def test_6_everything_after_the_edit_is_rewritten(stand, whose):
    (_, _), (event, seal), (_, last) = stand.seal("a", "b", "c")
    stand.tamper("UPDATE audit_event SET by_login = 'otto' WHERE id = %s", event)
    stand.rehash(f"id = {event}")
    key = stand.key if whose == "the stolen key" else Key("22" * 32)
    rewrite(stand, key, seal)
    keys = [stand.key.public]
    if whose == "the stolen key":
        assert stand.found_inside() == set()  # only what lies outside can tell
    else:
        assert ("seal", seal) in stand.found_inside(keys=keys)
    assert stand.found(keys=keys) == {("event", event), ("seal", seal), ("seal", last)}
    # Also where no key is known from elsewhere: the anchors' one is not his.
    assert {("event", event), ("seal", seal)} <= stand.found(keys=[])


def test_6_a_row_is_deleted_and_everything_rewritten(stand):
    (_, _), (event, seal), (_, last) = stand.seal("a", "b", "c")
    stand.tamper("DELETE FROM audit_event WHERE id = %s", event)
    rewrite(stand, stand.key, seal)
    assert stand.found() == {("event", event), ("seal", seal), ("seal", last)}


def test_7_two_rows_change_places(stand):
    (_, _), (one, _), (other, _) = stand.seal("a", "b", "c")
    stand.run("ALTER TABLE audit_event ALTER id SET GENERATED BY DEFAULT")
    stand.tamper("UPDATE audit_event SET id = -1 WHERE id = %s", one)
    stand.tamper("UPDATE audit_event SET id = %s WHERE id = %s", one, other)
    stand.tamper("UPDATE audit_event SET id = %s WHERE id = -1", other)
    stand.run("ALTER TABLE audit_event ALTER id SET GENERATED ALWAYS")
    assert stand.found() == {("event", one), ("event", other)}
    stand.rehash("id > 0")
    assert stand.found() == {("event", one), ("event", other)}


def test_7_two_seals_change_places(stand):
    (_, _), (_, one), (_, other) = stand.seal("a", "b", "c")
    stand.tamper("UPDATE audit_seal SET number = -1 WHERE number = %s", one)
    stand.tamper("UPDATE audit_seal SET number = %s WHERE number = %s", one, other)
    stand.tamper("UPDATE audit_seal SET number = %s WHERE number = -1", other)
    assert {("seal", one), ("seal", other)} <= stand.found()


@pytest.mark.parametrize("how", ["before the sealing", "as if it had been there", "not to be sealed ever"])
def test_8_a_row_is_put_in_with_an_earlier_date(stand, how):
    stand.seal("a", "b")
    xid = {"before the sealing": "pg_current_xact_id()", "as if it had been there": "'3'"}.get(
        how, "'9000000000'"
    )
    [(event,)] = stand.tamper(
        f"INSERT INTO audit_event (at, xid, verb, payload_hash, row_hash) "
        f"VALUES (now() - interval '2 days', {xid}, 'file opened', '', '') RETURNING id"
    )
    stand.rehash(f"id = {event}")
    stand.seal("c")
    assert stand.found() == {("event", event)}


@pytest.mark.parametrize(
    ("at", "xid"),
    [("now() + interval '2 days'", "pg_current_xact_id()"), ("now()", "'9000000000'")],
    ids=["dated ahead", "of a transaction to come"],
)
def test_8b_a_row_is_put_in_that_is_never_to_be_sealed(stand, at, xid):
    """Neither is old enough to say that sealing has stopped: they are named at once all the same."""
    stand.seal("a", "b")
    [(event,)] = stand.tamper(
        f"INSERT INTO audit_event (at, xid, verb, payload_hash, row_hash) "
        f"VALUES ({at}, {xid}, 'file opened', '', '') RETURNING id"
    )
    stand.rehash(f"id = {event}")
    assert stand.found() == {("event", event)}


def test_8b_a_row_that_says_what_is_gone_was_retired_is_believed_under_a_seal_only(stand):
    (gone, _), (_, _) = stand.seal("a", "b")
    stand.tamper("DELETE FROM audit_event WHERE id = %s", gone)
    stand.tamper("UPDATE audit_seal SET first_at = now() - interval '9 years' WHERE number = 1")
    said = "INSERT INTO audit_event (verb, payload) VALUES (%s, %s)"
    stand.run(said, "audit retired", '{"until": "2019-01-01T00:00:00.000000Z"}')
    assert ("event", gone) in stand.found()


def test_9_rows_change_places_across_partitions(stand):
    stand.run("SELECT audit_make_partition((now() + interval '1 month')::date)")
    (_, _), (one, _), (other, _) = stand.seal("a", "b", "c")
    stand.tamper("UPDATE audit_event SET at = at + interval '1 month' WHERE id IN (%s, %s)", one, other)
    stand.rehash(f"id IN ({one}, {other})")
    where = stand.run("SELECT DISTINCT tableoid::regclass::text FROM audit_event")
    assert len(where) == 2
    assert stand.found() == {("event", one), ("event", other)}


def test_9_a_row_stands_in_two_partitions(stand):
    (_, _), (event, _), (_, _) = stand.seal("a", "b", "c")
    stand.tamper(
        "INSERT INTO audit_event OVERRIDING SYSTEM VALUE SELECT id, at + interval '1 month', xid, verb,"
        " by_id, by_login, by_role, path, why, subject_type, subject_id, client_id, source, ip, request_id,"
        " payload, row_hash, payload_hash FROM audit_event WHERE id = %s",
        event,
    )
    assert stand.found() == {("event", event)}


def test_10_a_payload_is_changed_with_and_without_its_hashes(stand):
    (_, _), (event, _), (_, _) = stand.seal("a", "b", "c")
    stand.tamper("UPDATE audit_event SET payload = '{}' WHERE id = %s", event)
    assert stand.found() == {("event", event)}
    stand.tamper("UPDATE audit_event SET payload_hash = sha256('{}') WHERE id = %s", event)
    assert stand.found() == {("event", event)}
    stand.rehash(f"id = {event}")
    assert stand.found() == {("event", event)}


@pytest.mark.parametrize(
    "change",
    [
        "at = at - interval '1 hour'", "count = count + 1", "leaves = leaves || leaves", "root = sha256('x')",
        "previous = sha256('x')", "hash = sha256('x')", "signature = signature || '\\x00'", "epoch = 0",
        "snapshot = '3:3:'", "after_id = 99", "cluster = '1'", "key = sha256('x')", "chain = 'other'",
        "first_at = now()", "last_at = now() + interval '1 hour'",
    ],
)  # fmt: skip
def test_11_a_seal_is_edited(stand, change):
    (_, _), (_, seal), (_, _) = stand.seal("a", "b", "c")
    stand.tamper(f"UPDATE audit_seal SET {change} WHERE number = {seal}")
    assert ("seal", seal) in stand.found_inside()


def test_12_the_sealer_is_stopped(stand):
    stand.seal("a", "b")
    [event] = stand.happen("c")
    stand.tamper("UPDATE audit_event SET at = at - interval '6 seconds' WHERE id = %s", event)
    stand.rehash(f"id = {event}")
    assert stand.found() == {("event", event)}
    assert "sealing has stopped" in stand.check().findings[0].sentence


def test_13_an_anchor_is_removed(stand):
    _, (_, two) = stand.seal("a", "b")
    stand.anchors[1].path.unlink()
    assert stand.found() == {("seal", number) for number in range(1, two + 1)}
    assert "is not in anchor second" in stand.check().findings[0].sentence
    # Nothing heals by itself: the next seal goes into a new file, and the hole stays to be seen.
    stand.seal("c")
    assert stand.found() == {("seal", number) for number in range(1, two + 1)}
    # And one that is left out of the settings does not pass unseen either.
    assert ("anchor", None) in stand.found(anchors=stand.anchors[:1])


def test_13_an_anchor_is_edited(stand):
    (event, seal), _ = stand.seal("a", "b")
    file = stand.anchors[0].path
    whole = file.read_text()
    for change in (("signature", "00"), ("hash", "00"), ("events", None)):
        lines = whole.splitlines()
        at = next(place for place, line in enumerate(lines) if f'"number":{seal},' in line)
        name, value = change
        if value:
            head, _colon, rest = lines[at].partition(f'"{name}":"')
            other = "ff" if rest.startswith(value) else value
            lines[at] = f'{head}"{name}":"{other}{rest[2:]}'
        else:
            lines[at] = lines[at][:-20]
        file.write_text("\n".join(lines) + "\n")
        assert stand.found() & {("anchor", seal), ("anchor", None)}, change
    assert event


def test_whatever_else_a_superuser_puts_before_the_beginning(stand):
    stand.seal("a")
    columns = (
        "chain, epoch, cluster, at, snapshot, after_id, count, first_at, last_at, leaves, root, previous,"
        " key, hash, signature"
    )
    stand.tamper(f"INSERT INTO audit_seal SELECT 0, {columns} FROM audit_seal WHERE number = 1")
    assert stand.found()
