"""What is planted on purpose: which clients, what exactly, and the list of them that tests and drills use."""

import json
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

DEFINITIONS = {
    "churners": (
        "Active or dormant, and the signals of rule pack retention reach its threshold. Those planted "
        "closed an account within 120 days, lost four fifths of their value in two quarters, and "
        "complained last."
    ),
    "expiring_passports": (
        "A passport of the main party expires within 60 days after the as-of date; not closed."
    ),
    "drifting_portfolios": (
        "A class of what is held is further from the mandate's model than its tolerance."
    ),
    "unsuitable_holdings": (
        "The risk class of a held product is above what rule pack suitability allows the band of the "
        "signed assessment. Those planted are above band + 2 too."
    ),
    "cyclic_owners": "On one file, ownership leads from a party through others back to itself.",
    "sanctioned_names": "The main party was given a name on the OFAC list, or one close to it.",
    "neglected": (
        "Active or dormant, last contact longer ago than the days of rule pack contact (hnw 30, affluent "
        "60, corporate 30, sme 60, mass 365). Those planted are beyond twice as many."
    ),
    "kyc_overdue": "Active or dormant, and the next KYC review was due before the as-of date.",
    "assessment_expired": "The signed assessment's valid_until is before the as-of date; not closed.",
}


class Sanctioned(NamedTuple):
    given: str
    family: str
    born: str
    nationality: str


# As US Treasury lists them, or as a passport of another country may spell them.
SANCTIONED_PERSONS = [
    Sanctioned("Victor Anatolyevich", "Bout", "1967-01-13", "RU"),
    Sanctioned("Gennady Nikolayevich", "Timchenko", "1952-11-09", "FI"),
    Sanctioned("Joaquín", "Guzmán Loera", "1957-04-04", "MX"),
    Sanctioned("Igor Ivanovich", "Sechin", "1960-09-07", "RU"),
    Sanctioned("Arkadij", "Rotenberg", "1951-12-15", "RU"),
    Sanctioned("Oleg Wladimirowitsch", "Deripaska", "1968-01-02", "RU"),
    Sanctioned("Boris", "Rotenberg", "1957-01-03", "FI"),
    Sanctioned("Viktor", "Vekselberg", "1957-04-14", "RU"),
    Sanctioned("Dan", "Gertler", "1973-12-23", "IL"),
    Sanctioned("Maher", "al-Assad", "1967-12-08", "SY"),
    Sanctioned("Ramzan Achmatowitsch", "Kadyrow", "1976-10-05", "RU"),
    Sanctioned("Ratko", "Mladić", "1942-03-12", "BA"),
    Sanctioned("Rafael", "Caro Quintero", "1952-10-24", "MX"),
    Sanctioned("Nicolás", "Maduro Moros", "1962-11-23", "VE"),
    Sanctioned("Yuriy Valentinovich", "Kovalchuk", "1951-07-25", "RU"),
    Sanctioned("Joseph", "Kony", "1964-09-18", "UG"),
    Sanctioned("Viktor Fedorovych", "Yanukovych", "1950-07-09", "UA"),
    Sanctioned("Luka", "Karadžić", "1951-07-31", "ME"),
    Sanctioned("Hassan", "Nasrallah", "1960-08-31", "LB"),
    Sanctioned("Evgeny Viktorovich", "Prigozhin", "1961-06-01", "RU"),
]
SANCTIONED_FIRMS = [
    "Bank Rossiya",
    "Mahan Air",
    "Rosneft Trading S.A.",
    "Internet Research Agency LLC",
    "DGI Mining Ltd",
]

# Rita's own book, so that her day is worth a walk: place in her block of affluent persons -> what is planted.
_RITA_AFFLUENT = {
    0: "neglected", 1: "neglected", 2: "neglected", 3: "churners", 4: "churners", 5: "churners",
    8: "expiring_passports", 9: "expiring_passports", 10: "expiring_passports",
    11: "drifting_portfolios", 12: "drifting_portfolios", 13: "drifting_portfolios",
    14: "unsuitable_holdings", 15: "unsuitable_holdings", 16: "unsuitable_holdings",
    17: "sanctioned_names", 18: "sanctioned_names",
}  # fmt: skip
_RITA_RICH = {0: "sanctioned_names", 1: "neglected", 2: "drifting_portfolios"}
_ELSEWHERE = {
    50: "churners",
    53: "neglected",
    56: "expiring_passports",
    59: "drifting_portfolios",
    62: "unsuitable_holdings",
}


def planted(bank: int, slot: int, k: int, count: int, book: int, segment: str, kind: str) -> str:
    """What is planted at the k-th of `count` slots of a block; "" for most."""
    if book == 1:
        if kind == "organisation":
            return "cyclic_owners" if k < min(3, count) else ""
        if segment == "affluent":
            return _RITA_AFFLUENT.get(k, "") if count >= 20 else _RITA_AFFLUENT.get(k * 3, "")
        return _RITA_RICH.get(k, "")
    if slot % max(100, bank // 100) == 42:
        return "sanctioned_names"
    place = (k + 17 * book) % 100
    if kind == "organisation":
        if place in {65, 66}:
            return "cyclic_owners"
        if place == 56:
            return ""
    return _ELSEWHERE.get(place, "")


def listing(found: dict[str, list[dict[str, Any]]], clients: int, seed: int, as_of: date) -> dict[str, Any]:
    """The content of the truths file: computed from the finished data, not from what was planted."""
    return {
        "clients": clients,
        "seed": seed,
        "as_of": as_of.isoformat(),
        "definitions": DEFINITIONS,
        "truths": {name: found.get(name, []) for name in DEFINITIONS},
    }


def write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    new.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    new.replace(path)
