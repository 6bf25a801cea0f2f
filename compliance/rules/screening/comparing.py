"""How alike two names are, 0 to 100: a hundred less points for each thing that differs. Pure.

The points were fitted to labelled pairs, mangled list names and innocent names, and rounded. How well they
judge say `manage.py calibrate_screening` and `bin/drill screening`.
"""

from dataclasses import dataclass

from compliance.rules.screening.alignment import Alignment, Pair, align
from compliance.rules.screening.names import Name
from compliance.rules.screening.spelling import is_syllable, slips_between
from compliance.rules.screening.words import PLACES, SPELLINGS, is_telling

POINTS = {
    "not_the_same": 3.0,  # anything differs but the order
    "other_word": 28.0,  # each side has a word of its own where the other has another
    "left_out": 28.5,  # of all words, as much as only one side has (persons)
    "more_than_listed": 4.0,  # the same again, as much as the client has more
    "more_beside_common": 4.0,  # and again, when all that agrees is borne by many: so one of very many
    "left_out_of_company": 36.0,  # for each word of what agrees, the words only one side has
    "left_out_of_told_company": 23.0,  # the same, when what agrees tells which company it is
    "spelled_otherwise": 55.0,  # of all words, as much as they are spelled otherwise
    "spelled_without_vowels": 69.0,  # the same, where one side leaves vowels out
    "spelled_far_otherwise": 60.0,  # more, as much as it is more than a slip
    "otherwise_beside_common": 7.0,  # the same again, when what agrees is borne by many
    "one_word_agrees": 19.0,  # and there are more
    "initials_beside_generic": 20.0,  # "M-Invest" is not every Invest with an M
    "other_syllable": 12.0,  # each
    "left_out_of_syllables": 16.0,
    "other_order_of_syllables": 15.0,
    "other_form": 30.0,  # a society and a company
    "child_and_father": 30.0,  # Salman bin Muhammad is not Muhammad bin Salman
    "slip_of_the_pen": 6.0,  # each, where no more lies between the letters of the whole names
}


_RARE = 0.7  # words of a company that weigh less are anybody's
_COMMON = 0.9  # words that weigh less are borne by many


@dataclass(frozen=True, slots=True)
class Compared:
    ours: Name
    theirs: Name
    laid: Alignment
    points: int
    because: frozenset[str]  # of POINTS, what was deducted
    common: bool  # all that agrees is borne by many
    slips: int | None = None  # it is the letters that agree, with blanks elsewhere or but for so many slips


def compare(ours: Name, theirs: Name) -> Compared:
    """Word by word, or by the letters of the whole when these say more."""
    by_words = _by_words(ours, theirs)
    slips = _slips(ours, theirs)
    if slips is None:
        return by_words
    lost = {"not_the_same": POINTS["not_the_same"], "slip_of_the_pen": POINTS["slip_of_the_pen"] * slips}
    points = round(100 - sum(lost.values()))
    if points <= by_words.points:
        return by_words
    because = frozenset(why for why, points in lost.items() if points)
    return Compared(ours, theirs, by_words.laid, points, because, by_words.common, slips)


def measured(ours: Name, theirs: Name) -> list[dict[str, float]]:
    """How much of each line of `POINTS` lies between two names, by each way they are compared."""
    ways: list[dict[str, float]] = []
    laid = align(ours, theirs)
    names = _names(laid)
    if not _nothing_agrees(laid, names):
        ways.append(_measured(ours, theirs, laid, names))
    if (slips := _slips(ours, theirs)) is not None:
        ways.append({"slip_of_the_pen": slips, "not_the_same": 1})
    return ways


def _slips(ours: Name, theirs: Name) -> int | None:
    """Slips of the pen in the whole name, where they cannot make one name of another: not in signs that are
    syllables, not in a number, not in the few letters of a company that are its own, nor where words are
    known names of their own."""
    slips = slips_between(ours.letters, theirs.letters)
    if not slips:
        return slips
    if ours.signs or theirs.signs or _digits(ours) != _digits(theirs):
        return None
    if len(ours.words) == len(theirs.words) and any(
        SPELLINGS.get(one, one) != SPELLINGS.get(other, other)
        for one, other in zip(ours.words, theirs.words, strict=True)
        if one in SPELLINGS and other in SPELLINGS
    ):
        return None
    if ours.company or theirs.company:
        own, other = _own_words(ours), _own_words(theirs)
        found = set(own).issubset(theirs.words) or set(other).issubset(ours.words)
        if not found and slips_between("".join(own), "".join(other)) is None:
            return None
    return slips


def _own_words(name: Name) -> list[str]:
    """What is not anybody's."""
    return [word for word, weight in zip(name.words, name.weights, strict=True) if weight > _RARE]


def _digits(name: Name) -> str:
    return "".join(filter(str.isdigit, name.letters))


def _by_words(ours: Name, theirs: Name) -> Compared:
    laid = align(ours, theirs)
    names = _names(laid)
    common = bool(names) and all(pair.weight < _COMMON for pair in names)
    if _nothing_agrees(laid, names):
        return Compared(ours, theirs, laid, 0, frozenset(), common)
    lost = _lost(ours, theirs, laid, names)
    points = max(0, round(100 - sum(lost.values())))
    return Compared(
        ours, theirs, laid, points, frozenset(why for why, points in lost.items() if points), common
    )


def _names(laid: Alignment) -> list[Pair]:
    return [pair for pair in laid.pairs if pair.weight >= 0.5]


def _nothing_agrees(laid: Alignment, names: list[Pair]) -> bool:
    return not laid.pairs or (not names and bool(laid.only_ours or laid.only_theirs))


def _lost(ours: Name, theirs: Name, laid: Alignment, names: list[Pair]) -> dict[str, float]:
    """What is deducted for what; each line of `POINTS` once."""
    lost = {why: POINTS[why] * measure for why, measure in _measured(ours, theirs, laid, names).items()}
    lost["not_the_same"] = POINTS["not_the_same"] * (sum(lost.values()) >= 1)
    return lost


def _measured(ours: Name, theirs: Name, laid: Alignment, names: list[Pair]) -> dict[str, float]:
    """How much of each line of `POINTS` there is."""
    of_ours = _left(ours, laid.only_ours, {place for pair in laid.pairs for place in pair.ours})
    of_theirs = _left(theirs, laid.only_theirs, {place for pair in laid.pairs for place in pair.theirs})
    replaced, left_out = _replaced(of_ours, of_theirs), abs(of_ours - of_theirs)
    total = sum(pair.weight for pair in laid.pairs) + replaced + left_out
    unlike = sum(pair.weight * (1 - pair.alike) for pair in laid.pairs)
    bare = ours.bare != theirs.bare
    far = 0.0 if bare else sum(pair.weight * max(0.0, 0.8 - pair.alike) for pair in laid.pairs)
    company = ours.company or theirs.company
    told = company and _is_told(ours, theirs, laid, names)
    beside = all(pair.weight >= _COMMON for pair in names) and not ours.beside.isdisjoint(theirs.beside)
    written = [pair for pair in names if not pair.initials]
    agreeing = [pair for pair in names if pair.alike > 0.95]
    common = bool(names) and all(pair.weight < _COMMON for pair in names)
    beside_common = bool(agreeing) and all(pair.weight < _COMMON for pair in agreeing)
    syllables = _syllables(ours, theirs, laid)
    whole = len(syllables) == len(laid.pairs)
    return {
        "other_word": replaced,
        "spelled_otherwise": 0.0 if bare else unlike / total,
        "spelled_without_vowels": unlike / total if bare else 0.0,
        "spelled_far_otherwise": far / total,
        "otherwise_beside_common": beside_common * unlike / total,
        "left_out": 0.0 if company else left_out / total,
        "more_than_listed": 0.0 if company else max(0.0, of_ours - of_theirs) / total,
        "more_beside_common": max(0.0, of_ours - of_theirs) / total if common and not company else 0.0,
        "left_out_of_company": 0.0 if told or not company else left_out / max(2, len(names)),
        "left_out_of_told_company": left_out / max(2, len(names)) if told else 0.0,
        "one_word_agrees": (len(names) == 1 and left_out > 0.3 and not told and not beside)
        or (len(written) == 1 < len(names) and written[0].weight < _COMMON and not company),
        "initials_beside_generic": company
        and len(written) < len(names)
        and all(pair.weight < _RARE for pair in written),
        "other_syllable": sum(pair.alike < 0.97 for pair in syllables),
        "left_out_of_syllables": left_out if syllables and whole else 0.0,
        "other_order_of_syllables": whole and len(syllables) > 2 and not _in_order(syllables),
        "other_form": ("society" in ours.forms) != ("society" in theirs.forms),
        "child_and_father": any(
            (father, child) in theirs.fathers and (child, father) not in theirs.fathers
            for child, father in ours.fathers
        ),
    }


def _is_told(ours: Name, theirs: Name, laid: Alignment, names: list[Pair]) -> bool:
    """What agrees tells which company it is, and what does not makes no sister of it."""
    left = [ours.words[place] for place in laid.only_ours]
    left += [theirs.words[place] for place in laid.only_theirs]
    return PLACES.isdisjoint(left) and any(
        pair.alike > 0.95 and is_telling(ours.words[pair.ours[0]], alone=len(names) == 1) for pair in names
    )


def _syllables(ours: Name, theirs: Name, laid: Alignment) -> list[Pair]:
    """The syllables of a name in Chinese or Korean signs: another one is another name, none is left out, and
    they keep their order but for the family name."""
    if not (ours.signs or theirs.signs):
        return []
    return [
        pair
        for pair in laid.pairs
        if len(pair.ours) == len(pair.theirs) == 1
        and is_syllable(ours.words[pair.ours[0]])
        and is_syllable(theirs.words[pair.theirs[0]])
    ]


def _in_order(pairs: list[Pair]) -> bool:
    order = [pair.theirs[0] for pair in pairs]
    begin = order.index(min(order))
    return order[begin:] + order[:begin] == sorted(order)


def _replaced(of_ours: float, of_theirs: float) -> float:
    """How much stands against how much; a mere particle against a name replaces nothing."""
    return (of_ours + of_theirs) / 2 * min(1.0, 4 * min(of_ours, of_theirs))


def _left(name: Name, places: tuple[int, ...], laid: set[int]) -> float:
    """What the words left over weigh; a word said twice weighs little."""
    said = {name.words[place] for place in laid}
    return sum(name.weights[place] * (0.1 if name.words[place] in said else 1) for place in places)
