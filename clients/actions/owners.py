"""Who stands behind a company or trust on a file: added, changed from a day on, ended. The past stays."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from clients import rules
from clients.actions.search_rows import index_file
from clients.models import OWNING, Client, Party, PartyKind, Relationship
from clients.rules import owners as owner_rules
from clients.rules.owners import Held, Wrong
from clients.selectors.owners import held, held_on_file, kinds_on_file
from staff.lock import action
from staff.models import User
from staff.roles import May
from ui.refusals import NotVisible, refuse_if


@action(
    May.CLIENTS_EDIT,
    "owner added",
    on="clients.Client",
    remember=("of_id", "party_id", "relation", "share", "since_on"),
)
def add_owner(
    client: Client,
    *,
    by: User,
    of_id: int,
    since_on: date | None,
    relation: str = "owner",
    share: Decimal | None = None,
    party_id: int | None = None,
    kind: str = PartyKind.PERSON,
    name: str = "",
    native_name: str = "",
    born_on: date | None = None,
    nationality: str = "",
) -> Relationship:
    """Someone on the file, or someone new, holds a share or has a role from a day on; None: ever since."""
    refuse_if(rules.refusals_to_add_to_file(client.state))
    kinds = kinds_on_file(client.pk)
    for wanted in (of_id, party_id):
        if wanted is not None and wanted not in kinds:
            raise NotVisible(f"clients.Party {wanted}")
    new = Held(party_id or 0, of_id, relation, share, since_on)
    _refuse(owner_rules.wrongs_of_owner(new, held_on_file(client.pk), kinds, timezone.localdate()))
    if party_id is None:
        refuse_if([] if name else ["Write the name of the new owner, or choose someone on the file."])
        party = Party.objects.create(
            client=client,
            kind=kind,
            name=name,
            native_name=native_name,
            born_on=born_on,
            nationality=nationality,
            residence=nationality,
        )
        party_id = party.pk
        index_file(client)
    return Relationship.objects.create(
        client=client, party_id=party_id, of_id=of_id, kind=relation, share=share, since_on=since_on
    )


@action(
    May.CLIENTS_EDIT, "share changed", on="clients.Client", remember=("relationship_id", "share", "from_on")
)
def change_share(
    client: Client, *, by: User, relationship_id: int, share: Decimal, from_on: date
) -> Relationship:
    """Another share from a day on: the row ends, a new one begins. Refused when a colleague was quicker."""
    row = _open_row(client, relationship_id)
    old = held(row)
    new = Held(old.party, old.of, old.relation, share, from_on)
    _refuse(
        owner_rules.wrongs_of_change(
            old, new, held_on_file(client.pk), kinds_on_file(client.pk), timezone.localdate()
        )
    )
    row.until_on = from_on
    row.save(update_fields=["until_on"])
    return Relationship.objects.create(
        client=client, party_id=old.party, of_id=old.of, kind=old.relation, share=share, since_on=from_on
    )


@action(May.CLIENTS_EDIT, "holding ended", on="clients.Client", remember=("relationship_id", "until_on"))
def end_holding(client: Client, *, by: User, relationship_id: int, until_on: date) -> Relationship:
    """`until_on` is the first day on which it no longer holds."""
    row = _open_row(client, relationship_id)
    _refuse(owner_rules.wrongs_of_end(held(row), until_on, timezone.localdate()))
    row.until_on = until_on
    row.save(update_fields=["until_on"])
    return row


def _open_row(client: Client, relationship_id: int) -> Relationship:
    row = Relationship.objects.filter(client=client, pk=relationship_id, kind__in=OWNING).first()
    if row is None:
        raise NotVisible(f"clients.Relationship {relationship_id}")
    refuse_if(owner_rules.refusals_to_change_holding(client.state, row.until_on is not None))
    return row


def _refuse(wrongs: list[Wrong]) -> None:
    refuse_if(wrong.sentence for wrong in wrongs)
