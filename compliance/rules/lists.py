"""When a list comes into force, and what it is called. Pure."""

from datetime import date

from clients.words import fold

PUBLISHED = {
    "ofac": "US OFAC SDN list",
    "eu": "EU consolidated financial sanctions",
    "un": "UN Security Council consolidated list",
}
OWN = "own"  # how the source of every list of the bank itself begins


def source_of(reader: str, called: str = "") -> str:
    """Which list a file is a version of: the publisher's, or the bank's own list of this name."""
    return reader if reader in PUBLISHED else " ".join([OWN, *fold(called).split()])[:60].strip()


def title_of(source: str) -> str:
    """A list's name for people."""
    if source in PUBLISHED:
        return PUBLISHED[source]
    called = source.removeprefix(OWN).strip()
    return f"Own list: {called}" if called else "Own list"


def refusals_to_import(
    entities: int,
    published_on: date,
    before: tuple[int, date] | None,
    stated: int | None = None,
    today: date | None = None,
) -> list[str]:
    """A list that lost half its entities or grew younger is more likely a broken file than the truth.

    `before`: (entities, published_on) of the active version; `stated`: how many the file says it holds.
    """
    refusals = []
    if entities == 0:
        refusals.append("The file holds no entity.")
    if stated is not None and stated != entities:
        refusals.append(f"The file says it holds {stated:,} entities, but {entities:,} are there.")
    if today is not None and published_on > today:
        refusals.append(f"The file is of {published_on.day} {published_on:%b %Y}: that is in the future.")
    if before is not None:
        count, day = before
        if published_on < day:
            refusals.append(
                f"The file is of {published_on.day} {published_on:%b %Y}, "
                f"older than the active version of {day.day} {day:%b %Y}."
            )
        if entities * 2 < count:
            refusals.append(
                f"The file holds {entities:,} entities, fewer than half of the {count:,} of the active one."
            )
    return refusals
