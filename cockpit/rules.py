"""Who may hand which clients to whom. Pure: days are arguments."""

from collections.abc import Collection
from datetime import date, timedelta

from staff.rules import refusals_to_be_second

MOST = 500  # at once: they move in one transaction, two milliseconds a client, an audit event each
LONGEST = timedelta(days=366)  # a handover is planned ahead by at most so much


def refusals_to_ask(
    *,
    clients: int,
    books: int,
    leads: bool,
    receives: bool,
    owns_it: bool,
    kept_out: bool,
    waits: Collection[int],
    effective_on: date,
    today: date,
) -> list[str]:
    """books: in how many they are. leads: of the book's team, or compliance. receives: an RM who works here.

    owns_it: the receiver does already. kept_out: of one of the files, by what stands before it; which file
    and what it is nobody is told. waits: other handovers in which one of the clients waits.
    """
    if not clients:
        return ["Choose at least one client."]
    if not leads:
        return ["Only the leads of the book's team and compliance hand a client over."]
    refusals = []
    if books > 1:
        refusals.append("These clients are in several books: hand over one book's at a time.")
    if clients > MOST:
        refusals.append(f"At most {MOST} clients at once: choose some of them.")
    if not receives:
        refusals.append("Choose a relationship manager who works here.")
    elif owns_it:
        refusals.append("This book is the colleague's already.")
    elif kept_out:
        refusals.append("This colleague cannot take all of them. Choose another one, or ask compliance.")
    if waits:
        numbers = ", ".join(str(each) for each in sorted(waits)[:5])
        refusals.append(f"Some of them wait in another handover already: {numbers}. Take it back first.")
    if effective_on < today:
        refusals.append("The day is past.")
    elif effective_on - today > LONGEST:
        refusals.append(f"At most {LONGEST.days} days ahead.")
    return refusals


def refusals_to_confirm(state: str, *, own: bool, receives: bool, decides: bool, stale: bool) -> list[str]:
    """Never who asked nor who receives, whatever the role; a lead of one of the teams, or compliance.

    decides: leads the team of one of the two books, or sees every book.
    """
    refusals = refusals_to_be_second(state, own=own, stale=stale and not receives)
    if not refusals and receives:
        return ["The clients would be yours: somebody else confirms."]
    if not refusals and not decides:
        return ["A lead of one of the two teams confirms this, or compliance."]
    return refusals


def refusals_to_end(state: str, done: bool, *, decides: bool, own: bool) -> list[str]:
    """To refuse it, or to take it back; what is confirmed may be called off until its day comes."""
    if done:
        return ["It is done: ask for a handover the other way."]
    if state not in ("waiting", "confirmed"):
        return refusals_to_be_second(state, own=False) or ["This was decided already."]
    return [] if own or decides else ["A lead of one of the two teams ends this, or compliance."]


def refusals_to_undo(done: bool, left: int, has_owner: bool) -> list[str]:
    """left: clients of it who are still where it brought them, of those the reader sees."""
    if not done:
        return ["Nothing has moved yet: take it back instead."]
    if not left:
        return ["None of these clients is still there."]
    return [] if has_owner else ["Nobody owned the book they came from: choose who is to have them."]
