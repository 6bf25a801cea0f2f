"""Who stands behind a client on a day: the graph of its file, both arithmetics, and what is missing."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from clients.access import Person
from clients.models import OF_A_TRUST, OWNING, Client, Party, RelationKind, Relationship, State
from clients.selectors.owners import known_since, own_files, reads_otherwise
from compliance.models import KycFile, ScreeningHit
from compliance.rules import ownership as rules
from compliance.rules.ownership.drawing import Box, Drawing, draw
from compliance.rules.ownership.report import missing_owners, warnings_of
from compliance.rules.trials import Moves, Turn, Way
from rulebook.selectors import pack

CHUNK = 500  # companies at a time
KINDS = {"person": rules.PERSON, "organisation": rules.COMPANY, "trust": rules.TRUST}


@dataclass(frozen=True)
class Step:
    """One step of a chain: who, and what it holds of the next; the last holds nothing."""

    party: Party
    share: str


@dataclass(frozen=True)
class Owner:
    """A person who counts, and why."""

    party: Party
    share: Fraction | None  # None: by a role in a trust
    chains: list[tuple[list[Step], str]] = field(default_factory=list)  # the steps, and the sum shown
    circle: Fraction = Fraction(0)  # what comes round a circle again
    more_chains: bool = False
    role: str = ""
    trust: Party | None = None
    trust_share: Fraction | None = None

    @property
    def percent(self) -> str:
        return "" if self.share is None else rules.percent(self.share)

    @property
    def circle_percent(self) -> str:
        return rules.percent(self.circle)

    @property
    def trust_percent(self) -> str:
        return "" if self.trust_share is None else rules.percent(self.trust_share)


@dataclass(frozen=True)
class Line:
    """A row as the table tells it."""

    row: Relationship
    party: Party
    of: Party
    is_drawn: bool  # else it leads to the client no more
    known_on: date | None  # when it was written down, where nobody knows since when it is so
    own: Party | None  # who it is on the own file, where it is a client too and the reader may see that

    @property
    def now(self) -> Party | None:
        """As the own file tells it, where that has been corrected since."""
        return self.own if self.own and reads_otherwise(self.party, self.own) else None

    @property
    def share(self) -> str:
        return share_shown(self.row)


def share_shown(row: Relationship) -> str:
    return "" if row.share is None else rules.percent(Fraction(row.share) / 100)


def share_typed(row: Relationship) -> str:
    """As one would type it: 60, not 60.000."""
    return "" if row.share is None else f"{row.share.normalize():f}"


@dataclass(frozen=True)
class Ownership:
    """What is known of the owners of one file on one day."""

    on: date
    pack_version: int
    threshold: rules.Threshold
    main: Party | None
    parties: dict[int, Party]
    rows: list[Relationship]  # owners and roles in trusts in force on that day
    graph: rules.Graph
    over: dict[Party, str]  # who is owned to more than the whole, how much; then nothing is computed
    owners: list[Owner]  # at or above the threshold, and by role behind a trust
    below: list[Owner]
    ends: list[tuple[Party, str]]  # companies and trusts behind which no line leads to a person
    untold: Fraction
    circle: Fraction
    unknown: Fraction  # leads to no person
    opaque: bool  # and is so much that a beneficial owner could hide in it
    officials: list[Party]  # the senior managing officials, who stand in where there is no owner
    missing: list[str]  # sentences that stand in the way of an opening
    warnings: list[str]  # sentences that do not, but that an officer weighs
    stakes: dict[int, Fraction]  # party -> what comes to it of the client in the end

    @cached_property
    def drawn(self) -> rules.Graph:
        """What leads to the client, or from it: who held through an owner that ended is not its owner."""
        return self.graph.around(self.main.pk) if self.main else self.graph

    @property
    def untold_percent(self) -> str:
        return rules.percent(self.untold)

    @property
    def unknown_percent(self) -> str:
        return rules.percent(self.unknown)

    @property
    def owner_ids(self) -> list[int]:
        """Whom to identify, screen and rate: beneficial owners, or the officials in their place."""
        people = [each.party.pk for each in self.owners] or [party.pk for party in self.officials]
        return list(dict.fromkeys(people))

    @property
    def told(self) -> tuple[str, ...]:
        """All of it as text: an approval falls when this changes."""
        rows = sorted(
            (row.kind, row.party_id, row.of_id, str(row.share), str(row.since_on)) for row in self.rows
        )
        return tuple("|".join(map(str, row)) for row in rows)

    @property
    def digest(self) -> str:
        """Of all of it: what was said of these owners is not said of others."""
        return sha256(repr(self.told).encode()).hexdigest()


def ownership_of(client: Client, on: date) -> Ownership:
    """For a file that was opened. 3 queries."""
    parties = {party.pk: party for party in Party.objects.filter(client=client).order_by("-is_client", "pk")}
    rows = list(
        Relationship.objects.filter(client=client, kind__in=[*OWNING, RelationKind.DIRECTOR])
        .on(on)
        .order_by("pk")
    )
    figures = pack("ownership", on)
    main = next((party for party in parties.values() if party.is_client), None)
    seats = {client.domicile, *([main.nationality, main.residence] if main else [])}
    owning = [row for row in rows if row.kind != RelationKind.DIRECTOR]
    directors = [parties[row.party_id] for row in rows if row.kind == RelationKind.DIRECTOR]
    return _judged(
        on, figures.version, rules.threshold_of(figures.body, sorted(seats)), main, parties, owning, directors
    )


@dataclass(frozen=True)
class _File:
    """What is recorded of the owners of one company on a day."""

    seat: str
    parties: dict[int, Party]
    rows: list[Relationship]  # owners, roles in trusts, directors

    @property
    def main(self) -> Party | None:
        return next((party for party in self.parties.values() if party.is_client), None)

    @property
    def owning(self) -> list[Relationship]:
        return [row for row in self.rows if row.kind != RelationKind.DIRECTOR]

    def threshold(self, figures: Mapping[str, Any]) -> rules.Threshold:
        main = self.main
        seats = {self.seat, *([main.nationality, main.residence] if main else [])}
        return rules.threshold_of(figures, sorted(seats))


def lines_of(person: Person, found: Ownership) -> list[Line]:
    """The same as a table. No query, and one each for days that nobody knows and for owners with a file."""
    drawn = {(edge.owner, edge.owned) for edge in found.drawn.edges}
    known = known_since([row.pk for row in found.rows if not row.since_on])
    files = own_files(person, found.parties.values())
    return [
        Line(
            row,
            found.parties[row.party_id],
            found.parties[row.of_id],
            is_drawn=(row.party_id, row.of_id) in drawn,
            known_on=known.get(row.pk),
            own=files.get(row.party_id),
        )
        for row in found.rows
    ]


def companies_without_owners(client_ids: Sequence[int], on: date) -> list[int]:
    """Of these, the companies of whom `ownership_of(...).missing` says something; set-based. 4 queries."""
    files = _companies(client_ids, on)
    figures = pack("ownership", on).body if files else {}
    return [pk for pk, file in files.items() if _lacks_owners(file, _owners_of(file, figures))]


OWNERS = Turn(
    Way("more", "A further beneficial owner"),
    Way("fewer", "A beneficial owner less"),
    Way("other", "Other beneficial owners"),
)


def owners_tried(
    before: Mapping[str, Any], after: Mapping[str, Any], on: date, progress: Callable[[int, int], None]
) -> tuple[dict[str, Any], Moves]:
    """For a dry run: every company of the bank by both figures. 4 queries for each `CHUNK`.

    Who counts as blocked is left out: more people read a dry run than may know that there is one.
    """
    companies = Client.objects.filter(kind="organisation").exclude(state=State.CLOSED).order_by("pk")
    whole, done, last = companies.count(), 0, 0
    now, then, moved, moves = Counter[str](), Counter[str](), Counter[str](), Moves(*OWNERS.ways)
    while ids := list(companies.filter(pk__gt=last).values_list("pk", flat=True)[:CHUNK]):
        files = _companies(ids, on)
        for pk, file in files.items():
            sets = []
            for figures, told in ((before, now), (after, then)):
                found = _owners_of(file, figures)
                people = {*found.owners, *(each.owner for each in found.by_role)} if found else set()
                told["owners"] += len(people)
                told["missing"] += _lacks_owners(file, found)
                told["opaque"] += bool(found and found.is_opaque(file.threshold(figures)))
                sets.append(people)
            moved["more"] += bool(sets[1] - sets[0])
            moved["fewer"] += bool(sets[0] - sets[1])
            if sets[0] != sets[1]:
                come, gone = sets[1] - sets[0], sets[0] - sets[1]
                words = (f"Beneficial owners: {len(each)}" for each in sets)
                why = _why_others(file, len(come), len(gone), before, after)
                moves.add(OWNERS.of(come, gone), pk, words, why)
        last, done = ids[-1], done + len(ids)
        progress(done, max(whole, done))
    lines = [
        ["Beneficial owners", now["owners"], then["owners"]],
        ["Companies with a further beneficial owner", 0, moved["more"]],
        ["Companies with a beneficial owner less", 0, moved["fewer"]],
        ["Companies without an owner or a director in their place", now["missing"], then["missing"]],
        ["Companies behind which an owner could hide", now["opaque"], then["opaque"]],
    ]
    return {"judged": done, "lines": lines if done else []}, moves


def _why_others(
    file: _File, come: int, gone: int, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[str]:
    """From which share on an owner of this company counts, and how many come and go. No name: it is kept."""
    was, would_be = (file.threshold(figures).words for figures in (before, after))
    told = [f"Counts who holds {would_be}, now who holds {was}"]
    return [*told, f"{come} come, {gone} go"] if come and gone else told


def _companies(client_ids: Sequence[int], on: date) -> dict[int, _File]:
    """Of these clients the companies. 3 queries."""
    seats = dict(Client.objects.filter(pk__in=client_ids, kind="organisation").values_list("pk", "domicile"))
    if not seats:
        return {}
    files = {pk: _File(seat, {}, []) for pk, seat in seats.items()}
    for party in Party.objects.filter(client__in=seats).only(
        "client_id", "kind", "is_client", "nationality", "residence"
    ):
        files[party.client_id].parties[party.pk] = party
    kinds = [*OWNING, RelationKind.DIRECTOR]
    for row in Relationship.objects.filter(client__in=seats, kind__in=kinds).on(on).order_by("pk"):
        files[row.client_id].rows.append(row)
    return files


def _owners_of(file: _File, figures: Mapping[str, Any]) -> rules.Owners | None:
    """None: no owner is recorded, or more than the whole is; then nothing is computed."""
    graph = graph_of(file.parties, file.owning)
    if file.main is None or not file.owning or rules.over_whole(graph.edges):
        return None
    return rules.beneficial_owners(graph, file.threshold(figures)).get(file.main.pk)


def _lacks_owners(file: _File, found: rules.Owners | None) -> bool:
    if file.main is None or file.main.kind == "person":
        return False
    edges = graph_of(file.parties, file.owning).edges
    owners = len(found.owners) + len(found.by_role) if found else 0
    officials = len(file.rows) - len(file.owning)
    return bool(missing_owners(bool(edges), bool(rules.over_whole(edges)), owners, officials))


def _judged(
    on: date,
    version: int,
    threshold: rules.Threshold,
    main: Party | None,
    parties: dict[int, Party],
    rows: list[Relationship],
    directors: Sequence[Party],
) -> Ownership:
    graph = graph_of(parties, rows)
    over = {parties[node]: rules.percent(total) for node, total in rules.over_whole(graph.edges).items()}
    found, stakes = None, {}
    if main is not None and not over:
        found = rules.beneficial_owners(graph, threshold).get(main.pk)
        stakes = dict(rules.stakes(graph)[main.pk].parts) if main.pk in graph.owners else {}
    owners = _owners(graph, found, parties) if found and main else []
    is_company = main is not None and main.kind != "person"
    officials = list(dict.fromkeys(directors)) if is_company and not owners else []
    opaque = found is not None and found.is_opaque(threshold)
    return Ownership(
        on=on,
        pack_version=version,
        threshold=threshold,
        main=main,
        parties=parties,
        rows=rows,
        graph=graph,
        over=over,
        owners=owners,
        below=[Owner(parties[node], part) for node, part in found.others.items()] if found else [],
        ends=[(parties[node], rules.percent(part)) for node, part in found.ends.items()] if found else [],
        untold=found.untold if found else Fraction(0),
        circle=found.circle if found else Fraction(0),
        unknown=found.unknown if found else Fraction(0),
        opaque=opaque,
        officials=officials,
        missing=missing_owners(bool(graph.edges), bool(over), len(owners), len(officials))
        if is_company
        else [],
        warnings=warnings_of(found, threshold) if found and is_company else [],
        stakes={node: part for node, part in stakes.items() if node in parties},
    )


def graph_of(
    parties: dict[int, Party], rows: Sequence[Relationship], blocked: frozenset[int] = frozenset()
) -> rules.Graph:
    edges = [
        rules.Edge(
            row.party_id,
            row.of_id,
            Fraction(row.share or 0) / 100,
            row.kind if row.kind in OF_A_TRUST else "",
        )
        for row in rows
    ]
    return rules.Graph(
        tuple(edges), {pk: KINDS[party.kind] for pk, party in parties.items()}, frozenset(blocked)
    )


def _owners(graph: rules.Graph, found: rules.Owners, parties: dict[int, Party]) -> list[Owner]:
    owners = []
    for node, part in found.owners.items():
        ways, complete = rules.chains(graph, node, found.entity, most=12)
        rest = part - sum((way.product for way in ways), Fraction(0))
        owners.append(
            Owner(
                parties[node],
                part,
                chains=[(_steps(way, parties), way.sum_shown) for way in ways],
                circle=rest if complete else Fraction(0),
                more_chains=not complete,
            )
        )
    for each in found.by_role:
        owners.append(
            Owner(
                parties[each.owner],
                None,
                role=str(RelationKind(each.role).label),
                trust=parties[each.trust],
                trust_share=each.share,
            )
        )
    return owners


def _steps(way: rules.Chain, parties: dict[int, Party]) -> list[Step]:
    shares = [rules.percent(share) for share in way.shares]
    return [Step(parties[node], share) for node, share in zip(way.nodes, [*shares, ""], strict=True)]


# --- sanctions, for those who may know of them --------------------------------------------------------------


@dataclass(frozen=True)
class BlockedLine:
    """Who counts as blocked by a regime, and by whom."""

    regime: str  # "OFAC", "EU"
    party: Party
    is_listed: bool
    together: str  # what those under `because` hold, as a percentage
    because: list[tuple[Party, str]]
    bound: str  # "50 % or more"
    said_in: str


def blocked_of(found: Ownership) -> list[BlockedLine]:
    """Who on the file counts as blocked by each regime, from matches that two people confirmed. 2 queries.

    Only for who may decide hits: that there is one, nobody else may learn (EU AMLR Art. 73).
    """
    confirmed = ScreeningHit.objects.filter(
        party__in=list(found.parties), state=ScreeningHit.State.CONFIRMED
    ).values_list("party_id", flat=True)
    if found.over or not (listed := frozenset(confirmed)):
        return []
    figures = pack("ownership", found.on)
    graph = graph_of(found.parties, found.rows, listed)
    lines = []
    for name, rule in rules.regimes(figures.body).items():
        for node, why in rules.blocked(graph, rule).items():
            because = [(found.parties[owner], rules.percent(share)) for owner, share in why.because.items()]
            lines.append(
                BlockedLine(
                    name.upper(),
                    found.parties[node],
                    why.is_listed,
                    rules.percent(why.share),
                    because,
                    rule.words,
                    rules.SAID_IN.get(name, ""),
                )
            )
    return lines


# --- what happened when -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    on: date
    row: Relationship
    what: str  # "began", "ended"; "struck": it was never so; "corrected": but as `instead` says
    instead: Relationship | None = None

    @property
    def share(self) -> str:
        return share_shown(self.row)

    @property
    def share_instead(self) -> str:
        return share_shown(self.instead) if self.instead else ""


def ownership_changes(client: Client, most: int = 40) -> list[Change]:
    """Every beginning and end of an owner or a role in a trust, and what was put right, the latest first.
    1 query.
    """
    rows = list(
        Relationship.ever.filter(client=client, kind__in=OWNING).select_related("party", "of", "struck_by")
    )
    instead = {row.instead_of_id: row for row in rows if row.instead_of_id}
    changes = []
    for row in rows:
        if row.struck_at:
            right = instead.get(row.pk)
            what = "corrected" if right else "struck"
            changes.append(Change(timezone.localdate(row.struck_at), row, what, right))
            continue
        if row.since_on:
            changes.append(Change(row.since_on, row, "began"))
        if row.until_on:
            changes.append(Change(row.until_on, row, "ended"))
    changes.sort(key=lambda each: (each.row.pk, each.what == "began"), reverse=True)
    changes.sort(key=lambda each: each.row.struck_at.timestamp() if each.row.struck_at else 0, reverse=True)
    return sorted(changes, key=lambda each: each.on, reverse=True)[:most]


# --- as it is drawn ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DrawnBox:
    party: Party
    box: Box
    share: str  # what of the client comes to it in the end
    is_owner: bool
    marks: list[str]


def picture(
    client: Client, found: Ownership, blocked: Sequence[BlockedLine]
) -> tuple[Drawing, list[DrawnBox]] | None:
    """The graph with what must be seen at once; None when there is nothing to draw. 2 queries."""
    if not found.drawn.edges or found.main is None:
        return None
    figures = pack("kyc", found.on).body
    kyc = KycFile.objects.filter(client=client).first()
    stopped = {line.party.pk: line for line in blocked}
    owners = {each.party.pk for each in found.owners}
    drawing = draw(found.drawn, found.main.pk, {pk: party.name for pk, party in found.parties.items()})
    boxes = []
    for box in drawing.boxes:
        party = found.parties[box.node]
        marks = []
        if party.pk in stopped:
            marks.append(_("On a sanctions list") if stopped[party.pk].is_listed else _("Counts as blocked"))
        if party.is_client and kyc is not None and kyc.pep:
            marks.append(_("PEP"))
        if listed := {party.nationality, party.residence} & set(figures["high_risk_countries"]):
            marks.append(_("High-risk country {code}").format(code=min(listed)))
        part = found.stakes.get(party.pk)
        boxes.append(DrawnBox(party, box, rules.percent(part) if part else "", party.pk in owners, marks))
    return drawing, boxes
