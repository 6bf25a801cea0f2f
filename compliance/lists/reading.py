"""What every reader of a list gives, and how XML is read safely: no DTD, no entities, entry by entry."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import IO
from xml.etree import ElementTree
from xml.parsers import expat

from compliance.rules.screening import folded_name


class Unreadable(Exception):
    """The file is not what it says it is. The text is for whoever sent it."""


@dataclass(frozen=True)
class Name:
    name: str
    strong: bool = True  # False: the list itself calls the alias weak

    @property
    def folded(self) -> str:
        return folded_name(self.name)[:400]


@dataclass(frozen=True)
class Entry:
    """One entity of a list, as screening needs it."""

    reference: str
    kind: str  # "person", "organisation", "vessel", "aircraft"
    names: tuple[Name, ...]  # the first is the primary one
    born_on: str = ""
    countries: str = ""  # ISO 3166 alpha-2 or the list's word, divided by blanks
    programmes: str = ""

    @property
    def content(self) -> str:
        """A hash of everything compared: while it stays the same, the entry is the same."""
        said = (self.kind, self.names, self.born_on, self.countries, self.programmes)
        return hashlib.sha256(repr(said).encode()).hexdigest()


@dataclass(frozen=True)
class ListFile:
    """A whole file: its date, how many entries it says it holds (None: it does not say), the entries."""

    published_on: date
    stated: int | None
    entries: tuple[Entry, ...]


def elements(file: IO[bytes], root: str) -> Iterator[ElementTree.Element]:
    """Every direct child of `root`, once it is whole; freed when the next is asked for.

    Raises Unreadable for another root, a DTD, and anything that is not well-formed to its last byte.
    """
    _check_start(file, root)
    depth = 0
    top: ElementTree.Element | None = None
    try:
        for event, element in ElementTree.iterparse(file, events=("start", "end")):  # noqa: S314  # no DTD, see above
            depth += 1 if event == "start" else -1
            if event == "start" and depth == 1:
                top = element
            elif event == "end" and depth == 1:
                yield element
                if top is not None:
                    top.clear()
    except ElementTree.ParseError as error:
        line, column = error.position
        raise Unreadable(
            f"The file is cut short or broken at line {line}, column {column}. Download it again."
        ) from error


class _Started(Exception):
    """The root element was reached."""


def _check_start(file: IO[bytes], root: str) -> None:
    """Look at everything before the root: a DTD could define entities that grow or fetch. Then rewind."""
    parser = expat.ParserCreate()
    found = ""

    def no_dtd(*_: object) -> None:
        raise Unreadable("The file carries a DTD, which no sanctions list does. Download it again.")

    def reached(tag: str, _: object) -> None:
        nonlocal found
        found = tag
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
    if found.rpartition(":")[2] != root:
        raise Unreadable(f"The file begins with “{found[:60]}” where this list begins with “{root}”.")
    file.seek(0)


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
