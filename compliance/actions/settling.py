"""What a comparison makes of the hits of its parties: new ones, newer facts, reopened and closed ones."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from clients.models import Identifier, Party
from compliance.models import HitStep, ListedEntity, ScreeningHit
from compliance.rules import hits as rules
from compliance.rules import screening
from compliance.selectors.lists import facts_of_entries
from compliance.selectors.screening import Found

FRESH = {  # what a hit forgets when it opens anew; its steps remember
    "verdict": "", "reason": "", "note": "", "paper": "", "document": None, "proposed_by": None,
    "escalated_by": None, "decided_by": None, "decided_at": None,
}  # fmt: skip
_Key = tuple[int, str, str]  # party, source and reference of the entry


@dataclass
class Settled:
    new_hits: int = 0
    reopened: int = 0
    closed: int = 0
    steps: list[HitStep] = field(default_factory=list)


def settle(
    parties: Sequence[Party],
    found: Sequence[Found],
    among: Collection[int] | None,
    left: Collection[int],
) -> Settled:
    """Inside an action: bring the hits of these parties in line with what was found.

    `among`: ids of the entries that were compared; None: all that are listed. `left`: who stands on the file
    no more, and so was not compared: what was found of them is two people's still, for who writes the file
    must not decide it. A hit on an entry that is listed no more is closed with a trace; one on an amended
    entry follows it.
    """
    # Two comparisons of one party wait for each other here, so that a hit is made and counted once.
    list(
        Party.objects.select_for_update(no_key=True)
        .filter(pk__in={each.party_id for each in found})
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    held = _held([party.pk for party in parties], among)
    entries = ListedEntity.objects.listed().in_bulk({each.entity_id for each in found})
    now_listed = _successors(held.values())
    likely = {each.party_id for each in found} | {key[0] for key in held}
    facts = facts_of([party for party in parties if party.pk in likely])
    done = Settled()
    fresh: list[ScreeningHit] = []
    seen: set[_Key] = set()
    for each in found:
        entry = entries.get(each.entity_id)
        if entry is None:  # ended since the lists were read: the next run settles it
            continue
        key = (each.party_id, entry.source, entry.reference)
        seen.add(key)
        if hit := held.get(key):
            _judged_anew(hit, entry, each.likeness, facts[each.party_id], done)
        else:
            fresh.append(_hit_of(each, facts[each.party_id]))
    for key, hit in held.items():
        if key in seen:
            continue
        entry = hit.entity if hit.entity.until_id is None else now_listed.get(key[1:])
        if entry is None:
            _delisted(hit, facts[hit.party_id], done)
        elif hit.party_id not in left and (among is None or entry.pk in among):
            _judged_anew(hit, entry, None, facts[hit.party_id], done)
    made = ScreeningHit.objects.bulk_create(fresh)
    HitStep.objects.bulk_create(done.steps)
    done.new_hits = len(made)
    return done


def facts_of(parties: Sequence[Party]) -> dict[int, dict[str, Any]]:
    """Party id -> the facts that are compared, as a hit keeps them. 1 query."""
    papers: dict[int, list[list[str]]] = {party.pk: [] for party in parties}
    if papers:
        rows = Identifier.objects.filter(party__in=list(papers))
        for paper in rows.only("client_id", "party_id", "kind", "number", "country"):
            papers[paper.party_id].append([paper.kind, paper.number, paper.country])
    return {
        party.pk: {
            "name": party.name,
            "native_name": party.native_name,
            "kind": party.kind,
            "born_on": party.born_on.isoformat() if party.born_on else "",
            "nationality": party.nationality,
            "residence": party.residence,
            "identifiers": sorted(papers[party.pk]),
        }
        for party in parties
    }


def _held(party_ids: list[int], among: Collection[int] | None) -> dict[_Key, ScreeningHit]:
    hits = ScreeningHit.objects.filter(party__in=party_ids).select_related("entity")
    if among is not None:
        # Whether it is on the list still is asked of every hit; what is compared, only of these entries.
        hits = hits.exclude(entity__until__isnull=True, entity__screened=True)
    locked = hits.select_for_update(of=("self",)).order_by("pk")
    return {(hit.party_id, hit.entity.source, hit.entity.reference): hit for hit in locked}


def _successors(hits: Collection[ScreeningHit]) -> dict[tuple[str, str], ListedEntity]:
    ended = {(hit.entity.source, hit.entity.reference) for hit in hits if hit.entity.until_id is not None}
    if not ended:
        return {}
    sources, references = {source for source, _ in ended}, {reference for _, reference in ended}
    listed = ListedEntity.objects.listed().filter(source__in=sources, reference__in=references)
    return {(entry.source, entry.reference): entry for entry in listed}


def _hit_of(found: Found, facts: dict[str, Any]) -> ScreeningHit:
    return ScreeningHit(
        client_id=found.client_id,
        party_id=found.party_id,
        entity_id=found.entity_id,
        score=found.likeness.score,
        sentence=found.likeness.sentence,
        details=found.likeness.as_details(),
        compared=facts,
        scorer=screening.SCORER,
    )


def _judged_anew(
    hit: ScreeningHit, entry: ListedEntity, likeness: Any, facts: dict[str, Any], done: Settled
) -> None:
    client_changed = bool(hit.compared) and hit.compared != facts
    entry_changed = hit.entity.content != entry.content
    before = hit.state
    state = rules.state_after(
        before,
        alike=likeness is not None,
        client_changed=client_changed,
        entry_changed=entry_changed,
        frozen=hit.frozen,
    )
    if state == before and state != ScreeningHit.State.OPEN:
        if entry_changed and likeness is None:  # a decision stays, and follows the entry
            hit.entity = entry
            hit.save(update_fields=["entity"])
        return
    if state != before:
        changed = rules.changes(hit.compared, facts, rules.FACTS) if client_changed else []
        if entry_changed:
            said_of = facts_of_entries([hit.entity, entry])
            changed += rules.changes(said_of[hit.entity_id], said_of[entry.pk], rules.ENTRY)
        reopened = state == ScreeningHit.State.OPEN
        said = HitStep.Said.REOPENED if reopened else HitStep.Said.UNLIKE
        done.steps.append(_step(hit, said, changed))
        done.reopened += reopened
        done.closed += not reopened
        if reopened:
            _open_anew(hit)
    was = (hit.state, hit.score, hit.sentence, hit.details, hit.compared, hit.scorer, hit.entity_id)
    hit.state, hit.compared, hit.entity = state, facts, entry
    if likeness is not None:
        since_found = {"changed": True} if client_changed or hit.details.get("changed") else {}
        hit.score, hit.sentence = likeness.score, likeness.sentence
        hit.details = likeness.as_details() | since_found
        hit.scorer = screening.SCORER
    elif client_changed:
        hit.details = hit.details | {"changed": True}
        hit.sentence = (
            "No longer alike since the client's data changed: two people decide whether it is closed."
        )
    if state != before or was != (
        state, hit.score, hit.sentence, hit.details, facts, hit.scorer, entry.pk,
    ):  # fmt: skip
        hit.save()


def _delisted(hit: ScreeningHit, facts: dict[str, Any], done: Settled) -> None:
    """What a list drops is closed. A match that two people confirmed is freed by two, not by one's upload."""
    if hit.state == ScreeningHit.State.DELISTED:
        return
    told, same = hit.is_gone(), hit.compared == facts
    if told and same:
        return
    changed = [] if same else rules.changes(hit.compared, facts, rules.FACTS)
    done.steps.append(_step(hit, HitStep.Said.REOPENED if told else HitStep.Said.DELISTED, changed))
    if hit.frozen:
        done.reopened += 1
        _open_anew(hit)
        hit.sentence, hit.compared = rules.GONE, facts
        hit.save()
    else:
        done.closed += 1
        hit.state = ScreeningHit.State.DELISTED
        hit.save(update_fields=["state"])


def _open_anew(hit: ScreeningHit) -> None:
    for name, value in FRESH.items():
        setattr(hit, name, value)
    hit.state, hit.opened_at = ScreeningHit.State.OPEN, timezone.now()


def _step(hit: ScreeningHit, said: HitStep.Said, changed: list[list[str]]) -> HitStep:
    return HitStep(
        client_id=hit.client_id,
        hit=hit,
        said=said,
        verdict=hit.verdict,
        reason=hit.reason,
        changes=changed,
        entity_id=hit.entity_id,
    )
