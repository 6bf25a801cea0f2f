"""Which papers an opening needs by some figures, and what other figures would ask for."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from clients.access import Person
from clients.models import Client, Kind, Party, RelationKind, Relationship
from compliance.rules.trials import Moves, Turn, Way, come_and_gone
from compliance.selectors.ownership import ownership_of
from onboarding import rules
from onboarding.models import Onboarding, RequiredDocument
from onboarding.selectors.openings import document_label, joint_holders

Figures = Mapping[str, Any]


def papers_needed(onboarding: Onboarding, client: Client, figures: Figures) -> list[rules.Need]:
    """By who the client is today. 3 queries, 6 of an organisation."""
    return _by(onboarding, client, _countries(client), _others(client), figures)


def _by(
    onboarding: Onboarding,
    client: Client,
    countries: set[str],
    others: list[rules.Whom],
    figures: Figures,
) -> list[rules.Need]:
    return rules.needs(
        client.kind,
        client.risk,
        figures,
        products=onboarding.products,
        countries=countries,
        segment=client.segment,
        others=others,
    )


def _countries(client: Client) -> set[str]:
    found = {client.domicile}
    main = Party.objects.filter(client=client, is_client=True)
    for pair in [*main.values_list("nationality", "residence"),
                 *joint_holders(client).values_list("nationality", "residence")]:  # fmt: skip
        found |= set(pair)
    return found - {""}


def _others(client: Client) -> list[rules.Whom]:
    """Joint holders; of an organisation its beneficial owners, or who stands in for them, and who signs."""
    if client.kind == Kind.PERSON:
        joint = joint_holders(client).order_by("pk").values_list("pk", flat=True)
        return [rules.Whom(pk, "holder") for pk in joint]
    today = timezone.localdate()
    signing = Relationship.objects.on(today).filter(
        client=client, kind=RelationKind.SIGNATORY, party__kind=Kind.PERSON
    )
    found = {*ownership_of(client, today).owner_ids, *signing.values_list("party_id", flat=True)}
    return [rules.Whom(pk, "related") for pk in sorted(found)]


def last_role(client: Client) -> int:
    """The newest role on the file; 0: there is none. 1 query."""
    return int(Relationship.objects.filter(client=client).aggregate(last=Max("pk"))["last"] or 0)


def papers_to_ask(by: Person) -> list[int]:
    """Openings of organisations where a role came to be since papers were asked for, or ceased. 1 query."""
    today = timezone.localdate()
    roles = Relationship.objects.filter(client=OuterRef("client_id"))
    since = Exists(roles.filter(pk__gt=OuterRef("papers_asked_to")))
    still = Relationship.objects.on(today).filter(party=OuterRef("party_id"))
    gone = RequiredDocument.objects.filter(
        onboarding=OuterRef("pk"), party__isnull=False, state=RequiredDocument.State.MISSING
    ).exclude(Exists(still))
    running = Onboarding.objects.visible_to(by).running().filter(client__kind=Kind.ORGANISATION)
    return list(running.filter(since | Exists(gone)).order_by("pk").values_list("pk", flat=True)[:200])


PAPERS = Turn(
    Way("more", "Needs a further paper"),
    Way("fewer", "Needs a paper less"),
    Way("other", "Needs other papers"),
)


def papers_tried(
    before: Figures, after: Figures, progress: Callable[[int, int], None]
) -> tuple[dict[str, Any], Moves]:
    """For a dry run: the papers of every running opening by both figures."""
    running = Onboarding.objects.running().select_related("client").order_by("pk")
    whole, now, then, more, fewer = running.count(), Counter[str](), Counter[str](), 0, 0
    moves = Moves(*PAPERS.ways)
    for place, each in enumerate(running.iterator(500), 1):
        about = (_countries(each.client), _others(each.client))
        sets = [
            {(need.document, need.party_id) for need in _by(each, each.client, *about, figures)}
            for figures in (before, after)
        ]
        now.update(kind for kind, _party in sets[0])
        then.update(kind for kind, _party in sets[1])
        more += bool(sets[1] - sets[0])
        fewer += bool(sets[0] - sets[1])
        if sets[0] != sets[1]:
            come, gone = (_papers(sets[to] - sets[1 - to]) for to in (1, 0))
            words = (f"Papers: {len(found)}" for found in sets)
            moves.add(PAPERS.of(come, gone), each.client_id, words, come_and_gone(come, gone))
        if place % 200 == 0:
            progress(place, max(whole, place))
    lines = [
        ["Papers asked for", now.total(), then.total()],
        ["Openings that need a further paper", 0, more],
        ["Openings that need a paper less", 0, fewer],
        *([document_label(kind), now[kind], then[kind]] for kind in sorted(now | then)),
    ]
    return {"judged": whole, "lines": lines if whole else []}, moves


def _papers(found: set[tuple[str, int | None]]) -> list[str]:
    """Each kind once, with of how many persons it is asked."""
    counted = Counter(kind for kind, _party in found)
    return [
        document_label(kind) + (f" ({count} times)" if count > 1 else "")
        for kind, count in sorted(counted.items())
    ]


def kind_of_paper(onboarding: Onboarding, required_id: int) -> str:
    """Of a paper that is asked for in this opening; "" where there is none. 1 query."""
    asked = RequiredDocument.objects.filter(onboarding=onboarding, pk=required_id)
    return asked.values_list("kind", flat=True).first() or ""
