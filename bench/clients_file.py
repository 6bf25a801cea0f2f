"""python -m bench.clients_file FILE [--rows N]: a file of made-up clients, to measure an import with.

Beside it FILE.json, the mapping. The names are put together by chance; nobody of them lives.
"""

import argparse
import csv
import json
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

GIVEN = [
    "Ada",
    "Beat",
    "Carla",
    "Dario",
    "Elin",
    "Fabio",
    "Greta",
    "Hugo",
    "Ines",
    "Jan",
    "Kira",
    "Luca",
    "Mila",
    "Nils",
    "Olga",
    "Paul",
    "Rosa",
    "Sven",
    "Tina",
    "Urs",
]
FAMILY = [
    "Abt",
    "Bischof",
    "Camenzind",
    "Dörig",
    "Egli",
    "Frei",
    "Gasser",
    "Huber",
    "Imhof",
    "Jäggi",
    "Küng",
    "Lüthi",
    "Meier",
    "Näf",
    "Odermatt",
    "Pfister",
    "Rüegg",
    "Schmid",
    "Tanner",
    "Ulrich",
    "Vogt",
    "Wyss",
    "Zürcher",
]
ENDS = [
    "a",
    "e",
    "i",
    "o",
    "u",
    "er",
    "el",
    "an",
    "in",
    "is",
    "ova",
    "ini",
    "ard",
    "mann",
    "berg",
    "sen",
    "ski",
    "dal",
]
STREETS = ["Bahnhofstrasse", "Seeweg", "Lindenallee", "Marktgasse", "Kirchplatz", "Bergstrasse"]
TOWNS = (("8001", "Zürich"), ("3011", "Bern"), ("4051", "Basel"), ("6003", "Luzern"), ("1204", "Genève"))
HEADER = [
    "Kundennummer", "Art", "Vorname", "Nachname", "Firma", "Geburtsdatum", "Nationalität", "Domizil",
    "Segment",
    "Berater", "Kunde seit", "Filiale", "Sprache", "Währung", "Telefon", "E-Mail", "Strasse", "PLZ", "Ort",
    "Passnummer", "Pass gültig bis", "Steuerland", "Steuernummer",
]  # fmt: skip


def ahv(chance: random.Random) -> str:
    """A Swiss AHV number that checks itself."""
    digits = "756" + f"{chance.randrange(10**9):09}"
    check = -sum(int(sign) * (1, 3)[place % 2] for place, sign in enumerate(digits)) % 10
    return digits + str(check)


def rows(count: int, seed: int, books: list[str]) -> Any:
    chance = random.Random(seed)
    long_ago = date(1940, 1, 1)
    for at in range(count):
        person = chance.random() < 0.9
        given = chance.choice(GIVEN) + chance.choice(ENDS)
        family = chance.choice(FAMILY) + chance.choice(ENDS) + chance.choice(ENDS)
        born = long_ago + timedelta(days=chance.randrange(23_000))
        valid = date(2027, 1, 1) + timedelta(days=chance.randrange(3000))
        postcode, town = chance.choice(TOWNS)
        yield [
            f"K{seed:02}-{at:07}",
            "N" if person else "J",
            given if person else "",
            family if person else "",
            "" if person else f"{family} {chance.choice(['AG', 'GmbH'])} {at}",
            born.strftime("%d.%m.%Y"),
            "CH",
            "CH",
            chance.choice("ABC") if person else "F",
            chance.choice(books),
            (date(2005, 1, 1) + timedelta(days=chance.randrange(7000))).strftime("%d.%m.%Y"),
            town,
            chance.choice(["de", "fr", "it"]),
            "CHF",
            f"+4179{chance.randrange(10**7):07}",
            f"{given}.{family}.{at}@example.com".lower() if chance.random() < 0.8 else "",
            f"{chance.choice(STREETS)} {chance.randrange(1, 200)}",
            postcode,
            town,
            f"X{seed:02}{at:07}" if person else "",
            valid.strftime("%d.%m.%Y") if person else "",
            "CH" if person else "",
            ahv(chance) if person else "",
        ]


MAPPING = {
    "version": 1,
    "file": {"dates": "DD.MM.YYYY"},
    "fields": {
        "number": {"column": "Kundennummer"},
        "kind": {"column": "Art", "values": {"N": "person", "J": "organisation"}},
        "given_names": {"column": "Vorname"},
        "family_name": {"column": "Nachname"},
        "name": {"column": "Firma"},
        "born_on": {"column": "Geburtsdatum"},
        "nationality": {"column": "Nationalität"},
        "domicile": {"column": "Domizil"},
        "residence": {"column": "Domizil"},
        "segment": {"column": "Segment", "values": {"A": "hnw", "B": "affluent", "C": "mass", "F": "sme"}},
        "book": {"column": "Berater"},
        "since_on": {"column": "Kunde seit"},
        "branch": {"column": "Filiale"},
        "language": {"column": "Sprache"},
        "currency": {"column": "Währung"},
        "phone": {"column": "Telefon"},
        "email": {"column": "E-Mail"},
        "address": {"column": "Strasse"},
        "postal_code": {"column": "PLZ"},
        "city": {"column": "Ort"},
        "passport": {"column": "Passnummer"},
        "passport_country": {"column": "Nationalität"},
        "passport_expires_on": {"column": "Pass gültig bis"},
        "tax_country": {"column": "Steuerland"},
        "tax_number": {"column": "Steuernummer"},
    },
}


def write(path: Path, count: int, seed: int, books: list[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        writer.writerows(rows(count, seed, books))
    mapping = json.dumps(MAPPING, ensure_ascii=False, indent=2) + "\n"
    Path(f"{path}.json").write_text(mapping, encoding="utf-8")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("file", type=Path)
    asked.add_argument("--rows", type=int, default=100_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--books", default="rita", help="logins of relationship managers, comma between")
    given = asked.parse_args()
    write(given.file, given.rows, given.seed, given.books.split(","))


if __name__ == "__main__":
    main()
