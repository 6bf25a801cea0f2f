"""Which files were kept long enough, what holds one, and what two people had deleted."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery

from clients.access import Person
from clients.models import Client, Document, State
from compliance.models import FileDeletion, HoldLift, LegalHold
from compliance.rules import keeping as rules
from compliance.rules.auditing import KEPT_A_DAY
from jobs.models import Job
from portfolios.models import Account
from rulebook.selectors import Pack, pack
from staff.models import User
from staff.rules import refusals_to_be_second
from ui.paging import Page, keyset

WAITING = FileDeletion.State.WAITING
SHOWN = 50


def figures_on(day: date) -> Pack:
    return pack("keeping", day)


# --- one file --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Keeping:
    """How long one file is kept, and by what. Of who is not closed, the days are None."""

    client: Client
    figures: Pack
    ended_on: date | None
    until: date | None
    open_accounts: int
    holds: list[LegalHold]  # in force

    @property
    def by_account(self) -> bool:
        """The last account ended the relationship, after the file was closed."""
        return self.ended_on is not None and self.ended_on != self.client.closed_on

    def refusals(self, today: date) -> list[str]:
        return rules.refusals_to_delete(
            state=self.client.state,
            open_accounts=self.open_accounts,
            until=self.until,
            holds=len(self.holds),
            today=today,
        )

    @property
    def fingerprint(self) -> str:
        """Of all that a deletion is asked for on: a client who came back makes it void."""
        told = [self.client.pk, self.client.state, str(self.ended_on), str(self.until), self.open_accounts]
        told += [self.figures.version, *sorted(hold.pk for hold in self.holds)]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def keeping_of(client: Client, today: date) -> Keeping:
    """3 queries."""
    figures = figures_on(today)
    accounts = Account.objects.filter(client=client).aggregate(
        left_on=Max("closed_on"), open=Count("pk", filter=Q(closed_on__isnull=True))
    )
    ended_on = until = None
    if client.state == State.CLOSED and client.closed_on is not None:
        ended_on, until = rules.kept_until(client.closed_on, accounts["left_on"], figures.body)
    return Keeping(client, figures, ended_on, until, accounts["open"], holds_on(client, today))


def holds_on(client: Client, today: date) -> list[LegalHold]:
    """What holds the file. 1 query."""
    holds = LegalHold.objects.in_force(today).filter(client=client)
    return list(holds.select_related("set_by").order_by("set_at", "pk"))


@dataclass(frozen=True)
class Asked:
    """What waits for a second person: may the reader be that one?"""

    proposal: HoldLift | FileDeletion
    refusals: list[str]
    mine: bool


@dataclass(frozen=True)
class KeepingPage:
    keeping: Keeping
    holds: list[tuple[LegalHold, Asked | None]]  # in force, and that its lifting waits
    over: list[LegalHold]  # holds that are no more
    deletion: Asked | None
    rows: list[tuple[str, int]]  # what would go: table, rows; the largest first
    files: int  # papers on disk
    refusals: list[str]  # to ask for the deletion

    @property
    def all_rows(self) -> int:
        return sum(many for _table, many in self.rows)


def keeping_page(person: User, client: Client, today: date) -> KeepingPage:
    """Of a file that was opened. 6 queries, and 2 more for what would go when its years are over."""
    keeping = keeping_of(client, today)
    waiting = HoldLift.objects.filter(client=client, state=WAITING).select_related("asked_by")
    lifts = {lift.hold_id: _asked(lift, person, refusals_to_confirm_lift(lift, person)) for lift in waiting}
    over = LegalHold.objects.filter(client=client).exclude(pk__in=[hold.pk for hold in keeping.holds])
    asked = FileDeletion.objects.filter(client=client, state=WAITING).select_related("asked_by").first()
    refusals = keeping.refusals(today)
    gone = {} if refusals else rows_of(client.pk)
    return KeepingPage(
        keeping=keeping,
        holds=[(hold, lifts.get(hold.pk)) for hold in keeping.holds],
        over=list(over.select_related("set_by").order_by("-set_at", "-pk")[:SHOWN]),
        deletion=_asked(asked, person, _refusals_to_confirm(asked, keeping, person, today))
        if asked
        else None,
        rows=sorted(gone.items(), key=lambda each: (-each[1], each[0])),
        files=0 if refusals else Document.objects.filter(client=client).count(),
        refusals=rules.refusals_to_ask_deletion(refusals, asked is not None),
    )


def rows_of(client_id: int) -> dict[str, int]:
    """The dry run: table -> rows that hang on this client, in every table there is. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count_client_file(%s)", [client_id])
        found: dict[str, int] = json.loads(cursor.fetchone()[0])
    return found


def _asked(proposal: HoldLift | FileDeletion, person: User, refusals: list[str]) -> Asked:
    return Asked(proposal, refusals, proposal.asked_by_id == person.pk)


def refusals_to_confirm_lift(lift: HoldLift, by: User) -> list[str]:
    """One answer for the button and for the guard. What a lift is about, a hold, does not change."""
    return refusals_to_be_second(lift.stands, own=by.is_same_person(lift.asked_by_id))


def refusals_to_confirm(deletion: FileDeletion, by: User, today: date) -> list[str]:
    """The same. 3 queries."""
    return _refusals_to_confirm(deletion, keeping_of(deletion.client, today), by, today)


def _refusals_to_confirm(deletion: FileDeletion, keeping: Keeping, by: User, today: date) -> list[str]:
    return refusals_to_be_second(
        deletion.stands,
        own=by.is_same_person(deletion.asked_by_id),
        stale=deletion.fingerprint != keeping.fingerprint,
    ) or keeping.refusals(today)


# --- the desk --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Over:
    """A file whose years are over."""

    client: Client
    ended_on: date
    until: date


@dataclass(frozen=True)
class KeepingDesk:
    figures: Pack
    page: Page[Client]
    rows: list[Over]
    held: list[tuple[Over, LegalHold]]  # their years are over too, and something holds them
    lifts: list[Asked]
    deletions: list[Asked]


def keeping_desk(person: User, asked: Mapping[str, Any], today: date) -> KeepingDesk:
    """Files kept long enough, the longest ago first; those held beside them; what waits for a second person.

    7 queries, 8 beyond page one, 3 more for each deletion that waits. Of suspicions it knows nothing: they
    stand apart, with a copy of their own (ADR 9), and a list that left a file out would tell.
    """
    figures = figures_on(today)
    ended = ended_long_ago(person, figures.body, today)
    held = LegalHold.objects.in_force(today).filter(client=OuterRef("pk"))
    page = keyset(
        ended.exclude(Exists(held)), "closed_on", after=asked.get("after"), before=asked.get("before")
    )
    kept = list(ended.filter(Exists(held)).order_by("closed_on", "pk")[:SHOWN])
    by_client: dict[int, LegalHold] = {}
    for hold in LegalHold.objects.in_force(today).filter(client__in=kept).select_related("set_by"):
        by_client.setdefault(hold.client_id, hold)
    lifts = HoldLift.objects.visible_to(person).filter(state=WAITING).select_related("asked_by", "client")
    deletions = FileDeletion.objects.visible_to(person).under_way()
    return KeepingDesk(
        figures=figures,
        page=page,
        rows=[_over(client, figures.body) for client in page],
        held=[(_over(client, figures.body), by_client[client.pk]) for client in kept],
        lifts=[
            _asked(lift, person, refusals_to_confirm_lift(lift, person))
            for lift in lifts.order_by("asked_at", "pk")[:SHOWN]
        ],
        deletions=[
            _asked(each, person, refusals_to_confirm(each, person, today))
            for each in deletions.select_related("asked_by", "client").order_by("asked_at", "pk")[:SHOWN]
        ],
    )


def ended_long_ago(person: Person, figures: Mapping[str, Any], today: date) -> Any:
    """Clients whose years are over, held or not: what rules.kept_until says, asked of the whole bank."""
    before = rules.ended_before(today, figures["years"])
    accounts = Account.objects.filter(client=OuterRef("pk"))
    later = accounts.filter(Q(closed_on__isnull=True) | Q(closed_on__gte=before))
    left_on = accounts.order_by().values("client").annotate(on=Max("closed_on")).values("on")
    closed = Client.objects.visible_to(person).filter(state=State.CLOSED, closed_on__lt=before)
    return closed.exclude(Exists(later)).annotate(left_on=Subquery(left_on))


def _over(client: Any, figures: Mapping[str, Any]) -> Over:
    return Over(client, *rules.kept_until(client.closed_on, client.left_on, figures))


# --- what was deleted ------------------------------------------------------------------------------------
def deletion_list(person: Person, asked: Mapping[str, Any]) -> Page[FileDeletion]:
    """The latest first. 2 queries, 3 beyond page one."""
    done = FileDeletion.objects.visible_to(person).exclude(certificate="")
    return keyset(
        done.select_related("asked_by", "decided_by"),
        "-id",
        after=asked.get("after"),
        before=asked.get("before"),
    )


@dataclass(frozen=True)
class Certificate:
    deletion: FileDeletion
    rows: list[tuple[str, int]]
    holds: bool  # the row is what it was hashed as

    @property
    def all_rows(self) -> int:
        return sum(many for _table, many in self.rows)


def certificate_of(person: Person, deletion_id: int) -> Certificate | None:
    """1 query."""
    found = FileDeletion.objects.visible_to(person).exclude(certificate="").filter(pk=deletion_id)
    deletion = found.select_related("asked_by", "decided_by").first()
    if deletion is None:
        return None
    rows = sorted(deletion.gone.items(), key=lambda each: (-each[1], each[0]))
    return Certificate(deletion, rows, rules.certificate(deletion.as_told()) == deletion.certificate)


@dataclass(frozen=True)
class OnDisk:
    """What of a client lies on disk: its papers, and exports of a day that were not forgotten yet."""

    papers: list[str] = field(default_factory=list)
    exports: list[Job] = field(default_factory=list)


def on_disk(client_id: int) -> OnDisk:
    """2 queries."""
    papers = Document.objects.filter(client=client_id).exclude(file="").values_list("file", flat=True)
    jobs = Job.objects.filter(kind__in=KEPT_A_DAY, args__client=client_id, result__has_key="file")
    return OnDisk(list(papers), list(jobs))
