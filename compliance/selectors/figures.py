"""What a draft of the figures would change, as its dry run counted it."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from clients.access import Person, reach
from compliance.models import DryRun, DryRunRow
from compliance.rules.rating import LEVELS
from compliance.selectors.night import rerating_key
from jobs.models import FINISHED, Job
from rulebook import rules as pack_rules
from rulebook.models import RulePack
from rulebook.selectors import title_of, version
from staff.models import Book, BookMember
from ui.paging import Page, keyset


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
    by_book: bool  # a small number in one book would tell of a client: only for who sees every client
    rows: Page[DryRunRow] | None
    rerating: Job | None  # after the version came into force
    refusals: list[str]


def dry_run_page(person: Person, pack_id: int, asked: dict[str, Any]) -> DryRunPage | None:
    """The last dry run of a version; None: no such version of these figures. 8 queries at most."""
    pack = version(pack_id)
    if pack is None or pack.name != "kyc":
        return None
    run, job = last_run(pack_id)
    done, sees_all = run is not None and run.finished_at is not None, reach(person).everything
    return DryRunPage(
        pack=pack,
        title=title_of(pack.name),
        run=run,
        job=job,
        fits=run is not None and run.digest == pack_rules.digest(pack.body),
        ways=_ways(run) if run and done else [],
        books=_books(run) if run and done and sees_all else [],
        by_book=sees_all,
        rows=_rows(person, run, asked) if run and done else None,
        rerating=Job.objects.filter(key=rerating_key(pack.version)).first() if pack.activated_at else None,
        refusals=refusals_to_run(pack, job),
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
    ids = [int(book) for book in run.books]
    names = dict(Book.objects.filter(pk__in=ids).values_list("pk", "name"))
    members = BookMember.objects.owners().at(timezone.now()).filter(book__in=ids)
    owners = dict(members.values_list("book_id", "user__name"))
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


def _rows(person: Person, run: DryRun, asked: dict[str, Any]) -> Page[DryRunRow]:
    rows = DryRunRow.objects.visible_to(person).filter(run=run).select_related("client")
    if book := asked.get("book"):
        rows = rows.filter(client__book=book)
    if before := asked.get("before_level"):
        rows = rows.filter(before=before)
    if after := asked.get("after_level"):
        rows = rows.filter(after=after)
    return keyset(rows, "id", after=asked.get("after"), before=asked.get("before"))
