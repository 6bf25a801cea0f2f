"""Compare clients with the active lists: one file at once, the whole bank in lanes, or only what changed."""

import os
import time
from collections.abc import Callable, Collection, Sequence
from itertools import pairwise

from django.db.models import Count, Max, Min, Sum
from django.utils import timezone

from clients.models import Client, Party
from compliance import selectors
from compliance.actions.settling import Settled, settle
from compliance.models import (
    KycFile,
    ListedEntity,
    PartyToScreen,
    ScreeningHit,
    ScreeningLane,
    ScreeningRun,
)
from compliance.rules import screening as rules
from jobs.actions import ask
from rulebook.selectors import Pack, pack
from staff.lock import action
from staff.models import User
from staff.night import NightShift
from staff.roles import May
from ui.refusals import refuse_if

CHUNK = 1000  # parties in the first transaction of a lane
SECOND = 1.0  # what a transaction should take: the audit's sealer must not wait long for one of ours
SMALLEST, LARGEST = 100, 500_000
WORTH_A_LANE = 20_000  # parties
MOST_LANES = 4  # each remembers the words it has met

Progress = Callable[[ScreeningLane], None]


@action(May.SCREENING_RUN, "client screened", on="clients.Client")
def screen_client(client: Client, *, by: User | NightShift) -> int:
    """All parties of one file against the active lists, at once; how many hits are new or open again."""
    waiting = dict(
        PartyToScreen.objects.filter(
            party_id__in=list(Party.objects.filter(client=client).values_list("pk", flat=True))
        ).values_list("party_id", "change")
    )
    parties = selectors.parties_to_screen(client_ids=[client.pk])
    done = _compare(parties, None)
    _take_from_list(waiting)
    now = timezone.now()
    KycFile.objects.update_or_create(
        client=client,
        defaults={"screened_at": now},
        create_defaults={"screened_at": now, "next_review_on": client.kyc_due_on},
    )
    return done.new_hits + done.reopened


# --- runs ------------------------------------------------------------------------------------------------


@action(May.SCREENING_RUN, "screening begun", remember=("kind",))
def begin_screening(
    _: None, *, by: User | NightShift, kind: str = ScreeningRun.Kind.FULL, as_jobs: bool = False
) -> ScreeningRun:
    """A run and its lanes; `as_jobs`: the workers do them, else the caller does."""
    figures = _figures()
    listed = ListedEntity.objects.listed()
    among = None
    if kind == ScreeningRun.Kind.DELTA:
        fresh = list(listed.filter(screened=False).order_by("pk").values_list("pk", flat=True))
        among = fresh if listed.filter(screened=True).exists() else None
    run = ScreeningRun.objects.create(
        kind=kind,
        entities=among,
        last_entity=listed.aggregate(last=Max("pk"))["last"] or 0,
        versions=sorted(version.pk for version in selectors.active_lists()),
        scorer=rules.SCORER,
        threshold=figures["screening_threshold"],
        pack_version=figures.version,
        names=selectors.names_to_compare(among),
        asked_by_id=by.pk,
    )
    _make_lanes(run)
    if as_jobs:
        for lane in run.lanes.all():
            ask("compliance.screen", f"screening {run.pk} lane {lane.pk}", lane_id=lane.pk)
    return run


def _make_lanes(run: ScreeningRun) -> None:
    """Stretches of ids; where no entry is new, of those alone who had a hit on an ended one."""
    if run.entities is None:
        parties = selectors.to_screen()
    elif run.entities:  # all names are looked at: see parties_touched
        parties = Party.objects.all()
    else:
        parties = selectors.to_screen().filter(hits__in=ScreeningHit.objects.gone()).distinct()
    edges = parties.aggregate(first=Min("pk"), last=Max("pk"), parties=Count("pk"))
    run.all_parties = edges["parties"]
    run.save(update_fields=["all_parties"])
    if not run.all_parties:
        return
    first, last = edges["first"] - 1, edges["last"]
    lanes = 1 + min(run.all_parties // WORTH_A_LANE, max(2, min(_processors(), MOST_LANES)) - 1)
    cuts = [first + (last - first) * place // lanes for place in range(lanes + 1)]
    ScreeningLane.objects.bulk_create(
        ScreeningLane(run=run, after=start, last=end) for start, end in pairwise(cuts)
    )


def _processors() -> int:
    """Of this machine."""
    return os.cpu_count() or 1


@action(May.SCREENING_RUN, "parties screened", remember=("lane_id", "size"))
def _screen_chunk(_: None, *, by: User | NightShift, lane_id: int, size: int) -> ScreeningLane:
    """The lane's next parties. Whoever takes the lane up again goes on where it was left."""
    lane: ScreeningLane = (
        ScreeningLane.objects.select_for_update(of=("self",)).select_related("run").get(pk=lane_id)
    )
    if lane.finished_at is not None:
        return lane
    among = None if lane.run.entities is None else frozenset(lane.run.entities)
    until = selectors.last_of_chunk(lane.after, lane.last, size)
    # Read before the parties: a change that comes after it stays on the list.
    waiting = dict(
        PartyToScreen.objects.filter(party_id__gt=lane.after, party_id__lte=until).values_list(
            "party_id", "change"
        )
        if among is None
        else ()
    )
    if among is None:
        parties = selectors.parties_to_screen(after=lane.after, until=until, size=size)
        compared = len(parties)
    else:  # of all others neither a hit nor an entry has changed
        compared, touched = selectors.parties_touched(among, lane.after, until)
        parties = selectors.parties_to_screen(party_ids=touched, size=size) if touched else []
    done = _compare(parties, among)
    _take_from_list(waiting)
    lane.after = until
    lane.parties += compared
    lane.new_hits += done.new_hits
    lane.reopened += done.reopened
    lane.closed += done.closed
    if until >= lane.last:
        lane.finished_at = timezone.now()
    lane.save()
    return lane


def screen_lane(
    lane_id: int, *, by: User | NightShift, progress: Progress = lambda lane: None
) -> ScreeningLane:
    """A whole lane, in chunks that commit one by one within about a second. Safe to run twice."""
    size = CHUNK
    while True:
        begun = time.monotonic()
        lane = _screen_chunk(None, by=by, lane_id=lane_id, size=size)
        progress(lane)
        if lane.finished_at is not None:
            return lane
        wanted = size * SECOND / max(time.monotonic() - begun, 0.001)
        size = int(max(SMALLEST, min(LARGEST, wanted, size * 4)))


@action(May.SCREENING_RUN, "changed parties screened", remember=("run_id",))
def _screen_changed(_: None, *, by: User | NightShift, run_id: int, until: int) -> int:
    """The next parties that changed, against all lists; how many were taken from the list."""
    changed = PartyToScreen.objects.filter(change__lte=until).order_by("change")
    waiting = dict(changed.values_list("party_id", "change")[:CHUNK])
    if not waiting:
        return 0
    parties = selectors.parties_to_screen(party_ids=list(waiting))
    done = _compare(parties, None)
    _take_from_list(waiting)
    run = ScreeningRun.objects.select_for_update().get(pk=run_id)
    run.parties += len(parties)
    run.all_parties += len(parties)
    run.new_hits += done.new_hits
    run.reopened += done.reopened
    run.closed += done.closed
    run.save(update_fields=["parties", "all_parties", "new_hits", "reopened", "closed"])
    return len(waiting)


def _take_from_list(waiting: dict[int, int]) -> None:
    """What was compared waits no longer, unless it has changed once more meanwhile."""
    if waiting:
        PartyToScreen.objects.filter(party_id__in=list(waiting), change__in=list(waiting.values())).delete()


@action(May.SCREENING_RUN, "screening finished", remember=("run_id",))
def finish_screening(_: None, *, by: User | NightShift, run_id: int) -> ScreeningRun:
    """When no lane is left: add up, and remember which entries the whole bank was compared with."""
    run: ScreeningRun = ScreeningRun.objects.select_for_update().get(pk=run_id)
    if run.finished_at is not None or run.lanes.filter(finished_at__isnull=True).exists():
        return run
    counts = ("parties", "new_hits", "reopened", "closed")
    summed = run.lanes.aggregate(**{f"sum_{each}": Sum(each) for each in counts})
    for each in counts:
        setattr(run, each, getattr(run, each) + (summed[f"sum_{each}"] or 0))
    run.finished_at = timezone.now()
    run.save()
    ListedEntity.objects.filter(screened=False, pk__lte=run.last_entity, until__isnull=True).update(
        screened=True
    )
    return run


def screen_all(*, by: User | NightShift, progress: Progress = lambda lane: None) -> ScreeningRun:
    """The whole bank against the active lists, here and now."""
    run = begin_screening(None, by=by)
    for lane in run.lanes.order_by("pk"):
        screen_lane(lane.pk, by=by, progress=progress)
    return finish_screening(None, by=by, run_id=run.pk)


def screen_changes(
    *,
    by: User | NightShift,
    progress: Progress = lambda lane: None,
    beside: Callable[[list[int]], None] = lambda lanes: None,
) -> ScreeningRun | None:
    """What changed since the last run: entries against everyone, changed parties against everything.

    None when nothing did. The outcome is that of a whole run: tests/compliance/test_delta.py. `beside` may do
    the lanes at the same time; what it leaves is done here.
    """
    if not selectors.is_something_to_screen():
        return None
    until = PartyToScreen.objects.aggregate(last=Max("change"))["last"] or 0
    run = begin_screening(None, by=by, kind=ScreeningRun.Kind.DELTA)
    lanes = list(run.lanes.order_by("pk").values_list("pk", flat=True))
    beside(lanes)
    for lane in lanes:
        screen_lane(lane, by=by, progress=progress)
    while _screen_changed(None, by=by, run_id=run.pk, until=until):
        pass
    return finish_screening(None, by=by, run_id=run.pk)


@action(May.SCREENING_RUN, "screening asked for")
def ask_for_screening(_: None, *, by: User | NightShift) -> ScreeningRun:
    """The whole bank, by the workers; one at a time."""
    refuse_if(selectors.refusals_to_screen())
    return begin_screening(None, by=by, as_jobs=True)


def _compare(parties: Sequence[Party], among: Collection[int] | None) -> Settled:
    """Whoever stands on a file; of who left, what was found is settled."""
    left = selectors.who_left(parties)
    there = [party for party in parties if party.pk not in left]
    return settle(parties, selectors.hits_among(there, _figures(), among=among), among, left)


def _figures() -> Pack:
    return pack("kyc", timezone.localdate())
