"""An export proves itself offline: one Python file finds any flipped byte and says in which event it is."""

import io
import json
import random
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from audit.seals.exporting import VERIFIER, range_of, write_export
from audit.seals.verifier import iso_of
from tests.audit.test_sealing import age, retire

NOW = datetime.now(UTC)


@pytest.fixture
def exported(stand, tmp_path):
    """Of eight events, the last six under their seals."""
    stand.seal(*"abcdefgh")
    return export(stand, tmp_path, from_seal=3)


def export(stand, folder, from_seal=None):
    found = range_of(stand.owner, NOW - timedelta(days=1), NOW + timedelta(days=1))
    if from_seal:
        found = type(found)(from_seal, found.last, 0, 0)
    file = folder / "export.zip"
    with file.open("wb") as out:
        write_export(out, partial(stand.connect, "app"), found, asked="all", by="cora", anchors=stand.anchors)
    return file


def verify(file, *options):
    """Somewhere else, by the file alone: no Django, no RM CRM on the path."""
    alone = file.parent / "elsewhere"
    alone.mkdir(exist_ok=True)
    shutil.copy(VERIFIER, alone)
    ran = subprocess.run(
        [sys.executable, "-I", str(alone / "verifier.py"), str(file), *options],
        cwd=alone, capture_output=True, text=True, check=False, env={},
    )  # fmt: skip
    return ran.returncode, ran.stdout + ran.stderr


def test_it_verifies_offline(stand, exported):
    code, words = verify(exported, f"--key={stand.key.public}")
    assert (code, words.splitlines()[-1]) == (0, "All is as it was sealed."), words
    assert "exported by cora" in words


def test_without_a_key_it_says_that_whoever_made_the_file_could_have_signed_it(stand, exported):
    code, words = verify(exported)
    assert code == 3, words
    last = words.splitlines()[-1]
    assert "by the key in the file itself: compare its fingerprint" in last
    assert stand.key.public in last


def test_it_holds_whole_seals_and_says_by_whom_it_was_exported(stand, exported):
    with zipfile.ZipFile(exported) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        lines = archive.read("events.tsv").decode().splitlines()
    assert (manifest["exported_by"], manifest["events"], len(lines)) == ("cora", 6, 6)
    assert json.loads(lines[0].split("\t")[0])[4] == "c"
    assert json.loads(lines[0].split("\t")[1])["words"] == 'a "b" \\ ü'


def test_a_key_of_somebody_else_is_not_believed(exported):
    code, words = verify(exported, "--key=" + "ab" * 32)
    assert code == 1
    assert "is signed by a key that is not known" in words


def place_of(file, name):
    """Where a file of the ZIP begins and how long it is."""
    with zipfile.ZipFile(file) as archive:
        info = archive.getinfo(name)
    with file.open("rb") as raw:
        raw.seek(info.header_offset + 26)
        lengths = raw.read(4)
    begin = (
        info.header_offset
        + 30
        + int.from_bytes(lengths[:2], "little")
        + int.from_bytes(lengths[2:], "little")
    )
    return begin, info.file_size


def test_each_flipped_byte_of_an_event_is_named_by_its_number(exported):
    from audit.seals.verifier import verify_export, words

    begin, size = place_of(exported, "events.tsv")
    whole = bytearray(exported.read_bytes())
    number, numbers = 3, []
    for byte in whole[begin : begin + size]:
        numbers.append(number)
        number += byte == ord("\n")
    assert number == 9
    dice = random.Random(4)
    for at in dice.sample(range(size), 400):
        flipped = bytearray(whole)
        flipped[begin + at] ^= 1 << dice.randrange(8)
        findings, _walk, _manifest = verify_export(zipfile.ZipFile(io.BytesIO(flipped)))
        named = {finding.number for finding in findings if finding.what == "event"}
        assert numbers[at] in named, (at, [words(finding) for finding in findings])


@pytest.mark.parametrize("name", ["seals.jsonl", "anchors.jsonl", "keys.txt", "verifier.py", "README.txt"])
def test_each_flipped_byte_elsewhere_is_found(exported, name):
    from audit.seals.verifier import verify_export

    begin, size = place_of(exported, name)
    whole = bytearray(exported.read_bytes())
    dice = random.Random(5)
    for at in dice.sample(range(size), min(size, 100)):
        flipped = bytearray(whole)
        flipped[begin + at] ^= 1 << dice.randrange(8)
        findings, _walk, _manifest = verify_export(zipfile.ZipFile(io.BytesIO(flipped)))
        assert findings, at


def test_a_flipped_byte_anywhere_ends_with_an_error(exported, tmp_path):
    whole = bytearray(exported.read_bytes())
    begin, size = place_of(exported, "events.tsv")
    flipped = bytearray(whole)
    flipped[begin + size // 2] ^= 1
    file = tmp_path / "flipped.zip"
    file.write_bytes(flipped)
    code, words = verify(file)
    assert code == 1
    assert "event " in words
    file.write_bytes(whole[: len(whole) // 2])
    code, words = verify(file)
    assert code == 2
    assert "cannot be read" in words


def test_an_event_left_out_with_its_manifest_made_anew_is_found(exported, tmp_path):
    """Somebody who knows the format takes one event out and mends every hash that he can."""
    import hashlib

    from audit.seals.verifier import manifest_hash

    with zipfile.ZipFile(exported) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    lines = files["events.tsv"].splitlines(keepends=True)
    files["events.tsv"] = b"".join(lines[:2] + lines[3:])
    manifest = json.loads(files.pop("manifest.json"))
    manifest["events"] -= 1
    manifest["files"]["events.tsv"]["sha256"] = hashlib.sha256(files["events.tsv"]).hexdigest()
    del manifest["sha256"]
    manifest["sha256"] = manifest_hash(manifest)
    file = tmp_path / "less.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for name, body in files.items():
            archive.writestr(name, body)
        archive.writestr("manifest.json", json.dumps(manifest))
    code, words = verify(file)
    assert code == 1
    assert "event 5: is gone" in words


def test_of_months_that_were_retired_nothing_is_exported_and_the_rest_verifies(stand, tmp_path):
    events = stand.happen("a", "b")
    age(stand, *events, years=11)
    stand.sealer.round()
    stand.seal("c")
    stand.tamper("DELETE FROM audit_event WHERE id = ANY(%s)", events)
    [(until,)] = stand.run("SELECT now() - make_interval(years => 11, months => -1)")
    retire(stand, iso_of(until))
    long_ago = NOW - timedelta(days=366 * 12)
    found = range_of(stand.owner, long_ago, NOW + timedelta(days=1))
    assert found.events == 2  # c, and the event that tells of the retirement
    file = tmp_path / "export.zip"
    with file.open("wb") as out:
        write_export(out, partial(stand.connect, "app"), found, asked="all", by="cora")
    assert verify(file, f"--key={stand.key.public}")[0] == 0
    assert range_of(stand.owner, long_ago, until) is None


def test_nothing_sealed_in_these_days_is_nothing_to_export(stand):
    stand.seal("a")
    assert range_of(stand.owner, NOW - timedelta(days=9), NOW - timedelta(days=8)) is None
