"""The active lists in memory, who is compared with them, and the pages about hits."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from clients.access import Person
from clients.models import Identifier, Party, State
from compliance.models import ListedEntity, ListedName, ListVersion, ScreeningHit, ScreeningRun
from compliance.rules import screening as rules
from rulebook.selectors import Pack
from ui.paging import Page, keyset


@dataclass(frozen=True)
class ActiveIndex:
    """All names of all active lists, and the entities they belong to by id."""

    versions: tuple[int, ...]
    names: rules.NameIndex
    entities: dict[int, rules.Listed]


def active_lists() -> list[ListVersion]:
    return list(ListVersion.objects.filter(active=True).order_by("source"))


def active_index() -> ActiveIndex:
    """Read once per process and set of active versions: 36,000 names take a second. 1 query when known."""
    versions = ListVersion.objects.filter(active=True).order_by("pk").values_list("pk", flat=True)
    return _index_of(tuple(versions))


@lru_cache(maxsize=1)
def _index_of(versions: tuple[int, ...]) -> ActiveIndex:
    entities = {
        pk: rules.Listed(kind, born_on, frozenset(countries.split()))
        for pk, kind, born_on, countries in ListedEntity.objects.listed().values_list(
            "pk", "kind", "born_on", "countries"
        )
    }
    names = ListedName.objects.filter(entity__until__isnull=True)
    rows = names.values_list("entity_id", "name", "folded", "strong").iterator(chunk_size=10_000)
    return ActiveIndex(versions, rules.NameIndex(rows), entities)


def parties_to_screen(*, client_ids: Iterable[int] = (), after: int = 0, size: int = 10_000) -> list[Party]:
    """Parties of these files, or of the whole bank after an id, without closed files. For the night."""
    parties = Party.objects.exclude(client__state=State.CLOSED).filter(pk__gt=after)
    if client_ids := list(client_ids):
        parties = parties.filter(client__in=client_ids)
    fields = ("client_id", "kind", "name", "native_name", "born_on", "nationality", "residence")
    return list(parties.only(*fields).order_by("pk")[:size])


@dataclass(frozen=True)
class Found:
    """A party that looks like a listed entity."""

    client_id: int
    party_id: int
    entity_id: int
    likeness: rules.Likeness


def hits_among(parties: Sequence[Party], figures: Pack) -> list[Found]:
    """Every pair of a party and an entity alike enough, with the best of their names. 1 query."""
    index, threshold = active_index(), int(figures["screening_threshold"])
    found = []
    for party in parties:
        for entity_id, likeness in _hits_of(_someone(party), index, threshold).items():
            found.append(Found(party.client_id, party.pk, entity_id, likeness))
    return found


def _someone(party: Party) -> rules.Someone:
    names = tuple(dict.fromkeys(name for name in (party.name, party.native_name) if name))
    countries = frozenset(filter(None, (party.nationality, party.residence)))
    return rules.Someone(party.kind, names, party.born_on, countries)


def _hits_of(someone: rules.Someone, index: ActiveIndex, threshold: int) -> dict[int, rules.Likeness]:
    likenesses: dict[int, list[rules.Likeness]] = defaultdict(list)
    for own_name in someone.names:
        for place, alike in index.names.alike(rules.folded_name(own_name), threshold).items():
            entity_id, listed_name, _, strong = index.names.rows[place]
            listed = index.entities[entity_id]
            if likeness := rules.judge(
                someone, own_name, listed, listed_name, alike, strong=strong, threshold=threshold
            ):
                likenesses[entity_id].append(likeness)
    return {entity_id: rules.best(each) for entity_id, each in likenesses.items()}


# --- pages -----------------------------------------------------------------------------------------------


def hit_list(person: Person, asked: dict[str, Any]) -> Page[ScreeningHit]:
    """Hits by score, the highest first. 2 queries, 3 beyond the first page."""
    hits = ScreeningHit.objects.visible_to(person).select_related("client", "party", "entity", "proposed_by")
    state = asked.get("state", "undecided")
    hits = hits.undecided() if state == "undecided" else hits.filter(state=state)
    return keyset(hits, "-score", after=asked.get("after"), before=asked.get("before"))


@dataclass(frozen=True)
class HitPage:
    hit: ScreeningHit
    listed_names: list[ListedName]
    identifiers: list[Identifier]
    others: list[ScreeningHit]  # other hits of the same party


def hit_page(person: Person, hit_id: int) -> HitPage | None:
    """One hit with both sides. 4 queries."""
    hits = ScreeningHit.objects.visible_to(person)
    hit = (
        hits.filter(pk=hit_id)
        .select_related("client", "party", "entity__since", "entity__until", "proposed_by", "decided_by")
        .first()
    )
    if hit is None:
        return None
    return HitPage(
        hit=hit,
        listed_names=list(hit.entity.names.order_by("-strong", "pk")),
        identifiers=list(Identifier.objects.filter(party=hit.party_id).order_by("kind")),
        others=list(
            hits.filter(party=hit.party_id)
            .exclude(pk=hit.pk)
            .select_related("entity")
            .order_by("-score")[:10]
        ),
    )


def last_run() -> ScreeningRun | None:
    """The last whole run that came to its end."""
    return ScreeningRun.objects.filter(finished_at__isnull=False).order_by("-finished_at").first()
