"""The clocks of the compliance desk, and what may be asked for by the dozen. Pure: days are arguments."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from rulebook.days import due_before

# The columns of the queues: name -> (first, last) in days from today; None: no beginning.
COLUMNS: dict[str, tuple[int | None, int]] = {
    "overdue": (None, -1),
    "today": (0, 0),
    "week": (1, 7),
    "month": (8, 30),
    "due_60": (31, 60),
    "due_90": (61, 90),
}
# What the list of reviews may be asked for besides.
CLOCKS = COLUMNS | {"late_long": (None, -91), "late": (-90, -1), "due_30": (0, 30)}
HORIZON = 91  # days ahead of which what ends is looked for
BEGINNING, END = date(1900, 1, 1), date(2999, 1, 1)
AT_ONCE = 5000  # rows of one piece of work by the dozen
CHUNK = 200
TICKED = 200  # boxes of one page


def due_window(column: str, today: date) -> tuple[date, date]:
    """(first day, first day no more) of what is due in this column or clock."""
    first, last = CLOCKS[column]
    return BEGINNING if first is None else today + timedelta(days=first), due_before(today, last)


@lru_cache(maxsize=1024)  # a day's windows are asked for at every visit, and walk through a calendar
def begun_window(
    column: str, today: date, within: int, after: Callable[[date, int], date]
) -> tuple[date, date]:
    """(first day, first day no more) on which began what is due in this column, `within` working days later.

    after  (day, count) -> the count-th working day after it, as rulebook.calendars.WorkingDays.after
    """
    first, end = due_window(column, today)
    return (
        BEGINNING if first == BEGINNING else _begun_for(first, within, after),
        _begun_for(end, within, after),
    )


def _begun_for(due: date, within: int, after: Callable[[date, int], date]) -> date:
    """The first day whose `within`-th working day is `due` or later."""
    day = due
    while after(day - timedelta(days=1), within) >= due:
        day -= timedelta(days=1)
    return day


# --- by the dozen ----------------------------------------------------------------------------------------


def refusals_to_ask_for_many(count: int) -> list[str]:
    if count == 0:
        return ["Tick at least one row, or choose all of this filter."]
    if count > AT_ONCE:
        return [f"At most {AT_ONCE:,} rows at once: narrow the filter."]
    return []


def refusals_to_tick(count: int) -> list[str]:
    """A page has no more rows than that: whoever wants more means the filter."""
    return [f"At most {TICKED} rows are ticked at once: choose all of this filter."] if count > TICKED else []


def refusals_to_undo(act: str, finished: bool, done: int, left: int, *, under_way: bool) -> list[str]:
    """Undo what can be taken back: a request, a reminder. A try that died is made again for what it left."""
    if act not in ("review", "remind", "remind review"):
        return ["This cannot be taken back."]
    if not finished:
        return ["It is still under way: wait until it is done."]
    if under_way:
        return ["It is being taken back now."]
    if not done:
        return ["Nothing was done, so there is nothing to take back."]
    return [] if left else ["It was taken back already."]


def refusals_to_remind(
    lacks: bool,
    askable: bool,
    asked_on: date | None,
    owner: bool,
    done: str = "The file lacks this no more.",
) -> list[str]:
    """A reminder asks the one who serves the client, once at a time, for what is really missing."""
    if not askable:
        return ["No relationship manager can mend this: the night shift or compliance does."]
    refusals = []
    if not lacks:
        refusals.append(done)
    if asked_on is not None:
        refusals.append(f"Asked already on {asked_on.day} {asked_on:%b %Y}: the task is still open.")
    if not owner:
        refusals.append("Nobody owns this client's book: it is in a pool, so there is nobody to remind.")
    return refusals


def refusals_to_withdraw_reminder(withdrawn: bool, done: bool) -> list[str]:
    if withdrawn:
        return ["This reminder was withdrawn already."]
    return ["The task is done already."] if done else []


def refusals_to_withdraw_request(asked: bool) -> list[str]:
    """A request for a review is withdrawn while it is open; a review settles it."""
    return [] if asked else ["No review outside the cycle is asked for by compliance, or it was done."]


def refusals_to_sweep(running: bool) -> list[str]:
    return ["The files are being looked through now."] if running else []
