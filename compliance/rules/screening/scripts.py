"""Names in other scripts as they sound in Latin letters, before `fold` takes what is left. Pure.

Greek writes b, d and g with two letters each (μπ, ντ, γκ), which within a word may as well be mp, nt and ng,
and its β stands for v or for b: such a name has two readings. Arabic leaves out short vowels and joins its
article to the word; Persians say z and v where Arabs say d and w, and "al" before a d is heard as "ud".
Hebrew writes p and f, k and kh, h and ch with one letter each, and with ו a vowel or v. Such names have
several readings. Every sign of Han and Hangul is a syllable, so a word.
"""

import re
import unicodedata
from collections.abc import Callable

from anyascii import anyascii

GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
NO_VOWELS = re.compile("[\u0590-\u06ff\ufb1d-\ufdff\ufe70-\ufeff]")  # Hebrew and Arabic
SIGNS = re.compile("([\u3005\u3400-\u9fff\uac00-\ud7af])")  # Han and Hangul
# What stands between blanks and is nothing else
ONLY_SIGNS = re.compile(
    "[\u3005\u3400-\u9fff\uac00-\ud7af](?<!\\S.)[\u3005\u3400-\u9fff\uac00-\ud7af]+(?!\\S)"
)
# Without one of these a name has one reading.
_IN_WAYS = re.compile("[\u0370-\u03ff\u1f00-\u1fff\u0590-\u06ff\ufb1d-\ufdff\ufe70-\ufeffйЙ]")

_MARKS = re.compile("[\u0300-\u036f]")
_APART = re.compile("(?<=[αεο])(?:\u0301([ιυ])|([ιυ])\u0308)")  # two sounds, not the pair "αι"
_GREEK_PAIRS = {
    "νντ": "nd", "μμπ": "mb", "νγκ": "ng", "ντντ": "d", "ντ": "d", "μπμπ": "b", "μπ": "b", "γκγκ": "g",
    "γκ": "g", "γγ": "ng", "γχ": "nkh", "γξ": "nx", "τζ": "j", "τσ": "ch", "τς": "ch", "ου": "u", "ει": "i",
    "οι": "i", "υι": "i", "αι": "e", "αυ": "av", "ευ": "ev", "ηυ": "iv",
}  # fmt: skip
_GREEK_LETTERS = str.maketrans(
    {"β": "v", "η": "i", "θ": "th", "ξ": "x", "υ": "y", "φ": "f", "χ": "kh", "ψ": "ps", "ω": "o"}
)
_PAIR = re.compile("|".join(_GREEK_PAIRS))
_BEFORE_VOWEL = re.compile("(ου|γι)(?=[αεηιοωυ])")
_OTHERWISE = re.compile(r"(?<=\w)(μπ|ντ|γκ)|β|τσ|τς")
_OTHER = {"τσ": "ts", "τς": "ts", "μπ": "mp", "ντ": "nt", "γκ": "ng", "β": "b"}

# A table that writes one letter for one: of Greek by its look or name, and as a keyboard of Latin letters.
_LETTER_PAIRS = {"τζ": "j", "τσ": "ch", "τς": "ch", "ου": "u"}
_LETTER_PAIR = re.compile("|".join(_LETTER_PAIRS))
_ONE_BY_ONE = str.maketrans("αγδειζκλμνοπρστς", "agdeizklmnoprsts")
_BY_LETTER = str.maketrans({"β": "b", "υ": "u", "χ": "h", "ω": "w", "η": "h"})
_BY_KEY = str.maketrans({"β": "b", "υ": "y", "χ": "ch", "ω": "w", "η": "h", "θ": "u"})
_SHORT_I = re.compile("[йЙ](?=[аеиоуыэАЕИОУЫЭ])")  # never written so, but by tables that put "й" for "j"

_YO = re.compile(r"\b[ёЁ]")  # "Ён" is Yon, though within a word most write "e"
_DRAWN = re.compile("[\ufb1d-\ufdff\ufe70-\ufeff]")  # letters as they are drawn at their place in a word
_ARTICLE = re.compile("(?<![\u0620-\u06ff])ال(?!له(?![\u0620-\u06ff]))(?=[\u0620-\u06ff]{2})")
# As Persians say what Arabs say otherwise, and "-uddin" as one word of the one before.
_PERSIAN = re.compile("[ضظ]|(?<![\u0620-\u06ff])و(?=[^اوىيی\\s])|(?<![\u0620-\u06ff])الد")
_SAID_SO = {"ض": "ز", "ظ": "ز", "و": "v", "الد": "udd"}
_LAST_J = re.compile("ج(?![\u0620-\u06ff])")  # in Latin a last "j" may be a vowel, here it is not
_ARABIC_LETTERS = str.maketrans("اأإآٱىةعئؤ", "aaaaaaaayw", "ءـ")

_HEBREW = re.compile("[\u05d0-\u05ea]")
_POINTS = re.compile("[\u0591-\u05bd\u05bf-\u05c7]")  # vowels and accents, which most leave out
_STROKE = re.compile("([גדוזחצץת])[\u05f3'\u2019\u00b4]")  # a sound that Hebrew has not
_STRUCK = {"ג": "j", "ד": "dh", "ו": "w", "ז": "zh", "ח": "kh", "צ": "ch", "ץ": "ch", "ת": "th"}
_VICH = re.compile("(?<=ו)יח(?![\u05d0-\u05ea])")  # of "Ivanovich"
_VAV = re.compile("(?P<first>(?<![\u05d0-\u05ea]))?(?P<many>ו+)(?P<vowel>(?=[אי]))?")
_HEBREW_LETTERS = str.maketrans(
    {"א": "a", "ב": "b", "ח": "h", "כ": "k", "ך": "k", "ע": "a", "פ": "p", "ף": "f", "ש": "sh"}
)
_HEBREW_WAYS: tuple[
    dict[int, str], ...
] = (  # beside that: p or f, h or ch, and where no word begins b or v, k or kh
    {},
    str.maketrans({"פ": "f", "ך": "kh"}),
    str.maketrans({"ח": "ch", "ך": "kh"}),
    str.maketrans({"פ": "f", "ח": "ch", "ך": "kh"}),
)
_WITHIN = re.compile("(?<=[\u05d0-\u05ea])[בכ]")

_KOREAN = str.maketrans("gdb", "ktp")
_KOREAN_VOWELS = {"i": "yi", "o": "oh", "a": "ah", "u": "woo", "e": "eh"}  # a name, not an initial


def sounded(written: str) -> str:
    """The name with its Greek and Arabic words in Latin letters and its signs parted by blanks."""
    if written.isascii():
        return written
    if GREEK.search(written):
        written = _each_greek(_as_heard, written)
    written = _YO.sub("йо", written)
    if _DRAWN.search(written):
        written = unicodedata.normalize("NFKC", written)
    if NO_VOWELS.search(written):
        written = _LAST_J.sub("g", _ARTICLE.sub("ال ", written)).translate(_ARABIC_LETTERS)
        if _HEBREW.search(written):
            written = _hebrew(written, 0)
    return SIGNS.sub(_sign, written)


def soundings(written: str) -> tuple[str, ...]:
    """The name as it sounds, and each other way it may have come into its script, in a fixed order: so those
    of a name are those of its words. One only where there is no other."""
    first = sounded(written)
    if written.isascii() or not _IN_WAYS.search(written):
        return (first,)
    greek, hebrew = bool(GREEK.search(written)), bool(_HEBREW.search(written))
    persian = bool(_PERSIAN.search(written))
    if not (greek or hebrew or persian or _SHORT_I.search(written) or _ARTICLE.search(written)):
        return (first,)
    others = [written] * (3 if greek or hebrew else 1 + persian)
    if greek:
        others = [_each_greek(way, written) for way in (_otherwise, _by_letter, _by_key)]
    if hebrew:
        others = [_hebrew(each, way) for way, each in enumerate(others, 1)]
    others[0] = _ARTICLE.sub("\u0627\u0640\u0644", _SHORT_I.sub("j", others[0]))
    if persian:
        others[1] = _PERSIAN.sub(lambda found: _SAID_SO[found[0]], others[1])
    return (first, *map(sounded, others))


def _hebrew(written: str, way: int) -> str:
    """Hebrew letters in Latin, read in one of `_HEBREW_WAYS`."""
    plain = _POINTS.sub("", unicodedata.normalize("NFKC", written) if _DRAWN.search(written) else written)
    plain = _VICH.sub("יch", _STROKE.sub(lambda found: _STRUCK[found[1]], plain))
    plain = _VAV.sub(lambda found: _vav(found, way), plain)
    if way % 2:
        plain = _WITHIN.sub(lambda found: "v" if found[0] == "ב" else "kh", plain)
    return plain.translate(_HEBREW_WAYS[way]).translate(_HEBREW_LETTERS)


def _vav(found: re.Match[str], way: int) -> str:
    """ו is v where it begins a word before a vowel or is written twice, perhaps between vowels; else o, u."""
    many, vowel = len(found["many"]), found["vowel"] is not None
    if found["first"] is not None:
        return "v" if vowel else "o" if many == 1 else "vo"
    if many == 1:
        return "v" if way and vowel and found.string[found.start() - 1] in "אי" else "w"
    return "ov" + "o" * (many - 2)


def _each_greek(way: Callable[[str], str], written: str) -> str:
    return " ".join(way(_plain_greek(word)) if GREEK.search(word) else word for word in written.split(" "))


def _as_heard(plain: str) -> str:
    plain = _BEFORE_VOWEL.sub(lambda found: "w" if found[0] == "ου" else "y", plain)
    return _PAIR.sub(lambda found: _GREEK_PAIRS[found[0]], plain).translate(_GREEK_LETTERS)


def _otherwise(plain: str) -> str:
    """As of the Greeks' own names."""
    return _OTHERWISE.sub(lambda found: _OTHER[found[0]], plain)


def _by_letter(plain: str) -> str:
    """For each letter of another script one that looks or is called like it."""
    plain = _LETTER_PAIR.sub(lambda found: _LETTER_PAIRS[found[0]], plain)
    return _rest(plain.translate(_BY_LETTER))


def _by_key(plain: str) -> str:
    """For each letter of another script the one on the same key, or nearly."""
    return _rest(plain.translate(_BY_KEY))


def _rest(plain: str) -> str:
    """No two letters are a pair any more."""
    return plain.translate(_GREEK_LETTERS).translate(_ONE_BY_ONE)


def _plain_greek(written: str) -> str:
    """Small letters without accents."""
    apart = _APART.sub(
        lambda found: "i" if "ι" in found[0] else "y", unicodedata.normalize("NFD", written.lower())
    )
    return _MARKS.sub("", apart)


def _sign(found: re.Match[str]) -> str:
    """A sign as a word: Chinese in Pinyin, Korean as lists spell it ("byeong" -> "pyong")."""
    sign = found[0]
    if sign < "\uac00":
        return f" {sign} "
    heard = anyascii(sign).lower().replace("eo", "o").replace("eu", "u").replace("chh", "ch")
    heard = heard[:1].translate(_KOREAN) + heard[1:]
    if heard[-1] in "gb" and not heard.endswith("ng"):
        heard = heard[:-1] + heard[-1].translate(_KOREAN)
    return f" {_KOREAN_VOWELS.get(heard, heard)} "
