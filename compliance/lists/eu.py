"""The European Union's consolidated financial sanctions (FSF 1.1, root “export”).

https://webgate.ec.europa.eu/fsd/fsf: an entity is named by its EU reference number; one that two regulations
list stands there twice and is one entry here.
"""

from datetime import date
from typing import IO
from xml.etree.ElementTree import Element

from compliance.lists.reading import (
    Entry,
    ListFile,
    Name,
    Paper,
    Unreadable,
    born,
    day_of,
    elements,
    joined,
    listed_once,
    local,
    opening,
)

ROOT = "export"
KINDS = {"person": "person", "enterprise": "organisation"}
PAPERS = {
    "passport": "passport", "travelcardid": "passport", "id": "id_card", "ssn": "id_card",
    "residentperm": "id_card", "electionid": "id_card", "drivinglicence": "id_card", "birthcert": "id_card",
    "nationcert": "id_card", "fiscalcode": "tax", "regnumber": "register", "tradelic": "register",
    "imo": "vessel",
}  # fmt: skip
_UNKNOWN = {"", "00"}  # the list's own sign for a country that is not known


def read(file: IO[bytes]) -> ListFile:
    """The whole list. Raises Unreadable when it is none."""
    published_on = day_of(opening(file, ROOT).get("generationDate", "")[:10])
    if published_on is None:
        raise Unreadable("The file does not say of which day it is (generationDate).")
    entries: dict[str, list[Entry]] = {}
    names = 0
    for place, element in enumerate(elements(file, ROOT), 1):
        if local(element.tag) != "sanctionEntity":
            raise Unreadable(f"The file holds “{local(element.tag)[:60]}”, which an EU list does not.")
        entry, written = _entry(element, place)
        entries.setdefault(entry.reference, []).append(entry)
        names += written
    return ListFile(published_on, None, tuple(joined(each) for each in entries.values()), names)


def _entry(element: Element, place: int) -> tuple[Entry, int]:
    reference, kind = element.get("euReferenceNumber", ""), ""
    names, countries, programmes, born_on, born_in, papers = [], set(), [], [], [], []
    for child in element:
        tag, said = local(child.tag), child.attrib
        if tag in ("citizenship", "address", "birthdate"):
            countries.add(said.get("countryIso2Code", ""))
        if tag == "subjectType":
            kind = said.get("code", "")
        elif tag == "nameAlias":
            names.append(Name(_name(said), said.get("strong") != "false"))
        elif tag == "regulation":
            programmes.append(said.get("programme", ""))
        elif tag == "birthdate":
            born_on.append(_born(said))
            born_in.append(_joined(", ", said, "city", "place", "region", "countryDescription"))
        elif tag == "identification" and said.get("identificationTypeCode") in PAPERS:
            number = said.get("number") or said.get("latinNumber", "")
            country = said.get("countryIso2Code", "")
            if number:
                paper = PAPERS[said["identificationTypeCode"]]
                papers.append(Paper(paper, number[:100], "" if country in _UNKNOWN else country))
    if not reference or not any(name.name for name in names):
        raise Unreadable(f"Entry number {place} has no reference number or no name.")
    if kind not in KINDS:
        raise Unreadable(f"Entry {reference} is a “{kind[:40]}”, which an EU list does not know.")
    entry = Entry(
        reference=reference,
        kind=KINDS[kind],
        names=listed_once(names),
        born_on=born(born_on),
        born_in="; ".join(dict.fromkeys(filter(None, born_in))),
        countries=" ".join(sorted(countries - _UNKNOWN)),
        programmes="; ".join(dict.fromkeys(filter(None, programmes))),
        papers=tuple(dict.fromkeys(papers)),
    )
    return entry, len(names)


def _name(said: dict[str, str]) -> str:
    return " ".join(said.get("wholeName", "").split()) or _joined(
        " ", said, "firstName", "middleName", "lastName"
    )


def _joined(by: str, said: dict[str, str], *keys: str) -> str:
    values = (" ".join(said.get(key, "").split()) for key in keys)
    return by.join(value for value in values if value and value != "UNKNOWN")


def _born(said: dict[str, str]) -> date | str:
    if said.get("calendarType", "GREGORIAN") != "GREGORIAN":
        return _joined(" ", said, "year", "calendarType")
    if (day := day_of(said.get("birthdate", ""))) and said.get("circa") != "true":
        return day
    years = _joined(" to ", said, "yearRangeFrom", "yearRangeTo") or said.get("year", "")
    return f"circa {years}" if years and said.get("circa") == "true" else years
