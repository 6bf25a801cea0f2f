"""Who stands behind whom on a file, as the rules judge it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.db import connection
from django.db.models import Max, Q
from django.utils import timezone

from clients.access import Person
from clients.models import OWNING, Client, Party, Relationship
from clients.rules.owners import Held


def held_on_file(client_id: int) -> list[Held]:
    """All owners and roles in trusts that held or hold on a file. 1 query."""
    return [held(row) for row in Relationship.objects.filter(client=client_id, kind__in=OWNING)]


def kinds_on_file(client_id: int) -> dict[int, str]:
    """id of a party -> its kind. 1 query."""
    return dict(Party.objects.filter(client=client_id).values_list("pk", "kind"))


def held(row: Relationship) -> Held:
    return Held(row.party_id, row.of_id, row.kind, row.share, row.since_on, row.until_on, row.pk)


def parties_on_file(client_id: int) -> list[Party]:
    """1 query."""
    return list(Party.objects.filter(client=client_id).order_by("-is_client", "pk"))


def holding(client: Client, holding_id: int) -> Relationship | None:
    """One owner or role in a trust of a file that was opened, also if it was struck out. 1 query."""
    rows = Relationship.ever.filter(client=client, pk=holding_id, kind__in=OWNING)
    found: Relationship | None = rows.select_related("party", "of", "struck_by").first()
    return found


def successor(row: Relationship) -> Relationship | None:
    """What stands in the place of a row that ended or was struck out: the row instead of it, else the open
    one of the same owner of the same entity. 2 queries.
    """
    instead: Relationship | None = Relationship.objects.filter(instead_of=row.pk).first()
    if instead is not None:
        return instead
    rows = Relationship.objects.filter(
        client=row.client_id, party=row.party_id, of=row.of_id, kind=row.kind, until_on=None
    )
    found: Relationship | None = rows.order_by("-pk").first()
    return found


_WRITTEN_DOWN = """
SELECT asked.id, birth.at
FROM unnest(%s::bigint[]) AS asked (id)
JOIN clients_filebirth birth ON birth.ids @> asked.id AND birth.kind = 'clients_relationship'
"""


def known_since(role_ids: Collection[int]) -> dict[int, date]:
    """When these roles were written down, for whose first day nobody knows. 1 query, without roles none."""
    if not role_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN_DOWN, [sorted(role_ids)])
        return {pk: timezone.localdate(at) for pk, at in cursor.fetchall()}


# --- owners who are clients themselves: known to who may see their file, and to nobody else ---------------


def own_party(person: Person, client_id: int) -> Party | None:
    """Who a client is, if `person` may see the file. 1 query."""
    parties = Party.objects.visible_to(person).select_related("client")
    found: Party | None = parties.filter(client=client_id, is_client=True).first()
    return found


def party_of_client(client_id: int, known_id: int) -> int | None:
    """As which party of the file a client stands on it already: as the main one, or as one that was chosen.
    1 query.
    """
    there = Party.objects.filter(client=client_id)
    same = there.filter(is_client=True) if client_id == known_id else there.filter(own_file=known_id)
    found: int | None = same.values_list("pk", flat=True).first()
    return found


def own_files(person: Person, parties: Iterable[Party]) -> dict[int, Party]:
    """party -> who it is on the file that it has as a client, where `person` may see that one. 1 query,
    or none.
    """
    files = {party.pk: party.own_file for party in parties if party.own_file}
    if not files:
        return {}
    mains = Party.objects.visible_to(person).select_related("client")
    seen = {each.client_id: each for each in mains.filter(client__in=set(files.values()), is_client=True)}
    return {pk: seen[own] for pk, own in files.items() if own in seen}


# What makes a client the same person or company on another file.
WHO_IT_IS = (
    "kind", "name", "given_names", "family_name", "native_name", "born_on", "sex", "nationality", "residence",
    "legal_form",
)  # fmt: skip


def reads_otherwise(party: Party, own: Party) -> bool:
    """Has the own file been corrected since this party came from there?"""
    return any(getattr(party, field) != getattr(own, field) for field in WHO_IT_IS)


def last_days(parties: Sequence[int], on: date) -> dict[int, date | None]:
    """Of these, who stands on the file no more on that day -> since when; None: by mistake. 1 query."""
    gone = Party.objects.filter(pk__in=parties).gone(on)
    last = Max("roles__until_on", filter=Q(roles__struck_at=None))
    return dict(gone.annotate(last=last).values_list("pk", "last"))
