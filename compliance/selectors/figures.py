"""What a draft of the figures would change, as its dry run counted it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from clients.access import Person, reach
from clients.models import Risk
from compliance.models import DryRun, DryRunRow
from compliance.rules.rating import LEVEL_WORDS, LEVELS
from compliance.selectors.night import rerating_key
from compliance.selectors.rating_page import words_of
from jobs.models import FINISHED, Job
from rulebook import rules as pack_rules
from rulebook.models import RulePack
from rulebook.selectors import pack, title_of, version
from staff.models import Book, BookMember
from staff.roles import May
from ui.paging import Page, keyset
from ui.reports import Cell, Column, Report, Table

LISTED = 5000  # clients a dry run lists of each kind, rated otherwise or only moved; it counts them all
SHOWN = 50  # books on the page; the spreadsheet has them all


@dataclass(frozen=True)
class BookLine:
    """What would change in one book."""

    book_id: int
    book: str
    owner: str
    higher: int
    lower: int
    moved: int
    overdue: int


@dataclass(frozen=True)
class DryRunPage:
    pack: RulePack
    title: str
    run: DryRun | None
    job: Job | None  # of the run, while it is under way
    fits: bool  # the run tried the draft's figures as they are
    ways: list[tuple[str, str, int]]  # (before, after, clients)
    books: list[BookLine]
    book_name: str  # of the one that is asked for
    by_book: bool  # a small number in one book would tell of a client: only for who sees every client
    rows: Page[DryRunRow] | None
    rerating: Job | None  # after the version came into force
    refusals: list[str]

    @property
    def shown_books(self) -> list[BookLine]:
        return self.books[:SHOWN]

    @property
    def capped(self) -> bool:
        """Not every client that is counted is listed."""
        run = self.run
        return run is not None and run.finished_at is not None and max(run.changed, run.moved) > LISTED


def dry_run_page(person: Person, pack_id: int, asked: dict[str, Any]) -> DryRunPage | None:
    """The last dry run of a version; None: no such version of these figures. 8 queries at most."""
    tried = version(pack_id)
    if tried is None or tried.name != "kyc":
        return None
    run, job = last_run(pack_id)
    done, sees_all = run is not None and run.finished_at is not None, reach(person).everything
    books = _books(run) if run and done and sees_all else []
    chosen = next((each for each in books if each.book_id == asked.get("book")), None)
    return DryRunPage(
        pack=tried,
        title=title_of(tried.name),
        run=run,
        job=job,
        fits=run is not None and run.digest == pack_rules.digest(tried.body),
        ways=_ways(run) if run and done else [],
        books=books,
        book_name=(chosen.owner or chosen.book) if chosen else "",
        by_book=sees_all,
        rows=_rows(person, run, asked, books) if run and done else None,
        rerating=Job.objects.filter(key=rerating_key(tried.version)).first() if tried.activated_at else None,
        refusals=refusals_to_run(tried, job),
    )


def last_run(pack_id: int) -> tuple[DryRun | None, Job | None]:
    """The last dry run of a version, and its job as long as it has not told what it found. 2 queries."""
    run = DryRun.objects.filter(pack_id=pack_id).order_by("-pk").first()
    if run is None or run.finished_at is not None:
        return run, None
    return run, Job.objects.filter(key=f"dry run {run.pk}").first()


def refusals_to_run(pack: RulePack, job: Job | None) -> list[str]:
    """One answer for the button and for the guard."""
    return pack_rules.refusals_to_try(pack.is_draft, job is not None and job.state not in FINISHED)


def _ways(run: DryRun) -> list[tuple[str, str, int]]:
    """The commonest first; equally common ones from low to high."""
    ways = [(*way.partition(">")[::2], count) for way, count in run.ways.items()]
    order = {level: place for place, level in enumerate(LEVELS)}
    return sorted(ways, key=lambda way: (-way[2], order.get(way[0], -1), order.get(way[1], -1)))


def _books(run: DryRun) -> list[BookLine]:
    """The books with most changes first."""
    names, owners = who_serves([int(book) for book in run.books])
    lines = []
    for book, counted in run.books.items():
        higher = lower = 0
        for way, count in counted.items():
            before, arrow, after = way.partition(">")
            if arrow and before in LEVELS:
                up = LEVELS.index(after) > LEVELS.index(before)
                higher, lower = higher + count * up, lower + count * (not up)
        lines.append(
            BookLine(
                int(book),
                names.get(int(book), ""),
                owners.get(int(book), ""),
                higher,
                lower,
                counted.get("moved", 0),
                counted.get("overdue", 0),
            )
        )
    return sorted(lines, key=lambda line: (-(line.higher + line.lower), -line.moved, line.book))


def who_serves(books: Collection[int]) -> tuple[dict[int, str], dict[int, str]]:
    """What these books are called, and who owns them now. 2 queries."""
    names = dict(Book.objects.filter(pk__in=books).values_list("pk", "name"))
    members = BookMember.objects.owners().at(timezone.now()).filter(book__in=books)
    return names, dict(members.values_list("book_id", "user__name"))


CHANGES: dict[str, Q] = {
    "higher": Q(before="low", after__in=("medium", "high")) | Q(before="medium", after="high"),
    "lower": Q(before="high", after__in=("low", "medium")) | Q(before="medium", after="low"),
    "moved": Q(before=F("after")),
    "overdue": Q(due_after__lt=F("run__on"), due_before__gte=F("run__on")),
}


def _asked(person: Person, run: DryRun, asked: Mapping[str, Any]) -> QuerySet[DryRunRow]:
    """The rows of this filter. Of what hits or notes move only who may know of them reads."""
    rows: QuerySet[DryRunRow] = DryRunRow.objects.visible_to(person).filter(run=run)
    if not person.may(May.SCREENING_DECIDE):
        rows = rows.filter(of_screening=False)
    if book := asked.get("book"):
        rows = rows.filter(client__book=book)
    if before := asked.get("before_level"):
        rows = rows.filter(before=before)
    if after := asked.get("after_level"):
        rows = rows.filter(after=after)
    if change := asked.get("change"):
        rows = rows.filter(CHANGES[change])
    return rows


def _rows(
    person: Person, run: DryRun, asked: Mapping[str, Any], books: Collection[BookLine]
) -> Page[DryRunRow]:
    rows = _asked(person, run, asked).select_related("client")
    page = keyset(rows, "id", after=asked.get("after"), before=asked.get("before"))
    _say_who(page.rows, books)
    return page


def _say_who(rows: Collection[DryRunRow], books: Collection[BookLine]) -> None:
    """Who serves each client, and why the figures judge it otherwise, in words."""
    owners = {line.book_id: line.owner for line in books}
    for row in rows:
        row.owner, row.reasons = owners.get(row.client.book_id, ""), [why_words(each) for each in row.why]


def why_words(each: Mapping[str, str]) -> str:
    """One reason of a dry run in words: which figure, from what to what."""
    code = each["code"]
    name = code.partition(":")[0]
    told = {"before": each["before"], "after": each["after"]}
    if code in ("medium_from", "high_from"):
        sentence = {
            "medium_from": gettext("Medium begins at {after} points, now at {before}"),
            "high_from": gettext("High begins at {after} points, now at {before}"),
        }[code]
        return sentence.format(**told)
    if name == "override":
        return gettext("The rating set by hand would end")
    if name == "review_months":
        return gettext("Review cycle: {before} → {after} months").format(**told)
    if name == "set_off":
        return gettext("A review outside the cycle")
    what = ": ".join(words_of(code))
    if each["floor"] != each["floor_before"]:
        if each["floor"]:
            return gettext("{what}: {level} whatever the sum").format(
                what=what, level=LEVEL_WORDS[each["floor"]]
            )
        return gettext("{what}: no longer {level} whatever the sum").format(
            what=what, level=LEVEL_WORDS[each["floor_before"]]
        )
    return gettext("{what}: {before} → {after} points").format(what=what, **told)


# --- as a spreadsheet ------------------------------------------------------------------------------------


def dry_run_report(
    person: Person, found: DryRunPage, asked: Mapping[str, Any]
) -> tuple[Report, list[int]] | None:
    """A finished dry run as tables: totals, books, and the clients of this filter, with their ids. 2 queries.

    More clients than one person takes out alone (rule pack "access") are left out, and the file says so.
    """
    run = found.run
    if run is None or run.finished_at is None:
        return None
    tables = [
        Table(
            gettext("From what to what"),
            [Column(gettext("Now")), Column(gettext("By this version")), Column(gettext("Clients"), "count")],
            [[Cell(_level(before)), Cell(_level(after)), Cell(count)] for before, after, count in found.ways],
        )
    ]
    ids: list[int] = []
    if found.by_book:
        listed, ids = _client_table(person, run, asked, found.books)
        tables += [_book_table(found.books), listed]
    filters = [(gettext("Version"), f"{found.title}, {found.pack.version}")]
    if found.book_name:
        filters.append((gettext("Book"), found.book_name))
    sentence = gettext("What these figures would change in the bank.")
    return Report("dry-run", gettext("Dry run"), sentence, run.on, filters, [], tables), ids


def taken_out(asked: QuerySet[Any]) -> tuple[list[Any], str]:
    """The rows that one person takes out alone; none, and a sentence, when they are more. 2 queries."""
    most = int(pack("access", timezone.localdate())["export_clients"])
    rows = list(asked.select_related("client").order_by("id")[: most + 1])
    if len(rows) <= most:
        return rows, ""
    sentence = gettext(
        "More than {most} clients fit: as many leave the bank only by two people. Choose a relationship "
        "manager or what changes, and download again."
    )
    return [], sentence.format(most=most)


def _level(code: str) -> str:
    return str(dict(Risk.choices).get(code, code))


def _book_table(books: list[BookLine]) -> Table:
    counted = ("higher", "lower", "moved", "overdue")
    labels = (
        gettext("Higher"), gettext("Lower"), gettext("Reviews moved"), gettext("Become overdue")
    )  # fmt: skip
    return Table(
        gettext("By relationship manager"),
        [
            Column(gettext("Relationship manager")),
            Column(gettext("Book")),
            *(Column(label, "count") for label in labels),
        ],
        [
            [Cell(line.owner), Cell(line.book), *(Cell(getattr(line, name)) for name in counted)]
            for line in books
        ],
    )


def _client_table(
    person: Person, run: DryRun, asked: Mapping[str, Any], books: Collection[BookLine]
) -> tuple[Table, list[int]]:
    rows, note = taken_out(_asked(person, run, asked))
    _say_who(rows, books)
    labels = (
        gettext("Client"), gettext("Name"), gettext("Relationship manager"), gettext("Rating now"),
        gettext("Rating then"), gettext("Points now"), gettext("Points then"), gettext("Review due now"),
        gettext("Review due then"), gettext("Why"),
    )  # fmt: skip
    table = Table(
        gettext("By client"),
        [Column(label, "points" if label in labels[5:7] else "text") for label in labels],
        [
            [
                Cell(row.client.number),
                Cell(row.client.name),
                Cell(row.owner),
                Cell(_level(row.before)),
                Cell(_level(row.after)),
                Cell(row.points_before),
                Cell(row.points),
                Cell(row.due_before.isoformat()),
                Cell(row.due_after.isoformat()),
                Cell("; ".join(row.reasons)),
            ]
            for row in rows
        ],
        note=note,
    )
    return table, [row.client_id for row in rows]
