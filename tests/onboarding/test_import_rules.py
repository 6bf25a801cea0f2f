"""What a file, a mapping, a cell and a line must be."""

import re
from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from onboarding.importing.reading import CHUNK, BadLine, Unreadable, look, rows
from onboarding.rules.imports.mapping import BadMapping, guess_fields, read_mapping, refusals_to_use_mapping
from onboarding.rules.imports.rows import Known, RowChecker
from onboarding.rules.imports.values import DATE_FORMATS, BadValue, day_reader, text_reader
from tests.onboarding.imports import EMIL, HEAD, NORA, TOLD, a_file, a_workbook, told

KNOWN = Known(
    books={"rita": 1, "otto": 2, "book of rita": 1, "pool": None},
    countries=frozenset({"CH", "AT", "DE"}),
    languages=frozenset({"en", "de"}),
    currencies=frozenset({"CHF", "EUR"}),
    currency="EUR",
    today=date(2026, 11, 24),
)


def checker(mapping=TOLD, header=HEAD):
    return RowChecker(read_mapping(mapping), header.split(";"), KNOWN)


def wrong_in(line, mapping=TOLD, header=HEAD):
    """The column and the reason of all that is wrong in this line."""
    check = checker(mapping, header)
    check.check(2, line.split(";"))
    return [(problem.column, problem.reason) for problem in check.problems]


# --- the file --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_letters_are_read_as_they_were_written(encoding):
    file = a_file(EMIL, encoding=encoding)
    table = look(file, "clients.csv")
    assert table.header == HEAD.split(";")
    assert [cells[2] for _line, cells in rows(file, "clients.csv", table.how)] == ["Emil Öst"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_and_a_quoted_one_is_none(delimiter):
    file = a_file(delimiter.join(["1", f'"a{delimiter}b"']), head=delimiter.join(["Number", '"Na,me;s"']))
    table = look(file, "clients.csv")
    assert (table.how.delimiter, len(table.header)) == (delimiter, 2)
    assert [cells for _line, cells in rows(file, "x.csv", table.how)] == [["1", f"a{delimiter}b"]]


def test_a_line_break_in_quotes_moves_the_lines_behind_it():
    file = a_file('1;"a\nb"', "2;c", head="Number;Name")
    how = look(file, "x.csv").how
    assert [line for line, _cells in rows(file, "x.csv", how)] == [2, 4]


def test_a_quote_that_is_not_closed_is_told_with_its_line():
    file = a_file("1;a", '2;"b', "3;c", head="Number;Name")
    lines = rows(file, "x.csv", look(file, "x.csv").how)
    assert next(lines)[0] == 2
    with pytest.raises(BadLine, match="closed nowhere") as bad:
        next(lines)
    assert bad.value.line == 3


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("clients.csv", b"", "empty"),
        ("clients.csv", b"%PDF-1.4 1;2;3", "not what its name says"),
        ("clients.csv", b"PK\x03\x04rest", "not what its name says"),
        ("clients.csv", b"Number;Name\n1;a\x00b\n", "no text"),
        ("clients.csv", b"\n\n", "empty"),
        ("clients.exe", b"Number;Name", "ends in .csv"),
        ("clients.csv", b'Number;"Name\n1;2\n', "Line 1 opens a quote"),
        ("clients.csv", b"Number;" + b"x" * 200_000, "Line 1 has a cell of more"),
        ("clients.xlsx", b"Number;Name", "no spreadsheet"),
        ("clients.xlsx", a_workbook({"Clients": [["Number"], ["1"]]})[:-99], "no spreadsheet"),
    ],
)
def test_what_is_no_table_is_refused_in_words(name, content, why):
    with pytest.raises(Unreadable, match=why):
        look(BytesIO(content), name)


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row r='1'><c s='1' r='a1'><v>1</v></c></row><row><c r = 'xfd1048576'><v>1</v></c></row>",
        '<row r="1">' + "<c><v>1</v></c>" * 300 + '</row><row r="1048576"><c r="A1048576"><v>1</v></c></row>',
        '<row r="1"><c r="CV1"><v>1</v></c></row><row r="200000"><c r="A200000"><v>1</v></c></row>',
    ],
)
@pytest.mark.parametrize("place", ["xl/worksheets/sheet1.xml", "xl/theme/elsewhere.xml"])
def test_a_spreadsheet_that_takes_all_memory_to_unfold_is_not_opened(cells, place):
    made, spread = BytesIO(a_workbook({"Clients": [["Number"], ["1"]]})), BytesIO()
    with ZipFile(made) as old, ZipFile(spread, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            text = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                text = re.sub(rb"<sheetData>.*</sheetData>", f"<sheetData>{cells}</sheetData>".encode(), text)
                new.writestr(place, text)
            else:
                new.writestr(part, text.replace(b"worksheets/sheet1.xml", place[3:].encode()))
    with pytest.raises(Unreadable, match="spreads over"):
        look(spread, "x.xlsx")


SHEET = "xl/worksheets/sheet1.xml"


def changed(was, now, part=SHEET):
    """A workbook of which one part says something else; without `now` it is not there."""
    made = BytesIO()
    with ZipFile(BytesIO(a_workbook({"Clients": [["Number"], ["1"]]}))) as old, ZipFile(made, "w") as new:
        for each in old.infolist():
            if each.filename != part or now:
                text = old.read(each)
                new.writestr(each, text.replace(was, now) if each.filename == part else text)
    return made.getvalue()


def flagged(at_local, at_central, value):
    """The same, with this written into every head of the packing: a way of packing, or that it is locked."""
    made = bytearray(changed(b"", b"x", part="none"))
    for sign, at in ((b"PK\x03\x04", at_local), (b"PK\x01\x02", at_central)):
        place = -1
        while (place := made.find(sign, place + 1)) >= 0:
            made[place + at] = value
    return bytes(made)


@pytest.mark.parametrize(
    "content",
    [
        changed(b"</row></sheetData></worksheet>", b"<"),
        changed(b"", b""),
        changed(b"worksheets/sheet1", b"worksheets/sheet9", part="xl/_rels/workbook.xml.rels"),
        changed(b't="inlineStr"><is><t>1</t></is>', b't="s"><v>999999</v>'),
        flagged(6, 8, 1),  # locked
        *(
            flagged(8, 10, way) for way in (0, 12, 14, 99)
        ),  # packed in a way that it is not, or that nobody knows
    ],
)
def test_a_damaged_spreadsheet_is_refused_in_words(content):
    with pytest.raises(Unreadable, match=r"damaged|no spreadsheet|no sheet"):
        look(BytesIO(content), "x.xlsx")


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (b"<c ", b'<c r="A99999999999" '),
        (b"<c ", b"<c\nr\n=\n'ZZZZZZZ1' "),
        (b"<c ", b'<c q="' + b"x" * (CHUNK - 180) + b'" r="A99999999999" '),  # cut where pieces end
        (b"<sheetData>", b'<sheetData uniqueCount="99999999999">'),
    ],
)
def test_a_spreadsheet_that_says_it_is_endless_ends_no_process(was, now):
    """The reader ended the worker with the error that no memory was left, for a file of six kilobytes."""
    with pytest.raises(Unreadable, match="no spreadsheet can"):
        look(BytesIO(changed(was, now)), "x.xlsx")


def test_what_looks_like_a_spreadsheet_is_read_as_no_other_kind():
    """The reader tries other kinds of office files when it is no good one, and their bombs nobody knows."""
    broken = changed(b"<sheets>", b"<", part="xl/workbook.xml")
    with_another = BytesIO(broken)
    with ZipFile(with_another, "a") as packed:
        packed.writestr("content.xml", "<office/>")
    for content in (with_another.getvalue(), b"\xd0\xcf\x11\xe0" + changed(b"", b"x", part="none")):
        with pytest.raises(Unreadable, match=r"no plain spreadsheet|no spreadsheet"):
            look(BytesIO(content), "x.xlsx")


def test_a_text_that_no_spreadsheet_holds_is_not_read():
    """One text may stand in very many cells, and a page of 120 MB was made of one."""
    longest = "x" * 32_767
    file = BytesIO(
        a_workbook({"Clients": [["Number", "Name"], ["1", longest], ["2", longest + "x"], ["3", ""]]})
    )
    lines = rows(file, "x.xlsx", look(file, "x.xlsx").how)
    assert next(lines) == (2, ["1", longest])
    with pytest.raises(BadLine, match="more than 32,767 letters") as bad:
        next(lines)
    assert bad.value.line == 3
    with pytest.raises(Unreadable, match="Line 1 has a cell of more than 32,767 letters"):
        look(BytesIO(a_workbook({"Clients": [["Number", longest + "x"]]})), "x.xlsx")


def test_a_spreadsheet_is_read_by_its_sheet():
    file = BytesIO(a_workbook({"Cover": [["Nothing"]], "Clients": [["Number", "Name"], ["1", "Ünal & Co"]]}))
    table = look(file, "x.xlsx")
    assert (table.sheets, table.header) == (["Cover", "Clients"], ["Nothing"])
    how = read_mapping({"version": 1, "file": {"sheet": "Clients"}, "fields": {}}, table.how).file
    assert look(file, "x.xlsx", how).header == ["Number", "Name"]
    assert list(rows(file, "x.xlsx", how)) == [(2, ["1", "Ünal & Co"])]


# --- the mapping -----------------------------------------------------------------------------------------


def test_columns_are_guessed_by_their_heads_in_several_languages():
    guessed = guess_fields(["Kundennummer", "Vorname", "Name", "Geburtsdatum", "Land", "Berater", "PLZ", "X"])
    assert {code: source.column for code, source in guessed.items()} == {
        "number": "Kundennummer", "given_names": "Vorname", "family_name": "Name", "born_on": "Geburtsdatum",
        "domicile": "Land", "book": "Berater", "postal_code": "PLZ",
    }  # fmt: skip


def test_a_mapping_survives_its_own_json():
    assert read_mapping(read_mapping(TOLD).as_dict()) == read_mapping(TOLD)


@pytest.mark.parametrize(
    ("mapping", "why"),
    [
        ([], "JSON object"),
        (TOLD | {"version": 2}, "version"),
        (TOLD | {"file": {"dates": "whatever"}}, "dates"),
        (TOLD | {"file": {"encoding": "ebcdic"}}, "encoding"),
        (TOLD | {"file": {"colour": "red"}}, "colour"),
        (told(shoe_size={"column": "Name"}), "shoe_size"),
        (told(name={"column": "Name", "value": "Nora"}), "name"),
        (told(name="Name"), "name"),
    ],
)
def test_a_mapping_that_is_none_is_refused_in_words(mapping, why):
    with pytest.raises(BadMapping, match=why):
        read_mapping(mapping)


def test_what_a_mapping_lacks_is_said_before_a_line_is_read():
    mapping = read_mapping({"version": 1, "fields": {"born_on": {"column": "Geboren"}}})
    said = " ".join(refusals_to_use_mapping(mapping, HEAD.split(";")))
    for word in ("no column “Geboren”", "Client number is missing", "name is missing", "not guessed"):
        assert word in said
    assert refusals_to_use_mapping(read_mapping(TOLD), HEAD.split(";")) == []


# --- a cell ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", DATE_FORMATS)
def test_a_day_is_read_as_its_form_says(form):
    written = form.replace("YYYY", "1980").replace("MM", "12").replace("DD", "24")
    assert day_reader(form)(written) == date(1980, 12, 24)
    impossible = form.replace("YYYY", "2026").replace("MM", "02").replace("DD", "30")
    with pytest.raises(BadValue, match="no day of the calendar"):
        day_reader(form)(impossible)


def test_the_thirteenth_month_is_never_taken_for_a_day():
    with pytest.raises(BadValue):
        day_reader("DD/MM/YYYY")("01/13/2027")
    assert day_reader("MM/DD/YYYY")("01/13/2027") == date(2027, 1, 13)


def test_what_a_spreadsheet_would_run_is_no_text():
    read = text_reader(30)
    for formula in ('=HYPERLINK("http://x")', "@SUM(A1)", "+1+1", "-2+3", " =1", "'=1+1"):
        with pytest.raises(BadValue, match="formula"):
            read(formula)
    assert read("  Nora \xa0 Lind ") == "Nora Lind"
    with pytest.raises(BadValue, match="cannot be printed"):
        read("No\x07ra")
    with pytest.raises(BadValue, match="letters"):
        read("x" * 31)


# --- a line ----------------------------------------------------------------------------------------------


def test_a_right_line_becomes_a_client():
    told = checker().check(2, NORA.split(";"))
    assert told is not None
    values = told.told
    assert (values["kind"], values["segment"], values["stage"], values["book"]) == (
        "person",
        "hnw",
        "established",
        1,
    )
    assert (values["phone"], values["since_on"]) == ("+41446681800", date(2015, 2, 1))
    assert values["words"] == ["lind", "nora"]
    assert values["keys"] == ["41446681800", "n1", "nora.lind@example.com"]


@pytest.mark.parametrize(
    ("cell", "becomes", "column", "why"),
    [
        ("24.12.1980", "31.02.1980", "Born", "no day of the calendar"),
        ("24.12.1980", "24.12.2080", "Born", "future"),
        ("24.12.1980", "24.12.1880", "Born", "120 years"),
        ("24.12.1980", "1980-12-24", "Born", "DD.MM.YYYY"),
        ("01.02.2015", "01.02.1970", "Since", "before the birth"),
        (";CH;", ";Schweiz;", "Country", "ISO 3166"),
        (";CH;", ";;", "domicile", "is missing"),
        (";A;", ";Q;", "Segment", "means nothing yet"),
        (";A;", ";S;", "Segment", "person"),
        ("rita", "nobody", "RM", "neither the login"),
        ("rita", "pool", "RM", "more than one book"),
        ("+41 44 668 18 00", "044 668 18 00", "Phone", r"\+"),
        ("nora.lind@example.com", "nora.lind", "E-mail", "name@example.com"),
        ("Nora Lind", "=cmd()", "Name", "formula"),
        (NORA, NORA + ";more", "all", "11 cells"),
    ],
)
def test_a_wrong_cell_is_named_with_its_reason(cell, becomes, column, why):
    assert wrong_in(NORA) == []
    found = wrong_in(NORA.replace(cell, becomes))
    expected = column if column != "domicile" else "Country"
    assert [(name, bool(re.search(why, reason))) for name, reason in found] == [(expected, True)]


def test_numbers_that_check_themselves_are_checked():
    mapping = told(
        tax_country={"value": "CH"},
        tax_number={"column": "Tax"},
        lei={"column": "Lei"},
        iban={"column": "Iban"},
    )
    header = HEAD + ";Tax;Lei;Iban"
    assert wrong_in(NORA + ";756.9217.0769.85;;CH93 0076 2011 6238 5295 7", mapping, header) == []
    found = wrong_in(NORA + ";756.9217.0769.86;;CH93 0076 2011 6238 5295 8", mapping, header)
    assert [column for column, _why in found] == ["Tax", "Iban"]
    assert wrong_in(NORA + ";756.9217.0769.85;529900T8BM49AURSDO55;", mapping, header) == [
        ("Lei", "a person has none")
    ]


def test_a_number_twice_in_a_file_names_the_other_line():
    check = checker()
    assert check.check(2, NORA.split(";"))
    assert check.check(3, NORA.replace("Nora", "Nils").split(";")) is None
    assert [(problem.line, problem.reason) for problem in check.problems] == [
        (3, "is the number of line 2 already")
    ]


def test_one_value_for_all_and_what_an_empty_cell_means():
    mapping = told(
        language={"value": "de"}, segment={"column": "Segment", "values": {"A": "hnw"}, "empty": "mass"}
    )
    line = checker(mapping).check(2, NORA.replace(";A;", ";;").split(";"))
    assert line is not None
    assert (line.told["language"], line.told["segment"]) == ("de", "mass")


@pytest.mark.parametrize("title", [[], [["Clients as of 30 November", "", ""]]])
def test_a_title_above_the_heads_of_a_sheet_is_no_head_and_what_stands_below_them_is_counted(title):
    table = [["Number", "Name", "Country"], ["1", "Ada", "CH"], ["2", "", ""], ["3", "Bea", "CH"]]
    file = BytesIO(a_workbook({"Clients": [*title, *table]}))
    found = look(file, "x.xlsx")
    assert (found.header, found.lines) == (["Number", "Name", "Country"], 3)
    assert [line for line, _cells in rows(file, "x.xlsx", found.how)] == [
        line + len(title) for line in (2, 3, 4)
    ]


def test_a_count_of_days_is_told_to_be_one():
    with pytest.raises(BadValue, match="a spreadsheet's count of days, format that column as dates"):
        day_reader("DD.MM.YYYY")("29222")
    with pytest.raises(BadValue, match=r"is not a day written as DD\.MM\.YYYY$"):
        day_reader("DD.MM.YYYY")("292220")
