"""An officer or auditor sees how far the audit is sealed, verifies it, and takes days of it away; each is
an event."""

import io
import zipfile
from datetime import date, timedelta

import psycopg2
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from audit.seals.anchors import FileAnchor
from audit.seals.sealing import Key, Sealer
from audit.seals.verifier import verify_export
from clients.models import Client
from compliance.actions import forget_audit_exports, keeping
from jobs.actions import run_due
from jobs.models import Job
from rmcrm.settings import database, env
from tests.cast import make_cast, make_client, make_person
from tests.compliance.stage import large_from

PAGE, EXPORTS = reverse("compliance:audit"), reverse("compliance:audit_export")


def as_owner(statement):
    """Without the triggers that would stop it."""
    tables = ("audit_event", "audit_seal", "suspicion_seal")
    owner = database(env("DATABASE_OWNER_URL"))
    place = {key.lower(): owner[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
    link = psycopg2.connect(dbname=connection.settings_dict["NAME"], **place)
    with link, link.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    link.close()


@pytest.fixture
def sealer(transactional_db, tmp_path, settings):
    """Over the tests' own database: what was committed is sealed when we say so."""
    place = {
        key.lower(): database(env("DATABASE_SEALER_URL"))[key] for key in ("USER", "PASSWORD", "HOST", "PORT")
    }
    link = psycopg2.connect(dbname=connection.settings_dict["NAME"], **place)
    link.autocommit = True
    files = [tmp_path / name / "seals.log" for name in ("first", "second")]
    settings.ANCHORS = ",".join(f"file:{file}" for file in files)
    key = Key("44" * 32)
    settings.SEAL_PUBLIC_KEYS = [key.public]
    as_owner("TRUNCATE audit_seal, audit_pulse, audit_anchor, audit_check, suspicion_seal")
    made = Sealer(link, key, [FileAnchor(f"file:{file}", file) for file in files])
    made.round()
    yield made
    link.close()


@pytest.fixture
def bank(sealer):
    large_from(10_000_000)
    return make_cast()


def read(page_of, person, bank):
    assert page_of(person).get(f"/clients/{bank.anna.pk}/").status_code == 200


def test_the_page_says_how_far_it_is_sealed_and_where(page_of, bank, sealer):
    text = page_of(bank.cora).get(PAGE).content.decode()
    number = sealer.work[0][0].head["number"]
    assert f"{number}," in text
    assert text.count("holds seal") == 2
    assert "is not being sealed" not in text


def test_officers_and_administrators_see_on_their_first_page_that_sealing_has_stopped(page_of, bank, sealer):
    with sealer.connection.cursor() as cursor:
        cursor.execute("UPDATE audit_pulse SET at = now() - interval '5 seconds'")
    for person in (bank.cora, bank.ada):
        assert "The audit is not being sealed." in page_of(person).get("/").content.decode()
    sealer.pulse()
    for person in (bank.cora, bank.ada):
        assert "not being sealed" not in page_of(person).get("/").content.decode()


def test_an_export_is_made_in_the_background_verifies_offline_and_says_who_made_it(page_of, bank, sealer):
    read(page_of, bank.rita, bank)
    sealer.round()
    today = timezone.now().date().isoformat()
    answer = page_of(bank.cora).post(EXPORTS, {"since": today, "until": today, "form_key": "1"})
    assert answer.status_code == 303
    run_due()
    job = Job.objects.get(kind="compliance.audit_export")
    assert job.state == "done", job.error
    url = reverse("compliance:audit_file", args=[job.pk])
    assert url in page_of(bank.cora).get(PAGE).content.decode()
    answer = page_of(bank.cora).get(url)
    body = b"".join(answer.streaming_content)
    findings, walk, manifest = verify_export(zipfile.ZipFile(io.BytesIO(body)), [sealer.key.public])
    assert findings == []
    assert walk.counts["events"] == manifest["events"] > 0
    assert f"({bank.cora.login}, compliance)" in manifest["exported_by"]
    assert bank.anna.name.encode() not in body
    verbs = list(
        AuditEvent.objects.filter(verb__startswith="audit export", by_id=bank.cora.pk)
        .order_by("-id").values_list("verb", flat=True)[:3]
    )  # fmt: skip
    assert verbs == ["audit export downloaded", "audit exported", "audit export asked for"]
    # Nobody else gets it, and who may not export any more neither.
    udo = make_person("udo", "auditor")
    assert page_of(udo).get(url).status_code == 404
    assert page_of(bank.rita).get(url).status_code == 403


def test_the_audit_of_a_deleted_client_still_verifies_and_does_not_tell_the_name(page_of, bank, sealer):
    ines, clea = make_client("Ines Frei", bank.rita_book), make_person("carina", "compliance")
    assert page_of(bank.rita).get(f"/clients/{ines.pk}/").status_code == 200
    sealer.round()
    Client.objects.filter(pk=ines.pk).update(state="closed", closed_on=date(2018, 5, 4))
    asked = keeping.ask_deletion(ines.pk, by=bank.cora)
    keeping.confirm_deletion(asked.pk, by=clea)
    run_due()
    assert not Client.objects.filter(pk=ines.pk).exists()
    sealer.round()
    today = timezone.now().date().isoformat()
    page_of(clea).post(EXPORTS, {"since": today, "until": today, "form_key": "9"})
    run_due()
    job = Job.objects.get(kind="compliance.audit_export")
    body = b"".join(page_of(clea).get(reverse("compliance:audit_file", args=[job.pk])).streaming_content)
    findings, _, _ = verify_export(zipfile.ZipFile(io.BytesIO(body)), [sealer.key.public])
    assert findings == []
    of_hers = AuditEvent.objects.filter(client_id=ines.pk).values_list("verb", flat=True)
    assert {"file opened", "client file deleted"} <= set(of_hers)
    assert b"Ines" not in body


def test_a_day_later_the_file_is_gone(page_of, bank, sealer):
    sealer.round()
    today = timezone.now().date().isoformat()
    page_of(bank.cora).post(EXPORTS, {"since": today, "until": today, "form_key": "2"})
    run_due()
    job = Job.objects.get(kind="compliance.audit_export")
    assert forget_audit_exports() == 0
    Job.objects.update(finished_at=timezone.now() - timedelta(hours=25))
    assert forget_audit_exports() == 1
    assert page_of(bank.cora).get(reverse("compliance:audit_file", args=[job.pk])).status_code == 404
    assert "gone now" in page_of(bank.cora).get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("since", "until", "status"),
    [
        ("2026-02-01", "2026-01-01", 409),
        ("2099-01-01", "2099-02-01", 409),
        ("2026-01-01", "9999-12-31", 409),
        ("x", "2026-01-01", 422),
    ],
)
def test_days_that_make_no_sense_are_refused_with_a_sentence(page_of, bank, since, until, status):
    answer = page_of(bank.cora).post(EXPORTS, {"since": since, "until": until})
    assert answer.status_code == status
    assert not Job.objects.filter(kind="compliance.audit_export").exists()


@pytest.mark.parametrize("key", ["a\x00b", "a key that no form of ours makes " * 20])
def test_whatever_key_a_form_bears_it_is_made_once(page_of, bank, key):
    cora, sent = page_of(bank.cora), {"since": "2026-01-01", "until": "2026-01-31", "form_key": key}
    packs = reverse("file_pack", args=[bank.anna.pk])
    at = {"at": timezone.now().isoformat()}
    for _ in range(2):
        assert cora.post(EXPORTS, sent).status_code == 303
        assert cora.post(packs, sent | at | {"form_key": f"2 {key}"}).status_code == 303
    assert Job.objects.filter(kind="compliance.audit_export").count() == 1


def test_who_lost_the_right_meanwhile_gets_no_file(page_of, bank, sealer):
    sealer.round()
    today = timezone.now().date().isoformat()
    page_of(bank.cora).post(EXPORTS, {"since": today, "until": today, "form_key": "3"})
    bank.cora.role = "rm"
    bank.cora.save()
    run_due()
    job = Job.objects.get(kind="compliance.audit_export")
    assert (job.state, job.result) == ("failed", {})


def test_a_verification_is_asked_for_and_its_result_stands_on_the_page(page_of, bank, sealer):
    read(page_of, bank.rita, bank)
    sealer.round()
    assert page_of(bank.cora).post(reverse("compliance:audit_check")).status_code == 303
    assert "Verification under way" in page_of(bank.cora).get(PAGE).content.decode()
    run_due()
    text = page_of(bank.cora).get(PAGE).content.decode()
    assert "all is as it was sealed" in text, text
    assert bank.cora.login in text


def test_what_was_tampered_with_stands_on_the_page_by_its_number(page_of, bank, sealer):
    read(page_of, bank.rita, bank)
    sealer.round()
    event = AuditEvent.objects.filter(verb="file opened").latest("id").pk
    as_owner(f"UPDATE audit_event SET by_login = 'otto' WHERE id = {event}")
    try:
        page_of(bank.cora).post(reverse("compliance:audit_check"))
        run_due()
        text = page_of(bank.cora).get(PAGE).content.decode()
        assert f"event {event}: was changed" in text
    finally:
        as_owner(f"UPDATE audit_event SET by_login = 'rita' WHERE id = {event}")


def test_the_page_takes_few_queries(page_of, bank, django_assert_num_queries):
    cora = page_of(bank.cora)
    cora.get(PAGE)
    with django_assert_num_queries(14):
        cora.get(PAGE)
