"""A name as screening reads it: its words in order, what each is, and how much it says. Pure."""

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from clients.words import fold
from compliance.rules.screening import words as tables
from compliance.rules.screening.scripts import NO_VOWELS, SIGNS, sounded, soundings
from compliance.rules.screening.spelling import VOWELS, bones, is_syllable, plain, sound

_LETTERS = re.compile(r"\b((?:[^\W\d_]\.[\s-]?){2,})(?=\W|$|[^\W\d_])", re.UNICODE)  # "S.A.", "J.-C."
_LATIN = re.compile("[A-Za-z]")
ROMAN = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9",
    "x": "10", "xi": "11", "xii": "12", "xiii": "13", "xiv": "14", "xv": "15",
}  # fmt: skip
_PHRASES = re.compile(
    r"\b(" + "|".join(sorted(map(re.escape, tables.PHRASES), key=len, reverse=True)) + r")\b"
)

_OF_PHRASES = frozenset(word for phrase in tables.PHRASES for word in phrase.split())


@dataclass(frozen=True, slots=True)
class Name:
    """`words` in order with the weight of each; `core`: the places of those that say who it is."""

    written: str
    letters: str  # all of them, company forms too, without the blanks between
    bones: str  # the consonants of all of them, as scripts without vowels leave them
    words: tuple[str, ...]
    weights: tuple[float, ...]
    core: tuple[int, ...]
    beside: frozenset[str]  # titles and "servant of": they do not say who it is, but that it is no other
    initials: int  # names that its lone letters may stand for
    forms: frozenset[str]  # families of company forms
    company: bool
    signs: bool  # written in Han or Hangul, where a sign is a syllable and none is left out
    bare: bool  # written in Arabic or Hebrew, where short vowels are left out
    fathers: tuple[tuple[str, str], ...]  # (child, father) as "bin" says it


@lru_cache(maxsize=100_000)
def read(written: str) -> Name:
    return _read(written, sounded(written))


def readings(written: str) -> tuple[Name, ...]:
    """The name, and how else it may be read."""
    _, *others = dict.fromkeys(soundings(written))
    return (read(written), *(_read(written, other) for other in others))


def soundings_of(written: str) -> list[tuple[list[str], list[str]]]:
    """By each way it may sound: the words as they are written, and as they are compared, company forms still
    among them. Of a name they are those of its words, one after the other."""
    return [(fold(sounding).split(), _words(sounding)) for sounding in soundings(written)]


def _words(sounding: str) -> list[str]:
    """Latin, lower case; letters that stand for words joined ("S.A." is "sa"), long forms shortened."""
    if "." in sounding:
        sounding = _LETTERS.sub(lambda found: re.sub(r"[.\s-]", "", found[0]) + " ", sounding)
    words = fold(sounding).split()
    if len(words) > 2:
        words = _PHRASES.sub(lambda found: tables.PHRASES[found[0]], " ".join(words)).split()
    return _joined_god([part for word in _join_letters(words) for part in _parted(word)])


def _read(written: str, sounding: str) -> Name:
    words, bare = _words(sounding), bool(NO_VOWELS.search(written)) and not _LATIN.search(written)
    forms, kept = set(), words
    if not _are_syllables_of_a_person(words):
        forms = (
            {tables.FORMS[word] for word in words if _is_sure_form(word, bare)} if len(words) > 1 else set()
        )
        kept = _without_forms(words, bare)
    company = bool(forms) or any(word in tables.GENERIC for word in kept)
    if company:
        kept = [ROMAN.get(word, word) for word in kept]
    latin = written[:1] < "\u0250"
    signs = bool(SIGNS.search(written))
    syllables = signs or _is_of_syllables(kept)
    weights = tuple(
        _weight(word, latin, bare, syllables, kept[place - 1] if place else "", 0 < place == len(kept) - 1)
        for place, word in enumerate(kept)
    )
    core = tuple(place for place, weight in enumerate(weights) if weight >= 0.5)
    if not core:
        core = tuple(place for place, weight in enumerate(weights) if weight > 0.1) or tuple(range(len(kept)))
    fathers = tuple(
        (kept[place - 1], kept[place + 1])
        for place in range(1, len(kept) - 1)
        if kept[place] in tables.FATHERS
    )
    spelled = fold(sounding).split()
    return Name(
        written,
        "".join(spelled),
        "".join(map(bones, spelled)),
        tuple(kept),
        weights,
        core,
        frozenset(word for word, weight in zip(kept, weights, strict=True) if weight in (0.2, 0.45)),
        weights.count(0.3) if company or bare else max(weights.count(0.3), _letters_before(kept)),
        frozenset(forms),
        company,
        signs,
        bool(NO_VOWELS.search(written)),
        fathers,
    )


def _letters_before(words: list[str]) -> int:
    """How many names the letters before a name may stand for: "A. Khan" has one of them, "JC Khan" two."""
    if len(words) < 2 or (len(words[0]) > 1 and not VOWELS.isdisjoint(words[0])):
        return 0
    return len(words[0]) if len(words[0]) < 3 else 0


def _is_of_syllables(words: list[str]) -> bool:
    """ "Do Hyuk Jung": nothing but syllables, and no article or "son of" among them."""
    return len(words) > 2 and all(map(is_syllable, words)) and tables.NOT_EAST_ASIAN.isdisjoint(words)


def _are_syllables_of_a_person(words: list[str]) -> bool:
    """ "Yu Yi Pao", "Li Pao": what would be a company's form is a syllable among syllables."""
    forms = tables.FORMS_AND_SYLLABLES.intersection(words)
    others = [word for word in words if word not in forms]
    return (
        bool(forms and others)
        and all(map(is_syllable, others))
        and tables.NOT_EAST_ASIAN.isdisjoint(others)
        and not any(
            word in tables.FORMS or word in tables.ORDINARY or word in tables.GENERIC for word in others
        )
        and (len(others) > 1 or tables.is_common(others[0]))
    )


def _is_sure_form(word: str, bare: bool) -> bool:
    return (
        word in tables.FORMS
        and word not in tables.VAGUE_FORMS
        and not (bare and word in tables.NAMES_WITHOUT_VOWELS)
    )


def _without_forms(words: list[str], bare: bool) -> list[str]:
    """The words without company forms, mistyped ones and the parts of a torn one ("joint", "stock") too."""
    meant = ["" if bare and word in tables.NAMES_WITHOUT_VOWELS else _as_form(word) for word in words]
    meant[:-1] = ["" if form == "se" else form for form in meant[:-1]]  # a syllable of Korea
    said = set(meant)
    kept = [
        word
        for word, form in zip(words, meant, strict=True)
        if form not in tables.FORMS and said.isdisjoint(tables.PARTS_OF_FORMS.get(form, ()))
    ]
    return kept or words


@lru_cache(maxsize=200_000)
def _as_form(word: str) -> str:
    """The long company form this is, or is but for a letter: "limted", "kompani"."""
    if word in tables.FORMS or len(word) < 5:
        return word
    word, said = plain(word), word
    if extractOne(word, tables.LONG_FORMS, scorer=OSA.distance, score_cutoff=2) is None:
        return said  # as most
    for form in tables.LONG_FORMS:
        unlike = OSA.distance(word, form, score_cutoff=2)
        if unlike < 2 or (unlike == 2 and sound(word) == sound(form)):
            return form
    return said


def _weight(word: str, latin: bool, bare: bool, syllables: bool, before: str, last: bool) -> float:
    if bare and len(word) < 4 and word not in tables.WITHOUT_VOWELS:  # "ms" is Musa there, "mr" is Omar
        return 0.75 if tables.is_common(word) else 0.8 if len(word) > 1 else 0.3
    if syllables and len(word) > 1 and not tables.is_common(word):
        return 0.8 if len(word) < 4 else 1.0  # "de" is a syllable here, not a particle
    if word in tables.PARTICLES and not (last and word in tables.FAMILIES_TOO):
        return 0.1
    if word in tables.TITLES and before not in ("al", "el"):  # a family may be called El Sayed
        return 0.2
    if word == "abdul":
        return 0.45
    if not word.isalpha() and any(sign.isdigit() for sign in word):
        return 0.4
    if len(word) == 1 or (latin and len(word) == 2 and not any(sign in "aeiouy" for sign in word)):
        return 0.3  # initials
    if tables.is_common(word):
        return 0.75
    if word in tables.GENERIC:
        return 0.6
    return 0.8 if len(word) < 4 else 1.0


def is_core(word: str) -> bool:
    """Whether it says who it is in any name, whatever stands beside it."""
    meant = _as_form(word)
    return (
        word not in _OF_PHRASES
        and meant not in tables.FORMS
        and meant not in tables.PARTS_OF_FORMS
        and _weight(word, True, False, False, "", False) >= 0.5
    )


def _join_letters(words: list[str]) -> list[str]:
    """ "a i c sogo" -> "aic sogo": single letters that follow each other are one abbreviation."""
    joined: list[str] = []
    run = ""
    for word in [*words, ""]:
        if len(word) == 1 and word.isalpha():
            run += word
            continue
        if run:
            joined.append(run)
        run = ""
        if word:
            joined.append(word)
    return joined


def _joined_god(words: list[str]) -> list[str]:
    """ "abdul", "allah" -> "abdallah"."""
    joined: list[str] = []
    for word in words:
        if word in tables.GOD and joined and joined[-1] == "abdul":
            joined[-1] = "abdallah"
        else:
            joined.append(word)
    return joined


@lru_cache(maxsize=200_000)
def _parted(word: str) -> tuple[str, ...]:
    """ "abdurrahman" -> "abdul rahman": "servant of" and whose, as most write it."""
    if word in tables.SPELLINGS:
        return (word,)
    for begin in ("abdul", "abdel", "abdal", "abdol", "abdoul"):
        if word.startswith(begin) and len(word) > len(begin) + 2:
            return ("abdul", word[len(begin) :])
    if word.startswith("abdu") and len(word) > 7 and word[4] == word[5]:
        return ("abdul", word[5:])
    return ("abdul",) if word in tables.ABD else (word,)
