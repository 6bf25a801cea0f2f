"""How many files somebody opens in an hour: who takes a book along is stopped, who works is not. Pure.

Counted are different files, against the size of the own books; a file opened again does not count again.
"""

from collections.abc import Mapping

# Below so many nobody is stopped, whatever the figures: the least that a bank may set.
NEVER_BELOW = 10


def allowed(own: int, figures: Mapping[str, int], releases: int) -> int:
    """Files an hour. `own`: clients of the own books; each release, up to the figure, gives as many again."""
    share = own * figures["share_percent"] // 100
    limit = min(max(share, figures["least"]), figures["most"])
    return limit * (1 + min(releases, figures["releases"]))


def refusals_to_open(opened: int, own: int, figures: Mapping[str, int], releases: int) -> list[str]:
    most = allowed(own, figures, releases)
    if opened < most:
        return []
    stopped = (
        f"You have opened {opened} different files within an hour: {most} is the most for books of your size."
    )
    if releases < figures["releases"]:
        return [f"{stopped} Confirm that it is you, and go on."]
    return [f"{stopped} Wait until the hour is over. Files that you opened already stay open to you."]


def refusals_to_release(opened: int, own: int, figures: Mapping[str, int], releases: int) -> list[str]:
    if opened < allowed(own, figures, releases):
        return ["Nothing is stopped."]
    if releases >= figures["releases"]:
        return ["It was released as often as an hour allows: wait until the hour is over."]
    return []
