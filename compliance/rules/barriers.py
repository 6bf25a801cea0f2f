"""Information barriers: what may be asked for, and who confirms it. Pure.

Four eyes (EBA/GL/2021/05): a barrier changes only when a second person of compliance confirms what the first
one asked for. Barriers themselves: MAR Art. 9(1) and delegated regulation 2017/565 Art. 34(3).
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from staff.rules import refusals_to_be_second

RAISE, CHANGE, LIFT = "raise", "change", "lift"


@dataclass(frozen=True)
class Wanted:
    """What somebody asks for: ids of people and of clients."""

    people_in: frozenset[int] = field(default_factory=frozenset)
    people_out: frozenset[int] = field(default_factory=frozenset)
    files_in: frozenset[int] = field(default_factory=frozenset)
    files_out: frozenset[int] = field(default_factory=frozenset)

    @property
    def is_nothing(self) -> bool:
        return not (self.people_in or self.people_out or self.files_in or self.files_out)


def refusals_to_ask(
    kind: str,
    wanted: Wanted,
    *,
    reason: str = "",
    lifted: bool = False,
    insiders: Collection[int] = (),
    files: Collection[int] = (),
    elsewhere: Collection[str] = (),
) -> list[str]:
    """insiders, files: of the barrier now. elsewhere: numbers to put in that stand behind one already."""
    if lifted:
        return ["This barrier was lifted: raise a new one."]
    refusals = [] if reason.strip() else ["Say why."]
    if kind == RAISE and not wanted.people_in:
        refusals.append("Name at least one insider: nobody else will see the files.")
    if kind == CHANGE and wanted.is_nothing:
        refusals.append("Say what is to change.")
    if wanted.people_in & set(insiders):
        refusals.append("Somebody you add is an insider already.")
    if wanted.people_out - set(insiders):
        refusals.append("Somebody you take out is no insider.")
    if kind == CHANGE and not (set(insiders) - wanted.people_out) | wanted.people_in:
        refusals.append("Nobody would see these files any more: keep an insider, or lift the barrier.")
    if wanted.files_out - set(files):
        refusals.append("A client you take out does not stand behind this barrier.")
    if elsewhere:
        refusals.append(f"Behind a barrier already: {', '.join(sorted(elsewhere))}. Take it out there first.")
    return refusals


def refusals_to_confirm(state: str, *, own: bool, insider: bool, stale: bool) -> list[str]:
    """Who asked never confirms, in whatever role; nor does anybody let himself in, by whichever login."""
    refusals = refusals_to_be_second(state, own=own, stale=stale and not insider)
    if not refusals and insider:
        return ["You would become an insider by it: somebody else confirms."]
    return refusals
