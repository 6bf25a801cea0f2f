"""Who stands behind whom on a file, as the rules judge it."""

from clients.models import OWNING, Client, Party, Relationship
from clients.rules.owners import Held


def held_on_file(client_id: int) -> list[Held]:
    """All owners and roles in trusts that were ever recorded on a file. 1 query."""
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
    """One owner or role in a trust of a file that was opened. 1 query."""
    rows = Relationship.objects.filter(client=client, pk=holding_id, kind__in=OWNING)
    found: Relationship | None = rows.select_related("party", "of").first()
    return found


def successor(row: Relationship) -> Relationship | None:
    """What stands in the place of a row that ended: the same owner of the same entity, open. 1 query."""
    rows = Relationship.objects.filter(
        client=row.client_id, party=row.party_id, of=row.of_id, kind=row.kind, until_on=None
    )
    found: Relationship | None = rows.order_by("-pk").first()
    return found
