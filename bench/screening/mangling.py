"""Names of a list as somebody might write who mistypes, forgets, or writes another script. Seeded, pure."""

import re
import unicodedata
from collections.abc import Callable
from random import Random

KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
Mangler = Callable[[str, Random], str | None]  # None: this name cannot be mangled so


def latin(name: str) -> bool:
    return all(unicodedata.name(sign, "LATIN").startswith("LATIN") for sign in name if sign.isalpha())


def _long(word: str) -> bool:
    return len(word) > 3 and word.isalpha()


def _mistyped(word: str, chance: Random) -> str:
    """A letter more, less, changed for a neighbour on the keyboard, doubled, or two that changed places."""
    place = chance.randrange(len(word))
    how = chance.choice(("less", "swapped", "neighbour", "doubled", "any", "more"))
    if how == "less":
        return word[:place] + word[place + 1 :]
    if how == "swapped":
        place = min(place, len(word) - 2)
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if how == "doubled":
        return word[:place] + word[place] + word[place:]
    if how == "more":
        return word[:place] + chance.choice(LETTERS) + word[place:]
    other = chance.choice(_beside(word[place].lower()) if how == "neighbour" else LETTERS)
    return word[:place] + (other.upper() if word[place].isupper() else other) + word[place + 1 :]


def _beside(letter: str) -> str:
    for row in KEYBOARD:
        if letter in row:
            place = row.index(letter)
            return row[max(0, place - 1) : place] + row[place + 1 : place + 2]
    return LETTERS


def _typos(name: str, chance: Random, many: int) -> str | None:
    """In as many words, one each."""
    words = name.split()
    places = [place for place, word in enumerate(words) if _long(word.strip(",.()-'"))]
    if len(places) < many:
        return None
    for place in chance.sample(places, many):
        while (wrong := _mistyped(words[place], chance)) == words[place]:
            pass
        words[place] = wrong
    return " ".join(words)


def one_typo(name: str, chance: Random) -> str | None:
    return _typos(name, chance, 1)


def two_typos(name: str, chance: Random) -> str | None:
    """In two words of a long name."""
    return _typos(name, chance, 2) if sum(map(str.isalpha, name)) > 11 else None


def _edited(name: str, chance: Random, many: int) -> str | None:
    """Letters more, less, changed or swapped wherever it happens: both in one word, or at a blank."""
    if sum(map(str.isalpha, name)) < 6 * many:
        return None
    wrong = name
    for _ in range(many):
        place = chance.randrange(len(wrong) - 1)
        how = chance.choice(("less", "more", "other", "swapped"))
        if how == "swapped":
            wrong = wrong[:place] + wrong[place + 1] + wrong[place] + wrong[place + 2 :]
        else:
            letter = "" if how == "less" else chance.choice(LETTERS)
            wrong = wrong[:place] + letter + wrong[place + (how != "more") :]
    return wrong if wrong != name else None


def one_edit(name: str, chance: Random) -> str | None:
    return _edited(name, chance, 1)


def two_edits(name: str, chance: Random) -> str | None:
    return _edited(name, chance, 2)


def swapped(name: str, chance: Random) -> str | None:
    words = name.replace(",", " ").split()
    if len(words) < 2:
        return None
    while (other := chance.sample(words, len(words))) == words and len(set(words)) > 1:
        pass
    return " ".join(other)


def dropped(name: str, chance: Random) -> str | None:
    """One part of three or more is missing; a part is a word with whatever small words lead to it."""
    parts = _parts(name)
    if len(parts) < 3:
        return None
    parts.pop(chance.randrange(len(parts)))
    return " ".join(parts)


def dropped_word(name: str, chance: Random) -> str | None:
    """One word of three or more is missing, were it the "al" of another."""
    words = name.replace(",", " ").split()
    if len(words) < 3:
        return None
    words.pop(chance.randrange(len(words)))
    return " ".join(words)


GIVEN = ("Anna", "Peter", "Karim", "Wei", "Sergey", "Maria", "Tariq", "Jose", "Elena", "Yusuf")


def one_more(name: str, chance: Random) -> str | None:
    """A given name that the list has not, anywhere."""
    words = name.replace(",", " ").split()
    if len(words) < 2:
        return None
    words.insert(chance.randrange(len(words) + 1), chance.choice(GIVEN))
    return " ".join(words)


_LEADS = frozenset(
    [
        "al",
        "el",
        "bin",
        "ben",
        "ibn",
        "abu",
        "abd",
        "de",
        "del",
        "la",
        "von",
        "van",
        "der",
        "bint",
        "umm",
        "ould",
        "the",
        "of",
        "and",
    ]
)


def _parts(name: str) -> list[str]:
    parts: list[str] = []
    lead = ""
    for word in name.replace(",", " ").split():
        lead = f"{lead} {word}".strip()
        if word.lower().strip(".'-") not in _LEADS:
            parts.append(lead)
            lead = ""
    if lead and parts:
        parts[-1] += f" {lead}"
    return parts


def without_marks(name: str, _: Random) -> str | None:
    """ "Çelik" as "Celik"."""
    bare = "".join(sign for sign in unicodedata.normalize("NFD", name) if not unicodedata.combining(sign))
    return bare if bare != name else None


def initial(name: str, chance: Random) -> str | None:
    """A given name is only its letter: one part of three or more."""
    words = name.replace(",", " ").split()
    places = [place for place, word in enumerate(words[:-1]) if _long(word)]
    if len(words) < 3 or not places:
        return None
    place = chance.choice(places)
    words[place] = words[place][0] + "."
    return " ".join(words)


def run_together(name: str, chance: Random) -> str | None:
    """A blank is missing."""
    words = name.replace(",", " ").split()
    if len(words) < 2:
        return None
    place = chance.randrange(len(words) - 1)
    return " ".join([*words[:place], words[place] + words[place + 1].lower(), *words[place + 2 :]])


def _table(text: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in text.split())


# As a person of that country would write the sounds of a Latin name; the longest letters first.
_CYRILLIC = _table(
    "shch=щ sch=щ tch=ч zh=ж kh=х ts=ц ch=ч sh=ш ph=ф th=т ck=к yu=ю ya=я yo=ё ye=е oo=у ou=у ee=и a=а b=б"
    " c=к d=д e=е f=ф g=г h=х i=и j=дж k=к l=л m=м n=н o=о p=п q=к r=р s=с t=т u=у v=в w=в x=кс y=й z=з"
)
_GREEK = _table(
    "tch=τσ sch=σ sh=σ ch=τσ kh=χ th=θ ph=φ gh=γ dh=ντ ou=ου oo=ου ee=ι ts=τσ tz=τζ ks=ξ ps=ψ ck=κ"
    " a=α b=μπ c=κ d=ντ e=ε f=φ g=γκ h=χ i=ι j=τζ k=κ l=λ m=μ n=ν o=ο p=π q=κ r=ρ s=σ t=τ u=ου v=β w=ου x=ξ"
    " y=ι z=ζ"
)
_GREEK_BY_LETTER = _GREEK | _table("b=β d=δ g=γ u=υ y=υ h=χ w=ω")  # as a machine writes it
# As a program's table writes one letter for one, what it has no letter for left as it is.
_CYRILLIC_BY_LETTER = dict(
    zip("abvgdezijklmnoprstufhy", "абвгдезийклмнопрстуфхы", strict=True),
) | _table("zh=ж ts=ц ch=ч sh=ш sch=щ ju=ю ja=я")
_GREEK_BY_KEY = dict(
    zip("abgdezhiklmnxoprstyfwu", "αβγδεζηικλμνξοπρστυφωθ", strict=True),
) | _table("th=θ ch=χ ps=ψ")
_ARABIC = _table(
    "sh=ش kh=خ th=ث dh=ذ gh=غ ch=تش ou=و oo=و ee=ي ph=ف ck=ك"
    " b=ب c=ك d=د f=ف g=ج h=ه j=ج k=ك l=ل m=م n=ن p=ب q=ق"
    " r=ر s=س t=ت v=ف w=و x=كس y=ي z=ز"
)
_HEBREW = _table(
    "sh=ש kh=ח ch=ח th=ת ph=פ tz=צ ts=צ oo=ו ou=ו ee=י a=א b=ב c=ק d=ד e=א f=פ g=ג h=ה i=י j=ג k=ק l=ל m=מ"
    " n=נ o=ו p=פ q=ק r=ר s=ס t=ט u=ו v=ו w=ו x=קס y=י z=ז"
)
_LONG = {"a": "ا", "e": "ي", "i": "ي", "o": "و", "u": "و"}


def _in(table: dict[str, str], name: str) -> str | None:
    plain = without_marks(name.lower(), Random(0)) or name.lower()
    if not latin(name) or not re.fullmatch(r"[a-z ,.'’`-]+", plain):
        return None
    plain = re.sub(r"[’'`]", "", plain)
    longest = re.compile("|".join(sorted(map(re.escape, table), key=len, reverse=True)))
    return longest.sub(lambda found: table[found[0]], plain).title()


def cyrillic(name: str, _: Random) -> str | None:
    return _in(_CYRILLIC, name)


def greek(name: str, _: Random) -> str | None:
    found = _in(_GREEK, name)
    return re.sub(r"σ\b", "ς", found) if found else None


def greek_by_letter(name: str, _: Random) -> str | None:
    found = _in(_GREEK_BY_LETTER, name)
    return re.sub(r"σ\b", "ς", found) if found else None


def arabic(name: str, chance: Random) -> str | None:
    """Vowels that begin or end a word are written, of the others the long: here two of three."""

    def written(found: re.Match[str]) -> str:
        word, said = found[0], ""
        for place, letter in enumerate(word):
            if letter not in _LONG:
                said += letter
            elif place in (0, len(word) - 1) or chance.random() < 0.67:
                said += "ا" if not place else _LONG[letter]
        return said

    plain = without_marks(name.lower(), chance) or name.lower()
    if not latin(name) or not re.fullmatch(r"[a-z ,.'’`-]+", plain):
        return None
    plain = re.sub(r"(.)\1+", r"\1", re.sub(r"[’'`]", "", plain))
    long = re.sub(r"[a-z]+", written, re.sub("ou|oo", "u", re.sub("ee", "i", plain)))
    longest = re.compile("|".join(sorted(_ARABIC, key=len, reverse=True)))
    return longest.sub(lambda found: _ARABIC[found[0]], long)


def arabic_by_letter(name: str, _: Random) -> str | None:
    """Every vowel with a letter of its own."""
    return _in(_ARABIC | _LONG, name)


def arabic_without_vowels(name: str, chance: Random) -> str | None:
    """Only a vowel that begins a word is written."""
    plain = without_marks(name.lower(), chance) or name.lower()
    bare = re.sub(r"(?<=[a-z])[aeiou]", "", re.sub(r"\b[aeiou]", "a", plain))
    return _in(_ARABIC | _LONG, bare)


def hebrew(name: str, _: Random) -> str | None:
    return _in(_HEBREW, name)


def cyrillic_by_letter(name: str, _: Random) -> str | None:
    return _in(_CYRILLIC_BY_LETTER, name)


def greek_by_key(name: str, _: Random) -> str | None:
    return _in(_GREEK_BY_KEY, name)


KINDS: dict[str, Mangler] = {
    "one typo": one_typo,
    "two typos in a long name": two_typos,
    "one edit anywhere": one_edit,
    "two edits anywhere": two_edits,
    "swapped parts": swapped,
    "dropped part": dropped,
    "dropped word": dropped_word,
    "one word more": one_more,
    "lost diacritics": without_marks,
    "Cyrillic": cyrillic,
    "Greek": greek,
    "Greek by letter": greek_by_letter,
    "Greek by a table of keys": greek_by_key,
    "Cyrillic by letter": cyrillic_by_letter,
    "Arabic": arabic,
    "Arabic by letter": arabic_by_letter,
    "Arabic without vowels": arabic_without_vowels,
    "Hebrew by letter": hebrew,
    "initial": initial,
    "run together": run_together,
}
