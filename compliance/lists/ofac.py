"""The US Treasury's SDN list (SDN.XML). https://ofac.treasury.gov/specially-designated-nationals-list-data-formats"""

from datetime import date, datetime
from typing import IO
from xml.etree.ElementTree import Element

from compliance.lists.countries import country_code
from compliance.lists.reading import (
    Entry,
    ListFile,
    Name,
    Paper,
    Unreadable,
    elements,
    listed_once,
    local,
    text,
    texts,
)

KINDS = {"Individual": "person", "Entity": "organisation", "Vessel": "vessel", "Aircraft": "aircraft"}
# What the Treasury calls its numbers -> what kind of paper it is, by a word in it; others name nobody.
PAPERS = (
    ("passport", ("passport",)),
    ("vessel", ("vessel registration identification", "mmsi", "aircraft tail number")),
    ("tax", (
        "tax id", "v.a.t.", "nit #", "r.f.c.", "rfc", "ruc #", "rif #", "fein", "fiscal code", "c.u.i.t.",
    )),
    ("register", (
        "registration", "registry", "register", "company number", "mercantil", "trade license", "c.r. no",
        "social credit", "legal entity number", "chamber of comm", "business",
    )),
    ("id_card", (
        "national id", "cedula", "c.u.r.p.", "d.n.i.", "personal id", "identification number", "ssn",
        "national foreign id", "credencial", "driver", "birth certificate", "residency",
    )),
)  # fmt: skip


def read(file: IO[bytes]) -> ListFile:
    """The whole list. Raises Unreadable when it is none."""
    published_on: date | None = None
    stated: int | None = None
    entries: dict[str, Entry] = {}
    names = 0
    for element in elements(file, "sdnList"):
        tag = local(element.tag)
        if tag == "publshInformation":  # the Treasury's own spelling
            published_on, stated = _day(text(element, "Publish_Date")), _count(text(element, "Record_Count"))
        elif tag == "sdnEntry":
            entry, written = _entry(element, len(entries) + 1)
            names += written
            if entry.reference in entries:
                raise Unreadable(f"Entry {entry.reference} is in the file twice.")
            entries[entry.reference] = entry
        else:
            raise Unreadable(f"The file holds “{tag[:60]}”, which an SDN list does not.")
    if published_on is None:
        raise Unreadable("The file does not say of which day it is (Publish_Date).")
    return ListFile(published_on, stated, tuple(entries.values()), names)


def _entry(element: Element, place: int) -> tuple[Entry, int]:
    reference, kind = text(element, "uid"), text(element, "sdnType")
    if not reference or not text(element, "lastName"):
        raise Unreadable(f"Entry number {place} has no uid or no name.")
    if kind not in KINDS:
        raise Unreadable(f"Entry {reference} is a “{kind[:40]}”, which an SDN list does not know.")
    aliases = [alias for group in element if local(group.tag) == "akaList" for alias in group]
    names = [Name(_name(element)), *(Name(_name(each), text(each, "category") != "weak") for each in aliases)]
    countries = {
        country_code(country)
        for path in (
            ("nationalityList", "nationality", "country"),
            ("citizenshipList", "citizenship", "country"),
            ("addressList", "address", "country"),
        )
        for country in texts(element, *path)
    }
    places = texts(element, "placeOfBirthList", "placeOfBirthItem", "placeOfBirth")
    countries |= {code for place in places if len(code := country_code(place.rpartition(",")[2])) == 2}
    entry = Entry(
        reference=reference,
        kind=KINDS[kind],
        names=listed_once(names),
        born_on="; ".join(texts(element, "dateOfBirthList", "dateOfBirthItem", "dateOfBirth")),
        born_in="; ".join(places),
        countries=" ".join(sorted(countries - {""})),
        programmes="; ".join(texts(element, "programList", "program")),
        papers=tuple(dict.fromkeys(_papers(element))),
    )
    return entry, len(names)


def _papers(element: Element) -> list[Paper]:
    papers = []
    for each in (child for group in element if local(group.tag) == "idList" for child in group):
        said, number = text(each, "idType").lower(), text(each, "idNumber")
        kind = next((kind for kind, words in PAPERS if any(word in said for word in words)), "")
        if kind and number:
            papers.append(Paper(kind, number[:100], country_code(text(each, "idCountry"))))
    return papers


def _name(element: Element) -> str:
    return " ".join([*texts(element, "firstName"), *texts(element, "lastName")])


def _day(written: str) -> date | None:
    try:
        return datetime.strptime(written, "%m/%d/%Y").date()  # noqa: DTZ007  # a day has no time zone
    except ValueError:
        return None


def _count(written: str) -> int | None:
    return int(written[:18]) if written.isascii() and written.isdigit() else None
