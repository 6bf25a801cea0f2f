"""Whose screen, paper or sheet this is stands on each of them."""

import io
import zipfile
from datetime import UTC, datetime
from types import SimpleNamespace

import time_machine
from pypdf import PdfReader

from ui import reports
from ui.reports import Cell, Column, Report, Table

CORA = SimpleNamespace(name="Cora Muster", login="cora&co")
TABLE = Table("Clients", [Column("Segment"), Column("Clients", "count")], [[Cell("HNW"), Cell(3)]])
REPORT = Report("x", "Clients", "", datetime(2026, 1, 1, tzinfo=UTC), [], [], [TABLE])
NOON = datetime(2026, 11, 29, 12, 5, tzinfo=UTC)


@time_machine.travel(NOON, tick=False)
def test_a_paper_tells_whose_copy_it_is():
    pages = PdfReader(io.BytesIO(reports.as_paper(REPORT, CORA))).pages
    assert all("cora&co 29 Nov 2026, 12:05" in page.extract_text() for page in pages)


@time_machine.travel(NOON, tick=False)
def test_a_sheet_tells_whose_copy_it_is():
    inside = zipfile.ZipFile(io.BytesIO(reports.as_spreadsheet(REPORT, CORA)))
    assert "cora&amp;&amp;co 29 Nov 2026, 12:05" in inside.read("xl/worksheets/sheet1.xml").decode()
    assert "cora&amp;co 29 Nov 2026, 12:05" in inside.read("docProps/core.xml").decode()


@time_machine.travel(NOON, tick=False)
def test_a_screen_tells_whose_it_is(cast, page_of):
    page = page_of(cast.rita).get("/clients/").content.decode()
    assert page.count("rita 29 Nov 2026, 12:05") == 2
