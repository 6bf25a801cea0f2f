"""The journal of the compartment is sealed by the same machinery, and outside nothing tells when it grows."""

import json
from functools import partial

import psycopg2
import pytest
from django.db import connection, transaction

from audit.seals.anchors import FileAnchor
from audit.seals.chains import SUSPICION
from audit.seals.checking import check
from audit.seals.sealing import Key, Sealer
from rmcrm.settings import database, env
from tests.cast import make_cast
from tests.suspicion.stage import hand_over, mira, the_case


def link_as(role):
    place = {
        key.lower(): database(env(f"DATABASE_{role}_URL"))[key]
        for key in ("USER", "PASSWORD", "HOST", "PORT")
    }
    link = psycopg2.connect(dbname=connection.settings_dict["NAME"], **place)
    link.autocommit = True
    return link


def as_owner(*statements):
    link = link_as("OWNER")
    with link.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    link.close()


UNGUARDED = (
    "ALTER TABLE suspicion_event DISABLE TRIGGER USER",
    "ALTER TABLE suspicion_event NO FORCE ROW LEVEL SECURITY",
)
GUARDED = (
    "ALTER TABLE suspicion_event ENABLE TRIGGER USER",
    "ALTER TABLE suspicion_event FORCE ROW LEVEL SECURITY",
)


@pytest.fixture
def sealer(transactional_db, tmp_path):
    as_owner(
        "ALTER TABLE audit_seal DISABLE TRIGGER USER; ALTER TABLE suspicion_seal DISABLE TRIGGER USER",
        "TRUNCATE audit_seal, audit_pulse, audit_anchor, suspicion_seal",
        "ALTER TABLE audit_seal ENABLE TRIGGER USER; ALTER TABLE suspicion_seal ENABLE TRIGGER USER",
    )
    link = link_as("SEALER")
    made = Sealer(link, Key("55" * 32), [FileAnchor("only", tmp_path / "seals.log")])
    made.round()
    yield made
    link.close()


@pytest.fixture
def verified(sealer):
    """What a verification of the journal finds: the numbers of its events."""

    def found():
        [anchor] = sealer.work[1][1].anchors
        verdict = check(partial(link_as, "SEALER"), SUSPICION, keys=[sealer.key.public], anchors=[anchor])
        return {(finding.what, finding.number) for finding in verdict.findings}

    return found


@pytest.fixture
def cast_in(sealer):
    return make_cast()


def handed_over(page_of, cast):
    person = mira()
    hand_over(page_of(cast.rita), cast.anna)
    with transaction.atomic():  # PostgreSQL forgets at its end who asked
        case = the_case(person)
    assert page_of(person).get(f"/suspicion/cases/{case.pk}/").status_code == 200


def test_what_is_written_there_is_sealed_and_a_change_is_found(page_of, cast_in, sealer, verified):
    handed_over(page_of, cast_in)
    sealer.round()
    sealing = sealer.work[1][0]
    assert sealing.chain is SUSPICION
    assert sealing.head["count"] > 0
    assert verified() == set()
    last = int.from_bytes(sealing.head["leaves"][-40:-32], "big")
    as_owner(*UNGUARDED, f"UPDATE suspicion_event SET by_login = 'x' WHERE id = {last}")
    try:
        assert verified() == {("event", last)}
    finally:
        as_owner("UPDATE suspicion_event SET by_login = 'mira' WHERE by_login = 'x'", *GUARDED)


def test_seals_that_were_rewritten_are_found_by_the_blind_anchor(page_of, cast_in, sealer, verified):
    handed_over(page_of, cast_in)
    sealer.round()
    sealer.work[1][1].blind_at = 0
    sealer.round()
    number = sealer.work[1][0].head["number"]
    as_owner(
        "ALTER TABLE suspicion_seal DISABLE TRIGGER USER",
        "ALTER TABLE suspicion_seal NO FORCE ROW LEVEL SECURITY",
        f"DELETE FROM suspicion_seal WHERE number = {number}",
        "ALTER TABLE suspicion_seal ENABLE TRIGGER USER",
        "ALTER TABLE suspicion_seal FORCE ROW LEVEL SECURITY",
    )
    assert ("seal", number - 1) in verified()


def lines(sealer):
    [anchor] = sealer.work[1][1].anchors
    told = [json.loads(line) for line in anchor.lines()]
    return [line for line in told if line["chain"] == "suspicion"]


def test_outside_nothing_tells_that_something_was_written(page_of, cast_in, sealer):
    """By the clock alone, of one length, under another name each time: whether the head has moved is not to
    be seen."""
    handed_over(page_of, cast_in)
    sealer.round()
    assert len(lines(sealer)) == 1  # the minute is not over
    for _ in range(2):
        sealer.work[1][1].blind_at = 0
        sealer.round()
    first, second, third = lines(sealer)
    assert len({line["mark"] for line in (first, second, third)}) == 3
    assert {len(json.dumps(line)) for line in (first, second, third)} == {len(json.dumps(first))}
    assert set(first) == {"chain", "at", "mark", "key", "signature"}
    link = link_as("SEALER")
    with link.cursor() as cursor:
        cursor.execute("SELECT DISTINCT begins, number FROM audit_anchor WHERE chain = 'suspicion'")
        assert cursor.fetchall() == [(0, 0)]
    link.close()


@pytest.mark.parametrize("role", ["", "LOADER_"])
def test_nobody_but_the_sealer_reads_its_seals(sealer, role):
    url = {"": "DATABASE_URL", "LOADER_": "DATABASE_LOADER_URL"}[role]
    place = {key.lower(): database(env(url))[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
    link = psycopg2.connect(dbname=connection.settings_dict["NAME"], **place)
    with link.cursor() as cursor, pytest.raises(psycopg2.Error, match="permission denied"):
        cursor.execute("SELECT count(*) FROM suspicion_seal")
    link.close()


def test_the_sealer_changes_nothing_there(sealer):
    for statement in (
        "INSERT INTO suspicion_event (verb) VALUES ('x')",
        "UPDATE suspicion_event SET verb = 'x'",
        "DELETE FROM suspicion_seal",
        "SELECT count(*) FROM suspicion_case",
    ):
        with sealer.connection.cursor() as cursor, pytest.raises(psycopg2.Error, match="permission denied"):
            cursor.execute(statement)
