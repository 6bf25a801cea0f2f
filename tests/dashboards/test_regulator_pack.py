"""The regulator pack: one ZIP of one client that is checked offline, by who has nothing else of the bank."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from clients.actions import log_interaction
from clients.models import Client, ContactPoint
from compliance.actions import forget_audit_exports
from dashboards import pack_verifier
from dashboards.selectors.pack import hidden
from jobs.actions import run_due
from jobs.models import Job
from staff.roles import Role
from tests.cast import make_cast, make_person
from tests.compliance.stage import large_from
from tests.compliance.test_sealed_audit import sealer  # noqa: F401 - a fixture


@pytest.fixture
def bank(sealer):  # noqa: F811
    large_from(10_000_000)
    return make_cast()


@pytest.fixture
def pack(bank, page_of, sealer):  # noqa: F811
    """As Cora saves it, of Anna's file before she moved and was handed over."""
    party = bank.anna.parties.get()
    ContactPoint.objects.create(client=bank.anna, party=party, kind="email", value="anna@old.example")
    log_interaction(
        bank.anna,
        by=bank.rita,
        channel="call",
        purpose="service",
        at=timezone.now(),
        summary="Asked for a card",
    )
    assert page_of(bank.rita).get(f"/clients/{bank.anna.pk}/").status_code == 200
    at = timezone.now()
    ContactPoint.objects.update(value="anna@new.example")
    Client.objects.filter(pk=bank.anna.pk).update(book=bank.otto_book, domicile="DE")
    sealer.round()
    today = timezone.localdate().isoformat()
    asked = {"at": at.isoformat(), "since": today, "until": today, "form_key": "1"}
    cora = page_of(bank.cora)
    assert cora.post(reverse("file_pack", args=[bank.anna.pk]), asked).status_code == 303
    run_due()
    job = Job.objects.get(kind="dashboards.regulator_pack")
    assert job.state == "done", job.error
    url = reverse("file_pack_file", args=[job.pk])
    assert url in cora.get(reverse("file_history", args=[bank.anna.pk])).content.decode()
    return b"".join(cora.get(url).streaming_content)


def check(tmp_path, content, *options):
    """As somebody does it who has only the ZIP: two programs out of it, and a Python."""
    (tmp_path / "pack.zip").write_bytes(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in ("verify_pack.py", "verifier.py"):
            (tmp_path / name).write_bytes(archive.read(name))
    command = [sys.executable, "verify_pack.py", "pack.zip", *options]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, env={}, timeout=60, check=False
    )
    return done.returncode, done.stdout


def test_it_holds_the_file_as_it_stood_and_all_that_proves_it_and_is_checked_offline(
    pack, bank, sealer, tmp_path  # noqa: F811
):  # fmt: skip
    code, said = check(tmp_path, pack, f"--key={sealer.key.public}")
    assert code == 0, said
    archive = zipfile.ZipFile(io.BytesIO(pack))
    papers = {name: json.loads(archive.read(name)) for name in archive.namelist() if name.endswith(".json")}
    file = json.dumps(papers["file.json"]["records"])
    assert "anna@old.example" in file
    assert "anna@new.example" not in file
    assert "anna@new.example" in json.dumps(papers["file.json"]["changed_since"])
    could = {each["person_id"] for each in papers["access.json"]["could_see"]}
    assert could == {bank.rita.pk, bank.theo.pk, bank.cora.pk}
    assert "rita" in {each["by_login"] for each in papers["access.json"]["opened"]}
    assert len(papers["interactions.json"]["interactions"]) == 1
    assert "rita" in {each["login"] for each in papers["people.json"]}
    assert "kyc" in {each["name"] for each in papers["rules.json"]}
    assert b"Omar" not in b"".join(archive.read(name) for name in archive.namelist())
    made = AuditEvent.objects.get(verb="regulator pack made")
    assert made.payload["manifest"] == papers["manifest.json"]["sha256"]
    assert made.payload["manifest"] in said
    assert AuditEvent.objects.filter(verb="regulator pack downloaded", client_id=bank.anna.pk).count() == 1


def changed(pack, name):
    """A pack in which one file was changed, or put in."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(pack)) as old, zipfile.ZipFile(out, "w") as new:
        for each in old.namelist():
            content = old.read(each)
            new.writestr(each, content.replace(b"2", b"3", 1) if each == name else content)
        if name not in old.namelist():
            new.writestr(name, b"{}")
    return out.getvalue()


def test_whatever_is_changed_or_added_is_named_and_a_key_nobody_trusts_is_no_proof(pack, tmp_path):
    code, said = check(tmp_path, pack)
    assert code == 3
    assert "--key=HEX" in said
    for name in ("file.json", "access.json", "audit.zip", "manifest.json", "more.json"):
        code, said = check(tmp_path, changed(pack, name))
        assert code == 1
        assert name in said
    contents = contents_of(pack)
    for place in range(60, len(pack), len(pack) // 60):
        broken = bytearray(pack)
        broken[place] ^= 1
        try:
            with zipfile.ZipFile(io.BytesIO(bytes(broken))) as archive:
                wrong, _ = pack_verifier.check_files(archive)
        except Exception as error:
            wrong = [str(error)]
        # A byte that is told of no file is between them: then all of them are whole.
        assert wrong or contents_of(bytes(broken)) == contents


def contents_of(pack):
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        return {each: archive.read(each) for each in archive.namelist()}


def test_nobody_else_gets_it_and_a_day_later_it_is_gone(pack, bank, page_of):
    job = Job.objects.get(kind="dashboards.regulator_pack")
    url = reverse("file_pack_file", args=[job.pk])
    assert page_of(make_person("udo", Role.AUDITOR)).get(url).status_code == 404
    assert page_of(bank.rita).get(url).status_code == 403
    Job.objects.filter(pk=job.pk).update(finished_at=timezone.now() - timedelta(hours=25))
    assert forget_audit_exports() == 1
    assert page_of(bank.cora).get(url).status_code == 404
    page = page_of(bank.cora).get(reverse("file_history", args=[bank.anna.pk])).content.decode()
    assert "gone now" in page


def test_what_was_compared_is_in_it_without_numbers_and_days_of_birth():
    snapshot = {
        "client": {"name": "Anna", "born_on": "1980-05-04", "identifiers": [["passport", "X1234567", "CH"]]},
        "changes": {"born_on": ["1980-05-04", ""], "identifiers": [[["passport", "X1234567", "CH"]], []]},
        "score": 91,
    }
    told = str(hidden(snapshot))
    assert "X1234567" not in told
    assert "05-04" not in told
    for kept in ("Anna", "passport", "4567", "CH", "91"):
        assert kept in told
