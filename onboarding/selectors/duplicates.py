"""Who may be the same: candidates among what a person sees, and the queue of pairs."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from clients.access import Person
from clients.models import Client, ContactPoint, Identifier, Party, SearchKey
from clients.selectors import search
from clients.words import key_of
from onboarding.models import PossibleDuplicate
from onboarding.rules import duplicates as rules
from ui.paging import Page, keyset

SHOWN = 10
LOOKED_AT = 60  # files; beyond that a name is too common to say anything by itself


@dataclass(frozen=True)
class Alike:
    """A file that may be the one that is to be opened, and why."""

    client: Client
    likeness: rules.Likeness


def somebody(
    *,
    name: str,
    native_name: str = "",
    born_on: date | None = None,
    phone: str = "",
    email: str = "",
    country: str = "",
    number: str = "",
) -> rules.Somebody:
    """What was typed about somebody to be opened, as the rules compare it."""
    return rules.Somebody(
        names=tuple(filter(None, (name, native_name))),
        born_on=born_on,
        phones=frozenset(filter(None, [phone])),
        emails=frozenset(filter(None, [email])),
        identifiers=frozenset([rules.identifier_key(country, number)] if number else []),
    )


def people_of(client: Client) -> list[rules.Somebody]:
    """Everyone on a file as the rules compare them. 3 queries."""
    return [each for _, each in _people([client.pk])]


def alike(person: Person, new: rules.Somebody, *, but: int | None = None) -> list[Alike]:
    """Files that `person` may see and that may be the same, the likeliest first. At most 17 queries."""
    ids = _candidates(person, new) - {but}
    best: dict[int, rules.Likeness] = {}
    for client_id, known in _people(sorted(ids)[: LOOKED_AT * 2]):
        found = rules.likeness(new, known)
        if found and (client_id not in best or found.score > best[client_id].score):
            best[client_id] = found
    ranked = sorted(best, key=lambda pk: (-best[pk].score, pk))[:SHOWN]
    clients = Client.objects.visible_to(person).in_bulk(ranked)
    return [Alike(clients[pk], best[pk]) for pk in ranked if pk in clients]


def _candidates(person: Person, new: rules.Somebody) -> set[int]:
    ids: set[int] = set()
    for name in new.names:
        words = name.split()
        asked = {name, f"{words[0]} {words[-1]}"} if len(words) > 2 else {name}
        ids |= {found.client.pk for text in asked for found in search(person, text)}
    keys = {key_of(value) for value in (*new.phones, *new.emails)}
    if keys:
        rows = SearchKey.objects.visible_to(person).filter(key__in=keys)
        ids |= set(rows.values_list("client_id", flat=True)[:LOOKED_AT])
    for identifier in new.identifiers:
        country, _, number = identifier.partition(":")
        rows = Identifier.objects.visible_to(person).filter(country=country, number=number)
        ids |= set(rows.values_list("client_id", flat=True)[:LOOKED_AT])
    return ids


def _people(client_ids: Iterable[int]) -> list[tuple[int, rules.Somebody]]:
    """(client id, party as the rules compare it). For ids that were looked up through the lock. 3 queries."""
    ids = list(client_ids)
    if not ids:
        return []
    points: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for point in ContactPoint.objects.filter(client__in=ids).exclude(kind=ContactPoint.Kind.ADDRESS):
        points[point.party_id][point.kind].add(point.value)
    papers: dict[int, set[str]] = defaultdict(set)
    for paper in Identifier.objects.filter(client__in=ids):
        papers[paper.party_id].add(rules.identifier_key(paper.country, paper.number))
    return [
        (
            party.client_id,
            rules.Somebody(
                names=tuple(filter(None, (party.name, party.native_name))),
                born_on=party.born_on,
                phones=frozenset(points[party.pk]["phone"]),
                emails=frozenset(points[party.pk]["email"]),
                identifiers=frozenset(papers[party.pk]),
            ),
        )
        for party in Party.objects.filter(client__in=ids)
    ]


def duplicate_list(person: Person, asked: dict[str, int]) -> Page[PossibleDuplicate]:
    """Pairs to judge, the oldest first: only where `person` may see both files. 3 queries at most."""
    pairs = PossibleDuplicate.objects.visible_to(person).open()
    pairs = pairs.filter(other__in=Client.objects.visible_to(person)).select_related(
        "client__book", "other__book"
    )
    return keyset(pairs, "found_at", after=asked.get("after"), before=asked.get("before"))
