"""What the pages of an import show, and what its checks must know of the bank."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.utils.text import Truncator

from audit.record import record
from clients.access import Person, reach
from clients.forms import LANGUAGES, countries
from clients.models import Client
from jobs.models import Job, State
from onboarding.importing.reading import BadLine, Table, rows
from onboarding.models import ClientImport, ImportedClient, ImportProblem
from onboarding.rules.imports.fields import BY_CODE, FIELDS
from onboarding.rules.imports.mapping import SAID_OF_A_LINE, Mapping, columns_not_taken, read_mapping
from onboarding.rules.imports.rows import Known, Problem, RowChecker
from onboarding.rules.imports.values import BadValue, day_as
from staff.models import Book, BookMember
from staff.roles import May
from ui.formats import locale_of
from ui.paging import Page, keyset
from ui.refusals import NotPermitted

PREVIEWED = 8  # lines
SHOWN_LETTERS = 200  # of a cell
SHOWN_CODES = 40  # of a column with codes
LONGEST_CODE = 100  # letters; what is longer is none
LOOKED_AT = 20_000  # lines, for its codes
LOOKED_AT_FOR_EXAMPLES = 200


def may_import(person: Person) -> None:
    """Asked by every page of an import before it looks: who may not, learns of none."""
    if not person.may(May.CLIENTS_IMPORT):
        raise NotPermitted(May.CLIENTS_IMPORT)


def import_list(person: Person, place: dict[str, int]) -> Page[ClientImport]:
    may_import(person)
    imports = ClientImport.objects.select_related("made_by")
    return keyset(imports, "-id", after=place.get("after"), before=place.get("before"))


def find_import(person: Person, import_id: int) -> ClientImport | None:
    may_import(person)
    found: ClientImport | None = (
        ClientImport.objects.select_related("made_by", "loaded_by", "undone_by").filter(pk=import_id).first()
    )
    return found


def open_import(person: Person, import_id: int) -> ClientImport | None:
    """The import, and a word in the audit: its file tells of clients. A poll shows none of them."""
    found = find_import(person, import_id)
    if found is not None:
        record("import opened", by=person, subject=found)
    return found


def loaded_before(sha256: str) -> int | None:
    """The import by which this very file is in the bank."""
    loaded = ClientImport.objects.filter(sha256=sha256, state=ClientImport.State.LOADED)
    return loaded.values_list("pk", flat=True).first()


def last_mapping(table: Table) -> Mapping | None:
    """How the last file with these columns was mapped, best a checked one; this file is read as it looks."""
    header = [name for name in table.header if name not in SAID_OF_A_LINE]
    same = ClientImport.objects.filter(header__in=[table.header, header]).exclude(mapping={})
    told = same.order_by(F("checked_at").desc(nulls_last=True), "-pk").first()
    if told is None:
        return None
    last = mapping_of(told)
    return Mapping(replace(table.how, dates=last.file.dates), last.fields)


def mapping_of(found: ClientImport) -> Mapping:
    return read_mapping(found.mapping)


def job_under_way(found: ClientImport) -> Job | None:
    """The work of this import that is not finished; None when there is none, or it was given up."""
    if found.job_id is None:
        return None
    job: Job | None = Job.objects.unfinished().filter(pk=found.job_id).first()
    return job


def is_given_up(found: ClientImport) -> bool:
    if found.job_id is None:
        return False
    return Job.objects.filter(pk=found.job_id, state__in=[State.DEAD, State.UNCERTAIN]).exists()


# --- what a check must know ------------------------------------------------------------------------------


def known(person: Person, today: date) -> Known:
    """The books this person reaches, by name and by the login of who owns them now; the world's codes."""
    reached, english = reach(person), locale_of("en")
    books = Book.objects.all() if reached.everything else Book.objects.filter(pk__in=list(reached.books))
    named: dict[str, int | None] = {}
    pairs = list(books.values_list("name", "pk"))
    owners = BookMember.objects.owners().filter(
        Q(during__endswith=None) | Q(during__endswith__date__gt=today), book__in=books
    )
    pairs += owners.filter(during__startswith__date__lte=today).values_list("user__login", "book_id")
    for name, book_id in pairs:
        key = name.casefold()
        named[key] = book_id if named.get(key, book_id) == book_id else None
    return Known(
        books=named,
        countries=frozenset(code for code, _name in countries()),
        languages=frozenset(LANGUAGES),
        currencies=frozenset(english.currencies),
        currency=settings.REPORTING_CURRENCY,
        today=today,
    )


# --- the preview -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PreviewLine:
    """One line of the file as it is and as it would become."""

    line: int
    cells: list[tuple[str, Any, str]]  # what the file says, what it becomes (text or day), what is wrong
    broken: str = ""  # why it is no line of this file


@dataclass(frozen=True)
class Preview:
    labels: list[str]
    lines: list[PreviewLine]
    broken: str = ""

    @property
    def wrong(self) -> list[str]:
        """What is wrong in these lines, each reason once: in the cells there is no room for it."""
        told: dict[tuple[str, str], dict[str, None]] = {}
        for line in self.lines:
            for label, (raw, _become, reason) in zip(self.labels, line.cells, strict=False):
                if reason:
                    cells = told.setdefault((label, reason.rstrip(".")), {})
                    if raw:
                        cells[f"“{raw}”"] = None
        return [
            f"{label}{': ' if raws else ''}{', '.join([*raws][:4])}{' …' if len(raws) > 4 else ''} {reason}."
            for (label, reason), raws in told.items()
        ]


def preview(person: Person, found: ClientImport, mapping: Mapping, today: date) -> Preview:
    """The first lines, read by this mapping. Reads the head of the file and 2 queries."""
    here = {code: each for code, each in mapping.fields.items() if each.column in ("", *found.header)}
    mapping = Mapping(mapping.file, here)  # a saved mapping may name columns that this file has not
    mapped = [field for field in FIELDS if field.code in mapping.fields]
    labels = [field.label for field in mapped]
    checker = RowChecker(mapping, found.header, known(person, today))
    book_names = dict(Book.objects.values_list("pk", "name"))
    shown = []
    try:
        with found.file.open("rb") as file:
            for line, cells in islice(rows(file, found.title, mapping.file), PREVIEWED):
                shown.append(_preview_line(checker, mapping, found.header, line, cells, book_names))
    except BadLine as bad:
        return Preview(labels, shown, f"Line {bad.line:,} {bad}.")
    return Preview(labels, shown)


def _preview_line(
    checker: RowChecker,
    mapping: Mapping,
    header: list[str],
    line: int,
    cells: list[Any],
    book_names: dict[int, str],
) -> PreviewLine:
    checker.problems.clear()
    told, values = checker.read(line, cells)
    wrong = {problem.column: problem.reason for problem in reversed(checker.problems)}
    shown = []
    for field in FIELDS:
        if field.code not in mapping.fields:
            continue
        source = mapping.fields[field.code]
        raw = cells[header.index(source.column)] if source.column and len(cells) == len(header) else ""
        value = values.get(field.code, "")
        become = book_names.get(value, "") if field.code == "book" and value else value
        reason = wrong.get(source.column or field.code, "")
        shown.append(
            (Truncator(str(raw)).chars(SHOWN_LETTERS), become, reason if value == "" or told is None else "")
        )
    return PreviewLine(line, shown, wrong.get("all", ""))


def codes_of(found: ClientImport, mapping: Mapping) -> dict[str, list[str]]:
    """Of every mapped column that holds codes, the codes that stand in it (the first 20,000 lines)."""
    wanted = {
        code: found.header.index(source.column)
        for code, source in mapping.fields.items()
        if BY_CODE[code].codes and source.column in found.header
    }
    seen: dict[str, dict[str, None]] = {code: {} for code in wanted}
    if not wanted:
        return {}
    try:
        with found.file.open("rb") as file:
            for _line, cells in islice(rows(file, found.title, mapping.file), LOOKED_AT):
                for code, place in wanted.items():
                    cell = str(cells[place]).strip() if place < len(cells) else ""
                    if len(cell) <= LONGEST_CODE and len(seen[code]) < SHOWN_CODES:
                        seen[code][cell] = None
    except BadValue:  # the preview says so
        pass
    return {code: sorted(filter(None, values)) for code, values in seen.items()}


# --- what was found --------------------------------------------------------------------------------------


def problems(person: Person, found: ClientImport) -> Any:
    """In the order of the file, but for what tells of a client that this person may not see."""
    told = found.problems.order_by("line", "pk")
    others = [other for other in told.values_list("other_id", flat=True).distinct() if other is not None]
    if not others or reach(person).whole_bank:
        return told
    seen = Client.objects.visible_to(person).filter(pk__in=others).values_list("pk", flat=True)
    return told.filter(Q(other_id=None) | Q(other_id__in=list(seen)))


def problem_page(person: Person, found: ClientImport, kind: str, limit: int) -> list[ImportProblem]:
    told = list(problems(person, found).filter(kind=kind)[:limit])
    for row in told:
        row.column = column_of(found, row.column)
    return told


def problem_table(person: Person, found: ClientImport) -> tuple[list[str], Iterator[list[Any]]]:
    """For the file to download, its head and its rows: each line once, what is said of it, and the line as it
    was sent, while the file is here. Mended, it is a file that may be sent again.
    """
    told: dict[int, list[ImportProblem]] = {}
    for row in problems(person, found).iterator(chunk_size=2000):
        told.setdefault(row.line, []).append(row)
    record("import problems downloaded", by=person, subject=found, payload={"lines": len(told)})
    # A file of problems that was sent in says what was wrong in it before: that does not go out again.
    places = [at for at, name in enumerate(found.header) if name not in SAID_OF_A_LINE]
    sent = _as_sent(found, told, places)
    head = [*SAID_OF_A_LINE, *(found.header[at] for at in places if sent)]
    return head, ([*_said(found, rows), *sent.get(line, ())] for line, rows in told.items())


def _said(found: ClientImport, rows: list[ImportProblem]) -> list[Any]:
    """What is said of one line, in the order of SAID_OF_A_LINE; of several cells, one after the other."""
    said = (
        [column_of(found, row.column) for row in rows],
        [row.value for row in rows],
        [row.reason for row in rows],
        [str(row.get_kind_display()) for row in rows],
    )
    return [rows[0].line, *(" | ".join(dict.fromkeys(filter(None, each))) for each in said)]


def _as_sent(found: ClientImport, wanted: Container[int], places: list[int]) -> dict[int, list[str]]:
    """The cells of these lines as they stand in the file; a line that is too long keeps all of its own."""
    lines: dict[int, list[str]] = {}
    how, width = mapping_of(found).file, len(found.header)
    try:
        with found.file.open("rb") as file:
            for line, cells in rows(file, found.title, how):
                if line in wanted:
                    texts = [day_as(how.dates, cell) if isinstance(cell, date) else cell for cell in cells]
                    texts += [""] * (width - len(texts))
                    lines[line] = [*(texts[at] for at in places), *texts[width:]]
    except (BadValue, ValueError, FileNotFoundError):  # from here on it has no lines; or it is gone
        pass
    return lines


def not_taken(found: ClientImport, mapping: Mapping) -> list[tuple[str, str]]:
    """The columns that nothing comes in of, each with the first that stands in it (the first 200 lines)."""
    places = {name: found.header.index(name) for name in columns_not_taken(mapping, found.header)}
    seen = dict.fromkeys(places, "")
    try:
        with found.file.open("rb") as file:
            for _line, cells in islice(rows(file, found.title, mapping.file), LOOKED_AT_FOR_EXAMPLES):
                for name, at in places.items():
                    seen[name] = seen[name] or (str(cells[at]).strip() if at < len(cells) else "")
    except BadValue:  # the preview says so
        pass
    return [(name, Truncator(example).chars(60)) for name, example in seen.items()]


def column_of(found: ClientImport, name: str) -> str:
    """As the file calls it; a field that has no column by its label, and "all" is the whole line."""
    if name in found.header:
        return name
    if name not in BY_CODE:
        return "whole line" if name == "all" else name
    return found.mapping.get("fields", {}).get(name, {}).get("column") or BY_CODE[name].label


def as_problems(found: ClientImport, told: Iterable[Problem]) -> list[ImportProblem]:
    return [
        ImportProblem(
            of=found,
            kind=each.kind,
            line=each.line,
            column=each.column[:100],
            value=each.value,
            reason=each.reason[:300],
        )
        for each in told
    ]


def unscreened(import_id: int) -> list[int]:
    """Who came in by this import and was not compared with the sanctions lists yet."""
    waiting = ImportedClient.objects.filter(of_id=import_id, client__kyc__screened_at=None)
    return list(waiting.order_by("client_id").values_list("client_id", flat=True))
