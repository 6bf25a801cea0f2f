"""The queue of hits, both sides of one, and whose journeys a match has frozen."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from clients.access import Person
from clients.models import Document, Identifier, RelationKind, Relationship
from clients.selectors import document_list
from clients.selectors.owners import last_days
from compliance.models import HitStep, ListedName, ScreeningHit
from compliance.rules import hits as rules
from compliance.rules import screening
from compliance.rules.screening import evidence
from compliance.rules.trials import Moves, Turn, Way, come_and_gone
from compliance.selectors.desk import FIRST, Queue, clock_on
from rulebook.selectors import pack
from staff.models import User
from staff.roles import ROLES, May, Role
from ui.formats import day_text, language
from ui.paging import Page, keyset


def hit_list(person: Person, asked: dict[str, Any], today: date) -> Page[ScreeningHit]:
    """Hits by score, the highest first. 2 queries, 3 beyond the first page; one more with a clock."""
    hits = chosen_hits(person, asked, today).select_related(
        "client", "party", "entity", "proposed_by", "assigned_to"
    )
    return keyset(hits, "-score", after=asked.get("after"), before=asked.get("before"))


def chosen_hits(person: Person, asked: Mapping[str, Any], today: date) -> Any:
    """The hits of a filter."""
    hits: Any = ScreeningHit.objects.visible_to(person)
    state = asked.get("state", "undecided")
    if state == "undecided":
        hits = hits.undecided()
    elif state == "obvious":
        hits = hits.obvious(pack("hits", today).body)
    else:
        hits = hits.filter(state__in=FIRST if state == "first" else [state])
    if column := asked.get("clock"):
        hits = Queue(hits, "opened_at", "hit_days").within(clock_on(today), column)
    if source := asked.get("source"):
        hits = hits.filter(entity__source=source)
    if (until := asked.get("until_score")) is not None:
        hits = hits.filter(score__lte=until)
    if whose := asked.get("whose"):
        hits = hits.filter(assigned_to=person.pk if whose == "mine" else None)
    return hits


DOZEN = Turn(
    Way("more", "A further hit decided by the dozen", of_screening=True),
    Way("fewer", "A hit decided one by one again", of_screening=True),
    Way("other", "Other hits decided by the dozen", of_screening=True),
)


def hits_tried(now: Mapping[str, Any], then: Mapping[str, Any]) -> tuple[dict[str, Any], Moves]:
    """For a dry run of pack "hits": which that wait may be decided by the dozen. 3 queries."""
    obvious = [
        set(ScreeningHit.objects.obvious(each).values_list("client_id", "pk", "score"))
        for each in (now, then)
    ]
    counts = [Counter(client_id for client_id, _pk, _score in found) for found in obvious]
    turned = defaultdict[int, tuple[list[str], list[str]]](lambda: ([], []))  # client: hits that come, and go
    for place, apart in enumerate((obvious[1] - obvious[0], obvious[0] - obvious[1])):
        for client_id, _pk, score in sorted(apart):
            turned[client_id][place].append(f"a hit of {score:.0f} points")
    moves = Moves(*DOZEN.ways)
    for client_id, (come, gone) in turned.items():
        words = (f"By the dozen: {each[client_id]}" for each in counts)
        moves.add(DOZEN.of(come, gone), client_id, words, come_and_gone(come, gone))
    whole = ScreeningHit.objects.undecided().count()
    line = ["Undecided hits that may be decided by the dozen", *(len(each) for each in obvious)]
    return {"judged": whole, "lines": [line] if whole else []}, moves


@dataclass(frozen=True)
class Dozens:
    """How many of a filter may be decided by the dozen: by the first officer, and by the second."""

    obvious: int
    to_confirm: int


def dozens(person: User, asked: Mapping[str, Any], today: date) -> Dozens:
    """What the list offers: nothing where there is nothing. 3 queries, the figures among them."""
    figures, chosen = pack("hits", today).body, chosen_hits(person, asked, today)
    waiting = chosen.obvious(figures, second=True).exclude(proposed_by=person.pk)
    return Dozens(chosen.obvious(figures).count(), waiting.count())


def paper_words(paper: Document) -> str:
    """A paper on file, as a decision that rests on it keeps it."""
    day = day_text(timezone.localdate(paper.uploaded_at), language())
    return f"{paper.get_kind_display()}, on file since {day}: {paper.title}"


def contradictions_of(hit: ScreeningHit, reason: str) -> list[str]:
    """One answer for the form and for the guard. At most 2 queries."""
    left = last_days([hit.party_id], timezone.localdate()) if reason == "struck_out" else {}
    return rules.refusals_of_the_contradicted(
        reason,
        hit.details,
        gone=hit.is_gone(),
        numbered=bool(hit.entity.identifiers),
        mistaken=hit.party_id in left and left[hit.party_id] is None,
    )


def papers_on(hit: ScreeningHit) -> list[tuple[int, str]]:
    """The client's papers that a decision may rest on, the newest first. 1 query."""
    return [(paper.pk, paper_words(paper)) for paper in document_list(hit.client)]


def deciders() -> list[User]:
    """Whom a hit may be given to. 1 query."""
    roles = [role for role in Role if May.SCREENING_DECIDE in ROLES[role].may]
    return list(User.objects.filter(role__in=roles, is_active=True).order_by("name", "pk"))


def hit_of(person: Person, hit_id: int) -> ScreeningHit | None:
    """A hit this person may see. 1 query."""
    return ScreeningHit.objects.visible_to(person).filter(pk=hit_id).first()


def hits_of(person: Person, hit_ids: Iterable[int]) -> list[ScreeningHit]:
    """These hits, as far as this person may see them, the highest score first. 1 query."""
    hits = ScreeningHit.objects.visible_to(person).filter(pk__in=list(hit_ids))
    return list(hits.select_related("party", "entity").order_by("-score", "pk"))


@dataclass(frozen=True)
class HitPage:
    hit: ScreeningHit
    listed_names: list[ListedName]
    identifiers: list[Identifier]
    others: list[ScreeningHit]  # other hits of the same party
    steps: list[HitStep]
    left_on: date | None  # since when the party stands on the file no more
    struck: list[Relationship]  # what was entered of it by mistake, where it never stood on the file
    roles: list[str]  # of a party that is not the client itself

    @property
    def sum(self) -> str:
        """How the score came about; nothing where another scorer gave it, or its data changed since."""
        hit, known = self.hit, self.hit.details
        if hit.scorer != screening.SCORER or known.get("changed") or "name" not in known:
            return ""
        return evidence.sum_words(known["name"], known, hit.score)

    @property
    def returned(self) -> HitStep | None:
        """Why the second officer sent it back, until somebody decides anew."""
        last = self.steps[0] if self.steps else None
        return last if last is not None and last.said == HitStep.Said.RETURNED else None

    @property
    def last_step(self) -> int:
        return self.steps[0].pk if self.steps else 0

    @property
    def same_papers(self) -> set[str]:
        """Numbers that stand on both sides."""
        theirs = {_bare(number) for _, number, _ in self.hit.entity.identifiers}
        return {each.number for each in self.identifiers if _bare(each.number) in theirs}


def _bare(number: str) -> str:
    return "".join(sign for sign in number.lower() if sign.isalnum())


def hit_page(person: Person, hit_id: int) -> HitPage | None:
    """One hit with both sides. 5 queries, 6 of a party beside the client, 7 of who left, 8 if struck out."""
    hits = ScreeningHit.objects.visible_to(person)
    hit = (
        hits.filter(pk=hit_id)
        .select_related(
            "client", "party", "entity__since", "entity__until", "proposed_by", "decided_by", "document"
        )
        .first()
    )
    if hit is None:
        return None
    roles = [] if hit.party.is_client else _roles(hit.party_id)
    left = {} if hit.party.is_client or roles else last_days([hit.party_id], timezone.localdate())
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
        steps=list(HitStep.objects.filter(hit=hit).select_related("by", "first").order_by("-pk")[:50]),
        left_on=left.get(hit.party_id),
        struck=_struck(hit.party_id) if hit.party_id in left and left[hit.party_id] is None else [],
        roles=roles,
    )


def _struck(party_id: int) -> list[Relationship]:
    roles = Relationship.ever.filter(party=party_id, struck_at__isnull=False)
    return list(roles.select_related("of", "struck_by").order_by("-struck_at"))


def _roles(party_id: int) -> list[str]:
    """What a party is on its file today. 1 query."""
    kinds = (
        Relationship.objects.on(timezone.localdate()).filter(party=party_id).values_list("kind", flat=True)
    )
    return [str(RelationKind(kind).label) for kind in sorted(set(kinds))]


def frozen_clients(client_ids: Iterable[int]) -> set[int]:
    """Clients whose journeys a confirmed match has frozen. 1 query."""
    hits = ScreeningHit.objects.freezing().filter(client__in=list(client_ids))
    return set(hits.values_list("client_id", flat=True))


def refusals_to_go_on(client_id: int) -> list[str]:
    """For every room above: may it go on with this client? A neutral sentence, or none. 1 query."""
    return rules.refusals_to_go_on(bool(frozen_clients([client_id])))
