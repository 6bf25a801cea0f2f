"""manage.py screen --full | --delta: compare the bank with the active lists."""

import gc
import json
import multiprocessing

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils import timezone

from audit.record import coming_from
from compliance import actions
from compliance.models import ListVersion, ScreeningRun
from compliance.selectors import active_index, active_lists
from staff.night import night_shift
from ui.carrying import NIGHT_SHIFT, carrying


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # a second, of the ten in which a day's change is to be compared
    help = "Screen the bank's clients and everyone on their files against the active sanctions lists."

    def add_arguments(self, parser: CommandParser) -> None:
        how = parser.add_mutually_exclusive_group(required=True)
        how.add_argument("--full", action="store_true", help="all parties, all names")
        how.add_argument(
            "--delta", action="store_true", help="what changed since the last run, on either side"
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    @carrying(None, NIGHT_SHIFT)
    def handle(self, *, full: bool, as_json: bool, **_: object) -> None:
        if not active_lists():
            raise CommandError(
                "No sanctions list is active. Import one first: manage.py import_list ofac FILE"
            )
        begun = timezone.now()
        with coming_from("manage screen"):
            run = _whole() if full else actions.screen_changes(by=night_shift(), beside=_side_by_side)
        seconds = round((timezone.now() - begun).total_seconds(), 1)
        told = _told(run) | {"seconds": seconds}
        if as_json:
            self.stdout.write(json.dumps(told))
        elif run is None:
            self.stdout.write("Nothing has changed since the last run: nobody was compared.")
        else:
            lists = "; ".join(f"{each['source']} of {each['published_on']}" for each in told["lists"])
            self.stdout.write(
                f"{run.parties:,} parties against {told['names']:,} names in {seconds:.1f} s: "
                f"{run.new_hits:,} new hits, {run.reopened:,} open again, {run.closed:,} closed by the list. "
                f"Lists: {lists}."
            )


def _whole() -> ScreeningRun:
    run = actions.begin_screening(None, by=night_shift())
    lanes = list(run.lanes.order_by("pk").values_list("pk", flat=True))
    if len(lanes) > 1:
        active_index()  # read once, and shared by the children
    _side_by_side(lanes)
    for lane in lanes:  # what a child that was killed left undone, or the only lane
        actions.screen_lane(lane, by=night_shift())
    return actions.finish_screening(None, by=night_shift(), run_id=run.pk)


def _side_by_side(lanes: list[int]) -> None:
    """A large bank has several lanes, each for a process."""
    if len(lanes) < 2:
        return
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    workers = [fork.Process(target=_lane, args=(lane,)) for lane in lanes]
    gc.freeze()  # what all share is not touched by looking for garbage
    for worker in workers:
        worker.start()
    gc.unfreeze()
    for worker in workers:
        worker.join()


def _lane(lane: int) -> None:
    gc.disable()  # what a lane learns of names it keeps to its end
    actions.screen_lane(lane, by=night_shift())
    connections.close_all()


def _told(run: ScreeningRun | None) -> dict:
    versions = ListVersion.objects.filter(active=True).order_by("source")
    lists = [
        {"source": each.source, "published_on": each.published_on.isoformat(), "entities": each.entities}
        for each in versions
    ]
    counts = ("parties", "new_hits", "reopened", "closed")
    return {
        "run": run.pk if run else None,
        "kind": run.kind if run else None,
        "entries": None if run is None or run.entities is None else len(run.entities),
        "names": run.names if run else 0,
        **{each: getattr(run, each) if run else 0 for each in counts},
        "lists": lists,
    }
