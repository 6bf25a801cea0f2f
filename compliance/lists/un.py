"""The United Nations Security Council Consolidated List. https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list

An entry is named by its DATAID: reference numbers are given anew when an entry moves to another regime.
"""

from datetime import date
from typing import IO
from xml.etree.ElementTree import Element

from compliance.lists.countries import country_code
from compliance.lists.reading import (
    Entry,
    ListFile,
    Name,
    Paper,
    Unreadable,
    born,
    day_of,
    elements,
    listed_once,
    local,
    opening,
    text,
    texts,
)

ROOT = "CONSOLIDATED_LIST"
KINDS = {"INDIVIDUAL": "person", "ENTITY": "organisation"}
PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")


def read(file: IO[bytes]) -> ListFile:
    """The whole list. Raises Unreadable when it is none."""
    published_on = day_of(opening(file, ROOT).get("dateGenerated", "")[:10])
    if published_on is None:
        raise Unreadable("The file does not say of which day it is (dateGenerated).")
    entries: dict[str, Entry] = {}
    names = 0
    for place, element in enumerate(elements(file, ROOT, depth=2), 1):
        tag = local(element.tag)
        if tag not in KINDS:
            raise Unreadable(f"The file holds “{tag[:60]}”, which a UN list does not.")
        entry, written = _entry(element, tag, place)
        if entry.reference in entries:
            raise Unreadable(f"Entry {entry.reference} is in the file twice.")
        entries[entry.reference] = entry
        names += written
    return ListFile(published_on, None, tuple(entries.values()), names)


def _entry(element: Element, tag: str, place: int) -> tuple[Entry, int]:
    reference = text(element, "DATAID")
    primary = " ".join(part for each in PARTS for part in texts(element, each))
    if not reference or not primary:
        raise Unreadable(f"Entry number {place} has no DATAID or no name.")
    names = [Name(primary), *(Name(name) for name in texts(element, "NAME_ORIGINAL_SCRIPT"))]
    born_on = [_born(each) for each in element if local(each.tag) == "INDIVIDUAL_DATE_OF_BIRTH"]
    for alias in element:
        if local(alias.tag) == f"{tag}_ALIAS" and (name := text(alias, "ALIAS_NAME")):
            names.append(Name(name, text(alias, "QUALITY") != "Low"))
            born_on.append(day_of(text(alias, "DATE_OF_BIRTH")) or "")
    countries = {
        country_code(country)
        for path in (
            ("NATIONALITY", "VALUE"),
            (f"{tag}_ADDRESS", "COUNTRY"),
            ("INDIVIDUAL_PLACE_OF_BIRTH", "COUNTRY"),
        )
        for country in texts(element, *path)
    }
    places = [each for each in element if local(each.tag) == "INDIVIDUAL_PLACE_OF_BIRTH"]
    entry = Entry(
        reference=reference,
        kind=KINDS[tag],
        names=listed_once(names),
        born_on=born(born_on),
        born_in="; ".join(dict.fromkeys(filter(None, map(_place, places)))),
        countries=" ".join(sorted(countries - {""})),
        programmes="; ".join(texts(element, "UN_LIST_TYPE")),
        papers=tuple(dict.fromkeys(_papers(element))),
    )
    return entry, len(names)


def _place(element: Element) -> str:
    return ", ".join(
        text(element, tag) for tag in ("CITY", "STATE_PROVINCE", "COUNTRY") if text(element, tag)
    )


def _papers(element: Element) -> list[Paper]:
    papers = []
    for document in element:
        if local(document.tag) == "INDIVIDUAL_DOCUMENT" and (number := text(document, "NUMBER")):
            kind = text(document, "TYPE_OF_DOCUMENT").lower()
            country = text(document, "ISSUING_COUNTRY") or text(document, "COUNTRY_OF_ISSUE")
            passport = "pas" in kind  # in English, French and Spanish
            papers.append(Paper("passport" if passport else "id_card", number[:100], country_code(country)))
    return papers


def _born(element: Element) -> date | str:
    how = text(element, "TYPE_OF_DATE")
    if how == "BETWEEN":
        return " to ".join(filter(None, (text(element, "FROM_YEAR"), text(element, "TO_YEAR"))))
    day, year = day_of(text(element, "DATE")), text(element, "YEAR")
    if how == "APPROXIMATELY":
        about = year or (str(day.year) if day else "")
        return about and f"circa {about}"
    return day or year
