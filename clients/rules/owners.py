"""Who may hold how much of whom, and since when. Pure: no Django, dates are arguments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
        wrongs.append(Wrong(since_field, "This day is still to come: record it when it has come."))
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
        return [Wrong("until_on", "This day is still to come: record it when it has come.")]
    if old.since is not None and until < old.since:
        return [Wrong("until_on", f"It began on {old.since.day} {old.since:%b %Y}: it cannot end before.")]
    return []


def refusals_to_change_holding(file_state: str, ended: bool) -> list[str]:
    if file_state == "closed":
        return ["The file is closed: nothing more can be changed."]
    return ["A colleague has changed or ended this holding meanwhile: look at it again."] if ended else []
