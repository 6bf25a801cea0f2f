"""Who may hold how much of whom, and since when. Pure: no Django, dates are arguments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

TRUST_ROLES = ("settlor", "trustee", "protector", "beneficiary")
EVER = date.min


@dataclass(frozen=True)
class Held:
    """`party` is the `relation` of `of`, both by id, from `since` until the day before `until`."""

    party: int
    of: int
    relation: str = "owner"
    share: Decimal | None = None
    since: date | None = None
    until: date | None = None
    id: int = 0

    def meets(self, other: "Held") -> bool:
        """Is there a day on which both hold?"""
        return (self.since or EVER) < (other.until or date.max) and (other.since or EVER) < (
            self.until or date.max
        )


TO_COME = "This day is still to come: record it when it has come."


@dataclass(frozen=True)
class Wrong:
    """What is wrong with which field of the form."""

    field: str
    sentence: str


def wrongs_of_owner(
    new: Held, others: Iterable[Held], kinds: Mapping[int, str], today: date, *, since_field: str = "since_on"
) -> list[Wrong]:
    """All that forbids `new` beside `others`, the rows of the same file. `kinds`: party -> its kind."""
    wrongs = []
    if kinds.get(new.of) == "person":
        wrongs.append(Wrong("of_id", "Nobody owns a person: choose the company or trust that is held."))
    if new.party == new.of:
        wrongs.append(Wrong("party_id", "Nobody owns itself: choose another owner."))
    wrongs += _wrongs_of_share(new, kinds.get(new.of) == "trust")
    if new.since is not None and new.since > today:
        wrongs.append(Wrong(since_field, TO_COME))
    if wrongs:
        return wrongs
    others = [each for each in others if each.id != new.id or not new.id]
    if any(
        (each.party, each.of, each.relation) == (new.party, new.of, new.relation) and each.meets(new)
        for each in others
    ):
        return [Wrong("party_id", "This one has that role already: change the share, or end it first.")]
    return _wrongs_of_sum(new, others)


def _wrongs_of_share(new: Held, of_trust: bool) -> list[Wrong]:
    if of_trust:
        if new.relation not in TRUST_ROLES:
            return [
                Wrong("relation", "A trust has no owner: say settlor, trustee, protector or beneficiary.")
            ]
        return (
            [Wrong("share", "A role in a trust has no share: leave it empty.")]
            if new.share is not None
            else []
        )
    if new.relation != "owner":
        return [Wrong("relation", "Only a trust has settlors, trustees, protectors and beneficiaries.")]
    if new.share is None:
        return [Wrong("share", "Say how many percent this owner holds.")]
    if new.share <= 0:
        return [Wrong("share", "A share is more than 0 percent.")]
    return [Wrong("share", "A share is at most 100 percent.")] if new.share > 100 else []


def _wrongs_of_sum(new: Held, others: Iterable[Held]) -> list[Wrong]:
    """At most 100 percent on every day: the sum can only rise on a day on which somebody begins."""
    if new.share is None:
        return []
    beside = [each for each in others if each.of == new.of and each.share is not None and each.meets(new)]
    days = sorted({new.since or EVER, *(each.since or EVER for each in beside)})
    for day in days:
        if day < (new.since or EVER):
            continue
        held = sum(
            (each.share or Decimal(0))
            for each in beside
            if (each.since or EVER) <= day < (each.until or date.max)
        )
        if held + new.share > 100:
            when = f"From {day.day} {day:%b %Y} the" if day > EVER else "The"
            together = f"{(held + new.share).normalize():f}"
            return [
                Wrong("share", f"{when} owners would hold {together} percent together: at most 100 can be.")
            ]
    return []


def wrongs_of_change(
    old: Held, new: Held, others: Iterable[Held], kinds: Mapping[int, str], today: date
) -> list[Wrong]:
    """`old` ends on the day on which `new` begins."""
    if new.since is None:
        return [Wrong("from_on", "Say from which day on.")]
    if old.since is not None and new.since < old.since:
        return [
            Wrong("from_on", f"It began on {old.since.day} {old.since:%b %Y}: a change comes after that.")
        ]
    if new.share == old.share:
        return [Wrong("share", "This is the share already.")]
    rest = [each for each in others if each.id != old.id]
    return wrongs_of_owner(new, rest, kinds, today, since_field="from_on")


def wrongs_of_end(old: Held, until: date, today: date) -> list[Wrong]:
    if until > today:
        return [Wrong("until_on", TO_COME)]
    if old.since is not None and until < old.since:
        return [Wrong("until_on", f"It began on {old.since.day} {old.since:%b %Y}: it cannot end before.")]
    return []


def refusals_to_read_as_own_file(otherwise: bool) -> list[str]:
    return [] if otherwise else ["It reads as on the own file already."]


def refusals_to_change_holding(file_state: str, moved: bool) -> list[str]:
    """moved: it was changed, ended, corrected or struck out since it was looked at."""
    if file_state == "closed":
        return ["The file is closed: nothing more can be changed."]
    return ["A colleague has changed or ended this holding meanwhile: look at it again."] if moved else []


# --- entered by mistake: it was never so, on no day -------------------------------------------------------


def refusals_to_strike(reason: str) -> list[str]:
    return [] if reason.strip() else ["Say what was wrong: who reads the file later wants to know."]


def changed_by(row: Held, others: Iterable[Held]) -> Held | None:
    """The share that held before `row` and ended as `row` began; None: `row` changed no other."""
    role = (row.party, row.of, row.relation)
    same = [each for each in others if (each.party, each.of, each.relation) == role]
    ended = [each for each in same if each.until is not None and each.until == row.since != each.since]
    return next((each for each in ended if each.id != row.id), None)


def put_right(old: Held, new: Held | None, others: Iterable[Held]) -> tuple[list[Held], Held | None]:
    """(all others, what `old` had changed) once `new` stands instead of `old`, or nothing does.

    What `old` had changed goes on until `new` begins, or as long as `old` was thought to hold.
    """
    rest = [each for each in others if each.id != old.id]
    before = changed_by(old, rest)
    if before is None:
        return rest, None
    goes_on = replace(before, until=new.since if new else old.until)
    return [each for each in rest if each.id != before.id], goes_on


def wrongs_of_correction(
    old: Held, new: Held, others: Iterable[Held], kinds: Mapping[int, str], today: date
) -> list[Wrong]:
    """All that forbids that `new` was so all the time, and `old` on no day."""
    if (new.relation, new.share, new.since, new.until) == (old.relation, old.share, old.since, old.until):
        return [Wrong("", "It stands there so already: change what was entered wrongly.")]
    if new.until is not None and new.until > today:
        return [Wrong("until_on", TO_COME)]
    if new.until is not None and new.since is not None and new.until < new.since:
        return [Wrong("until_on", "It cannot end before it begins.")]
    rest, before = put_right(old, new, others)
    if before is not None and (new.since is None or new.since <= (before.since or EVER)):
        held = f"{before.share.normalize():f} percent" if before.share is not None else "this role"
        since = f"since {before.since.day} {before.since:%b %Y}" if before.since else "before"
        return [Wrong("since_on", f"This one held {held} {since}: another share begins after that.")]
    wrongs = wrongs_of_owner(new, [*rest, *filter(None, [before])], kinds, today)
    if before is not None and not wrongs:
        wrongs = [replace(wrong, field="since_on") for wrong in _wrongs_of_sum(before, [*rest, new])]
    return wrongs


def wrongs_of_striking(old: Held, others: Iterable[Held]) -> list[Wrong]:
    """What `old` had changed holds on; that may be too much beside what others were given meanwhile."""
    rest, before = put_right(old, None, others)
    if before is None:
        return []
    return [replace(wrong, field="") for wrong in _wrongs_of_sum(before, rest)]
