"""How alike a party and a listed entity are, and why, in a sentence a reviewer can read. Pure.

Stage one finds candidates among all names (`NameIndex`), stage two weighs what agrees and what differs
(`judge`). A differing date of birth lowers a hit's rank and says so; it never hides it. EBA/GL/2024/15 asks
for outcomes that can be explained.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from rapidfuzz import fuzz, process

from clients.words import fold

SCORER = 1  # the version of this file's judgement; stored with every hit

# Company forms say nothing about who it is: "Alfa LLC" and "Beta LLC" are not alike.
FORMS = frozenset(
    {
        "ab", "ag", "aktiengesellschaft", "as", "bv", "ca", "co", "company", "corp", "corporation", "eood",
        "fzco", "fze", "gmbh", "inc", "incorporated", "jsc", "kg", "llc", "llp", "limited", "ltd", "mbh",
        "nv", "ojsc", "ooo", "oy", "pao", "pjsc", "plc", "pte", "pty", "pvt", "sa", "sae", "sal", "sarl",
        "sas", "sl", "spa", "srl", "zao",
    }
)  # fmt: skip

PENALTIES = {
    "born": {"same": 0, "year": 3, "unknown": 8, "differs": 25},
    "country": {"same": 0, "unknown": 2, "differs": 6},
    "kind": {"same": 0, "differs": 15},
    "strong": {"strong": 0, "weak": 8},
}


def folded_name(name: str) -> str:
    """Latin, lower case, without company forms, words sorted: what is compared. "ACME Co., Ltd" -> "acme"."""
    words = fold(name).split()
    return " ".join(sorted([word for word in words if word not in FORMS] or words))


@dataclass(frozen=True)
class Someone:
    """A party of a file, as far as screening compares it."""

    kind: str
    names: tuple[str, ...]  # in full, and in its own script
    born_on: date | None = None
    countries: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Listed:
    """An entry of a list, as far as screening compares it."""

    kind: str
    born_on: str  # as the list says it, several divided by ";"
    countries: frozenset[str]


@dataclass(frozen=True)
class Likeness:
    """Why two look alike: the score ranks, the sentence explains, the rest stands side by side."""

    score: int
    sentence: str
    name: int  # likeness of the names alone, 0 to 100
    listed_name: str
    born: str
    country: str
    kind: str
    strong: str

    def as_details(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if key not in ("score", "sentence")}


class NameIndex:
    """All names of the active lists, ready to be asked which are like a given one."""

    def __init__(self, names: Iterable[tuple[int, str, str, bool]]) -> None:
        """`names`: (entity id, name, folded, strong)."""
        rows = sorted(names, key=lambda row: (len(row[2]), row[2], row[0]))
        self.rows = rows
        self._folded = [row[2] for row in rows]
        self._lengths = [len(folded) for folded in self._folded]
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for place, folded in enumerate(self._folded):
            for word in set(folded.split()):
                self._by_word[word].append(place)

    def __len__(self) -> int:
        return len(self.rows)

    def alike(self, folded: str, threshold: int) -> dict[int, int]:
        """Place -> likeness (0 to 100) of names at or above `threshold`, or with one word more or less."""
        if not folded:
            return {}
        # A ratio of t needs lengths within t/(2-t) of each other: exact pruning.
        ratio = threshold / (200 - threshold)
        first = bisect_left(self._lengths, int(len(folded) * ratio))
        last = bisect_right(self._lengths, int(len(folded) / ratio) + 1)
        window = self._folded[first:last]
        found = {
            first + place: int(score)
            for _, score, place in process.extract(
                folded, window, scorer=fuzz.ratio, score_cutoff=threshold, limit=None
            )
        }
        for place, score in self._one_word_more(folded).items():
            found[place] = max(score, found.get(place, 0))
        return found

    def _one_word_more(self, folded: str) -> dict[int, int]:
        """Names with one word more or less, all others equal: a patronymic, a second given name."""
        words = set(folded.split())
        if len(words) < 2:
            return {}
        shared = Counter(place for word in words for place in self._by_word.get(word, ()))
        found = {}
        for place, common in shared.items():
            if common < 2:
                continue
            longest = max(len(words), len(set(self._folded[place].split())))
            shortest = min(len(words), len(set(self._folded[place].split())))
            if common == shortest and longest == shortest + 1:
                found[place] = 90 if shortest > 2 else 80
        return found


def judge(
    someone: Someone,
    own_name: str,
    listed: Listed,
    listed_name: str,
    name: int,
    *,
    strong: bool,
    threshold: int,
) -> Likeness | None:
    """The likeness of one candidate, or None below the threshold.

    Only the name, or a birth date in its favour, decides whether it is a hit; all else decides its rank.
    """
    born = born_agrees(someone.born_on, listed.born_on)
    # Two words of three are too common to be a hit by themselves, but with the birth date they are one.
    if name < threshold and not (name >= 80 and born == "same"):
        return None
    country = countries_agree(someone.countries, listed.countries)
    kind = "same" if someone.kind == listed.kind else "differs"
    trust = "strong" if strong else "weak"
    score = name - sum(
        PENALTIES[what][how]
        for what, how in (("born", born), ("country", country), ("kind", kind), ("strong", trust))
    )
    sentence = "; ".join(
        part
        for part in (
            _name_words(own_name, listed_name, strong),
            _born_words(someone.born_on, listed.born_on, born),
            _country_words(someone.countries, listed.countries, country),
            f"the list means a {listed.kind}" if kind == "differs" else "",
        )
        if part
    )
    return Likeness(
        max(0, min(100, score)), f"{sentence}."[:500], name, listed_name, born, country, kind, trust
    )


def _name_words(own: str, listed: str, strong: bool) -> str:
    ours, theirs = folded_name(own).split(), folded_name(listed).split()
    same = sum((Counter(ours) & Counter(theirs)).values())
    which = "the name" if strong else "a weak alias"
    if same == len(ours) == len(theirs):
        said = "The one word" if same == 1 else f"All {same} words"
        return f"{said} of the name agree{'s' if same == 1 else ''} with {which} “{listed}”"
    if same == min(len(ours), len(theirs)):
        more = (set(theirs) - set(ours)) or (set(ours) - set(theirs))
        whose = "the list" if len(theirs) > len(ours) else "the client"
        extra = " ".join(sorted(more))
        return f"{same} words of the name agree with {which} “{listed}”; only {whose} has “{extra}”"
    most = max(len(ours), len(theirs))
    if not same:
        return f"The name is spelled like {which} “{listed}”"
    return f"{same} of {most} words agree with {which} “{listed}”, the rest is spelled alike"


_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
_DAY = re.compile(r"\b(\d{1,2}) ([A-Z][a-z]{2}) (\d{4})\b")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def born_agrees(own: date | None, listed: str) -> str:
    """ "same" (the day), "year" (only that, or within what "circa" and "to" allow), "differs", "unknown"."""
    if own is None or not _YEAR.search(listed):
        return "unknown"
    near = False
    for part in listed.split(";"):
        days = [(int(day), month, int(year)) for day, month, year in _DAY.findall(part)]
        if "to" not in part.split() and (own.day, _MONTHS[own.month - 1], own.year) in days:
            return "same"
        years = [int(year) for year in _YEAR.findall(part)]
        if years:
            slack = 1 if "circa" in part else 0
            near = near or min(years) - slack <= own.year <= max(years) + slack
    return "year" if near else "differs"


def _born_words(own: date | None, listed: str, born: str) -> str:
    if born == "same":
        return "the date of birth is the same"
    if own is None or born == "unknown":
        return "the date of birth is not known on both sides"
    if born == "year":
        return f"the year of birth agrees: {own:%Y} / {listed}"
    return f"the date of birth differs: {own.day} {own:%b %Y} / {listed}"


def countries_agree(own: frozenset[str], listed: frozenset[str]) -> str:
    if not own or not listed:
        return "unknown"
    return "same" if own & listed else "differs"


def _country_words(own: frozenset[str], listed: frozenset[str], country: str) -> str:
    if country == "same":
        return f"the country agrees: {', '.join(sorted(own & listed))}"
    if country == "differs":
        return f"the country differs: {', '.join(sorted(own))} / {', '.join(sorted(listed))}"
    return ""


def best(likenesses: Sequence[Likeness]) -> Likeness:
    """Of several names of one entity that are alike, the one that says most."""
    return max(likenesses, key=lambda each: (each.score, each.name, each.listed_name))
