"""The dry run of a pack that moves clients: totals for whoever reads rules, by book and by client for few."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from clients.access import Person, reach
from compliance.models import TrialRow
from compliance.rules.trials import LISTED
from compliance.selectors.figures import SHOWN, taken_out, who_serves
from rulebook.selectors import Trial, trial
from staff.roles import May
from ui.paging import Page, keyset
from ui.reports import Cell, Column, Report, Table


@dataclass(frozen=True)
class WayLine:
    """One way in which clients move, as far as this person may know of it."""

    code: str
    words: str
    clients: int


@dataclass(frozen=True)
class BookLine:
    """What would change in one book: how many clients of each way."""

    book_id: int
    book: str
    owner: str
    counts: list[tuple[WayLine, int]]

    @property
    def whole(self) -> int:
        return sum(count for _way, count in self.counts)


@dataclass(frozen=True)
class TrialPage:
    trial: Trial
    by_book: bool  # a small number in one book would tell of a client: only for who sees every client
    ways: list[WayLine]
    books: list[BookLine]
    book_name: str  # of the one that is asked for
    way_words: str  # of the one that is asked for
    rows: Page[TrialRow] | None

    @property
    def shown_books(self) -> list[BookLine]:
        return self.books[:SHOWN]

    @property
    def capped(self) -> bool:
        """Not every client that is counted is listed."""
        return any(way.clients > LISTED for way in self.ways)


def trial_page(person: Person, pack_id: int, asked: Mapping[str, Any]) -> TrialPage | None:
    """The last dry run of a version; None: none is made of such figures. 7 queries at most."""
    found = trial(pack_id)
    if found is None:
        return None
    sees_all = reach(person).everything
    ways = _ways(person, found) if sees_all else []
    books = _books(found, ways)
    book = next((each for each in books if each.book_id == asked.get("book")), None)
    rows = None
    if ways:
        listed = _asked(person, found, ways, asked).select_related("client")
        rows = keyset(listed, "id", after=asked.get("after"), before=asked.get("before"))
        _say_who(rows.rows, ways, books)
    return TrialPage(
        trial=found,
        by_book=sees_all,
        ways=ways,
        books=books,
        book_name=(book.owner or book.book) if book else "",
        way_words=next((way.words for way in ways if way.code == asked.get("way")), ""),
        rows=rows,
    )


def _ways(person: Person, found: Trial) -> list[WayLine]:
    """Of what tells of hits only who may know of them reads."""
    knows = person.may(May.SCREENING_DECIDE)
    return [
        WayLine(code, words, clients)
        for code, words, of_screening, clients in found.told.get("ways", [])
        if knows or not of_screening
    ]


def _books(found: Trial, ways: list[WayLine]) -> list[BookLine]:
    """The books with most clients first. 2 queries."""
    if not ways:
        return []
    counted = {int(book): counts for book, counts in found.told["books"].items()}
    names, owners = who_serves(counted)
    lines = [
        BookLine(
            book,
            names.get(book, ""),
            owners.get(book, ""),
            [(way, counts.get(way.code, 0)) for way in ways],
        )
        for book, counts in counted.items()
    ]
    lines = [line for line in lines if line.whole]
    return sorted(lines, key=lambda line: (-line.whole, line.book, line.book_id))


def _asked(person: Person, found: Trial, ways: list[WayLine], asked: Mapping[str, Any]) -> QuerySet[TrialRow]:
    """The rows of this filter, of the ways that this person may know of."""
    known = [way.code for way in ways]
    way, book = asked.get("way"), asked.get("book")
    rows: QuerySet[TrialRow] = TrialRow.objects.visible_to(person).filter(
        pack_id=found.pack.pk, way__in=[way] if way in known else known
    )
    return rows.filter(client__book=book) if book else rows


def _say_who(rows: Collection[TrialRow], ways: list[WayLine], books: Collection[BookLine]) -> None:
    """Who serves each client, or the pool it waits in, and what becomes of it, in words."""
    owners = {line.book_id: line.owner or line.book for line in books}
    words = {way.code: way.words for way in ways}
    for row in rows:
        row.owner, row.way_words = owners.get(row.client.book_id, ""), words[row.way]


# --- as a spreadsheet ------------------------------------------------------------------------------------


def trial_report(
    person: Person, found: TrialPage, asked: Mapping[str, Any]
) -> tuple[Report, list[int]] | None:
    """A finished dry run as tables: totals, books, and the clients of this filter, with their ids. 2 queries.

    More clients than one person takes out alone (rule pack "access") are left out, and the file says so.
    """
    run = found.trial
    if not run.told:
        return None
    now, then = gettext("Now"), gettext("By this version")
    tables = [
        Table(
            gettext("In totals"),
            [Column(gettext("What")), *(Column(label, "count") for label in (now, then))],
            [[Cell(line.words), Cell(line.now), Cell(line.then)] for line in run.lines],
        )
    ]
    ids: list[int] = []
    if found.by_book:
        listed, ids = _client_table(person, found, asked)
        tables += [_book_table(found), listed]
    filters = [
        (gettext("Version"), f"{run.title}, {run.pack.version}"),
        (gettext("Book"), found.book_name),
        (gettext("What changes"), found.way_words),
    ]
    on = timezone.localdate(run.job.finished_at if run.job else None)
    sentence = gettext("What these figures would change in the bank.")
    chosen = [(label, value) for label, value in filters if value]
    return Report("dry-run", gettext("Dry run"), sentence, on, chosen, [], tables), ids


def _book_table(found: TrialPage) -> Table:
    return Table(
        gettext("By relationship manager"),
        [
            Column(gettext("Relationship manager")),
            Column(gettext("Book")),
            *(Column(way.words, "count") for way in found.ways),
        ],
        [
            [Cell(line.owner), Cell(line.book), *(Cell(count) for _way, count in line.counts)]
            for line in found.books
        ],
    )


def _client_table(person: Person, found: TrialPage, asked: Mapping[str, Any]) -> tuple[Table, list[int]]:
    rows, note = taken_out(_asked(person, found.trial, found.ways, asked))
    _say_who(rows, found.ways, found.books)
    labels = (
        gettext("Client"), gettext("Name"), gettext("Relationship manager"), gettext("What changes"),
        gettext("Now"), gettext("By this version"), gettext("Why"),
    )  # fmt: skip
    lines = [
        [
            Cell(value)
            for value in (
                row.client.number,
                row.client.name,
                row.owner,
                row.way_words,
                row.now,
                row.then,
                "; ".join(row.why),
            )
        ]
        for row in rows
    ]
    table = Table(gettext("By client"), [Column(label) for label in labels], lines, note=note)
    return table, sorted({row.client_id for row in rows})
