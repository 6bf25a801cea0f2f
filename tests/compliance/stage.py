"""What the tests of compliance begin with: a second officer, a small list, a client who looks listed."""

import io
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone

from clients.models import Interaction, Party
from compliance.actions import import_list
from rulebook.models import RulePack
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
WHY = {"reason": "not_shown", "note": "The list says 1964 too."}  # of a second officer who returns a hit
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


def large_from(clients):
    """An export with more clients than these takes two people, from today on.

    The record of a run holds whatever was committed before: a test that is not about it says a figure that
    nothing reaches.
    """
    newest = RulePack.objects.filter(name="access").order_by("-version").first()
    RulePack.objects.create(
        name="access", version=newest.version + 1, valid_from=timezone.localdate(),
        body=newest.body | {"export_clients": clients}, activated_at=timezone.now(),
    )  # fmt: skip


def second_officer():
    return make_person("cleo", Role.COMPLIANCE)


COLUMNS = (
    "client_id, channel, outbound, purpose, at, place, attendees, summary, notes, advice_given, by_id,"
    " logged_at, off_channel, late_reason, products"
)


def contact(client, by, on=date(2026, 10, 7), **changes):
    """A record that was logged on a day in the past, and is locked: only SQL can say so."""
    at = timezone.make_aware(datetime.combine(on, datetime.min.time())) + timedelta(hours=10)
    told = {
        "channel": "call", "outbound": True, "purpose": "service", "at": at, "place": "", "attendees": "",
        "summary": "Asked about her card", "notes": "", "advice_given": False, "logged_at": at,
        "off_channel": False, "late_reason": "", "products": "",
    } | changes  # fmt: skip
    values = [client.pk, told["channel"], told["outbound"], told["purpose"], told["at"], told["place"],
              told["attendees"], told["summary"], told["notes"], told["advice_given"], by.pk,
              told["logged_at"], told["off_channel"], told["late_reason"], told["products"]]  # fmt: skip
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(values))
        cursor.execute(f"INSERT INTO clients_interaction ({COLUMNS}) VALUES ({marks}) RETURNING id", values)
        return Interaction.objects.get(pk=cursor.fetchone()[0])
