"""Cora brings in a file in the browser: upload, mapping with its preview, check, load, undo."""

import csv
import io
import json

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from clients.models import Client
from jobs.actions import ask, run_due
from jobs.models import Job
from onboarding.actions.imports import map_columns
from onboarding.models import ClientImport
from onboarding.rules.imports.mapping import read_mapping
from tests.onboarding.imports import (
    EMIL,
    FIRM,
    HEAD,
    NORA,
    TOLD,
    a_file,
    a_workbook,
    as_json,
    checked,
    loaded,
    told,
    upload,
)
from ui.rules.spreadsheets import spreadsheet_text

pytestmark = pytest.mark.django_db
EMPTY = {"version": 1, "file": {"delimiter": ";"}, "fields": {}}


def url(name, *args):
    return reverse(f"onboarding:{name}", args=args)


def test_cora_brings_in_a_file_from_upload_to_undo(page_of, cast):
    cora = page_of(cast.cora)
    assert "No file was imported yet" in cora.get(url("imports")).content.decode()
    answer = cora.post(url("imports"), {"file": a_file(NORA, EMIL)})
    found = ClientImport.objects.get()
    assert answer.headers["Location"] == url("import", found.pk)
    page = cora.get(url("import", found.pk)).content.decode()
    assert "It is not guessed" in page  # the button to check says what is missing
    form = cora.get(url("import", found.pk)).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    sent |= {"dates": "DD.MM.YYYY", "c_book": "RM", "c_kind": "Type", "c_segment": "Segment"}
    assert cora.post(url("import_mapping", found.pk), sent).status_code == 303
    form = cora.get(url("import", found.pk)).context["form"]
    assert [field.label for field in form.groups[0][1][1]["meanings"]] == [
        "P"
    ]  # what the codes mean is asked
    sent = {name: form[name].value() or "" for name in form.fields}
    sent |= {"m_kind_0": "person", "m_segment_0": "hnw", "m_segment_1": "affluent"}
    cora.post(url("import_mapping", found.pk), sent)
    page = cora.get(url("import", found.pk)).content.decode()
    assert "1980-12-24" in page  # what 24.12.1980 becomes
    assert cora.post(url("import_check", found.pk)).status_code == 303
    page = cora.get(url("import", found.pk)).content.decode()
    assert "Every line is being checked" in page
    run_due()
    assert cora.post(url("import_load", found.pk)).status_code == 303
    run_due()
    assert "2 clients came in by this file" in cora.get(url("import", found.pk)).content.decode()
    assert Client.objects.filter(number__in=["N-1", "N-2"]).count() == 2
    assert cora.post(url("import_undo", found.pk)).status_code == 303
    run_due()
    assert "This import was undone" in cora.get(url("import", found.pk)).content.decode()
    assert not Client.objects.filter(number="N-1").exists()


def test_the_bar_asks_for_its_part_and_when_done_for_the_page(page_of, cast):
    found = upload(cast.cora, NORA)
    ClientImport.objects.update(state="checking")
    asked = {"HX-Request": "true", "HX-Target": "div#import_state", "X-Poll": "1"}
    cora = page_of(cast.cora)
    part = cora.get(url("import", found.pk), headers=asked)
    assert part.content.decode().strip().startswith('<div id="import_state"')
    ClientImport.objects.update(state="uploaded")
    assert cora.get(url("import", found.pk), headers=asked).headers["HX-Refresh"] == "true"


@pytest.mark.parametrize("state", ["checking", "loading", "undoing"])
def test_the_bar_says_how_far_the_work_is_and_whether_it_waits(page_of, cast, state):
    found = upload(cast.cora, NORA)
    job = ask("onboarding.load_import", "a test", person_id=cast.cora.pk)
    ClientImport.objects.update(state=state, job_id=job.pk)
    cora = page_of(cast.cora)
    assert "It waits for its turn." in cora.get(url("import", found.pk)).content.decode()
    Job.objects.update(state="claimed", done_units=5000, all_units=20000)
    page = cora.get(url("import", found.pk)).content.decode()
    assert 'value="5000" max="20000"' in page
    assert "5,000 of 20,000" in " ".join(strip_tags(page).split())
    Job.objects.update(state="dead")
    assert "Given up after several tries" in cora.get(url("import", found.pk)).content.decode()


def test_a_file_that_is_none_is_named_at_the_field(page_of, cast):
    cora = page_of(cast.cora)
    answer = cora.post(url("imports"), {"file": a_file(NORA, name="clients.pdf")})
    assert answer.status_code == 422
    assert "ends in .csv" in answer.content.decode()
    answer = cora.post(url("imports"), {"file": a_file(NORA), "mapping_file": io.BytesIO(b"{}")})
    assert answer.status_code == 422
    assert "A mapping is a JSON object" in answer.content.decode()
    answer = cora.post(url("imports"), {"file": a_file(NORA), "mapping_file": io.BytesIO(b"[" * 100_000)})
    assert answer.status_code == 422
    assert "This is no mapping" in answer.content.decode()


def test_a_long_cell_makes_no_long_page(page_of, cast):
    """A text of a cell, or a code that is none, is shown by its beginning."""
    found = upload(cast.cora, NORA.replace("Nora Lind", "y" * 100_000).replace(";P;", f";{'z' * 100_000};"))
    page = page_of(cast.cora).get(url("import", found.pk)).content.decode()
    assert "y" * 150 in page
    assert len(page) < 200_000


def test_a_damaged_spreadsheet_is_named_at_the_field(page_of, cast):
    file = io.BytesIO(a_workbook({"Clients": [["Number"], ["1"]]}).replace(b"sheet1.xml", b"sheet9.xml"))
    file.name = "clients.xlsx"
    answer = page_of(cast.cora).post(url("imports"), {"file": file})
    assert answer.status_code == 422
    assert "The spreadsheet is damaged" in answer.content.decode()


def test_a_file_that_is_too_large_is_refused(page_of, cast, settings):
    settings.IMPORT_MAX_BYTES = 50
    answer = page_of(cast.cora).post(url("imports"), {"file": a_file(NORA)})
    assert (answer.status_code, ClientImport.objects.count()) == (422, 0)


def test_a_mapping_goes_out_and_comes_in_again(page_of, cast):
    cora, found = page_of(cast.cora), upload(cast.cora, NORA)
    saved = cora.get(url("import_mapping_file", found.pk))
    assert json.loads(saved.content)["fields"] == found.mapping["fields"]
    sent = io.BytesIO(saved.content)
    sent.name = "mapping.json"
    cora.post(url("imports"), {"file": a_file(EMIL), "mapping_file": sent})
    assert ClientImport.objects.latest("pk").mapping == found.mapping


def test_a_file_with_the_same_columns_is_mapped_as_the_last_one(page_of, cast):
    upload(cast.cora, NORA)
    page_of(cast.cora).post(url("imports"), {"file": a_file(EMIL)})
    assert ClientImport.objects.latest("pk").mapping["fields"] == json.loads(as_json(TOLD))["fields"]


def test_a_file_is_read_as_it_looks_and_mapped_as_the_last_one_that_was_checked(page_of, cast):
    checked(cast.cora, NORA)
    cora = page_of(cast.cora)
    cora.post(url("imports"), {"file": a_file(EMIL)})  # looked at and left
    left = ClientImport.objects.latest("pk")
    map_columns(None, by=cast.cora, import_id=left.pk, mapping=read_mapping(EMPTY))
    cora.post(url("imports"), {"file": a_file(EMIL, encoding="cp1252")})
    found = ClientImport.objects.latest("pk")
    assert found.mapping["file"]["encoding"] == "cp1252"
    assert found.mapping["file"]["dates"] == "DD.MM.YYYY"
    assert found.mapping["fields"] == json.loads(as_json(TOLD))["fields"]
    assert "Emil Öst" in cora.get(url("import", found.pk)).content.decode()


def test_the_preview_says_each_reason_once_above_its_lines(page_of, cast):
    found = upload(cast.cora, NORA, EMIL, FIRM, mapping=told(segment={"column": "Segment"}))
    page = page_of(cast.cora).get(url("import", found.pk)).content.decode()
    assert "Segment: “A”, “B”, “S” means nothing yet" in page
    assert page.count("means nothing yet") == 1
    broken = upload(cast.cora, NORA, 'N-2;P;"Emil')
    page = page_of(cast.cora).get(url("import", broken.pk)).content.decode()
    assert "Line 3 opens a quote that is closed nowhere" in page


def test_what_was_found_names_the_column_as_the_file_does(page_of, cast):
    loaded(cast.cora, NORA)
    found = checked(cast.cora, NORA.replace("24.12.1980", "25.12.1980"), "N-2;P")
    text = page_of(cast.cora).get(url("import_problems", found.pk)).content.decode("utf-8-sig")
    columns = [(row[0], row[1]) for row in csv.reader(io.StringIO(text))][1:]
    assert columns == [("2", "Number"), ("3", "whole line")]


def test_what_is_wrong_is_shown_and_downloaded_without_a_formula(page_of, cast):
    found = checked(cast.cora, NORA.replace("Nora Lind", '=HYPERLINK("x")').replace('"', "'"))
    cora = page_of(cast.cora)
    page = cora.get(url("import", found.pk)).content.decode()
    assert "One cell is wrong, so nothing is loaded" in page
    assert cora.post(url("import_load", found.pk)).status_code == 409
    answer = cora.get(url("import_problems", found.pk))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][:3] == ["2", "Name", "'=HYPERLINK('x')"]
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", " =", "\xa0@"])
def test_no_cell_of_ours_is_run_by_a_spreadsheet(sign):
    assert spreadsheet_text(f"{sign}1+1") == f"'{sign}1+1"
    assert spreadsheet_text("Nora") == "Nora"
    assert spreadsheet_text(-3) == -3


def test_an_encoding_may_be_corrected_and_the_columns_are_read_anew(page_of, cast):
    found = upload(
        cast.cora, "1;Öst", head="Number;Näme", encoding="cp1250", mapping={"version": 1, "fields": {}}
    )
    cora = page_of(cast.cora)
    form = cora.get(url("import", found.pk)).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {"encoding": "cp1250"}
    cora.post(url("import_mapping", found.pk), sent)
    found.refresh_from_db()
    assert (found.mapping["file"]["encoding"], found.header) == ("cp1250", ["Number", "Näme"])


@pytest.mark.parametrize("who", ["rita", "theo", "otto", "ada"])
def test_nobody_else_has_a_page_of_an_import(page_of, cast, who):
    found = checked(cast.cora, NORA)
    browser = page_of(getattr(cast, who))
    for name, args in (("imports", []), ("import", [found.pk]), ("import_problems", [found.pk])):
        assert browser.get(url(name, *args)).status_code == 403


def test_pages_of_an_import_cost_a_known_number_of_queries(page_of, cast, django_assert_max_num_queries):
    found, done = checked(cast.cora, NORA, EMIL), loaded(cast.cora, NORA.replace("N-1", "N-7"))
    cora = page_of(cast.cora)
    with django_assert_max_num_queries(16):
        cora.get(url("imports"))
    with django_assert_max_num_queries(26):
        cora.get(url("import", found.pk))
    with django_assert_max_num_queries(26):
        cora.get(url("import", done.pk))


def test_the_head_of_the_test_file_is_what_the_mapping_names():
    named = {source["column"] for source in TOLD["fields"].values()}
    assert named <= set(HEAD.split(";"))
