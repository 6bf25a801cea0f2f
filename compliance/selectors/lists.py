"""The lists and their versions, and what each version changed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from compliance.models import ListedEntity, ListedName, ListVersion
from compliance.rules import hits as rules
from compliance.rules.lists import title_of
from ui.paging import Page, keyset

KINDS = ("added", "amended", "removed")


@dataclass(frozen=True)
class ListOnPage:
    title: str
    active: ListVersion
    versions: list[ListVersion]  # the newest first


def lists() -> list[ListOnPage]:
    """Every list with its last versions. 1 query."""
    by_source: dict[str, list[ListVersion]] = defaultdict(list)
    for version in ListVersion.objects.select_related("imported_by").order_by("source", "-imported_at"):
        by_source[version.source].append(version)
    return [
        ListOnPage(title_of(source), next(each for each in versions if each.active), versions[:20])
        for source, versions in by_source.items()
        if any(each.active for each in versions)
    ]


def version_of(version_id: int) -> ListVersion | None:
    return ListVersion.objects.filter(pk=version_id).select_related("imported_by").first()


@dataclass
class Change:
    """An entity on the page of a version: as it stands (or stood), and what was amended."""

    entity: ListedEntity
    amended: list[list[str]] = field(default_factory=list)  # [what, before, now]


def list_changes(
    version: ListVersion, kind: str, asked: dict[str, Any]
) -> tuple[Page[ListedEntity], list[Change]]:
    """Entities that this version added, amended or removed. 2 queries, 5 for the amended, one more beyond the
    first page."""
    ended = _same(version, until=version)
    begun = _same(version, since=version)
    entities: QuerySet[ListedEntity] = ListedEntity.objects.filter(source=version.source)
    if kind == "removed":
        entities = entities.filter(until=version).exclude(Exists(begun))
    elif kind == "amended":
        entities = entities.filter(Exists(ended), since=version)
    else:
        entities = entities.filter(since=version).exclude(Exists(ended))
    page = keyset(entities, "id", after=asked.get("after"), before=asked.get("before"), size=25)
    if kind != "amended":
        return page, [Change(entity) for entity in page]
    before = {
        entity.reference: entity
        for entity in ListedEntity.objects.filter(
            until=version, reference__in=[entity.reference for entity in page]
        )
    }
    facts = facts_of_entries([*page, *before.values()])
    return page, [
        Change(entity, rules.changes(facts[before[entity.reference].pk], facts[entity.pk], rules.ENTRY))
        for entity in page
    ]


def _same(version: ListVersion, **how: Any) -> QuerySet[ListedEntity]:
    return ListedEntity.objects.filter(source=version.source, reference=OuterRef("reference"), **how)


def facts_of_entries(entries: Iterable[ListedEntity]) -> dict[int, dict[str, Any]]:
    """Entry id -> what the list says of it. 1 query."""
    entries = list(entries)
    names: dict[int, list[str]] = {entry.pk: [] for entry in entries}
    rows = ListedName.objects.filter(entity__in=list(names)).order_by("name", "strong")
    for entity_id, name, strong in rows.values_list("entity_id", "name", "strong"):
        names[entity_id].append(name if strong else f"{name} (weak)")
    return {
        entry.pk: {
            **{key: getattr(entry, key) for key in rules.ENTRY if key != "names"},
            "names": names[entry.pk],
        }
        for entry in entries
    }
