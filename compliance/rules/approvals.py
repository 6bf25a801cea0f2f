"""Who may be the second person. Pure."""

from staff.rules import refusals_to_be_second

DECISIONS = ("approved", "refused", "withdrawn")


def refusals_to_decide(
    decision: str, *, own: bool, made: bool, senior: bool, by_is_officer: bool
) -> list[str]:
    """Who asked, and whoever made a part of it, decides nothing, in whatever role today (four eyes).

    EBA/GL/2021/05. `own`: the same person asked, `made`: a part of it, under whichever login. `senior`: high
    risk or PEP, so compliance decides (EU AMLR Art. 42(1)(a)).
    """
    if decision == "withdrawn":
        return ["The request was withdrawn, for what was to be approved has changed."]
    if decision != "waiting":
        return ["A colleague has decided this already."]
    refusals = refusals_to_be_second(decision, own=own)
    if not refusals and made:
        refusals.append("You worked on this file: somebody who did not decides.")
    if senior and not by_is_officer:
        refusals.append("High risk or a politically exposed person: only compliance decides.")
    return refusals
