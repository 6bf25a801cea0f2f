"""Cora brings in a file in the browser: upload, mapping with its preview, check, load, undo."""

import csv
import io
import json
from datetime import date

import pytest
import xlsxwriter
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils.html import strip_tags

from audit.models import AuditEvent
from clients.models import Client
from jobs.actions import ask, run_due
from jobs.models import Job
from onboarding.actions import imports as actions
from onboarding.actions.imports import map_columns
from onboarding.importing.reading import look
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


def table_of(browser, found):
    """The file of problems, as a spreadsheet reads it: a dict a line."""
    text = browser.get(url("import_problems", found.pk)).content.decode("utf-8-sig")
    return text, list(csv.DictReader(io.StringIO(text)))


def test_the_file_of_problems_holds_each_line_as_it_was_sent_and_mended_it_is_loaded(page_of, cast):
    """Three of them are wrong, one in two cells; whoever mends the file sends just it."""
    cora, head = page_of(cast.cora), HEAD + ";Loyalty card"
    wrong = [
        NORA.replace("24.12.1980", "31.02.1980") + ";Gold",
        EMIL.replace(";B;", ";S;").replace("otto", "nobody") + ";",
        FIRM.replace(";CH;", ";XX;") + ";=1+1",
    ]
    found = checked(cast.cora, *wrong, "N-4;P;Ida Berg;01.01.1990;CH;A;rita;01.02.2015;;;", head=head)
    text, lines = table_of(cora, found)
    assert [line["import: line"] for line in lines] == ["2", "3", "4"], "each once, and none that is right"
    assert lines[0]["import: column"] == "Born"
    assert "is no day of the calendar" in lines[0]["import: reason"]
    assert lines[1]["import: column"] == "RM", "what belongs together is looked at once the cells are right"
    assert [line["Name"] for line in lines] == ["Nora Lind", "Emil Öst", "Lind Möbel AG"]
    assert lines[0]["Loyalty card"] == "Gold", "a column that nothing comes in of is there too"
    assert lines[2]["Loyalty card"] == "'=1+1", "and no formula leaves"
    assert lines[0]["Phone"] == "'+41 44 668 18 00"

    mended = (
        text.replace("31.02.1980", "24.12.1980").replace('"S","nobody"', '"B","otto"').replace('"XX"', '"CH"')
    )
    file = io.BytesIO(mended.encode("utf-8-sig"))
    file.name = "mended.csv"
    cora.post(url("imports"), {"file": file})
    again = ClientImport.objects.latest("pk")
    assert again.mapping["fields"] == found.mapping["fields"], "its columns are known"
    page = cora.get(url("import", again.pk)).content.decode()
    assert "import: reason" not in page.partition('id="not-taken"')[2].partition("</section>")[0]
    cora.post(url("import_check", again.pk))
    run_due()
    again.refresh_from_db()
    assert (again.errors, again.fresh) == (0, 3), list(again.problems.values_list("reason", flat=True))
    cora.post(url("import_load", again.pk))
    run_due()
    assert Client.objects.get(number="N-1").parties.get().contact_points.filter(value="+41446681800").exists()
    text, lines = table_of(cora, again)
    assert list(lines) == []
    assert "Nora" not in text, "the file is deleted with its import"


def test_the_file_of_problems_is_read_again_from_a_spreadsheet(page_of, cast):
    """Its own days leave as the mapping says that days are written."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet, days = book.add_worksheet("Clients"), book.add_format({"num_format": "yyyy-mm-dd"})
    for at, name in enumerate(HEAD.split(";")):
        sheet.write(0, at, name)
    for at, cell in enumerate(NORA.replace(";CH;", ";XX;").split(";")):
        sheet.write(1, at, cell)
    sheet.write_datetime(1, 3, date(1980, 12, 24), days)
    book.close()
    sent = ContentFile(file.getvalue(), name="clients.xlsx")
    table = look(sent, sent.name)
    mapping = read_mapping(TOLD, table.how)
    sent.seek(0)
    found = actions.upload_clients(None, by=cast.cora, file=sent, table=table, mapping=mapping)
    actions.check_import(found.pk, by=cast.cora)
    (line,) = table_of(page_of(cast.cora), found)[1]
    assert (line["import: column"], line["Born"], line["Since"]) == ("Country", "24.12.1980", "01.02.2015")


def test_a_line_that_is_too_long_or_too_short_goes_out_whole(page_of, cast):
    found = checked(cast.cora, "N-1;P;Nora", NORA + ";one;two")
    text = page_of(cast.cora).get(url("import_problems", found.pk)).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1][5:9] == ["N-1", "P", "Nora", ""]
    assert rows[2][-2:] == ["one", "two"]


def test_what_is_not_taken_is_said_before_anything_is_loaded(page_of, cast):
    found = upload(cast.cora, NORA + ";;Gold", EMIL + ";Fax;Silver", head=HEAD + ";Reached by;Loyalty card")
    page = page_of(cast.cora).get(url("import", found.pk)).content.decode().replace("<", " <")
    page = " ".join(strip_tags(page).split())
    assert "2 columns are not taken" in page
    assert "Reached by for example Fax" in page
    assert "Loyalty card for example Gold" in page
    everything = upload(cast.cora, NORA)
    assert "not taken" not in page_of(cast.cora).get(url("import", everything.pk)).content.decode()


def test_only_who_imports_gets_the_lines_and_each_time_is_an_event(page_of, cast):
    found = checked(cast.cora, NORA.replace(";CH;", ";XX;"))
    for person in (cast.rita, cast.theo, cast.ada):
        assert page_of(person).get(url("import_problems", found.pk)).status_code == 403
    page_of(cast.cora).get(url("import_problems", found.pk))
    event = AuditEvent.objects.get(verb="import problems downloaded")
    assert (event.by_id, event.payload) == (cast.cora.pk, {"lines": 1})
    actions.discard_import(None, by=cast.cora, import_id=found.pk)
    assert "Nora" not in page_of(cast.cora).get(url("import_problems", found.pk)).content.decode()


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
