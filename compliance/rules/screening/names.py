"""A name as screening reads it: its words in order, what each is, and how much it says. Pure."""

import re
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

from clients.words import fold
from compliance.rules.screening import words as tables

_OWN_SIGN = re.compile(r"([\u3005\u3400-\u9fff\uac00-\ud7af])")  # Han and Hangul: a sign is a syllable
_LETTERS = re.compile(r"\b((?:[^\W\d_]\.[\s-]?){2,})(?=\W|$|[^\W\d_])", re.UNICODE)  # "S.A.", "J.-C."
_CHI = str.maketrans("χΧ", "хХ")  # chi is written kh, as the Cyrillic letter is
_ROMAN = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9",
    "x": "10", "xi": "11", "xii": "12", "xiii": "13", "xiv": "14", "xv": "15",
}  # fmt: skip
_PHRASES = re.compile(
    r"\b(" + "|".join(sorted(map(re.escape, tables.PHRASES), key=len, reverse=True)) + r")\b"
)


@dataclass(frozen=True, slots=True)
class Name:
    """`words` in order with the weight of each; `core`: the places of those that say who it is."""

    written: str
    words: tuple[str, ...]
    weights: tuple[float, ...]
    core: tuple[int, ...]
    initials: int
    forms: frozenset[str]  # families of company forms
    company: bool
    signs: bool  # written in Han or Hangul, where a sign is a syllable and none is left out
    fathers: tuple[tuple[str, str], ...]  # (child, father) as "bin" says it


def folded_words(name: str) -> list[str]:
    """Latin, lower case, letters that stand for words joined ("S.A." -> "sa"), every Han sign by itself."""
    spaced = _OWN_SIGN.sub(_sign, name.translate(_CHI))
    joined = _LETTERS.sub(lambda found: re.sub(r"[.\s-]", "", found[0]) + " ", spaced)
    return fold(joined).split()


def _sign(found: re.Match[str]) -> str:
    """A sign as a word: Chinese in Pinyin, Korean as lists spell it ("byeong" -> "pyong")."""
    sign = found[0]
    if sign < "\uac00":
        return f" {sign} "
    heard = anyascii(sign).lower().replace("eo", "o").replace("eu", "u")
    heard = heard[:1].translate(_KOREAN) + heard[1:]
    return f" {_KOREAN_VOWELS.get(heard, heard)} "


_KOREAN = str.maketrans({"g": "k", "d": "t", "b": "p", "c": "ch"})
_KOREAN_VOWELS = {"i": "yi", "o": "oh", "a": "ah", "u": "woo", "e": "eh"}  # a name, not an initial


def words_of(written: str) -> list[str]:
    """The words as they are compared, company forms still among them."""
    words = folded_words(written)
    if len(words) > 2:
        words = _PHRASES.sub(lambda found: tables.PHRASES[found[0]], " ".join(words)).split()
    return [part for word in _join_letters(words) for part in _parted(word)]


@lru_cache(maxsize=100_000)
def read(written: str) -> Name:
    words = words_of(written)
    forms = {
        tables.FORMS[word] for word in words[1:] if word in tables.FORMS and word not in tables.VAGUE_FORMS
    }
    if words[:1] and tables.FORMS.get(words[0]) and len(words) > 1 and words[0] not in tables.VAGUE_FORMS:
        forms.add(tables.FORMS[words[0]])
    kept = [word for word in words if word not in tables.FORMS] or words
    company = bool(forms) or any(word in tables.GENERIC for word in kept)
    if company:
        kept = [_ROMAN.get(word, word) for word in kept]
    latin = written[:1] < "\u0250"
    weights = tuple(_weight(word, latin) for word in kept)
    core = tuple(place for place, weight in enumerate(weights) if weight >= 0.5)
    if not core:
        core = tuple(range(len(kept)))
    fathers = tuple(
        (kept[place - 1], kept[place + 1])
        for place in range(1, len(kept) - 1)
        if kept[place] in tables.FATHERS
    )
    return Name(
        written,
        tuple(kept),
        weights,
        core,
        weights.count(0.3),
        frozenset(forms),
        company,
        bool(_OWN_SIGN.search(written)),
        fathers,
    )


def _weight(word: str, latin: bool) -> float:
    if word in tables.PARTICLES:
        return 0.1
    if word in tables.TITLES:
        return 0.2
    if word == "abdul":
        return 0.45
    if any(sign.isdigit() for sign in word):
        return 0.4
    if len(word) == 1 or (latin and len(word) == 2 and not any(sign in "aeiouy" for sign in word)):
        return 0.3  # initials
    if tables.SPELLINGS.get(word, word) in tables.COMMON:
        return 0.75
    if word in tables.GENERIC:
        return 0.6
    return 0.8 if len(word) < 4 else 1.0


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


def folded_name(name: str) -> str:
    """Latin, lower case, without company forms, words sorted: "ACME Co., Ltd" -> "acme"."""
    words = fold(name).split()
    return " ".join(sorted([word for word in words if word not in tables.FORMS] or words))
