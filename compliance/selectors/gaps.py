"""What files lack: the rules that rooms declare, the list, and the figures of the last look at the bank."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from clients.access import Person, reach
from compliance.models import DeskSweep, FileGap, Reminder
from compliance.rules import desk
from compliance.rules.gaps import GapRule
from jobs.models import Job
from ui.paging import Page, keyset

MISSING = "missing"
_BY_INDEX = "SET LOCAL enable_seqscan = {word}; SET LOCAL enable_hashjoin = {word}"
Gap = tuple[int, str, date | None, int | None]  # client, kind, last day, where it is mended


@cache
def gap_rules() -> dict[str, GapRule]:
    """Kind -> rule, in the order of rmcrm/schedule.py (settings.GAP_RULES names the list)."""
    return {rule.kind: rule for rule in import_string(settings.GAP_RULES)}


def kinds_of(group: str) -> list[str]:
    return [kind for kind, rule in gap_rules().items() if rule.group == group]


# --- judging ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Finding:
    """One statement that finds what SQL can tell, its parameters, and the rules it cannot."""

    sql: str  # of %(ids)s: client_id, kind, ends_on, place_id
    parameters: dict[str, Any]
    others: list[GapRule]
    on: date

    def found(self, ids: Sequence[int]) -> list[Gap]:
        """What these lack. In a transaction: a chunk is small beside the bank, so indexes are entered for it.

        Left alone, PostgreSQL reads whole tables once a chunk, which costs N times N.
        """
        with connection.cursor() as cursor:
            cursor.execute(_BY_INDEX.format(word="off"))
            cursor.execute(self.sql, self.parameters | {"ids": list(ids)})
            found: list[Gap] = list(cursor.fetchall())
            cursor.execute(_BY_INDEX.format(word="on"))
        for rule in self.others:
            assert callable(rule.find)
            found += [(client, rule.kind, ends, place) for client, ends, place in rule.find(ids, self.on)]
        return found


def finding(on: date, kinds: Iterable[str] | None = None) -> Finding:
    """How to judge as of that day, by the figures in force. One query a rule pack."""
    chosen = [rule for kind, rule in gap_rules().items() if kinds is None or kind in set(kinds)]
    parameters: dict[str, Any] = {"horizon": on + timedelta(days=desk.HORIZON)}
    parts = []
    for rule in chosen:
        if isinstance(rule.find, str):
            parameters |= rule.figures(on)
            parts.append(
                f"SELECT f.client_id, '{rule.kind}' AS kind, f.ends_on, f.place_id "  # noqa: S608 - our own words
                f"FROM ({rule.find}) f (client_id, ends_on, place_id)"
            )
    nothing = (
        "SELECT NULL::bigint AS client_id, NULL AS kind, NULL::date AS ends_on, NULL::bigint AS place_id"
    )
    sql = " UNION ALL ".join(parts) or f"{nothing} WHERE false"
    return Finding(sql, parameters, [rule for rule in chosen if not isinstance(rule.find, str)], on)


def gaps_of(client_ids: Sequence[int], on: date, kinds: Iterable[str] | None = None) -> set[tuple[int, str]]:
    """(client, kind) of what these lack or what ends soon, as it is this moment."""
    return {(client, kind) for client, kind, _ends, _place in finding(on, kinds).found(list(client_ids))}


# --- the list --------------------------------------------------------------------------------------------


def in_column(gaps: Any, column: str, today: date) -> Any:
    """What is missing, or what ends within a column of the desk."""
    if column == MISSING:
        return gaps.filter(ends_on__isnull=True)
    first, end = desk.due_window(column, today)
    return gaps.filter(ends_on__gte=first, ends_on__lt=end)


@dataclass(frozen=True)
class GapLine:
    """One row: the file, what it lacks and why that is asked for, and whether it was mended since."""

    gap: FileGap
    rule: GapRule
    mended: bool
    reminder: Reminder | None  # the last one, while its task is open

    @property
    def url(self) -> tuple[str, int]:
        """(URL name, id) of the page where it is mended."""
        if self.gap.place_id and self.rule.place:
            return self.rule.place, self.gap.place_id
        return self.rule.url, self.gap.client_id


def chosen_gaps(person: Person, asked: dict[str, Any], today: date) -> Any:
    """The rows of a filter, of those this person may see."""
    column = asked.get("clock", MISSING)
    gaps = in_column(FileGap.objects.visible_to(person), column, today)
    if kind := asked.get("kind"):
        gaps = gaps.filter(kind=kind)
    elif group := asked.get("group"):
        gaps = gaps.filter(kind__in=kinds_of(group))
    if risk := asked.get("risk"):
        gaps = gaps.filter(risk=risk)
    return gaps


def gap_list(person: Person, asked: dict[str, Any], today: date) -> tuple[Page[FileGap], list[GapLine]]:
    """What is missing in the order it was found, what ends by its day. 11 queries at most, 12 further on."""
    column = asked.get("clock", MISSING)
    page = keyset(
        chosen_gaps(person, asked, today).select_related("client"),
        "id" if column == MISSING else "ends_on",
        after=asked.get("after"),
        before=asked.get("before"),
    )
    return page, _lines(list(page), today)


def _lines(gaps: list[FileGap], today: date) -> list[GapLine]:
    if not gaps:
        return []
    rules = gap_rules()
    ids, kinds = sorted({gap.client_id for gap in gaps}), {gap.kind for gap in gaps}
    still = gaps_of(ids, today, kinds)
    reminders = {
        (each.client_id, each.kind): each
        for each in Reminder.objects.filter(
            client__in=ids,
            kind__in=kinds,
            withdrawn_at__isnull=True,
            task__isnull=False,
            task__done_at__isnull=True,
        )
        .select_related("task__assigned_to")
        .order_by("pk")
    }
    return [
        GapLine(
            gap,
            rules[gap.kind],
            (gap.client_id, gap.kind) not in still,
            reminders.get((gap.client_id, gap.kind)),
        )
        for gap in gaps
        if gap.kind in rules  # found before an upgrade that asks for it no more: the next look takes it away
    ]


def open_reminder(client_id: int, kind: str) -> Reminder | None:
    """Asked, not withdrawn, and its task still open."""
    reminders = Reminder.objects.filter(client=client_id, kind=kind, withdrawn_at__isnull=True)
    found: Reminder | None = reminders.filter(task__done_at__isnull=True, task__isnull=False).last()
    return found


# --- the figures -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MissingKind:
    """How many files of the bank lack one thing, or hold one that has ended."""

    kind: str
    label: str
    sentence: str
    missing: int
    ended: int


@dataclass(frozen=True)
class MissingFigures:
    """As of the last look through the bank; None: there was none yet."""

    as_of: datetime | None
    clients: int
    kinds: list[MissingKind]  # with something to do, what is missing most first
    complete: list[str]  # labels of what no file lacks
    running: bool

    @property
    def missing(self) -> int:
        """Things, not files: one file may lack several."""
        return sum(each.missing for each in self.kinds)


def missing_figures(person: Person) -> MissingFigures:
    """What the whole bank lacks, by kind, for who sees all of it. 2 queries however large the bank is."""
    sweep = last_sweep() if reach(person).everything else None
    counts = sweep.counts if sweep else {}
    kinds, complete = [], []
    for kind, rule in gap_rules().items():
        told = counts.get(kind, {})
        if told.get("missing") or told.get("ended"):
            kinds.append(
                MissingKind(
                    kind, str(rule.label), str(rule.sentence), told.get("missing", 0), told.get("ended", 0)
                )
            )
        elif sweep:
            complete.append(str(rule.label))
    kinds.sort(key=lambda each: (-each.missing - each.ended, each.label))
    return MissingFigures(
        as_of=sweep.finished_at if sweep else None,
        clients=sweep.clients if sweep else 0,
        kinds=kinds,
        complete=complete,
        running=is_sweeping(),
    )


def last_sweep() -> DeskSweep | None:
    """The last look that came to its end. 1 query."""
    found: DeskSweep | None = (
        DeskSweep.objects.filter(finished_at__isnull=False).order_by("-finished_at").first()
    )
    return found


def is_sweeping() -> bool:
    """Is a look asked for or under way? 1 query."""
    return bool(Job.objects.unfinished().filter(kind="compliance.sweep").exists())
