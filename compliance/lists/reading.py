"""What every reader of a list gives, and how XML is read safely: no DTD, no entities, entry by entry."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO
from xml.etree import ElementTree
from xml.parsers import expat

LONGEST_REFERENCE = 40


class Unreadable(Exception):
    """The file is not what it says it is. The text is for whoever sent it."""


@dataclass(frozen=True)
class Name:
    name: str
    strong: bool = True  # False: the list itself calls the alias weak


@dataclass(frozen=True)
class Paper:
    """A number that names somebody: kind is "passport", "id_card", "tax", "register", "vessel" or "lei"."""

    kind: str
    number: str
    country: str = ""  # ISO 3166 alpha-2 or the list's word


@dataclass(frozen=True)
class Entry:
    """One entity of a list, as screening needs it."""

    reference: str
    kind: str  # "person", "organisation", "vessel", "aircraft"
    names: tuple[Name, ...]  # the first is the primary one
    born_on: str = ""  # "18 Sep 1964", "1964", "circa 1964", "1964 to 1966"; several divided by "; "
    born_in: str = ""
    countries: str = ""  # ISO 3166 alpha-2 or the list's word, divided by blanks
    programmes: str = ""
    papers: tuple[Paper, ...] = ()

    def __post_init__(self) -> None:
        if len(self.reference) > LONGEST_REFERENCE:
            cut = self.reference[:20]
            raise Unreadable(f"Entry {cut}… has a number of more than {LONGEST_REFERENCE} signs.")

    @property
    def content(self) -> str:
        """A hash of all that is remembered, whatever the order: while it is the same, so is the entry."""
        names = (self.names[0], sorted(self.names, key=repr))
        papers = sorted(self.papers, key=repr)
        said = (self.kind, names, self.born_on, self.born_in, self.countries, self.programmes, papers)
        return hashlib.sha256(repr(said).encode()).hexdigest()


def joined(entries: Sequence[Entry]) -> Entry:
    """One entity that is listed several times: what any of them says. At once, not one by one to the other:
    a file that names one entity a hundred thousand times is read in the time of its length.
    """
    if len(entries) == 1:
        return entries[0]

    def all_of(by: str, written: Iterable[str]) -> str:
        return by.join(dict.fromkeys(part for each in written for part in each.split(by) if part))

    return Entry(
        reference=entries[0].reference,
        kind=entries[0].kind,
        names=listed_once([name for each in entries for name in each.names]),
        born_on=all_of("; ", (each.born_on for each in entries)),
        born_in=all_of("; ", (each.born_in for each in entries)),
        countries=" ".join(sorted({country for each in entries for country in each.countries.split()})),
        programmes=all_of("; ", (each.programmes for each in entries)),
        papers=tuple(dict.fromkeys(paper for each in entries for paper in each.papers)),
    )


@dataclass(frozen=True)
class ListFile:
    """A whole file: its date (None: it does not say), how many entries it says it holds (None: likewise), the
    entries, and how many names it writes, repeated ones too."""

    published_on: date | None
    stated: int | None
    entries: tuple[Entry, ...]
    names: int


def listed_once(names: Iterable[Name]) -> tuple[Name, ...]:
    """Every name once, the primary one first; a name that is strong anywhere is strong."""
    strong: dict[str, bool] = {}
    for each in names:
        if each.name:
            strong[each.name[:400]] = strong.get(each.name[:400], False) or each.strong
    return tuple(Name(name, how) for name, how in strong.items())


def born(days: Iterable[date | str]) -> str:
    """Birth dates in the words all lists share, each once."""
    said = (
        day if isinstance(day, str) else f"{day.day:02} {_MONTHS[day.month - 1]} {day.year}" for day in days
    )
    return "; ".join(dict.fromkeys(filter(None, said)))


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_of(written: str) -> date | None:
    """ "1964-09-18" -> that day; anything else is none."""
    try:
        return date.fromisoformat(written) if len(written) == 10 else None
    except ValueError:
        return None


def elements(file: IO[bytes], root: str, depth: int = 1) -> Iterator[ElementTree.Element]:
    """Every element `depth` levels below `root`, once it is whole; freed when the next is asked for.

    Raises Unreadable for another root, a DTD, and anything that is not well-formed to its last byte.
    """
    opening(file, root)
    above: list[ElementTree.Element] = []
    try:
        for event, element in ElementTree.iterparse(file, events=("start", "end")):  # noqa: S314  # no DTD, see above
            if event == "start":
                above.append(element)
                continue
            above.pop()
            if len(above) == depth:
                yield element
                above[-1].clear()
    except ElementTree.ParseError as error:
        line, column = error.position
        raise Unreadable(
            f"The file is cut short or broken at line {line}, column {column}. Download it again."
        ) from error


class _Started(Exception):
    """The root element was reached."""


def opening(file: IO[bytes], root: str) -> dict[str, str]:
    """The root's attributes. Everything before it is looked at: a DTD could define entities that grow or
    fetch. Then rewinds. Raises Unreadable for another root, and what is no XML."""
    parser = expat.ParserCreate()
    found: str = ""
    attributes: dict[str, str] = {}

    def no_dtd(*_: object) -> None:
        raise Unreadable("The file carries a DTD, which no sanctions list does. Download it again.")

    def reached(tag: str, said: dict[str, str]) -> None:
        nonlocal found, attributes
        found, attributes = tag, said
        raise _Started

    parser.StartDoctypeDeclHandler = no_dtd
    parser.EntityDeclHandler = no_dtd
    parser.StartElementHandler = reached
    try:
        while chunk := file.read(64 * 1024):
            parser.Parse(chunk, False)
        raise Unreadable("The file is empty.")
    except _Started:
        pass
    except expat.ExpatError as error:
        raise Unreadable(f"The file is not XML (line {error.lineno}). Download it again.") from error
    except (LookupError, ValueError) as error:
        raise Unreadable("The file names an encoding that no list is written in.") from error
    if found.rpartition(":")[2] != root:
        raise Unreadable(f"The file begins with “{found[:60]}” where this list begins with “{root}”.")
    file.seek(0)
    return attributes


def texts(element: ElementTree.Element, *path: str) -> list[str]:
    """The texts at the end of this path of tags, namespaces left out, blanks tidied."""
    here = [element]
    for tag in path:
        here = [child for parent in here for child in parent if local(child.tag) == tag]
    return [" ".join(each.text.split()) for each in here if each.text and each.text.strip()]


def text(element: ElementTree.Element, *path: str) -> str:
    """The first of `texts`, or ""."""
    return next(iter(texts(element, *path)), "")


def local(tag: str) -> str:
    return tag.rpartition("}")[2]
