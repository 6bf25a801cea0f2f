"""A bank's own clients come in whole or not at all, once, and are taken back while nobody works on them."""

import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from clients.access import open_file
from clients.actions import index_file, log_interaction
from clients.models import Client, Identifier, SearchKey, SearchWord
from compliance.models import KycFile, RatingRecord, ReviewTrigger
from jobs.actions import run_due
from jobs.models import Job
from onboarding.actions import imports as actions
from onboarding.actions.imports.checking import begin_check, stage_lines
from onboarding.models import ClientImport, ImportedClient, StagedClient
from onboarding.rules.imports.rows import RowChecker
from onboarding.selectors.imports import known, mapping_of
from staff.night import command_line, night_shift
from staff.roles import May
from tests.cast import raise_barrier
from tests.onboarding.imports import (
    EMIL,
    FIRM,
    HEAD,
    NORA,
    TOLD,
    a_file,
    as_json,
    checked,
    errors,
    loaded,
    told,
    upload,
)
from ui.refusals import NotPermitted, NotVisible, Refused

pytestmark = pytest.mark.django_db


def test_a_calendar_of_reviews_comes_along(cast):
    """Else ten thousand clients are due at once, and nobody's day shows what is late."""
    mapping, head = told(kyc_due_on={"column": "Next review"}), f"{HEAD};Next review"
    loaded(cast.cora, f"{NORA};30.06.2027", f"{EMIL};", mapping=mapping, head=head)
    due = dict(Client.objects.filter(number__in=["N-1", "N-2"]).values_list("number", "kyc_due_on"))
    assert due == {"N-1": date(2027, 6, 30), "N-2": timezone.localdate()}
    assert KycFile.objects.get(client__number="N-1").next_review_on == date(2027, 6, 30)
    found = checked(cast.cora, f"{FIRM};31.01.2015", mapping=mapping, head=head)
    assert errors(found) == [(2, "Next review", "2015-01-31", "is before the client joined")]


def test_every_line_becomes_a_whole_client_file_under_the_lock(cast):
    found = loaded(cast.cora, NORA, EMIL, FIRM)
    assert (found.state, found.read, found.fresh, found.errors) == ("loaded", 3, 3, 0)
    nora = Client.objects.get(number="N-1")
    assert (nora.name, nora.book, nora.state, nora.segment) == ("Nora Lind", cast.rita_book, "active", "hnw")
    party = nora.parties.get()
    assert (party.is_client, str(party.born_on)) == (True, "1980-12-24")
    points = set(party.contact_points.values_list("kind", "value", "preferred"))
    assert points == {("phone", "+41446681800", True), ("email", "nora.lind@example.com", True)}
    assert nora.search_name.words == ["lind", "nora"]
    assert set(SearchKey.objects.filter(client=nora).values_list("key", flat=True)) == {
        "n1", "41446681800", "nora.lind@example.com",
    }  # fmt: skip
    assert SearchWord.objects.filter(word="mobel").exists()
    kyc = KycFile.objects.get(client=nora)
    today = timezone.localdate()
    assert (kyc.state, kyc.next_review_on, nora.kyc_due_on) == ("missing", today, today), (
        "due now: not since 2015, when nobody here could have reviewed it"
    )
    assert Client.objects.visible_to(cast.rita).filter(number__in=["N-1", "N-3"]).count() == 2
    assert not Client.objects.visible_to(cast.rita).filter(number="N-2").exists()
    assert not StagedClient.objects.exists()


def test_the_audit_tells_of_the_import_and_of_every_client(cast):
    found = loaded(cast.cora, NORA, EMIL)
    whole = AuditEvent.objects.get(verb="clients imported")
    assert (whole.by_login, whole.subject_id, whole.payload) == ("cora", found.pk, {"import_id": found.pk})
    each = AuditEvent.objects.filter(verb="client imported")
    assert set(each.values_list("client_id", flat=True)) == set(
        Client.objects.filter(number__startswith="N-").values_list("pk", flat=True)
    )
    assert {bytes(event.row_hash) for event in each} != {b""}


def test_one_wrong_cell_and_nothing_is_loaded(cast):
    found = checked(cast.cora, NORA, EMIL.replace("03.04.1975", "31.02.1975"))
    assert (found.state, found.errors, found.fresh) == ("checked", 1, 1)
    assert errors(found) == [(3, "Born", "31.02.1975", "is no day of the calendar, read as DD.MM.YYYY")]
    before = Client.objects.count()
    with pytest.raises(Refused, match="One cell is wrong"):
        actions.load_import(None, by=cast.cora, import_id=found.pk)
    assert Client.objects.count() == before


def test_the_file_ends_where_it_cannot_be_split(cast):
    found = checked(cast.cora, NORA, 'N-2;P;"Emil', EMIL)
    assert [(line, column) for line, column, *_rest in errors(found)] == [(3, "all")]


def test_a_second_run_changes_nothing_and_says_so(cast):
    loaded(cast.cora, NORA, EMIL)
    with pytest.raises(Refused, match="loaded already, as import"):
        upload(cast.cora, NORA, EMIL)
    again = checked(cast.cora, NORA.replace("Nora Lind", "Nora Lind-Berg"), EMIL, FIRM)
    assert (again.known, again.fresh) == (2, 1)
    told = {row.line: row.reason for row in again.problems.filter(kind="known")}
    assert "called otherwise" in told[2]
    assert told[3] == "is here already; the line changes nothing"
    actions.load_import(None, by=cast.cora, import_id=again.pk)
    assert Client.objects.get(number="N-1").name == "Nora Lind"
    assert Client.objects.filter(number__startswith="N-").count() == 3


def test_a_number_taken_between_check_and_load_is_left_alone(cast):
    found = checked(cast.cora, NORA, EMIL)
    Client.objects.filter(pk=cast.anna.pk).update(number="N-1")
    done = actions.load_import(None, by=cast.cora, import_id=found.pk)
    assert (done.fresh, done.known) == (1, 1)
    assert Client.objects.get(number="N-1") == cast.anna


def test_duplicates_are_found_in_the_file_and_in_the_bank(cast):
    cast.anna.parties.update(name="Lind NORA", born_on="1980-12-24")
    Client.objects.filter(pk=cast.anna.pk).update(name="Lind NORA")
    index_file(Client.objects.get(pk=cast.anna.pk))
    found = checked(cast.cora, NORA, EMIL, EMIL.replace("N-2", "N-9"))
    told = list(found.problems.filter(kind="duplicate").order_by("line").values_list("line", "other_id"))
    assert told == [(2, cast.anna.pk), (4, None)]
    assert found.duplicates == 2
    assert actions.load_import(None, by=cast.cora, import_id=found.pk).fresh == 3  # a judgement, no refusal


def test_a_paper_that_is_here_already_is_told(cast):
    party = cast.anna.parties.get()
    Identifier.objects.create(client=cast.anna, party=party, kind="passport", country="CH", number="X123")
    mapping = told(passport={"column": "Pass"}, passport_country={"value": "CH"})
    found = checked(cast.cora, NORA + ";X123", head=HEAD + ";Pass", mapping=mapping)
    told_of = list(found.problems.values_list("kind", "column", "other_id"))
    assert told_of == [("duplicate", "passport", cast.anna.pk)]


def test_undo_takes_back_every_row_and_leaves_the_others(cast):
    before = Client.objects.count()
    found = loaded(cast.cora, NORA, EMIL)
    actions.undo_import(None, by=cast.cora, import_id=found.pk)
    found.refresh_from_db()
    assert (found.state, found.undone_by, Client.objects.count()) == ("undone", cast.cora, before)
    assert AuditEvent.objects.filter(verb="client import undone").count() == 2
    assert ImportedClient.objects.count() == 0
    with connection.cursor() as cursor:  # nor does how they stood stay
        cursor.execute(
            "SELECT (SELECT count(*) FROM clients_filechange change WHERE NOT EXISTS"
            " (SELECT FROM clients_client there WHERE there.id = change.client_id)),"
            " (SELECT count(*) FROM clients_coverage_history)"
        )
        assert cursor.fetchone() == (0, 0)
    assert loaded(cast.cora, NORA, EMIL).fresh == 2  # and the file may come again


def test_undo_is_refused_when_one_stands_behind_a_barrier_now_in_the_words_of_any_other_work(cast, page_of):
    """Both walls hide the file from Cora: nothing stays behind unsaid, and nothing is said of a barrier."""
    found, later = loaded(cast.cora, NORA, EMIL), loaded(cast.cora, FIRM)
    cora, told = page_of(cast.cora), "Somebody has worked on one of these clients since"
    assert cora.post(reverse("onboarding:import_undo", args=[later.pk])).status_code == 303
    raise_barrier(
        [Client.objects.get(number=number) for number in ("N-1", later.clients.get().client.number)],
        [cast.otto],
    )
    answer = cora.post(reverse("onboarding:import_undo", args=[found.pk]))
    assert answer.status_code == 409
    run_due()
    later.refresh_from_db()
    for words in (answer.content.decode(), f"{later.state}: {later.sentence}"):
        assert told in words
        assert "barrier" not in words.lower()
    assert later.state == "loaded"
    assert ImportedClient.objects.count() == 3


def test_undo_is_refused_when_somebody_has_worked_on_the_clients(cast):
    found = loaded(cast.cora, NORA, EMIL)
    nora = Client.objects.get(number="N-1")
    log_interaction(
        nora, by=cast.rita, channel="call", purpose="service", at=timezone.now(), summary="Asked about a card"
    )
    with pytest.raises(Refused, match="worked on one of these clients"):
        actions.undo_import(None, by=cast.cora, import_id=found.pk)
    with pytest.raises(Refused, match="worked on one of these clients"):
        actions.ask_undo(None, by=cast.cora, import_id=found.pk)
    assert Client.objects.filter(number__startswith="N-").count() == 2


def test_whoever_only_looked_has_not_worked(cast):
    found = loaded(cast.cora, NORA)
    open_file(cast.rita, Client.objects.get(number="N-1").pk)
    assert actions.undo_import(None, by=cast.cora, import_id=found.pk).state == "undone"


def test_a_file_of_clients_passes_the_virus_scanner_and_without_its_answer_none_is_taken(cast, settings):
    settings.CLAMD = "unix:///nowhere/clamd.ctl"
    with pytest.raises(Refused, match="virus scanner does not answer"):
        upload(cast.cora, NORA)
    assert not ClientImport.objects.exists()


def test_what_the_night_adds_is_nobodys_work_and_goes_with_the_import(cast):
    found = loaded(cast.cora, NORA)
    nora = Client.objects.get(number="N-1")
    RatingRecord.objects.create(
        client=nora, cause="rules", level="low", computed="low", by_sum="low", points=0, pack_version=1
    )
    ReviewTrigger.objects.create(client=nora, code="country_listed", occurrence="night", due_on="2030-01-01")
    assert actions.undo_import(None, by=cast.cora, import_id=found.pk).state == "undone"


@pytest.mark.parametrize("who", ["rita", "theo", "otto", "ada"])
def test_only_compliance_may_import(cast, who):
    with pytest.raises(NotPermitted):
        upload(getattr(cast, who), NORA)
    found = checked(cast.cora, NORA)
    for verb in (actions.load_import, actions.ask_load, actions.ask_check, actions.discard_import):
        with pytest.raises(NotPermitted):
            verb(None, by=getattr(cast, who), import_id=found.pk)


def test_an_import_that_is_not_there_is_not_there(cast):
    with pytest.raises(NotVisible):
        actions.load_import(None, by=cast.cora, import_id=999_999)


def test_a_discarded_import_keeps_no_line_of_its_file(cast, django_capture_on_commit_callbacks):
    found = checked(cast.cora, NORA, EMIL.replace("AT", "XX"))
    name, storage = found.file.name, found.file.storage
    with django_capture_on_commit_callbacks(execute=True):
        actions.discard_import(None, by=cast.cora, import_id=found.pk)
        assert storage.exists(name), "were the transaction undone now, the file would still be needed"
    assert not storage.exists(name)
    assert (found.problems.count(), found.staged.count()) == (0, 0)


# --- the worker ------------------------------------------------------------------------------------------


def test_a_worker_checks_loads_and_screens(cast):
    found = upload(cast.cora, NORA, EMIL)
    actions.ask_check(None, by=cast.cora, import_id=found.pk)
    run_due()
    actions.ask_load(None, by=cast.cora, import_id=found.pk)
    run_due()
    found.refresh_from_db()
    assert (found.state, found.loaded_by) == ("loaded", cast.cora)
    assert sorted(Job.objects.values_list("kind", "state")) == [
        ("onboarding.check_import", "done"), ("onboarding.load_import", "done"),
        ("onboarding.screen_import", "done"),
    ]  # fmt: skip


def test_a_worker_works_with_the_rights_of_that_moment(cast):
    found = upload(cast.cora, NORA)
    actions.ask_check(None, by=cast.cora, import_id=found.pk)
    cast.cora.role = "rm"
    cast.cora.save()
    run_due()
    found.refresh_from_db()
    assert (found.state, found.sentence) == ("uploaded", "Whoever asked for this may not do it any more.")
    assert not StagedClient.objects.exists()


def test_a_check_that_died_in_the_middle_begins_anew(cast):
    found = upload(cast.cora, NORA, EMIL)
    begin_check(None, by=cast.cora, import_id=found.pk)
    told = RowChecker(mapping_of(found), found.header, known(cast.cora, timezone.localdate()))
    half = [told.check(2, NORA.split(";"))]
    stage_lines(None, by=cast.cora, import_id=found.pk, lines=half, problems=[])
    assert found.staged.count() == 1  # and the worker dies
    done = actions.check_import(found.pk, by=cast.cora)
    assert (done.read, done.fresh, done.staged.count()) == (2, 2, 2)


def test_a_load_asked_for_twice_loads_once(cast):
    found = checked(cast.cora, NORA)
    actions.load_import(None, by=cast.cora, import_id=found.pk)
    with pytest.raises(Refused, match="loaded already"):
        actions.load_import(None, by=cast.cora, import_id=found.pk)


def test_a_load_asks_postgresql_no_oftener_for_more_lines_and_passes_the_wall_of_them_once(cast):
    odd = 'N-4;P;Ida Ost;03.04.1975;CH;B;otto;15.06.2019;;"i,d""a\\{o}@example.com"'
    asked = []
    for lines in ([NORA], [EMIL, FIRM, odd]):
        found = checked(cast.cora, *lines)
        with CaptureQueriesContext(connection) as queries:
            actions.load_import(None, by=cast.cora, import_id=found.pk)
        asked.append([query["sql"] for query in queries.captured_queries])
    assert [len(each) for each in asked] == [len(asked[0])] * 2
    staged = [sql.split()[0] for sql in asked[1] if "onboarding_stagedclient" in sql]
    # Marked as known, the first and the last, the table beside, taken into it, forgotten.
    assert staged == ["UPDATE", "SELECT", "CREATE", "TRUNCATE", "DELETE"]
    assert SearchKey.objects.filter(client__number="N-4", key='i,d"a\\{o}@example.com').exists()


# --- the command -----------------------------------------------------------------------------------------


def run(tmp_path, *lines, mapping=TOLD, **options):
    file = tmp_path / "clients.csv"
    file.write_bytes(a_file(*lines).read())
    told = tmp_path / "mapping.json"
    told.write_text(as_json(mapping), encoding="utf-8")
    out = io.StringIO()
    call_command("import_clients", str(file), mapping=told, as_json=True, stdout=out, **options)
    return json.loads(out.getvalue())


def test_the_command_loads_and_tells_as_json(cast, tmp_path):
    dry = run(tmp_path, NORA, EMIL, dry_run=True)
    assert (dry["read"], dry["new"], dry["loaded"]) == (2, 2, 0)
    assert not Client.objects.filter(number="N-1").exists()
    done = run(tmp_path, NORA, EMIL)
    assert (done["loaded"], done["error_count"]) == (2, 0)
    assert AuditEvent.objects.filter(verb="client imported", source="manage import_clients").count() == 2
    with pytest.raises(CommandError, match="loaded already"):
        run(tmp_path, NORA, EMIL)


def test_the_command_tells_what_it_does_not_take(cast, tmp_path):
    without = TOLD | {"fields": {name: TOLD["fields"][name] for name in TOLD["fields"] if name != "email"}}
    told = run(tmp_path, NORA, EMIL, mapping=without, dry_run=True)
    assert told["columns_not_taken"] == [{"column": "E-mail", "example": "nora.lind@example.com"}]
    assert run(tmp_path, NORA, EMIL, dry_run=True)["columns_not_taken"] == []
    file, mapping, out = tmp_path / "clients.csv", tmp_path / "mapping.json", io.StringIO()
    mapping.write_text(as_json(without))
    call_command("import_clients", str(file), mapping=mapping, dry_run=True, stdout=out)
    assert "not taken: column E-mail, for example 'nora.lind@example.com'" in out.getvalue()


@pytest.mark.parametrize(
    ("segment", "line", "column", "whose"),
    [
        (TOLD["fields"]["segment"], NORA.replace(";A;", ";S;"), "Segment", "a person"),
        ({"value": "sme"}, NORA, "segment", "a person"),
        ({"value": "corporate"}, NORA, "segment", "a person"),
        ({"value": "mass"}, FIRM, "segment", "an organisation"),
    ],
)
def test_a_segment_is_one_of_its_kind_of_client(cast, segment, line, column, whose):
    found = checked(cast.cora, line, mapping=told(segment=segment))
    said = [(at, why) for _line, at, _value, why in errors(found)]
    assert said == [(column, f"This segment is not one of {whose}.")]


def test_the_command_names_each_wrong_cell_and_loads_nothing(cast, tmp_path, capsys):
    file = tmp_path / "clients.csv"
    file.write_bytes(a_file(NORA, EMIL.replace("AT", "Austria")).read())
    mapping = tmp_path / "mapping.json"
    mapping.write_text(as_json(TOLD))
    out = io.StringIO()
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("import_clients", str(file), mapping=mapping, stdout=out)
    assert "line 3, column Country: 'Austria' is no country" in out.getvalue()
    assert not Client.objects.filter(number="N-1").exists()
    assert ClientImport.objects.get().state == "discarded"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", "no JSON"),
        (b"[]", "JSON object"),
        (b'{"version": 1}', "fields"),
        (b'{"version": "\xff"}', "JSON in UTF-8"),
        (b"[" * 100_000, "no mapping"),
    ],
)
def test_the_command_refuses_a_mapping_that_is_none(cast, tmp_path, content, why):
    (tmp_path / "clients.csv").write_bytes(a_file(NORA).read())
    (tmp_path / "mapping.json").write_bytes(content)
    with pytest.raises(CommandError, match=why):
        call_command("import_clients", str(tmp_path / "clients.csv"), mapping=tmp_path / "mapping.json")


def test_the_command_line_brings_in_and_deletes_again_and_does_nothing_else_and_the_night_shift_neither(db):
    held = {permission for permission in May if command_line().may(permission)}
    assert held == {May.CLIENTS_IMPORT, May.DELETIONS_REPLAY}
    assert not night_shift().may(May.CLIENTS_IMPORT)
