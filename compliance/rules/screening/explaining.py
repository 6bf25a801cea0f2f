"""Two compared names as a sentence a reviewer reads: what agrees, is spelled otherwise, is missing. Pure."""

from compliance.rules.screening.alignment import Pair
from compliance.rules.screening.comparing import Compared
from compliance.rules.screening.names import Name
from compliance.rules.screening.spelling import firm_keys


def name_words(compared: Compared, strong: bool) -> str:
    which = f"the {'name' if strong else 'weak alias'} “{compared.theirs.written}”"
    if compared.slips is not None:
        return _by_letters(compared.slips, which)
    laid = compared.laid
    same = [pair for pair in laid.pairs if pair.alike == 1]
    parts = [_agreeing(compared, same, which)]
    parts += [_otherwise(compared, pair) for pair in laid.pairs if pair.alike < 1]
    if laid.only_theirs:
        parts.append(f"only the list has {_said(compared.theirs, laid.only_theirs)}")
    if laid.only_ours:
        parts.append(f"only the client has {_said(compared.ours, laid.only_ours)}")
    if "child_and_father" in compared.because:
        parts.append("child and father are the other way round")
    if "other_form" in compared.because:
        parts.append("a society on one side, a company on the other")
    return "; ".join(parts)


def _by_letters(slips: int, which: str) -> str:
    if not slips:
        return f"All letters of the name agree with {which}, with blanks elsewhere"
    many = "one" if slips == 1 else "two"
    return f"All letters of the name but {many} agree with {which}, wherever the blanks are"


def _agreeing(compared: Compared, same: list[Pair], which: str) -> str:
    count = sum(len(pair.ours) for pair in same)
    if not count:
        return f"The name is spelled like {which}"
    whole = count == len(compared.ours.words) == len(compared.theirs.words)
    if whole:
        return (
            f"The one word of the name agrees with {which}"
            if count == 1
            else (f"All {count} words of the name agree with {which}")
        )
    said = _said(compared.ours, tuple(place for pair in same for place in pair.ours))
    return f"{said} agree{'s' if count == 1 else ''} with {which}"


def _otherwise(compared: Compared, pair: Pair) -> str:
    ours = " ".join(compared.ours.words[place] for place in pair.ours)
    theirs = " ".join(compared.theirs.words[place] for place in pair.theirs)
    if pair.initials:
        short, long = sorted((ours, theirs), key=len)
        return f"“{short}” may stand for “{long}”"
    if len(pair.ours) != len(pair.theirs):
        apart, whole = (ours, theirs) if " " in ours else (theirs, ours)
        return f"“{apart}” is “{whole}” written apart"
    if not firm_keys(ours).isdisjoint(firm_keys(theirs)):
        return f"“{ours}” is another spelling of “{theirs}”"
    return f"“{ours}” is spelled like “{theirs}”"


def _said(name: Name, places: tuple[int, ...]) -> str:
    return f"“{' '.join(name.words[place] for place in sorted(places))}”"
