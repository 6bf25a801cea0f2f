"""Files of made-up clients for the tests of an import, and the few steps that bring one in."""

import io
import json
import zipfile
from typing import Any
from xml.sax.saxutils import escape

from django.core.files.base import ContentFile

from onboarding.actions import imports as actions
from onboarding.importing.reading import look
from onboarding.models import ClientImport
from onboarding.rules.imports.mapping import Mapping, read_mapping

HEAD = "Number;Type;Name;Born;Country;Segment;RM;Since;Phone;E-mail"
NORA = "N-1;P;Nora Lind;24.12.1980;CH;A;rita;01.02.2015;+41 44 668 18 00;nora.lind@example.com"
EMIL = "N-2;P;Emil Öst;03.04.1975;AT;B;otto;15.06.2019;;emil@example.com"
FIRM = "N-3;C;Lind Möbel AG;01.01.1990;CH;S;Book of rita;01.02.2015;+41446681801;"
TOLD: dict[str, Any] = {
    "version": 1,
    "file": {"dates": "DD.MM.YYYY"},
    "fields": {
        "number": {"column": "Number"},
        "kind": {"column": "Type", "values": {"P": "person", "C": "organisation"}},
        "name": {"column": "Name"},
        "born_on": {"column": "Born"},
        "domicile": {"column": "Country"},
        "segment": {"column": "Segment", "values": {"A": "hnw", "B": "affluent", "S": "sme"}},
        "book": {"column": "RM"},
        "since_on": {"column": "Since"},
        "phone": {"column": "Phone"},
        "email": {"column": "E-mail"},
    },
}


def told(**fields: Any) -> dict[str, Any]:
    """The mapping above with other fields beside or instead."""
    return TOLD | {"fields": TOLD["fields"] | fields}


def a_file(*lines: str, head: str = HEAD, name: str = "clients.csv", encoding: str = "utf-8") -> ContentFile:
    return ContentFile("\r\n".join([head, *lines, ""]).encode(encoding), name=name)


def upload(by: Any, *lines: str, mapping: dict[str, Any] = TOLD, **how: Any) -> ClientImport:
    file = a_file(*lines, **how)
    table = look(file, file.name)
    wanted = read_mapping(mapping, table.how)
    if wanted.file != table.how:
        table = look(file, file.name, wanted.file)
    file.seek(0)
    return actions.upload_clients(
        None, by=by, file=file, table=table, mapping=Mapping(table.how, wanted.fields)
    )


def checked(by: Any, *lines: str, **how: Any) -> ClientImport:
    return actions.check_import(upload(by, *lines, **how).pk, by=by)


def loaded(by: Any, *lines: str, **how: Any) -> ClientImport:
    return actions.load_import(None, by=by, import_id=checked(by, *lines, **how).pk)


def errors(found: ClientImport) -> list[tuple[int, str, str, str]]:
    told = found.problems.filter(kind="error").order_by("line", "pk")
    return list(told.values_list("line", "column", "value", "reason"))


def a_cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def a_workbook(sheets: dict[str, list[list[str]]]) -> bytes:
    """A small XLSX made by hand, of texts alone."""
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'officeDocument" Target="xl/workbook.xml"/></Relationships>',
    }
    listed, related = "", ""
    for at, (name, rows) in enumerate(sheets.items(), 1):
        listed += f'<sheet name="{escape(name)}" sheetId="{at}" r:id="rId{at}"/>'
        related += (
            f'<Relationship Id="rId{at}" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            f'relationships/worksheet" Target="worksheets/sheet{at}.xml"/>'
        )
        lines = "".join(
            "<row>"
            + "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in row)
            + "</row>"
            for row in rows
        )
        parts[f"xl/worksheets/sheet{at}.xml"] = (
            '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            f"<sheetData>{lines}</sheetData></worksheet>"
        )
    parts["xl/workbook.xml"] = (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        f"<sheets>{listed}</sheets></workbook>"
    )
    parts["xl/_rels/workbook.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{related}</Relationships>"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, text)
    return packed.getvalue()


def as_json(mapping: dict[str, Any]) -> str:
    return json.dumps(mapping, ensure_ascii=False)
