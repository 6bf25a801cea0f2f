"""A client file is opened and kept right: names, ways to reach them, who belongs to whom."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from clients import rules
from clients.access import reach
from clients.actions.owners import add_owner
from clients.actions.search_rows import index_file, remove_search_key
from clients.models import Client, ContactPoint, Kind, Party, RelationKind, Relationship, State
from staff.lock import action
from staff.models import Book, BookMember, User
from staff.roles import May
from ui.refusals import NotVisible, refuse_if


@action(May.CLIENTS_OPEN, "lead opened", remember=("book_id", "kind", "segment"))
def open_lead(
    _: None,
    *,
    by: User,
    book_id: int,
    kind: str,
    name: str,
    segment: str,
    stage: str,
    domicile: str,
    language: str = "en",
    native_name: str = "",
    contact_kind: str = "",
    contact_value: str = "",
) -> Client:
    """Someone the bank may come to serve: a client file in its first state, in a book of whoever opens it.

    The subject is a book, which is no client file: so this verb locks it and looks for itself.
    """
    _hold_book(book_id, by)
    refuse_if(rules.refusals_to_open_lead(kind, stage, segment))
    today = timezone.localdate()
    pk = _next_id()
    client = Client.objects.create(
        pk=pk,
        number=f"C-{pk:07}",
        kind=kind,
        name=name,
        book_id=book_id,
        state=State.LEAD,
        segment=segment,
        stage=stage,
        domicile=domicile,
        language=language,
        currency=settings.REPORTING_CURRENCY,
        since_on=today,
        kyc_due_on=today,
        last_contact_on=today,
    )
    party = Party.objects.create(
        client=client,
        kind=kind,
        is_client=True,
        name=name,
        native_name=native_name,
        residence=domicile,
    )
    if contact_value:
        _add_contact(client, party, contact_kind, contact_value, preferred=True)
    index_file(client)
    return client


def _hold_book(book_id: int, by: User) -> None:
    """As staff.lock does for a file: lock what decides, then look with a fresh statement."""
    held = Book.objects.select_for_update(no_key=True).filter(pk=book_id).first()
    list(BookMember.objects.select_for_update(no_key=True).filter(book_id=book_id, user_id=by.pk))
    reached = reach(by, fresh=True)
    if held is None or not (reached.everything or book_id in reached.books):
        raise NotVisible(f"staff.Book {book_id}")


def _next_id() -> int:
    """The id is taken first, for the client's number is made of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('clients_client', 'id'))")
        return int(cursor.fetchone()[0])


@action(May.CLIENTS_EDIT, "preferences changed", on="clients.Client", remember=("fields",))
def change_preferences(client: Client, *, by: User, fields: list[str], **changes: Any) -> Client:
    """How the client wants to be served; `fields` names what changed, for the audit."""
    refuse_if(rules.refusals_to_add_to_file(client.state))
    refuse_if(rules.refusals_to_open_lead(client.kind, changes.get("stage", client.stage), client.segment))
    for field in set(fields) & PREFERENCES:
        setattr(client, field, changes[field])
    client.save(update_fields=sorted(set(fields) & PREFERENCES))
    return client


PREFERENCES = {"language", "preferred_channel", "preferences", "stage", "vulnerable"}


def rename(
    client: Client,
    party: Party,
    *,
    name: str,
    native_name: str = "",
    born_on: date | None = None,
    domicile: str = "",
    segment: str = "",
) -> None:
    """Inside a verb that has locked the file: who somebody on it is was typed wrong."""
    party.name, party.native_name = name, native_name
    fields = ["name", "native_name"]
    if party.is_client:
        segment, domicile = segment or client.segment, domicile or client.domicile
        refuse_if(rules.refusals_to_open_lead(client.kind, client.stage, segment))
        client.name, client.segment, client.domicile = name, segment, domicile
        client.save(update_fields=["name", "segment", "domicile"])
    else:
        party.born_on = born_on
        fields.append("born_on")
    party.save(update_fields=fields)
    index_file(client)


@action(May.CLIENTS_EDIT, "contact point added", on="clients.Client", remember=("party_id", "kind"))
def add_contact_point(
    client: Client, *, by: User, party_id: int, kind: str, value: str, preferred: bool = False
) -> ContactPoint:
    """One more way to reach someone on the file; a preferred one takes the place of the last preferred."""
    refuse_if(rules.refusals_to_add_to_file(client.state))
    party = Party.objects.filter(pk=party_id, client=client).first()
    if party is None:
        raise NotVisible(f"clients.Party {party_id}")
    point: ContactPoint = _add_contact(client, party, kind, value, preferred=preferred)
    index_file(client)
    return point


def _add_contact(client: Client, party: Party, kind: str, value: str, *, preferred: bool) -> ContactPoint:
    value = rules.tidy_contact(kind, value)
    refuse_if(rules.refusals_to_reach_by(kind, value))
    if preferred:
        party.contact_points.filter(kind=kind).update(preferred=False)
    point = ContactPoint(client=client, party=party, kind=kind, value=value, preferred=preferred)
    point.save()
    return point


@action(May.CLIENTS_EDIT, "contact point removed", on="clients.ContactPoint")
def remove_contact_point(point: ContactPoint, *, by: User) -> None:
    """It reaches nobody any more; the history of the file keeps it."""
    client, value = point.client, point.value
    point.delete()
    remove_search_key(client, value)
    index_file(client)  # another party may have the same number


@action(May.CLIENTS_EDIT, "related party added", on="clients.Client", remember=("relation",))
def add_related_party(
    client: Client,
    *,
    by: User,
    relation: str,
    name: str,
    kind: str = Kind.PERSON,
    native_name: str = "",
    born_on: date | None = None,
    share: Decimal | None = None,
    since_on: date | None = None,
) -> Party:
    """Who belongs to the client: a spouse, a child, an owner, a director, an adviser. None: ever since."""
    refuse_if(
        rules.refusals_to_add_to_file(client.state)
        + rules.refusals_to_relate(client.kind, relation, share, Decimal(0))
        + rules.refusals_to_begin(since_on, timezone.localdate())
    )
    main = Party.objects.get(client=client, is_client=True)
    same = Relationship.objects.filter(client=client, of=main, kind=relation).on(timezone.localdate())
    there = same.values_list("party__name", "party__born_on")
    refuse_if(rules.refusals_to_add_again(name, born_on, there))
    about: dict[str, Any] = {"kind": kind, "name": name, "native_name": native_name, "born_on": born_on}
    if relation == RelationKind.OWNER:  # what owners hold together is judged there
        holding = add_owner(client, by=by, of_id=main.pk, since_on=since_on, share=share, **about)
        owner: Party = holding.party
        return owner
    party = Party(client=client, **about)
    party.save()
    Relationship.objects.create(client=client, party=party, of=main, kind=relation, since_on=since_on)
    index_file(client)
    return party
