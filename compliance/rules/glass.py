"""Break-glass: who may open a file that is not theirs, and who says afterwards whether it was right. Pure."""

from datetime import date

# One sentence for a number that nobody has and one whose file nobody may learn of.
NO_FILE = "No file opens by this number. Compare it sign by sign with the paper you have it from."


def refusals_to_break_glass(
    waiting: int, overdue_since: date | None, waiting_at_most: int, reason: str, letters: int
) -> list[str]:
    """Whose uses wait too long, or are too many, breaks no further glass; and nobody does without a reason.

    waiting        this person's uses that nobody has reviewed yet
    overdue_since  when the review of one of them was due, if that day is past
    """
    refusals = refusals_of_the_right(waiting, overdue_since, waiting_at_most)
    if len(reason.strip()) < letters:
        refusals.append(
            f"Say why in at least {letters} letters: compliance and the owner of the file read it."
        )
    return refusals


def refusals_of_the_right(waiting: int, overdue_since: date | None, waiting_at_most: int) -> list[str]:
    """What rests the right itself, whatever the file."""
    if overdue_since is not None:
        return [
            "Your right to break-glass rests: the review of an earlier use is overdue. It comes back when "
            "compliance has reviewed it."
        ]
    if waiting >= waiting_at_most:
        return [
            f"Your right to break-glass rests: {waiting} of your uses wait for compliance. "
            "It comes back when one is reviewed."
        ]
    return []


def refusals_to_review(reviewed: bool, own: bool, words: str, *, is_open: bool) -> list[str]:
    """Once, by somebody else, with words, of all that was done.

    own: the same person broke it, under whichever login. is_open: the hour runs, and more may be done in it.
    """
    if reviewed:
        return ["This use was reviewed already."]
    if own:
        return ["Nobody reviews the glass they broke."]
    if is_open:
        return ["The file is still open to this person: review the use when it has ended."]
    return [] if words.strip() else ["Say what you found: the person and later auditors read it."]
