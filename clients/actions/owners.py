"""Who stands behind a company or trust on a file: added, changed from a day on, ended; the past stays.

What was entered by mistake was so on no day: it is corrected or struck out, and stays readable (ADR 21).
"""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from clients import rules
from clients.actions.search_rows import index_file
from clients.models import OWNING, Client, Party, PartyKind, Relationship
from clients.rules import owners as owner_rules
from clients.rules.owners import Held, Wrong
from clients.selectors.owners import (
    WHO_IT_IS,
    held,
    held_on_file,
    kinds_on_file,
    own_party,
    party_of_client,
    reads_otherwise,
)
from staff.lock import action
from staff.models import User
from staff.roles import May
from ui.refusals import NotVisible, refuse_if


@action(
    May.CLIENTS_EDIT,
    "owner added",
    on="clients.Client",
    remember=("of_id", "party_id", "known_id", "relation", "share", "since_on"),
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
    known_id: int | None = None,
    kind: str = PartyKind.PERSON,
    name: str = "",
    native_name: str = "",
    born_on: date | None = None,
    nationality: str = "",
) -> Relationship:
    """Someone on the file, or someone new, holds a share or has a role from a day on; None: ever since.

    known_id: a client whom `by` may see, who comes onto this file as the party of the own file is.
    """
    refuse_if(rules.refusals_to_add_to_file(client.state))
    kinds = kinds_on_file(client.pk)
    known = None
    if known_id is not None:
        if (known := own_party(by, known_id)) is None:
            raise NotVisible(f"clients.Client {known_id}")
        party_id = party_of_client(client.pk, known_id)
    for wanted in (of_id, party_id):
        if wanted is not None and wanted not in kinds:
            raise NotVisible(f"clients.Party {wanted}")
    new = Held(party_id or 0, of_id, relation, share, since_on)
    _refuse(owner_rules.wrongs_of_owner(new, held_on_file(client.pk), kinds, timezone.localdate()))
    if party_id is None:
        refuse_if(
            [] if name or known else ["Write the name of the new owner, or choose someone on the file."]
        )
        about = {
            "kind": kind,
            "name": name,
            "native_name": native_name,
            "born_on": born_on,
            "nationality": nationality,
            "residence": nationality,
        }
        if known is not None:
            about = {field: getattr(known, field) for field in WHO_IT_IS}
        party_id = Party.objects.create(client=client, own_file=known_id, **about).pk
        index_file(client)
    made: Relationship = Relationship.objects.create(
        client=client, party_id=party_id, of_id=of_id, kind=relation, share=share, since_on=since_on
    )
    return made


@action(
    May.CLIENTS_EDIT, "share changed", on="clients.Client", remember=("relationship_id", "share", "from_on")
)
def change_share(
    client: Client, *, by: User, relationship_id: int, share: Decimal, from_on: date
) -> Relationship:
    """Another share from a day on: the row ends, a new one begins. Refused when a colleague was quicker."""
    row = _row(client, relationship_id)
    old = held(row)
    new = Held(old.party, old.of, old.relation, share, from_on)
    _refuse(
        owner_rules.wrongs_of_change(
            old, new, held_on_file(client.pk), kinds_on_file(client.pk), timezone.localdate()
        )
    )
    row.until_on = from_on
    row.save(update_fields=["until_on"])
    made: Relationship = Relationship.objects.create(
        client=client, party_id=old.party, of_id=old.of, kind=old.relation, share=share, since_on=from_on
    )
    return made


@action(May.CLIENTS_EDIT, "holding ended", on="clients.Client", remember=("relationship_id", "until_on"))
def end_holding(client: Client, *, by: User, relationship_id: int, until_on: date) -> Relationship:
    """`until_on` is the first day on which it no longer holds."""
    row = _row(client, relationship_id)
    _refuse(owner_rules.wrongs_of_end(held(row), until_on, timezone.localdate()))
    row.until_on = until_on
    row.save(update_fields=["until_on"])
    return row


@action(
    May.CLIENTS_EDIT,
    "holding corrected",
    on="clients.Client",
    remember=("relationship_id", "relation", "share", "since_on", "until_on"),
)
def correct_holding(
    client: Client,
    *,
    by: User,
    relationship_id: int,
    relation: str,
    share: Decimal | None,
    since_on: date | None,
    until_on: date | None,
    seen_until: date | None,
    reason: str,
) -> Relationship:
    """It was entered wrongly: another row stands instead of it, and it was so on no day.

    seen_until: the end that the row had when it was looked at, so that nobody undoes one unseen.
    """
    row = _row(client, relationship_id, seen_until)
    refuse_if(owner_rules.refusals_to_strike(reason))
    old, others = held(row), held_on_file(client.pk)
    new = Held(old.party, old.of, relation, share, since_on, until_on, old.id)
    _refuse(
        owner_rules.wrongs_of_correction(old, new, others, kinds_on_file(client.pk), timezone.localdate())
    )
    _strike(row, by, reason, owner_rules.put_right(old, new, others)[1])
    made: Relationship = Relationship.objects.create(
        client=client,
        party_id=old.party,
        of_id=old.of,
        kind=relation,
        share=share,
        since_on=since_on,
        until_on=until_on,
        instead_of=row,
    )
    return made


@action(May.CLIENTS_EDIT, "holding struck out", on="clients.Client", remember=("relationship_id",))
def strike_holding(
    client: Client, *, by: User, relationship_id: int, seen_until: date | None, reason: str
) -> Relationship:
    """It was entered by mistake, and nothing stands instead of it; a share that it had changed holds on."""
    row = _row(client, relationship_id, seen_until)
    refuse_if(owner_rules.refusals_to_strike(reason))
    old, others = held(row), held_on_file(client.pk)
    _refuse(owner_rules.wrongs_of_striking(old, others))
    _strike(row, by, reason, owner_rules.put_right(old, None, others)[1])
    return row


def read_as_own_file(client: Client, party_id: int, by: User) -> Party:
    """Inside a verb that has locked the file: who is a client reads as on the own file, for who sees both.

    By nobody else and not by itself: a name that changes here alone would tell who may not see that file that
    there is one.
    """
    refuse_if(rules.refusals_to_add_to_file(client.state))
    party: Party | None = Party.objects.filter(client=client, pk=party_id, own_file__isnull=False).first()
    own = own_party(by, party.own_file) if party and party.own_file else None
    if party is None or own is None:
        raise NotVisible(f"clients.Party {party_id}")
    refuse_if(owner_rules.refusals_to_read_as_own_file(reads_otherwise(party, own)))
    for field in WHO_IT_IS:
        setattr(party, field, getattr(own, field))
    party.save(update_fields=WHO_IT_IS)
    index_file(client)
    return party


def _strike(row: Relationship, by: User, reason: str, goes_on: Held | None) -> None:
    row.struck_at, row.struck_by, row.struck_why = timezone.now(), by, reason.strip()
    row.save(update_fields=["struck_at", "struck_by", "struck_why"])
    if goes_on is not None:
        Relationship.objects.filter(pk=goes_on.id).update(until_on=goes_on.until)


def _row(client: Client, relationship_id: int, seen_until: date | None = None) -> Relationship:
    """As it was looked at: not struck out, and with the end it had then."""
    row: Relationship | None = Relationship.ever.filter(
        client=client, pk=relationship_id, kind__in=OWNING
    ).first()
    if row is None:
        raise NotVisible(f"clients.Relationship {relationship_id}")
    moved = row.struck_at is not None or row.until_on != seen_until
    refuse_if(owner_rules.refusals_to_change_holding(client.state, moved))
    return row


def _refuse(wrongs: list[Wrong]) -> None:
    refuse_if(wrong.sentence for wrong in wrongs)
