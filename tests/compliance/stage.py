"""What the tests of compliance begin with: a second officer, a small list, a client who looks listed."""

import io
from datetime import date

from clients.models import Party
from compliance.actions import import_list
from staff.night import night_shift
from staff.roles import Role
from tests.cast import make_client, make_person

HEAD = '<?xml version="1.0" standalone="yes"?>\n<sdnList xmlns="https://example.org/SDN">'


def entry(uid, last, first="", kind="Individual", born="", country="", aliases=(), programme="TEST"):
    parts = [f"<uid>{uid}</uid>"]
    parts += [f"<firstName>{first}</firstName>"] if first else []
    parts += [f"<lastName>{last}</lastName><sdnType>{kind}</sdnType>"]
    parts += [f"<programList><program>{programme}</program></programList>"]
    if aliases:
        akas = "".join(
            f"<aka><uid>{uid}{place}</uid><type>a.k.a.</type><category>{category}</category>"
            f"<lastName>{name}</lastName></aka>"
            for place, (name, category) in enumerate(aliases)
        )
        parts.append(f"<akaList>{akas}</akaList>")
    if country:
        parts.append(
            f"<nationalityList><nationality><country>{country}</country></nationality></nationalityList>"
        )
    if born:
        parts.append(
            f"<dateOfBirthList><dateOfBirthItem><dateOfBirth>{born}</dateOfBirth></dateOfBirthItem></dateOfBirthList>"
        )
    return f"<sdnEntry>{''.join(parts)}</sdnEntry>"


KONY = entry(1, "KONY", "Joseph", born="18 Sep 1964", country="Uganda", aliases=[("OPIO", "weak")])
BARAN = entry(
    2, "BARAN", "Ivan Petrovich", born="1967", country="Russia", aliases=[("Baranov Ivan", "strong")]
)
SHIP = entry(3, "SEA STAR", kind="Vessel")
ALFA = entry(4, "ALFA TRADING LLC", kind="Entity", country="Iran")


def xml(*entries, day="05/07/2024", count=None):
    stated = len(entries) if count is None else count
    head = (
        f"<publshInformation><Publish_Date>{day}</Publish_Date>"
        f"<Record_Count>{stated}</Record_Count></publshInformation>"
    )
    return f"{HEAD}{head}{''.join(entries)}</sdnList>".encode()


def bring(*entries, **how):
    """Import these entries as the active OFAC list."""
    return import_list(None, by=night_shift(), source="ofac", file=io.BytesIO(xml(*entries, **how)))


def make_lookalike(cast, name="Joseph Kony", born_on=date(1964, 9, 18), country="UG", **fields):
    client = make_client(name, cast.rita_book, **fields)
    Party.objects.filter(client=client).update(born_on=born_on, nationality=country, residence=country)
    return client


def second_officer():
    return make_person("cleo", Role.COMPLIANCE)
