"""The active lists in memory, and who on our files looks like whom on them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Mod

from clients.models import Identifier, Party
from compliance.models import ListedEntity, ListedName, ListVersion, ScreeningHit
from compliance.rules import screening as rules
from compliance.selectors.runs import FIELDS, to_screen
from rulebook.selectors import Pack

AT_ONCE = 20_000  # names told from those of a change


@dataclass(frozen=True, eq=False)
class ActiveIndex:
    """Names of all active lists, or of some entities on them, and whom they mean."""

    versions: tuple[int, ...]
    names: rules.NameIndex
    meant: dict[str, list[tuple[int, bool]]]  # name -> entities that bear it, and whether it is a strong name
    entities: dict[int, rules.Listed]


def active_lists() -> list[ListVersion]:
    return list(ListVersion.objects.filter(active=True).order_by("source"))


def names_to_compare(among: Collection[int] | None) -> int:
    """How many names the active lists, or these entries of them, hold. 2 queries."""
    return _names_of(_entries(among).values_list("pk", flat=True)).values("name").distinct().count()


def _entries(among: Collection[int] | None) -> QuerySet[ListedEntity]:
    listed: QuerySet[ListedEntity] = ListedEntity.objects.listed()
    return listed if among is None else listed.filter(pk__in=among)


def _names_of(entities: Iterable[int]) -> QuerySet[ListedName]:
    """By their ids: right after an import PostgreSQL has not counted the entries and joins them badly."""
    names: QuerySet[ListedName] = ListedName.objects.filter(entity__in=list(entities))
    return names


def active_index(among: Collection[int] | None = None) -> ActiveIndex:
    """Read once per process and set of active versions: 60,000 names take seconds. 1 query when known.

    `among`: only these entities; a pair is judged as it is with all of them.
    """
    versions = ListVersion.objects.filter(active=True).order_by("pk").values_list("pk", flat=True)
    return _index_of(tuple(versions)) if among is None else _index_among(tuple(versions), frozenset(among))


@lru_cache(maxsize=1)
def _index_of(versions: tuple[int, ...]) -> ActiveIndex:
    return _index(versions, _entries(None))


@lru_cache(maxsize=1)
def _index_among(versions: tuple[int, ...], among: frozenset[int]) -> ActiveIndex:
    return _index(versions, _entries(among))


def _index(versions: tuple[int, ...], listed: QuerySet[ListedEntity]) -> ActiveIndex:
    entities = {
        pk: _listed(kind, born_on, countries, papers)
        for pk, kind, born_on, countries, papers in listed.values_list(
            "pk", "kind", "born_on", "countries", "identifiers"
        )
    }
    meant: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    names = _names_of(entities).order_by("pk")
    for entity_id, name, strong in names.values_list("entity_id", "name", "strong").iterator(10_000):
        meant[name].append((entity_id, strong))
    return ActiveIndex(versions, rules.NameIndex(meant), dict(meant), entities)


def _listed(kind: str, born_on: str, countries: str, papers: Iterable[Sequence[str]]) -> rules.Listed:
    numbers = frozenset(rules.plain_number(number) for _, number, *_ in papers)
    return rules.Listed(kind, born_on, frozenset(countries.split()), numbers)


@dataclass(frozen=True)
class Found:
    """A party that looks like a listed entity."""

    client_id: int
    party_id: int
    entity_id: int
    likeness: rules.Likeness


def hits_among(parties: Sequence[Party], figures: Pack, among: Collection[int] | None = None) -> list[Found]:
    """Every pair of a party and an entity alike enough, with the best of their names. At most 2 queries.

    `among`: only entities with these ids; None: all that are listed.
    """
    if among is not None and not among:
        return []
    index, threshold = active_index(among), int(figures["screening_threshold"])
    close = {party.pk: near for party in parties if (near := _near(_names(party), index, threshold))}
    papers: dict[int, set[str]] = defaultdict(set)
    if close:
        for paper in Identifier.objects.filter(party__in=list(close)).only("client_id", "party_id", "number"):
            papers[paper.party_id].add(rules.plain_number(paper.number))
    return [
        Found(party.client_id, party.pk, entity_id, likeness)
        for party in parties
        if party.pk in close
        for entity_id, likeness in _judged(
            _someone(party, papers[party.pk]), close[party.pk], index, threshold
        ).items()
    ]


SAMPLE = 5000  # parties that a dry run compares


def hits_of_a_sample(now: Pack, then: dict[str, Any]) -> dict[str, int]:
    """For a dry run: hits by the threshold in force and by another one, of parties spread over the bank."""
    key = "screening_threshold"
    if int(now[key]) == int(then[key]) or not active_lists():
        return {}
    stride = max(1, Party.objects.count() // SAMPLE)
    parties = list(
        to_screen().annotate(slot=Mod(F("pk"), stride)).filter(slot=0).only(*FIELDS).order_by("pk")[:SAMPLE]
    )
    # The lower threshold finds all that the higher one does: one comparison tells both.
    lower = min(int(now[key]), int(then[key]))
    scores = [each.likeness.score for each in hits_among(parties, Pack("kyc", 0, {key: lower}))]
    return {
        "parties": len(parties),
        "now": sum(score >= int(now[key]) for score in scores),
        "then": sum(score >= int(then[key]) for score in scores),
    }


def parties_touched(among: Collection[int], after: int, until: int) -> tuple[int, list[int]]:
    """(how many parties of a stretch of ids were looked at, the ids of whom a change of the lists touches).

    Touched is who has a hit on one of these entities or one whose entry was dropped since, and whose name has
    a candidate among theirs: whoever `hits_among` would find is there, so nobody else need be loaded. Closed
    files are looked at too: to leave them out would cost more, and they get no hit. At most 5 queries.
    """
    stretch = {"party__gt": after, "party__lte": until}
    hits = ScreeningHit.objects.filter(**stretch)
    ids = set(hits.filter(entity__in=among).values_list("party_id", flat=True))
    ids |= set(hits.gone().values_list("party_id", flat=True))
    if not among:
        return len(ids), sorted(ids)
    near = _nearness(active_index(among))
    parties = Party.objects.filter(pk__gt=after, pk__lte=until).order_by()
    rows = parties.values_list("pk", "name", "native_name").iterator(chunk_size=AT_ONCE)
    looked_at = 0
    while some := list(islice(rows, AT_ONCE)):
        looked_at += len(some)
        named = [(pk, name) for pk, name, _ in some] + [(pk, native) for pk, _, native in some if native]
        ids.update(named[place][0] for place in near.among([name for _, name in named]))
    return looked_at, sorted(ids)


@lru_cache(maxsize=1)
def _nearness(index: ActiveIndex) -> rules.Nearness:
    """Kept from one stretch to the next, with what it knows of the pieces of names."""
    return rules.Nearness(index.names)


def likenesses_of(someone: rules.Someone, threshold: int) -> list[tuple[int, rules.Likeness]]:
    """Entities alike to somebody on no file, the most alike first. 1 query when the lists are known."""
    index = active_index()
    found = _judged(someone, _near(someone.names, index, threshold), index, threshold)
    return sorted(found.items(), key=lambda each: (-each[1].score, each[0]))


def _names(party: Party) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in (party.name, party.native_name) if name))


def _someone(party: Party, papers: Iterable[str] = ()) -> rules.Someone:
    countries = frozenset(filter(None, (party.nationality, party.residence)))
    return rules.Someone(party.kind, _names(party), party.born_on, countries, frozenset(papers))


def _near(names: Iterable[str], index: ActiveIndex, threshold: int) -> list[rules.Compared]:
    """Names of the index that are alike enough, or would be with a date or a paper in their favour."""
    found = []
    for name in (reading for each in names for reading in rules.readings(each)):
        for listed in index.names.candidates(name):
            compared = rules.compare(name, listed)
            if compared.points >= threshold - rules.IN_FAVOUR:
                found.append(compared)
    return found


def _judged(
    someone: rules.Someone, near: Iterable[rules.Compared], index: ActiveIndex, threshold: int
) -> dict[int, rules.Likeness]:
    likenesses: dict[int, list[rules.Likeness]] = defaultdict(list)
    for compared in near:
        for entity_id, strong in index.meant[compared.theirs.written]:
            if likeness := rules.judge(
                someone, index.entities[entity_id], compared, strong=strong, threshold=threshold
            ):
                likenesses[entity_id].append(likeness)
    return {entity_id: rules.best(each) for entity_id, each in likenesses.items()}


def likeness_of(
    party: Party,
    papers: Iterable[Sequence[str]],
    entity: ListedEntity,
    names: Iterable[ListedName],
    threshold: int,
) -> rules.Likeness | None:
    """One party and one entry alone, as they stand or stood: what the scorer says of them today.

    `papers`: kind, number, country of each of the party's.
    """
    meant = {each.name: [(entity.pk, each.strong)] for each in names}
    listed = _listed(entity.kind, entity.born_on, entity.countries, entity.identifiers)
    index = ActiveIndex((), rules.NameIndex(meant), meant, {entity.pk: listed})
    someone = _someone(party, [rules.plain_number(number) for _, number, *_ in papers])
    return _judged(someone, _near(someone.names, index, threshold), index, threshold).get(entity.pk)
