"""Names of persons, as each culture builds them: middle names, two families, patronymics, syllables."""

from collections.abc import Callable
from typing import NamedTuple

from rmcrm.synthetic.texts import DATA, records


class Name(NamedTuple):
    """A person's name; `native` is "" where the own script is Latin."""

    given: str
    family: str
    native: str

    @property
    def full(self) -> str:
        return f"{self.given} {self.family}"


class Word(NamedTuple):
    latin: str
    native: str


class Culture(NamedTuple):
    """One culture's tables, and how often there is a second and a third given name, or a second family."""

    code: str
    men: list[Word]
    women: list[Word]
    families: list[Word]
    compounds: list[Word]
    men_middle: list[Word]
    women_middle: list[Word]
    middle: float
    third: float
    double: float
    joint: str  # between two families
    feminine: Callable[[Word], Word] | None
    native_order: str  # "given family", "family given", ""
    native_joint: str
    seconds_men: list[Word]
    seconds_women: list[Word]


def _words(text: str) -> list[Word]:
    found = []
    for item in text.split():
        latin, _, native = item.replace("~", " ").partition(":")
        found.append(Word(latin, native))
    return found


def _compounds(heads: list[Word], tails: list[Word]) -> list[Word]:
    return [
        Word(_smooth(head.latin, tail.latin), head.native + tail.native)
        for head in heads
        for tail in tails
        if head.latin.strip().lower() != tail.latin.lower()
    ]


def _smooth(head: str, tail: str) -> str:
    """No letter three times, and no letter twice across the joint before a vowel: Lepp+onen, Milanović."""
    if len(head) > 1 and head[-1] == head[-2] == tail[0]:
        return head[:-1] + tail
    if head[-1] == tail[0] and head[-1] in "aeiouáéíóúäöüõ":
        return head + tail[1:]
    return head + tail


def _slavic(word: Word) -> Word:
    if word.latin.endswith(("ov", "ev", "in")):
        return Word(word.latin + "a", word.native + "а")
    return word


def _polish(word: Word) -> Word:
    return Word(word.latin[:-1] + "a", "") if word.latin.endswith(("ski", "cki")) else word


def _czech(word: Word) -> Word:
    name = word.latin
    if name.endswith("ý"):
        return Word(name[:-1] + "á", "")
    if name.endswith("í"):
        return word
    if name.endswith("a"):
        return Word(name[:-1] + "ová", "")
    if name.endswith(("ek", "ec")):
        return Word(name[:-2] + name[-1] + "ová", "")
    return Word(name + "ová", "")


def _baltic(word: Word) -> Word:
    name = word.latin
    if name.endswith("as"):
        return Word(name[:-2] + "ienė", "")
    if name.endswith(("ius", "is", "ys", "us")):
        return Word(name[: -3 if name.endswith("ius") else -2] + "ienė", "")
    if name.endswith("š"):
        return Word(name[:-1] + "a", "")
    return word


def _patronymics(fathers: list[Word], code: str) -> tuple[list[Word], list[Word]]:
    """Of Ivan: Ivanovich and Ivanovna; Ivanovych and Ivanivna in Ukraine, Ivanov and Ivanova in Bulgaria."""
    men, women = [], []
    for latin, native in fathers:
        if code == "ukrainian":
            men.append(Word(f"{latin}ovych", f"{native}ович"))
            women.append(Word(f"{latin}ivna", f"{native}івна"))
            continue
        soft = native[-1] in "аеиоуь"
        tail, own = ("ev", "ев") if soft else ("ov", "ов")
        if code == "bulgarian":
            men.append(Word(latin + tail, native + own))
            women.append(Word(latin + tail + "a", native + own + "а"))
            continue
        stem = latin[:-2] + "y" if native[-1] == "ь" else latin
        men.append(Word(f"{stem}{tail}ich", f"{native}{own}ич"))
        women.append(Word(f"{stem}{tail}na", f"{native}{own}на"))
    return men, women


# Shares of (a second given name, a third, a second family); where nothing is said: _USUAL.
_USUAL = (0.8, 0.15, 0.18)
_SHARES = {
    "german": (0.84, 0.25, 0.2),
    "polish": (0.84, 0.05, 0.18),
    "spanish": (0.45, 0.0, 1.0),
    "portuguese": (0.55, 0.1, 0.95),
    "brazilian": (0.5, 0.05, 0.95),
    "russian": (1.0, 0.0, 0.0),
    "bulgarian": (0.95, 0.0, 0.04),
    "ukrainian": (0.97, 0.0, 0.05),
    "arabic": (0.93, 0.4, 0.0),
    "hindi": (0.9, 0.15, 0.15),
    "tamil": (0.9, 0.15, 0.0),
    "persian": (0.7, 0.0, 0.15),
    "dutch": (0.85, 0.2, 0.08),
    "english": (0.88, 0.1, 0.1),
    "vietnamese": (0.0, 0.0, 0.5),
    "indonesian": (0.8, 0.1, 0.05),
    "chinese": (0.88, 0.0, 0.0),
    "korean": (0.96, 0.0, 0.0),
    "japanese": (0.6, 0.0, 0.0),
    "hebrew": (0.75, 0.1, 0.15),
    "greek": (0.8, 0.1, 0.1),
}
_BLANK_BETWEEN_FAMILIES = {"spanish", "portuguese", "brazilian", "vietnamese", "hindi"}
_FEMININE = {"russian": _slavic, "bulgarian": _slavic, "polish": _polish, "czech": _czech, "baltic": _baltic}
_EASTERN = {"chinese", "japanese", "korean"}


def _culture(code: str, table: dict[str, str]) -> Culture:
    men, women, families = _words(table["men"]), _words(table["women"]), _words(table["families"])
    middle, third, double = _SHARES.get(code, _USUAL)
    men_middle, women_middle = men, women
    if "fathers" in table:
        men_middle, women_middle = _patronymics(_words(table["fathers"]), code)
    elif code in {"arabic", "hindi", "tamil"}:
        women_middle = men  # the father's name follows one's own
    elif code in _EASTERN and "firsts" in table:
        men_middle = _words(table["firsts"])
        women_middle = _words(table["firsts_women"]) if "firsts_women" in table else men_middle
    return Culture(
        code=code,
        men=men,
        women=women,
        families=families,
        compounds=_compounds(_words(table.get("heads", "")), _words(table.get("tails", ""))),
        men_middle=men_middle,
        women_middle=women_middle,
        middle=middle,
        third=third,
        double=double,
        joint=" " if code in _BLANK_BETWEEN_FAMILIES else "-",
        feminine=_FEMININE.get(code),
        native_order="" if not families[0].native else "family given" if code in _EASTERN else "given family",
        native_joint="" if code in _EASTERN else " ",
        seconds_men=_words(table.get("seconds_men", "")),
        seconds_women=_words(table.get("seconds_women", "")),
    )


CULTURES: dict[str, Culture] = {
    path.stem: _culture(path.stem, records(f"cultures/{path.name}")[0])
    for path in sorted((DATA / "cultures").glob("*.txt"))
}
COMPOUND_SHARE = 0.5

Chance = Callable[[], float]


def family_of(culture: Culture, chance: Chance) -> Word:
    """A family name, masculine or neutral, of one or two families."""
    one = _one_family(culture, chance)
    if chance() >= culture.double:
        return one
    two = _one_family(culture, chance)
    if two.latin == one.latin:
        return one
    joint = culture.joint
    return Word(f"{one.latin}{joint}{two.latin}", f"{one.native}{joint}{two.native}" if one.native else "")


def _one_family(culture: Culture, chance: Chance) -> Word:
    table = culture.families
    if culture.compounds and chance() < COMPOUND_SHARE:
        table = culture.compounds
    return table[int(chance() * len(table))]


def person(culture: Culture, sex: str, chance: Chance, family: Word | None = None) -> Name:
    """A person of this culture; `family` when it is already known, as of a spouse or a child."""
    family = family or family_of(culture, chance)
    if sex == "f":
        names, middles, seconds = culture.women, culture.women_middle, culture.seconds_women
        if culture.feminine:
            family = culture.feminine(family)
    else:
        names, middles, seconds = culture.men, culture.men_middle, culture.seconds_men
    given = names[int(chance() * len(names))]
    if chance() < culture.middle:
        middle = middles[int(chance() * len(middles))]
        if seconds:  # a given name of two syllables, each with its sign
            second = seconds[int(chance() * len(seconds))]
            hyphen = "-" if culture.code == "korean" else ""
            latin = middle.latin + hyphen + (second.latin if hyphen else second.latin.lower())
            given = Word(latin, middle.native + second.native)
        elif middle.latin != given.latin:
            more = middles[int(chance() * len(middles))] if chance() < culture.third else middle
            given = Word(f"{given.latin} {middle.latin}", f"{given.native} {middle.native}")
            if more.latin != middle.latin:
                given = Word(f"{given.latin} {more.latin}", f"{given.native} {more.native}")
    native = ""
    if culture.native_order == "given family":
        native = f"{given.native} {family.native}"
    elif culture.native_order:
        native = f"{family.native}{given.native}"
    return Name(given.latin, family.latin, native)
