"""A report as data: the same tables as a page, as a spreadsheet and as a PDF. It knows no domain."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

import xlsxwriter
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from ui import formats
from ui.pdf import pdf_of
from ui.rules.spreadsheets import spreadsheet_text

SOURCE = settings.BASE_DIR / "templates" / "ui" / "report.typ"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAPER = "application/pdf"


class Person(Protocol):
    """Who makes it: named on it, and marked by the login."""

    name: str
    login: str


@dataclass(frozen=True)
class Column:
    """kind: "text", "count", "points", "money" (whole units), "percent" (0 to 100), "days", "hours"."""

    label: str
    kind: str = "text"
    unit: str = ""

    @property
    def numeric(self) -> bool:
        return self.kind != "text"

    @property
    def places(self) -> int:
        return 1 if self.kind in ("percent", "hours") else 0

    @property
    def percent_mark(self) -> str:
        """Behind a figure: the unit of money stands in the head."""
        return "%" if self.kind == "percent" else ""


@dataclass(frozen=True)
class Cell:
    """A figure or words, and the list it was counted from, where there is one."""

    value: Any
    url: str = ""


@dataclass(frozen=True)
class Chart:
    labels: list[str]
    series: list[dict[str, Any]]
    of: str
    urls: list[str] = field(default_factory=list)
    kind: str = "bar"
    stacked: bool = False
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """`rows` as wide as `columns`; `total` the last line. `note` says what is counted."""

    title: str
    columns: list[Column]
    rows: list[list[Cell]]
    total: list[Cell] | None = None
    chart: Chart | None = None
    note: str = ""

    @property
    def lines(self) -> list[list[tuple[Column, Cell]]]:
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]

    @property
    def sum(self) -> list[tuple[Column, Cell]]:
        return list(zip(self.columns, self.total, strict=True)) if self.total else []


@dataclass(frozen=True)
class Tile:
    label: str
    text: str
    compared: str = ""
    url: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Report:
    """`filters` in words, for the head of every form of it. `as_of` None: there are no figures yet."""

    code: str
    title: str
    sentence: str
    as_of: date | datetime | None
    filters: list[tuple[str, str]]
    tiles: list[Tile]
    tables: list[Table]
    sources: list[str] = field(default_factory=list)


def percent(part: int, whole: int) -> Decimal | None:
    return Decimal(100) * part / whole if whole else None


def cell_text(column: Column, value: Any) -> str:
    """As the page prints it."""
    if value is None:
        return formats.NO_FIGURE
    if not column.numeric:
        return str(value)
    return formats.figure_text(value, places=column.places, unit=column.percent_mark)


def as_of_text(moment: date | datetime | None) -> str:
    if moment is None:
        return formats.NO_FIGURE
    if isinstance(moment, datetime):
        return formats.moment_text(timezone.localtime(moment).replace(tzinfo=None), formats.language())
    return formats.day_text(moment, formats.language())


def head(report: Report) -> list[tuple[str, str]]:
    return [(_("As of"), as_of_text(report.as_of)), *report.filters]


# --- as a spreadsheet ------------------------------------------------------------------------------------


def as_spreadsheet(report: Report, made_by: Person) -> bytes:
    """One sheet a table. Numbers stay numbers; no text is ever taken for a formula."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    made_at = timezone.localtime().replace(tzinfo=None)
    book.set_properties(
        {
            "title": report.title,
            "author": made_by.name,
            "company": settings.BANK_NAME,
            "comments": formats.mark_of(made_by.login),
            "created": made_at,
        }
    )
    bold, title = book.add_format({"bold": True}), book.add_format({"bold": True, "font_size": 14})
    header = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    shapes = {
        "count": "#,##0",
        "points": "General",
        "money": "#,##0",
        "days": "#,##0",
        "percent": '0.0"%"',
        "hours": "#,##0.0",
    }
    plain = {kind: book.add_format({"num_format": shape}) for kind, shape in shapes.items()}
    totals = {
        kind: book.add_format({"num_format": shape, "bold": True, "top": 1}) for kind, shape in shapes.items()
    } | {"text": book.add_format({"bold": True, "top": 1})}
    for name, table in zip(_sheet_names(report), report.tables, strict=True):
        sheet = book.add_worksheet(name)
        sheet.write_string(0, 0, spreadsheet_text(report.title), title)
        sheet.write_string(1, 0, spreadsheet_text(table.title), bold)
        line = 2
        for label, value in head(report):
            sheet.write_string(line, 0, spreadsheet_text(label))
            sheet.write_string(line, 1, spreadsheet_text(value))
            line += 1
        line += 1
        for at, column in enumerate(table.columns):
            words = f"{column.label} ({column.unit})" if column.unit else column.label
            sheet.write_string(line, at, spreadsheet_text(words), header)
            sheet.set_column(at, at, 30 if at == 0 else 16)
        sheet.freeze_panes(line + 1, 1)
        for row in table.rows:
            line += 1
            _write_row(sheet, line, table.columns, row, plain)
        if table.total:
            line += 1
            _write_row(sheet, line, table.columns, table.total, totals)
        if table.note:
            sheet.write_string(line + 2, 0, spreadsheet_text(table.note))
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L" + formats.mark_of(made_by.login).replace("&", "&&") + "&R&P / &N")
    if not report.tables:
        book.add_worksheet()
    book.close()
    return file.getvalue()


def _write_row(
    sheet: Any, line: int, columns: Sequence[Column], row: Sequence[Cell], looks: dict[str, Any]
) -> None:
    for at, (column, cell) in enumerate(zip(columns, row, strict=True)):
        look = looks.get(column.kind)
        if cell.value is None:
            sheet.write_blank(line, at, None, look)
        elif column.numeric:
            sheet.write_number(line, at, float(cell.value), look)
        else:
            sheet.write_string(line, at, spreadsheet_text(str(cell.value)), look)


def _sheet_names(report: Report) -> list[str]:
    """At most 31 letters, none of []:*?/\\, each once."""
    names: list[str] = []
    for number, table in enumerate(report.tables, 1):
        bare = "".join(" " if sign in "[]:*?/\\'" else sign for sign in table.title)[:28].strip()
        names.append(bare if bare and bare.lower() not in {name.lower() for name in names} else f"{number}")
    return names


# --- as a paper ------------------------------------------------------------------------------------------


def as_paper(report: Report, made_by: Person) -> bytes:
    """The PDF (PDF/UA-1), made by typst from templates/ui/report.typ. No network."""
    return pdf_of(SOURCE, _contents(report, made_by.name), made_by.login)


def _contents(report: Report, made_by: str) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "lang": formats.language()[:2],
        "bank": settings.BANK_NAME,
        "title": report.title,
        "sentence": report.sentence,
        "facts": [list(pair) for pair in head(report)],
        "tiles": [[tile.label, tile.text, tile.compared] for tile in report.tiles],
        "tables": [
            {
                "title": table.title,
                "note": table.note,
                "head": [
                    f"{each.label} ({each.unit})" if each.unit and each.kind == "money" else each.label
                    for each in table.columns
                ],
                "numeric": [each.numeric for each in table.columns],
                "rows": [[cell_text(column, cell.value) for column, cell in line] for line in table.lines],
                "total": [cell_text(column, cell.value) for column, cell in table.sum],
            }
            for table in report.tables
        ],
        "sources": report.sources,
        "nothing": _("Nothing to count."),
        "words": {"page": _("Page"), "of": _("of"), "sources": _("What is counted, and how")},
        "day": {"year": today.year, "month": today.month, "day": today.day},
        "made": _("{who}, {day}").format(who=made_by, day=formats.day_text(today, formats.language())),
    }
