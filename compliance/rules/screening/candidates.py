"""Which names may be alike at all: found through shared keys of words, without comparing all with all. Pure.

`may_match` is the law, a question about two names and nothing else; `NameIndex.candidates` answers it for one
name against many and leaves nothing out. So it is the same whether all names are asked or only a few.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, reduce
from itertools import chain, combinations, count, pairwise
from operator import or_
from typing import Any

from compliance.rules.screening import words as tables
from compliance.rules.screening.names import (
    ROMAN,
    Name,
    is_core,
    read,
    readings,
    soundings_of,
)
from compliance.rules.screening.scripts import NO_VOWELS, ONLY_SIGNS
from compliance.rules.screening.spelling import (
    bones,
    ending_sound,
    firm_keys,
    joined_keys,
    keys,
    letter_keys,
    slip_keys,
    slips_between,
    sound,
)

BONES = 4  # fewer consonants say nothing
KEPT = 200_000  # words whose matches are remembered
EDGES = 512  # places at which a word of the index may be parted, told from each other


def neighbours(name: Name) -> list[frozenset[str]]:
    """The keys of every two neighbours read as one word."""
    return [joined_keys(one, two) for one, two in pairwise(name.words)]


def may_match(ours: Name, theirs: Name) -> bool:
    """Word by word, or as the letters stand without the blanks, or without vowels where one has none."""
    return (
        _by_letters(ours.letters, theirs.letters)
        or (ours.bare != theirs.bare and len(ours.bones) >= BONES and ours.bones == theirs.bones)
        or _by_words(ours, theirs)
    )


def _by_letters(one: str, other: str) -> bool:
    """A key in common and a slip or two between them."""
    return (
        not frozenset(letter_keys(one)).isdisjoint(letter_keys(other))
        and slips_between(one, other) is not None
    )


def _by_words(ours: Name, theirs: Name) -> bool:
    """Of the shorter name all words, or all but one of three and more, may be a word of the longer; and one
    of them is as good as the same, or two long ones are but for a slip."""
    got_ours: set[int] = set()
    slips: set[int] = set()
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
                if not slip_keys(word).isdisjoint(slip_keys(other)):
                    slips.add(place)
    firm = firm or len(slips) > 1
    if got_ours or min(len(ours.core), len(theirs.core)) == 1:
        for parted, got_parted, whole, got_whole in (
            (ours, got_ours, theirs, got_theirs),
            (theirs, got_theirs, ours, got_ours),
        ):
            for place, joined in enumerate(neighbours(parted)):
                for against in whole.core:
                    if not joined.isdisjoint(firm_keys(whole.words[against])):
                        got_parted.update((place, place + 1))
                        got_whole.add(against)
                        firm = True
    return _enough(
        ours, theirs, len(got_ours.intersection(ours.core)), len(got_theirs.intersection(theirs.core)), firm
    )


def _enough(ours: Name, theirs: Name, covered: int, against: int, firm: bool) -> bool:
    """`covered` words of ours find one among theirs, `against` of theirs one among ours."""
    few, many, short, long = len(ours.core), len(theirs.core), ours, theirs
    if few > many:
        few, many, covered, against, short, long = many, few, against, covered, theirs, ours
    if many > 2 * few + 1:
        return False
    if few == 1:
        return covered == 1 and many - against <= _more_than_one(short, long) and (firm or many == 1)
    return firm and covered >= (2 if few == 2 else few - 1) and against >= 2


def _more_than_one(short: Name, long: Name) -> int:
    """How many words a name may have beside the one of the other: as many as its letters may stand for; one,
    when a title or "servant of" agrees too; two, when the word tells a company."""
    if (short.company or long.company) and _may_be_told(short):
        return 2
    return max(short.initials, not short.beside.isdisjoint(long.beside) and not _is_borne(short))


def _most_beside(name: Name) -> int:
    """The most that `_more_than_one` says of a name of one word, whatever the other."""
    return max(2 * _may_be_told(name), name.initials, bool(name.beside))


def _may_be_told(name: Name) -> bool:
    return tables.is_telling(name.words[name.core[0]], alone=True)


def _is_borne(name: Name) -> bool:
    return tables.is_common(name.words[name.core[0]])


class NameIndex:
    """Names ready to be asked which of them may match a given one."""

    def __init__(self, written: Iterable[str]) -> None:
        self.names = [read(each) for each in dict.fromkeys(written)]
        self._words = [frozenset(name.words[place] for place in name.core) for name in self.names]
        self._joined = [frozenset().union(*neighbours(name)) for name in self.names]
        self._of_word: dict[str, list[int]] = defaultdict(list)
        self._of_joined: dict[str, list[int]] = defaultdict(list)
        for place, words in enumerate(self._words):
            for word in words:
                self._of_word[word].append(place)
            for key in self._joined[place]:
                self._of_joined[key].append(place)
        self._of_letters: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for place, name in enumerate(self.names):
            for key in frozenset(letter_keys(name.letters)):
                self._of_letters[key][len(name.letters)].append(place)
        self._of_bones: dict[tuple[bool, str], list[int]] = defaultdict(list)
        for place, name in enumerate(self.names):
            if len(name.bones) >= BONES:
                self._of_bones[name.bare, name.bones].append(place)
        self._words_of_key: dict[str, list[str]] = defaultdict(list)
        for word in self._of_word:
            for key in keys(word):
                self._words_of_key[key].append(word)
        self.of_one_word = frozenset(place for place, name in enumerate(self.names) if len(name.core) == 1)
        beside_one = {place: _most_beside(self.names[place]) for place in self.of_one_word}
        self._with_more = frozenset(place for place, more in beside_one.items() if more)
        self.beside_one = max(beside_one.values(), default=0)
        self._may: dict[str, tuple[frozenset[str], frozenset[int]]] = {}
        self._firm: dict[str, tuple[frozenset[str], frozenset[int]]] = {}
        self._slips: dict[str, tuple[frozenset[str], frozenset[int]]] = {}

    def __len__(self) -> int:
        return len(self.names)

    def edges(self) -> tuple[dict[str, int], dict[str, int]]:
        """What the words of the index begin with and what they end with, by letter and by sound. A beginning
        and an ending that share a bit make a word; the bits are few, so some share one and make none."""
        begins: dict[str, int] = defaultdict(int)
        ends: dict[str, int] = defaultdict(int)
        firm = {key for words in self._words for word in words for key in firm_keys(word) if key[0] in "=~"}
        number = count()
        for key in sorted(firm):
            for cut in range(1, len(key) + 1):
                bit = 1 << next(number) % EDGES
                begins[key[:cut]] |= bit
                ends[key[0] + key[cut:]] |= bit
                if cut > 1:  # a sound twice is heard once
                    ends[key[0] + key[cut - 1 :]] |= bit
        return begins, ends

    def with_word(self, word: str) -> frozenset[int]:
        """Places of the names that this word may belong to."""
        asked = keys(word)
        if self._words_of_key.keys().isdisjoint(asked) and self._of_joined.keys().isdisjoint(asked):
            return _NOWHERE  # as most
        found = {place for key in firm_keys(word) for place in self._of_joined.get(key, ())}
        return self._matching(self._may, word, keys)[1].union(found)

    def with_joined(self, one: str, two: str) -> frozenset[int]:
        """Places of the names in which these two neighbours may be one word."""
        words = (word for key in joined_keys(one, two) for word in self._words_of_key.get(key, ()))
        return frozenset(place for word in words for place in self._of_word[word])

    def with_letters(self, letters: str) -> frozenset[int]:
        """Places of the names that are these letters but for a slip or two."""
        return frozenset(
            place
            for key in letter_keys(letters)
            if (of_length := self._of_letters.get(key))
            for length in range(len(letters) - 2, len(letters) + 3)
            for place in of_length.get(length, ())
            if slips_between(letters, self.names[place].letters) is not None
        )

    def bones(self, *, bare: bool) -> frozenset[str]:
        """Those by which names of one kind of script are found from the other."""
        return frozenset(bones for of, bones in self._of_bones if of is bare)

    def with_bones(self, bones: str, *, bare: bool) -> list[int]:
        """Places of the names with these consonants in a script of the other kind."""
        return self._of_bones.get((not bare, bones), [])

    def candidates(self, name: Name) -> list[Name]:
        """Every name of the index that `may_match` this one."""
        by_letters = self.with_letters(name.letters).union(self.with_bones(name.bones, bare=name.bare))
        found = [self.names[place] for place in sorted(by_letters)]
        may = [self._matching(self._may, name.words[place], keys) for place in name.core]
        firm = [self._matching(self._firm, name.words[place], firm_keys) for place in name.core]
        slips = [self._matching(self._slips, name.words[place], slip_keys) for place in name.core]
        joined = self._through_joined(name)
        if len(may) > 1:
            joined = {
                each
                for each in joined
                if each in self.of_one_word or any(each in places for _, places in may)
            }
        likely = set(joined)
        for first, (_, firmly) in enumerate(firm):
            for second, (_, places) in enumerate(may):
                if first != second:
                    likely |= firmly & places
        for (_, here), (_, there) in combinations(slips, 2):
            likely |= here & there
        if len(may) == 1:
            likely |= may[0][1]
        else:
            for _, firmly in firm:
                likely |= firmly & self._with_more
        found += [self.names[place] for place in joined - by_letters if _by_words(name, self.names[place])]
        matched = frozenset().union(*(words for words, _ in may))
        for place in likely - joined - by_letters:
            words, other = self._words[place], self.names[place]
            covered = sum(not matching.isdisjoint(words) for matching, _ in may)
            against = sum(other.words[core] in matched for core in other.core)
            firmly_so = (
                any(not matching.isdisjoint(words) for matching, _ in firm)
                or sum(not matching.isdisjoint(words) for matching, _ in slips) > 1
            )
            if _enough(name, other, covered, against, firmly_so):
                found.append(other)
        return found

    def _through_joined(self, name: Name) -> set[int]:
        """Names in which two words of one side may be one of the other."""
        found: set[int] = set()
        for key in frozenset().union(*neighbours(name)):
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
            if asked is not keys:
                words = frozenset(other for other in words if not asked(word).isdisjoint(asked(other)))
            found = words, frozenset(place for other in words for place in self._of_word[other])
            if len(known) >= KEPT:
                known.clear()
            known[word] = found
        return found


@dataclass(frozen=True, slots=True)
class _Part:
    """What a piece of a written name between two blanks says by itself."""

    places: frozenset[int]  # of the names of the index that it may belong to
    twice: bool  # one of them by two words
    alone: bool  # one of them has one word only
    core: int  # how many of its words surely say who it is
    alien: int  # how many of those belong to no name of one word
    letters: (
        int  # lone ones, which may be joined to a word; two where only the whole name says how it is read
    )
    firsts: tuple[str, ...]  # its first word, by each reading
    lasts: tuple[str, ...]
    begins: int  # with the next it may be one word of the index: see NameIndex.edges
    ends: int


Ways = list[tuple[str, str]]  # letters and bones by each sounding; one only where they are the same by all
_Piece = tuple[_Part, Ways]


@dataclass(frozen=True, slots=True)
class _Word:
    """What a word says wherever it stands."""

    places: frozenset[int]
    core: bool
    begins: int
    ends: int


class Nearness:
    """Which of very many written names have a candidate among the few of an index.

    It looks at a name piece by piece and remembers each: a bank of a million is called by few words. Names of
    several words only match by two of them, and one word only matches one (`_enough`), so few are left to be
    read.
    """

    def __init__(self, index: NameIndex) -> None:
        self._index = index
        self._pieces: dict[str, _Piece] = {}
        self._told: dict[str, str] = {_BETWEEN.strip(): "\n"}  # of each piece its flags, and its letters
        self._words: dict[str, _Word] = {}
        self._begins, self._ends = index.edges()
        letters = [name.letters for name in index.names]
        self._begin_so = frozenset(each[:4] for each in letters)
        self._end_so = frozenset(each[-4:] for each in letters)
        self._within = frozenset(chain.from_iterable(letter_keys(each)[2:] for each in letters))
        self._bones_begin = {
            bare: frozenset(each[:end] for each in index.bones(bare=bare) for end in range(len(each) + 1))
            for bare in (True, False)
        }

    def among(self, names: Sequence[str]) -> list[int]:
        """Exactly the places of those of which one of the readings has candidates."""
        if not names:
            return []
        pieces = _pieces_in(_BETWEEN.join(names))
        told: list[Any] = list(map(self._told.get, pieces))
        if None in told:
            for piece in set(pieces).difference(self._told):
                self._learn(piece)
            told = list(map(self._told.get, pieces))
        text = "".join(told)
        letters, flags = text.translate(_NO_FLAGS).split("\n"), text.translate(_NO_LETTERS).split("\n")
        near, at = [], 0
        for place, (lettered, flagged) in enumerate(zip(letters, flags, strict=True)):
            end = at + len(flagged) // 2
            # Of most names no two words are known, nor are the letters: then nothing more is looked at.
            if (
                self._stands(lettered)
                or ((how := _to_look_at(flagged)) and self._may_be(pieces[at:end], how))
            ) and any(self._index.candidates(name) for name in readings(names[place])):
                near.append(place)
            at = end + 1
        return near

    def _may_be(self, name: list[str], how: int) -> bool:
        """`how`: what `_to_look_at` says of its pieces."""
        pieces = [self._pieces[piece] for piece in name]
        if (
            how & _LOUD
            or (how & _BEGINS and any(one.begins & two.ends for (one, _), (two, _) in pairwise(pieces)))
        ) and self._by_words([part for part, _ in pieces]):
            return True
        bare = bool(how & _BARE)
        if how & _BONES and self._index.with_bones(_spelled(pieces, 0)[1], bare=bare):
            return True
        if how & _WAYS:
            for number in range(1, max(len(ways) for _, ways in pieces)):
                letters, bones = _spelled(pieces, number)
                if self._stands(letters) or self._index.with_bones(bones, bare=bare):
                    return True
        return False

    def _stands(self, letters: str) -> bool:
        """`letter_keys` one by one: most names have none of them."""
        begins, ends, within = self._begin_so, self._end_so, self._within
        return (
            letters[:4] in begins
            or letters[-4:] in ends
            or letters[3:7] in within
            or letters[4:8] in within
            or letters[5:9] in within
        ) and bool(self._index.with_letters(letters))

    def _by_words(self, parts: list[_Part]) -> bool:
        before, met = _NOTHING, _NOWHERE
        letters = core = alien = 0
        alone = False
        for part in parts:
            if part is _DULL:
                core += 1
                alien += 1
                before = part
                continue
            letters += part.letters
            core += part.core
            alien += part.alien
            alone = alone or part.alone
            if part.places:
                if part.twice or not part.places.isdisjoint(met):
                    return True
                met |= part.places
            if before.begins & part.ends:
                joined = _NOWHERE.union(
                    *(self._index.with_joined(one, two) for one in before.lasts for two in part.firsts)
                )
                if not joined.isdisjoint(met):
                    return True
                met |= joined
                if not joined.isdisjoint(self._index.of_one_word):
                    alone, alien = True, alien - 2
            before = part
        # Lone letters may be joined to a word.
        return (
            letters > 1
            or core == 0
            or (core == 1 and bool(met))
            or (alone and alien <= self._index.beside_one)
        )

    def _look(self, piece: str) -> _Piece:
        read = soundings_of(piece)
        spelled = [("".join(written), "".join(map(bones, written))) for written, _ in read]
        ways = spelled if len(set(spelled)) > 1 else spelled[:1]
        spoken = [*dict.fromkeys(tuple(words) for _, words in read if words)]
        if not spoken:
            return _NOTHING, ways
        part = self._part(spoken[0]) if len(spoken) == 1 else _together(list(map(self._part, spoken)))
        # A lone letter beside another reads as one word; what a company's form makes a number of is read in
        # its name alone.
        lone = any(len(word) == 1 for word in read[0][0])
        numbers = any(len(word) > 1 and word in ROMAN for words in spoken for word in words)
        if lone or numbers:
            part = replace(part, letters=lone + 2 * numbers)
        told = part.places or part.letters or part.begins or part.ends or part.core != 1
        return part if told else _DULL, ways

    def _learn(self, piece: str) -> None:
        self._pieces[piece] = part, ways = self._look(piece)
        letters, bones = ways[0]
        bare = bool(NO_VOWELS.search(piece))
        loud = part.letters or part.alone or part.twice
        flags = (_LOUD if loud else min(part.core, 2) * _CORE) + bool(part.places)
        flags += bool(part.begins) * _BEGINS + bool(part.ends) * _ENDS
        flags += bare * _BARE + (len(ways) > 1) * _WAYS
        flags += (bones in self._bones_begin[not bare]) * _BONES
        self._told[piece] = _FLAGS[flags >> 4] + _FLAGS[flags & 15] + letters

    def _part(self, words: tuple[str, ...]) -> _Part:
        index, seen = self._index, [self._word(word) for word in words]
        if len(seen) == 1 and not seen[0].places and tables.GOD.isdisjoint(words):
            core = int(seen[0].core)
            return _Part(_NOWHERE, False, False, core, core, 0, words, words, seen[0].begins, seen[0].ends)
        met = [each.places for each in seen if each.places]
        if not tables.GOD.isdisjoint(words):
            met.append(index.with_word("abdallah"))
        for (one, before), (two, after) in pairwise(zip(words, seen, strict=True)):
            if before.begins & after.ends:
                met.append(index.with_joined(one, two))
        places = _NOWHERE.union(*met)
        alone = not index.of_one_word.isdisjoint(places)
        core = sum(each.core for each in seen)
        return _Part(
            places,
            sum(map(len, met)) > len(places),
            alone,
            core,
            0 if alone else core,
            0,
            words[:1],
            words[-1:],
            seen[-1].begins,
            seen[0].ends,
        )

    def _word(self, word: str) -> _Word:
        found = self._words.get(word)
        if found is None:
            found = self._words[word] = _Word(
                self._index.with_word(word),
                is_core(word),
                self._begins.get("=" + word, 0) | self._begins.get("~" + sound(word), 0),
                self._ends.get("=" + word, 0) | self._ends.get("~" + ending_sound(word), 0),
            )
        return found


def _pieces_in(text: str) -> list[str]:
    """What stands between blanks and hyphens, and each sign of what is only signs."""
    return ONLY_SIGNS.sub(lambda found: " ".join(found[0]), text.replace("-", " ")).split()


def _spelled(pieces: list[_Piece], number: int) -> tuple[str, str]:
    """The letters and the bones of a name, each piece sounding in this of its ways if it has so many."""
    spelled = [ways[number] if number < len(ways) else ways[0] for _, ways in pieces]
    return "".join([letters for letters, _ in spelled]), "".join([bones for _, bones in spelled])


@cache  # so many as there are ways to put a few signs in a row
def _to_look_at(flagged: str) -> int:
    """For what to look at a name whose pieces have these flags: words (_LOUD), two words that may be one
    (_BEGINS), bones, other ways to sound; and whether it is bare. 0: unless its letters stand in the index it
    has no candidate there."""
    flags = [
        _FLAGS.index(high) << 4 | _FLAGS.index(low)
        for high, low in zip(flagged[::2], flagged[1::2], strict=True)
    ]
    known, core = sum(each & 1 for each in flags), [each & _LOUD for each in flags]
    how = reduce(or_, (each & (_BARE | _WAYS) for each in flags), 0)
    if _LOUD in core or known > 1 or sum(core) // _CORE <= known:
        how |= _LOUD
    elif any(one & _BEGINS and two & _ENDS for one, two in pairwise(flags)):
        how |= _BEGINS
    # The bones of the whole begin as those of the first piece, unless it is of another script than the rest.
    if not flags or flags[0] & _BONES or flags[0] & _BARE != how & _BARE:
        how |= _BONES
    return how if how & ~_BARE else 0


def _together(readings: list[_Part]) -> _Part:
    """Of a piece read in several ways: what any of them says, and the least of what rules it out."""
    return _Part(
        _NOWHERE.union(*(each.places for each in readings)),
        any(each.twice for each in readings),
        any(each.alone for each in readings),
        min(each.core for each in readings),
        min(each.alien for each in readings),
        0,
        tuple(word for each in readings for word in each.firsts),
        tuple(word for each in readings for word in each.lasts),
        reduce(or_, (each.begins for each in readings)),
        reduce(or_, (each.ends for each in readings)),
    )


_BETWEEN = " \0 "  # names; what comes from a database has no such sign
# The flags of a piece: 1 when it may be a word of the index, and:
_BEGINS, _ENDS, _CORE, _LOUD, _BONES, _BARE, _WAYS = 2, 4, 8, 24, 32, 64, 128
_FLAGS = "ABCDEFGHIJKLMNOP"  # two of them for the eight flags; the letters of a piece are small
_NO_FLAGS = str.maketrans("", "", _FLAGS)
_NO_LETTERS = str.maketrans("", "", "abcdefghijklmnopqrstuvwxyz0123456789")
_NOWHERE: frozenset[int] = frozenset()
_NOTHING = _Part(_NOWHERE, False, False, 0, 0, 0, (), (), 0, 0)
_DULL = _Part(_NOWHERE, False, False, 1, 1, 0, (), (), 0, 0)  # most: a word that no name has
