"""The officer's desk: queues by their clock, what files lack, each figure with its list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.utils.translation import gettext_lazy as _

from clients.access import reach
from compliance.models import ListVersion, ScreeningHit, ScreeningRun
from compliance.rules.desk import COLUMNS
from compliance.selectors import active_lists, last_run, missing_figures
from compliance.selectors.desk import Clock, Queue, clock_on, queues
from compliance.selectors.gaps import MissingFigures
from onboarding.selectors import AskedEnd, Waiting, endings_waiting, waiting
from staff.models import User
from staff.night import night_shift
from staff.roles import May
from ui.addresses import address
from ui.formats import midnight
from ui.paging import COUNT_CAP

SHOWN = 8


@dataclass(frozen=True)
class Counted:
    """A figure that nobody counted further than the cap."""

    count: int
    capped: bool


@dataclass(frozen=True)
class Words:
    """A queue on the board: its name, the list it opens (URL name and filter), who sees it."""

    label: Any
    hint: Any
    url: str
    query: Mapping[str, str]
    icon: str
    may: May = May.INTERACTIONS_AUDIT


QUEUES = {
    "kyc": Words(_("KYC reviews"), _("By the day the review is due"), "compliance:kyc", {}, "shield-check"),
    "triggers": Words(
        _("Reviews outside the cycle"), _("By the day due"), "compliance:triggers", {}, "calendar-plus"
    ),
    "papers": Words(
        _("Identity papers"), _("By the day they end"), "compliance:gaps", {"group": "paper"}, "id-card"
    ),
    "forms": Words(
        _("Tax forms and proofs"), _("By the day they end"), "compliance:gaps", {"group": "form"}, "file-text"
    ),
    "measures": Words(
        _("Enhanced measures"), _("By the day they end"), "compliance:gaps", {"group": "measure"}, "telescope"
    ),
    "hits_first": Words(
        _("Hits, first officer"),
        _("By the day to be decided"),
        "compliance:hits",
        {"state": "first"},
        "shield-alert",
        May.SCREENING_DECIDE,
    ),
    "hits_second": Words(
        _("Hits, second officer"),
        _("By the day to be decided"),
        "compliance:hits",
        {"state": "proposed"},
        "shield-half",
        May.SCREENING_DECIDE,
    ),
    "approvals": Words(_("Approvals"), _("By the day to be decided"), "compliance:approvals", {}, "stamp"),
    "overrides_waiting": Words(
        _("Overrides, second officer"),
        _("By the day to be decided"),
        "compliance:overrides",
        {},
        "scale",
        May.SCREENING_DECIDE,
    ),
    "overrides_ending": Words(
        _("Overrides in force"),
        _("By their last day"),
        "compliance:overrides",
        {"state": "in_force"},
        "hourglass",
        May.SCREENING_DECIDE,
    ),
    "samples": Words(
        _("Records to review"),
        _("By the day of the review"),
        "compliance:samples",
        {"state": "drawn"},
        "clipboard-list",
    ),
    "sample_answers": Words(
        _("Answers in"),
        _("By the day to be read"),
        "compliance:samples",
        {"state": "answered"},
        "message-square-reply",
    ),
    "sample_queries": Words(
        _("Questions open"),
        _("By the day of the answer"),
        "compliance:samples",
        {"state": "queried"},
        "message-circle-question-mark",
    ),
    "sample_remedies": Words(
        _("Records to mend"), _("By the day of the task"), "compliance:samples", {"state": "failed"}, "wrench"
    ),
    "glass": Words(
        _("Uses of break-glass"),
        _("By the day of the review"),
        "compliance:glass",
        {},
        "siren",
        May.ACCESS_AUDIT,
    ),
    "recertifications": Words(
        _("Recertifications of access"),
        _("By the day due"),
        "compliance:recertifications",
        {},
        "key-round",
        May.ACCESS_AUDIT,
    ),
    "attestations": Words(
        _("Attestations of channels"), _("By the day due"), "compliance:attestations", {}, "file-check"
    ),
}


@dataclass(frozen=True)
class BoardCell:
    """One column of a queue; `url` opens exactly the rows that were counted."""

    column: str
    figure: Counted
    url: str


@dataclass(frozen=True)
class BoardRow:
    name: str
    words: Words
    url: str  # the whole queue
    cells: list[BoardCell]

    @property
    def of_the_sweep(self) -> bool:
        """Its rows are there once somebody has looked for them: before, no cell says that there is none."""
        return self.words.url == "compliance:gaps"

    @property
    def empty(self) -> bool:
        return not any(cell.figure.count for cell in self.cells)


@dataclass(frozen=True)
class Console:
    board: list[BoardRow]
    missing: MissingFigures
    hits: list[ScreeningHit]
    approvals: list[Waiting]
    endings: list[AskedEnd]
    lists: list[ListVersion]
    run: ScreeningRun | None

    def row(self, name: str) -> BoardRow | None:
        return next((row for row in self.board if row.name == name), None)


def console(person: User, today: date) -> Console:
    """Everything on the desk. 12 queries, 10 for who does not decide hits, however large the bank is."""
    decides = person.may(May.SCREENING_DECIDE)
    hits = ScreeningHit.objects.visible_to(person).undecided()
    return Console(
        board=board(person, today),
        missing=missing_figures(person),
        hits=list(hits.select_related("party", "entity").order_by("-score", "-pk")[:SHOWN])
        if decides
        else [],
        approvals=waiting(person, SHOWN),
        endings=endings_waiting(person, SHOWN),
        lists=active_lists() if decides else [],
        run=last_run(),
    )


def board(person: User, today: date) -> list[BoardRow]:
    """Every queue this person may see, counted by its columns. 3 queries."""
    clock = clock_on(today)
    seen = tuple(name for name, words in QUEUES.items() if person.may(words.may))
    # Who sees the whole bank asks the same SQL as everybody else who does: it is made once.
    asked = _of_the_bank(seen) if reach(person).whole_bank else asked_of(queues(person), seen)
    counts = capped_cells(asked, clock)
    return [
        BoardRow(
            name,
            QUEUES[name],
            _url(QUEUES[name], None),
            [BoardCell(column, counts[name, column], _url(QUEUES[name], column)) for column in COLUMNS],
        )
        for name in seen
    ]


def _url(words: Words, column: str | None) -> str:
    query = dict(words.query) | ({"clock": column} if column else {})
    return f"{address(words.url)}?{urlencode(query)}" if query else address(words.url)


@dataclass(frozen=True)
class Asked:
    """The SQL of a queue, with two days in its parameters that stand for the edges of a column."""

    queue: Queue
    sql: str
    parameters: tuple[Any, ...]

    def between(self, first: Any, end: Any) -> list[Any]:
        return [
            {_FIRST: first, _END: end}.get(each, each) if _is_day(each) else each for each in self.parameters
        ]


_FIRST, _END = date(1901, 1, 1), date(1902, 1, 1)


def asked_of(found: Mapping[str, Queue], names: Iterable[str], cap: int = COUNT_CAP) -> dict[str, Asked]:
    """Name -> its SQL, which counts no further than the cap. No query."""
    return {name: _asked(found[name], cap) for name in names}


@lru_cache(maxsize=8)
def _of_the_bank(names: tuple[str, ...]) -> dict[str, Asked]:
    return asked_of(queues(night_shift()), names)


def _asked(queue: Queue, cap: int) -> Asked:
    edges = [midnight(day) if queue.figure else day for day in (_FIRST, _END)]
    rows = queue.rows.filter(**{f"{queue.field}__gte": edges[0], f"{queue.field}__lt": edges[1]})
    try:
        sql, given = rows.order_by().values("pk")[: cap + 1].query.sql_with_params()
    except EmptyResultSet:  # of no kind at all
        return Asked(queue, "SELECT WHERE false", ())
    marks = dict(zip(edges, (_FIRST, _END), strict=True))
    return Asked(queue, sql, tuple(marks.get(each, each) if _is_day(each) else each for each in given))


def capped_cells(
    asked: Mapping[str, Asked], clock: Clock, cap: int = COUNT_CAP
) -> dict[tuple[str, str], Counted]:
    """(queue, column) -> how many rows, none counted further than the cap: all in one query."""
    parts: list[str] = []
    parameters: list[Any] = []
    names = [(name, column) for name in asked for column in COLUMNS]
    for name, column in names:
        parts.append(f"(SELECT count(*) FROM ({asked[name].sql}) capped)")  # noqa: S608  # Django made the SQL
        parameters += asked[name].between(*asked[name].queue.window(clock, column))
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", parameters)  # Django made the SQL
        row = cursor.fetchone()
    return {name: Counted(min(count, cap), count > cap) for name, count in zip(names, row, strict=True)}


def _is_day(value: Any) -> bool:
    return isinstance(value, date)  # a moment is one, too
