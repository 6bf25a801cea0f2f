"""Who may open a file, or a book, to a colleague for a time. Pure: days are arguments."""

from datetime import date

ONLY = "Only the owner of the book and the leads of its team {do} it."


def refusals_to_span(first: date, last: date, today: date, most_days: int) -> list[str]:
    """From today on at the earliest, and nothing beyond the days of the figures: so there is no chain."""
    refusals = []
    if first < today:
        refusals.append("The first day is past.")
    if last < first:
        refusals.append("The last day is before the first one.")
    elif (last - today).days >= most_days:
        refusals.append(f"At most {most_days} days from today: then look at it anew.")
    return refusals


def refusals_to_lend(lends: bool, state: str) -> list[str]:
    """Whoever serves a book for its owner lends nothing of it."""
    refusals = [] if lends else [ONLY.format(do="lend")]
    if state == "closed":
        refusals.append("The file is closed.")
    return refusals


def refusals_to_receive(itself: bool, serves: bool, sees_anyway: bool, has_another: bool) -> list[str]:
    """A colleague who works with clients, and to whom it makes a difference."""
    if itself:
        return ["You see it yourself."]
    if not serves:
        return ["This colleague's role works with no client of others."]
    if sees_anyway:
        return ["This colleague sees it anyway."]
    return ["It is open to this colleague in these days already."] if has_another else []


def refusals_to_take_back(lends: bool, own: bool, over: bool) -> list[str]:
    """The lenders, and the colleague who no longer needs it."""
    if over:
        return ["This is over already."]
    return [] if lends or own else [ONLY.format(do="take back")]


def refusals_to_cover(covers: bool) -> list[str]:
    return [] if covers else [ONLY.format(do="cover")]
