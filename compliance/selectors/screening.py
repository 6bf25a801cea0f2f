"""The active lists in memory, and who on our files looks like whom on them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from clients.models import Party
from compliance.models import ListedEntity, ListedName, ListVersion
from compliance.rules import screening as rules
from rulebook.selectors import Pack


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


@dataclass(frozen=True)
class Found:
    """A party that looks like a listed entity."""

    client_id: int
    party_id: int
    entity_id: int
    likeness: rules.Likeness


def hits_among(parties: Sequence[Party], figures: Pack, among: Collection[int] | None = None) -> list[Found]:
    """Every pair of a party and an entity alike enough, with the best of their names. 1 query.

    `among`: only entities with these ids; None: all that are listed.
    """
    if among is not None and not among:
        return []
    index, threshold = active_index(), int(figures["screening_threshold"])
    found = []
    for party in parties:
        for entity_id, likeness in _hits_of(_someone(party), index, threshold).items():
            if among is not None and entity_id not in among:
                continue
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


def likeness_of(
    party: Party,
    identifiers: Sequence[Sequence[str]],
    entity: ListedEntity,
    names: Sequence[ListedName],
    threshold: int,
) -> rules.Likeness | None:
    """One party and one entry alone, as they stand or stood: what the scorer says of them today."""
    rows = [(entity.pk, each.name, each.folded, each.strong) for each in names]
    listed = rules.Listed(entity.kind, entity.born_on, frozenset(entity.countries.split()))
    index = ActiveIndex((), rules.NameIndex(rows), {entity.pk: listed})
    return _hits_of(_someone(party), index, threshold).get(entity.pk)
