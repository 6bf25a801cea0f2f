"""Which names may be alike at all: found through shared keys of words, without comparing all with all. Pure.

`may_match` is the law, a question about two names and nothing else; `NameIndex.candidates` answers it for one
name against many and leaves nothing out. So it is the same whether all names are asked or only a few.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import pairwise

from compliance.rules.screening.names import Name, read, words_of
from compliance.rules.screening.spelling import firm_keys, joined_sound, keys

KEPT = 200_000  # words whose matches are remembered


def joined_keys(name: Name) -> list[str]:
    """The sound of every two neighbours read as one word, "" where it is too short to say anything."""
    words = name.words
    heard = [joined_sound(words[place], words[place + 1]) for place in range(len(words) - 1)]
    return ["~" + sound if len(sound) > 2 else "" for sound in heard]


def may_match(ours: Name, theirs: Name) -> bool:
    """All words of the shorter name, or all but one of three and more, may be a word of the longer, and one
    of
    them is as good as the same: two names misspelled in every word are not looked for."""
    got_ours: set[int] = set()
    got_theirs: set[int] = set()
    firm = False
    for place in ours.core:
        word = ours.words[place]
        for against in theirs.core:
            other = theirs.words[against]
            if not keys(word).isdisjoint(keys(other)):
                got_ours.add(place)
                got_theirs.add(against)
                firm = firm or not firm_keys(word).isdisjoint(firm_keys(other))
    if got_ours or min(len(ours.core), len(theirs.core)) == 1:
        for parted, got_parted, whole, got_whole in (
            (ours, got_ours, theirs, got_theirs),
            (theirs, got_theirs, ours, got_ours),
        ):
            for place, key in enumerate(joined_keys(parted)):
                for against in whole.core:
                    if key and key in firm_keys(whole.words[against]):
                        got_parted.update((place, place + 1))
                        got_whole.add(against)
                        firm = True
    return _enough(
        ours, theirs, len(got_ours.intersection(ours.core)), len(got_theirs.intersection(theirs.core)), firm
    )


def _enough(ours: Name, theirs: Name, covered: int, against: int, firm: bool) -> bool:
    """`covered` words of ours find one among theirs, `against` of theirs one among ours."""
    few, many, initials = len(ours.core), len(theirs.core), ours.initials
    if few > many:
        few, many, covered, against, initials = many, few, against, covered, theirs.initials
    if many > 2 * few + 1:
        return False
    if few == 1:
        return covered == 1 and many - against <= initials and (firm or many == 1)
    return firm and covered >= (2 if few == 2 else few - 1) and against >= 2


class NameIndex:
    """Names ready to be asked which of them may match a given one."""

    def __init__(self, written: Iterable[str]) -> None:
        self.names = [read(each) for each in dict.fromkeys(written)]
        self._words = [frozenset(name.words[place] for place in name.core) for name in self.names]
        self._joined = [frozenset(filter(None, joined_keys(name))) for name in self.names]
        self._of_word: dict[str, list[int]] = defaultdict(list)
        self._of_joined: dict[str, list[int]] = defaultdict(list)
        for place, words in enumerate(self._words):
            for word in words:
                self._of_word[word].append(place)
            for key in self._joined[place]:
                self._of_joined[key].append(place)
        self._words_of_key: dict[str, list[str]] = defaultdict(list)
        for word in self._of_word:
            for key in keys(word):
                self._words_of_key[key].append(word)
        self._alone = frozenset(place for place, name in enumerate(self.names) if len(name.core) == 1)
        self._with_initials = frozenset(place for place in self._alone if self.names[place].initials)
        self._may: dict[str, tuple[frozenset[str], frozenset[int]]] = {}
        self._firm: dict[str, tuple[frozenset[str], frozenset[int]]] = {}

    def __len__(self) -> int:
        return len(self.names)

    def knows(self, word: str) -> bool:
        """Whether a name with this word may match one of the index by it."""
        return any(key in self._words_of_key for key in keys(word)) or any(
            key in self._of_joined for key in firm_keys(word)
        )

    def knows_joined(self, one: str, two: str) -> bool:
        """Whether these two neighbours may be one word of the index."""
        return "~" + joined_sound(one, two) in self._words_of_key

    def candidates(self, name: Name) -> list[Name]:
        """Every name of the index that `may_match` this one."""
        may = [self._matching(self._may, name.words[place], keys) for place in name.core]
        firm = [self._matching(self._firm, name.words[place], firm_keys) for place in name.core]
        joined = self._through_joined(name)
        if len(may) > 1:
            joined &= self._alone.union(*(places for _, places in may))
        likely = set(joined)
        for first, (_, firmly) in enumerate(firm):
            for second, (_, places) in enumerate(may):
                if first != second:
                    likely |= firmly & places
        if len(may) == 1:
            likely |= may[0][1]
        else:
            for _, firmly in firm:
                likely |= firmly & self._with_initials
        found = [self.names[place] for place in joined if may_match(name, self.names[place])]
        matched = frozenset().union(*(words for words, _ in may))
        for place in likely - joined:
            words, other = self._words[place], self.names[place]
            covered = sum(not matching.isdisjoint(words) for matching, _ in may)
            against = sum(other.words[core] in matched for core in other.core)
            firmly_so = any(not matching.isdisjoint(words) for matching, _ in firm)
            if _enough(name, other, covered, against, firmly_so):
                found.append(other)
        return found

    def _through_joined(self, name: Name) -> set[int]:
        """Names in which two words of one side may be one of the other."""
        found: set[int] = set()
        for key in filter(None, joined_keys(name)):
            for word in self._words_of_key.get(key, ()):
                found.update(self._of_word[word])
        for place in name.core:
            for key in firm_keys(name.words[place]):
                found.update(self._of_joined.get(key, ()))
        return found

    def _matching(
        self,
        known: dict[str, tuple[frozenset[str], frozenset[int]]],
        word: str,
        asked: Callable[[str], frozenset[str]],
    ) -> tuple[frozenset[str], frozenset[int]]:
        """The words of the index this one may be, and the places of the names with one of them."""
        found = known.get(word)
        if found is None:
            words = frozenset(other for key in asked(word) for other in self._words_of_key.get(key, ()))
            if asked is firm_keys:
                words = frozenset(
                    other for other in words if not firm_keys(word).isdisjoint(firm_keys(other))
                )
            found = words, frozenset(place for other in words for place in self._of_word[other])
            if len(known) >= KEPT:
                known.clear()
            known[word] = found
        return found


class Nearness:
    """A quick look at very many written names: is one worth reading for the few of an index?

    It looks at the name blank by blank and remembers what it found, so a million names cost few look-ups.
    """

    def __init__(self, index: NameIndex) -> None:
        self._index = index
        self._parts: dict[str, tuple[bool, tuple[str, ...]]] = {}

    def to(self, written: str) -> bool:
        words: list[str] = []
        letters = 0
        for part in written.split():
            known = self._parts.get(part)
            if known is None:
                split = tuple(words_of(part))
                known = self._parts[part] = (any(map(self._index.knows, split)), split)
            if known[0]:
                return True
            words += known[1]
            letters += len(part) < 3
        if letters > 1:
            return True  # letters that stand for words may be joined: read it whole
        return any(self._index.knows_joined(one, two) for one, two in pairwise(words))
