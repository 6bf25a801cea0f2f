"""The US Treasury's SDN list (SDN.XML). https://ofac.treasury.gov/specially-designated-nationals-list-data-formats"""

from datetime import date, datetime
from typing import IO
from xml.etree.ElementTree import Element

from compliance.lists.countries import country_code
from compliance.lists.reading import Entry, ListFile, Name, Unreadable, elements, local, text, texts

KINDS = {"Individual": "person", "Entity": "organisation", "Vessel": "vessel", "Aircraft": "aircraft"}


def read(file: IO[bytes]) -> ListFile:
    """The whole list. Raises Unreadable when it is none."""
    published_on: date | None = None
    stated: int | None = None
    entries: dict[str, Entry] = {}
    for element in elements(file, "sdnList"):
        tag = local(element.tag)
        if tag == "publshInformation":  # the Treasury's own spelling
            published_on, stated = _day(text(element, "Publish_Date")), _count(text(element, "Record_Count"))
        elif tag == "sdnEntry":
            entry = _entry(element, len(entries) + 1)
            if entry.reference in entries:
                raise Unreadable(f"Entry {entry.reference} is in the file twice.")
            entries[entry.reference] = entry
        else:
            raise Unreadable(f"The file holds “{tag[:60]}”, which an SDN list does not.")
    if published_on is None:
        raise Unreadable("The file does not say of which day it is (Publish_Date).")
    return ListFile(published_on, stated, tuple(entries.values()))


def _entry(element: Element, place: int) -> Entry:
    reference, kind = text(element, "uid"), text(element, "sdnType")
    if not reference or not text(element, "lastName"):
        raise Unreadable(f"Entry number {place} has no uid or no name.")
    if kind not in KINDS:
        raise Unreadable(f"Entry {reference} is a “{kind[:40]}”, which an SDN list does not know.")
    aliases = [alias for group in element if local(group.tag) == "akaList" for alias in group]
    names = {_name(element): True}
    for alias in aliases:
        if name := _name(alias):
            names.setdefault(name, text(alias, "category") != "weak")
    countries = {
        country_code(country)
        for path in (
            ("nationalityList", "nationality", "country"),
            ("citizenshipList", "citizenship", "country"),
            ("addressList", "address", "country"),
        )
        for country in texts(element, *path)
    }
    return Entry(
        reference=reference,
        kind=KINDS[kind],
        names=tuple(Name(name[:400], strong) for name, strong in names.items()),
        born_on="; ".join(texts(element, "dateOfBirthList", "dateOfBirthItem", "dateOfBirth"))[:200],
        countries=" ".join(sorted(countries - {""}))[:200],
        programmes="; ".join(texts(element, "programList", "program"))[:300],
    )


def _name(element: Element) -> str:
    return " ".join([*texts(element, "firstName"), *texts(element, "lastName")])


def _day(written: str) -> date | None:
    try:
        return datetime.strptime(written, "%m/%d/%Y").date()  # noqa: DTZ007  # a day has no time zone
    except ValueError:
        return None


def _count(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdigit() else None
