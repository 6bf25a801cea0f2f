"""The sealer: what was committed is sealed once, soon, and whatever long transactions, restores or kills
do."""

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time

import psycopg2
import pytest

from audit.seals.anchors import FileAnchor, SyslogAnchor, anchors_of
from audit.seals.chains import AUDIT, seals
from audit.seals.checking import standing
from audit.seals.sealing import Key
from audit.seals.verifier import iso_of, leaves_of
from tests.audit.stand import PRIVATE, URLS, at_database
from tests.audit.test_tampering import rewrite


def sealed(stand):
    return [event_id for seal in seals(stand.owner, AUDIT) for event_id, _hash in leaves_of(seal["leaves"])]


def test_each_event_is_sealed_once(stand):
    events = [event for event, _seal in stand.seal("a", "b", "c")]
    for _ in range(3):
        stand.sealer.round()
    assert sealed(stand) == events


def test_what_was_there_before_the_first_seal_is_under_it(stand):
    events = stand.happen("a", "b", "c")
    stand.sealer.round()
    assert sealed(stand) == events
    assert stand.check().right


def test_a_long_transaction_holds_up_nobody_and_is_sealed_when_it_commits(stand):
    stand.sealer.round()
    slow = stand.connect("app")
    slow.autocommit = False
    with slow.cursor() as cursor:
        cursor.execute("INSERT INTO audit_event (verb) VALUES ('slow') RETURNING id")
        late = cursor.fetchone()[0]
    quick = stand.happen("quick")
    stand.sealer.round()
    assert sealed(stand) == quick
    slow.commit()
    stand.sealer.round()
    assert sealed(stand) == [*quick, late]
    assert stand.check().right


def test_what_was_undone_is_never_sealed(stand):
    undone = stand.connect("app")
    undone.autocommit = False
    with undone.cursor() as cursor:
        cursor.execute("INSERT INTO audit_event (verb) VALUES ('undone')")
    undone.rollback()
    stand.seal("a")
    assert len(sealed(stand)) == 1
    assert stand.check().right


def test_a_sealer_that_was_killed_goes_on_where_it_was(stand):
    events = [event for event, _seal in stand.seal("a", "b")]
    stand.sealer.connection.close()
    events += stand.happen("while it was away")
    stand.sealer = stand.new_sealer()
    events += [event for event, _seal in stand.seal("c")]
    assert sealed(stand) == events
    assert stand.check().right
    assert {seal["epoch"] for seal in seals(stand.owner, AUDIT)} == {1}


def test_a_second_sealer_waits(stand):
    assert stand.sealer.alone()
    other = stand.new_sealer()
    assert not other.alone()
    stand.sealer.connection.close()
    end = time.monotonic() + 5
    while not other.alone():
        assert time.monotonic() < end


def test_a_logical_restore_begins_a_new_epoch_signed_over_the_old_head(stand):
    """Transactions are numbered anew, from below: what the dump held unsealed is sealed, and nothing
    twice."""
    events = [event for event, _seal in stand.seal("a", "b")]
    events += stand.happen("in the dump, not sealed")
    # As in the restored cluster: another system, and our transactions lie far above its own.
    stand.tamper("UPDATE audit_event SET xid = (xid::text::bigint + 1000000000)::text::xid8")
    stand.rehash("id > 0")
    head = stand.sealer.work[0][0].head
    for anchor in stand.anchors:
        anchor.path.unlink()
    low = [int(part) + 1_000_000_000 for part in head["snapshot"].split(":")[:2]]
    stand.tamper(
        "UPDATE audit_seal SET cluster = '1', snapshot = %s WHERE number = %s",
        f"{low[0]}:{low[1]}:", head["number"],
    )  # fmt: skip
    stand.tamper("DELETE FROM audit_anchor")
    rewrite(stand, stand.key, 1)
    stand.sealer = stand.new_sealer()
    stand.sealer.round()
    events += [event for event, _seal in stand.seal("after the restore")]
    stand.sealer.connection.close()
    stand.sealer = stand.new_sealer()
    events += [event for event, _seal in stand.seal("and later")]
    assert sorted(sealed(stand)) == sorted(events)
    assert [seal["epoch"] for seal in seals(stand.owner, AUDIT)][-3:] == [2, 2, 2]
    assert stand.check().right


def test_another_key_begins_a_new_epoch_and_both_are_trusted_when_told(stand):
    stand.seal("a")
    new = Key("33" * 32)
    stand.sealer.connection.close()
    stand.sealer = stand.new_sealer(key=new)
    stand.seal("b")
    assert stand.check(keys=[stand.key.public, new.public]).right
    assert not stand.check(keys=[stand.key.public]).right


def test_an_anchor_that_takes_nothing_is_told_and_gets_all_when_it_is_back(stand):
    stand.seal("a")
    second = stand.anchors[1].path
    kept = second.read_text()
    second.unlink()
    second.mkdir()
    stand.sealer.pulse_at = 0
    stand.seal("b", "c")
    assert standing(stand.app).alarm == "anchor"
    assert "second" in standing(stand.app).trouble
    second.rmdir()
    second.write_text(kept)
    until_it_is_tried_again(stand)
    stand.sealer.pulse_at = 0
    stand.seal("d")
    assert stand.check().right
    assert standing(stand.app).alarm == ""


def until_it_is_tried_again(stand):
    for _sealing, anchoring in stand.sealer.work:
        anchoring.waits.clear()


def test_an_anchor_that_stays_away_is_tried_ever_more_seldom(stand):
    stand.seal("a")
    second = stand.anchors[1].path
    second.unlink()
    second.mkdir()
    asked = []
    writes = stand.anchors[1].write
    stand.anchors[1].write = lambda lines: asked.append(len(lines)) or writes(lines)
    for _ in range(20):
        stand.seal("b")
    assert len(asked) == 1
    second.rmdir()
    until_it_is_tried_again(stand)
    stand.seal("c")
    assert asked == [1, 21]
    assert stand.check().right is False  # what was in the lost file is gone


def test_what_an_anchor_missed_is_given_to_it_in_parts(stand, monkeypatch):
    monkeypatch.setattr("audit.seals.sealing.MOST_AT_ONCE", 3)
    stand.seal("a")
    second = stand.anchors[1].path
    kept = second.read_text()
    second.unlink()
    second.mkdir()
    for _ in range(7):
        stand.seal("b")
    second.rmdir()
    second.write_text(kept)
    until_it_is_tried_again(stand)
    before = len(kept.splitlines())
    for parts in range(1, 4):
        stand.sealer.round()
        assert len(second.read_text().splitlines()) == min(before + 3 * parts, before + 7)
    assert stand.check().right


def test_half_a_line_that_a_full_disk_left_spoils_no_line_after_it(stand):
    stand.seal("a")
    first = stand.anchors[0]
    with first.path.open("a") as file:
        file.write('{"chain":"audit","num')
    stand.seal("b")
    assert [str(finding) for finding in stand.check().findings if "damaged" not in str(finding)] == []
    numbers = [
        json.loads(line)["number"] for line in first.lines() if line.endswith("}\n") and '"number"' in line
    ]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_a_disk_that_is_full_leaves_no_half_line(tmp_path):
    """/dev/full takes nothing; a limit on the size of files takes a part."""
    anchor = FileAnchor("a", tmp_path / "a.log")
    anchor.write(["one"])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    heard = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        with pytest.raises(OSError):
            anchor.write(["two and more than fits"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, heard)
    assert anchor.path.read_text() == "one\n"
    anchor.write(["three"])
    assert anchor.path.read_text() == "one\nthree\n"


def test_a_new_anchor_begins_with_the_head_of_its_day(stand):
    stand.seal("a", "b")
    third = FileAnchor("third", stand.folder / "third.log")
    stand.anchors.append(third)
    stand.sealer.connection.close()
    stand.sealer = stand.new_sealer()
    stand.seal("c")
    assert stand.check().right
    assert "third" in {anchor["name"] for anchor in stand.check().anchors}


def test_a_syslog_gets_each_head_as_one_message(stand, tmp_path):
    place = tmp_path / "log"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as daemon:
        daemon.bind(str(place))
        daemon.settimeout(5)
        syslog = SyslogAnchor("syslog:log", str(place))
        stand.sealer.connection.close()
        stand.sealer = stand.new_sealer(anchors=[*stand.anchors, syslog])
        [(_event, number)] = stand.seal("a")
        received = [daemon.recv(65536).decode()]
    assert received[0].startswith("<109>1 ")
    assert f'"number":{number},' in received[0]
    log = tmp_path / "collected"
    log.write_text("\n".join(received) + "\n")
    extra = [("collected", FileAnchor("collected", log).lines)]
    verdict = stand.check(anchors=[*stand.anchors, syslog], extra=extra)
    assert verdict.right


def test_the_setting_of_anchors_is_read():
    first, second, third = anchors_of("file:/a/b, syslog:/dev/log,syslog:tcp://log.bank.example:601")
    assert (str(first.path), second.place, third.place) == ("/a/b", "/dev/log", "tcp://log.bank.example:601")
    with pytest.raises(ValueError, match="write file:/path"):
        anchors_of("http://x")


# --- the database's own part ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("app", "INSERT INTO audit_event (verb, at) VALUES ('x', now() - interval '1 day')"),
        ("app", "INSERT INTO audit_event (verb, row_hash) VALUES ('x', '')"),
        ("app", "INSERT INTO audit_event (verb, xid) VALUES ('x', '3')"),
        ("app", "INSERT INTO audit_event (id, verb) OVERRIDING SYSTEM VALUE VALUES (1, 'x')"),
        ("app", "DELETE FROM audit_seal"),
        ("app", "UPDATE audit_seal SET count = 0"),
        ("app", "INSERT INTO audit_seal SELECT * FROM audit_seal"),
        ("app", "UPDATE audit_pulse SET at = now()"),
        ("app", "DELETE FROM audit_anchor"),
        ("app", "DELETE FROM audit_check"),
        ("app", "SELECT audit_hold_still()"),
        ("sealer_role", "INSERT INTO audit_event (verb) VALUES ('x')"),
        ("sealer_role", "UPDATE audit_event SET verb = 'x'"),
        ("sealer_role", "UPDATE audit_seal SET count = 0"),
        ("sealer_role", "DELETE FROM audit_seal"),
        ("owner", "UPDATE audit_seal SET count = 0"),
        ("owner", "DELETE FROM audit_seal"),
        ("owner", "TRUNCATE audit_seal"),
    ],
)
def test_postgresql_stops_whoever_is_not_to_write_there(stand, role, statement):
    stand.seal("a")
    stand.sealer_role = stand.connect("sealer")
    with pytest.raises(psycopg2.Error, match=r"permission denied|append-only"):
        stand.run(statement, role=role)


WRITER = """
import psycopg2, sys, time
link = psycopg2.connect(sys.argv[1])
link.autocommit = True
end = time.monotonic() + 4
while time.monotonic() < end:
    with link.cursor() as cursor:
        cursor.execute("INSERT INTO audit_event (verb) VALUES ('x')")
"""


def test_while_many_write_every_event_is_sealed_once_and_soon(stand):
    """The p99 of a machine of its own is what `bin/drill audit` prints; here half of the seals are young
    enough."""
    stand.sealer.round()
    url = at_database(os.environ["DATABASE_URL"], stand.name)
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, url]) for _ in range(4)]
    while any(writer.poll() is None for writer in writers):
        began = time.monotonic()
        stand.sealer.round()
        time.sleep(max(0, 0.25 - (time.monotonic() - began)))
    stand.sealer.round()
    [(events,)] = stand.run("SELECT count(*) FROM audit_event")
    ids = sealed(stand)
    assert (len(ids), len(set(ids))) == (events, events)
    assert events > 100
    [(age,)] = stand.run(
        "SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM at - first_at))"
        " FROM audit_seal WHERE number > 1"
    )
    assert age <= 1.0
    assert stand.check().right


def test_the_process_seals_and_ends_when_it_is_told(stand, tmp_path):
    """`manage.py seal` itself, as bin/run starts it: the alarm rises within five seconds of a kill."""
    stand.sealer.connection.close()
    key = tmp_path / "seal.key"
    key.write_text(PRIVATE)
    env = os.environ | {url: at_database(os.environ[url], stand.name) for url in URLS.values()}
    env |= {
        "RMCRM_HOME": str(tmp_path),
        "RMCRM_SEAL_KEY_FILE": str(key),
        "RMCRM_ANCHORS": f"file:{tmp_path}/a.log",
    }
    env.pop("RMCRM_DATABASE_ROLE", None)
    process = subprocess.Popen([sys.executable, "manage.py", "seal"], env=env)
    try:
        end = time.monotonic() + 30
        while standing(stand.app).alarm and time.monotonic() < end:
            time.sleep(0.1)
        [event] = stand.happen("a")
        time.sleep(1)
        assert event in sealed(stand)
        process.kill()
        killed = time.monotonic()
        while not standing(stand.app).alarm:
            assert time.monotonic() - killed < 5
            time.sleep(0.1)
        assert standing(stand.app).alarm == "stopped"
    finally:
        process.kill()
        process.wait()


def test_a_restore_of_an_older_dump_tells_for_ever_what_was_lost_and_verifies_what_came_after(stand):
    (_, _), (lost, seal), (lost_too, last) = stand.seal("a", "b", "c")
    # The dump was made after the first event; the cluster it is restored into is another one.
    stand.tamper("DELETE FROM audit_event WHERE id >= %s", lost)
    stand.tamper("DELETE FROM audit_seal WHERE number >= %s", seal)
    stand.run("UPDATE audit_anchor SET number = %s", seal - 1)
    stand.sealer.connection.close()
    stand.sealer = stand.new_sealer()
    stand.sealer.work[0][0].cluster = "another one"
    stand.seal("after the restore", "and later")
    found = stand.found()
    assert found == {("event", lost), ("event", lost_too), ("seal", seal), ("seal", last)}


# --- months that are taken out ------------------------------------------------------------------------------
def age(stand, *events, years):
    """Events as if they had been written, and sealed, years ago, in the partition of their month."""
    stand.tamper(
        "UPDATE audit_event SET at = at - make_interval(years => %s) WHERE id = ANY(%s)", years, [*events]
    )
    stand.rehash("id > 0")


def retire(stand, until):
    stand.run(
        "INSERT INTO audit_event (verb, payload) VALUES ('audit retired', jsonb_build_object('until', %s))",
        until, role="app",
    )  # fmt: skip
    stand.sealer.round()


@pytest.mark.parametrize(("years", "right"), [(11, True), (4, False)])
def test_old_months_may_be_gone_when_the_audit_says_so_and_young_ones_never(stand, years, right):
    events = stand.happen("a", "b")
    age(stand, *events, years=years)
    stand.sealer.round()
    stand.seal("c")
    assert stand.check().right
    stand.tamper("DELETE FROM audit_event WHERE id = ANY(%s)", events)
    assert stand.found() == {("event", event) for event in events}
    [(until,)] = stand.run("SELECT now() - make_interval(years => %s, months => -1)", years)
    until = iso_of(until)
    retire(stand, until)
    verdict = stand.check()
    assert (verdict.right, verdict.retired) == (right, len(events) if right else 0)
