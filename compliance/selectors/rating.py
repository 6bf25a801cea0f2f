"""What the rating judges, for one client or a thousand at once, and the pages that show a rating."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Min

from clients.models import OWNING, Client, Party, RelationKind, Relationship
from clients.selectors.owners import known_since, last_days
from compliance.models import (
    AdverseNote,
    KycFile,
    PepRole,
    RatingOverride,
    RatingRecord,
    ReviewTrigger,
    ScreeningHit,
)
from compliance.rules import override as override_rules
from compliance.rules import pep as pep_rules
from compliance.rules import rating as rules
from compliance.rules import reviews
from portfolios.selectors import products_held
from rulebook.models import RulePack
from rulebook.selectors import Pack, pack
from staff.models import User
from staff.night import NightShift

COUNTING = {RelationKind.HOLDER, *OWNING}  # whose countries are the client's too: FATF, EBA/GL/2021/02
_SEVERITY = {"low": 1, "medium": 2, "high": 3}


class Behind(NamedTuple):
    """As what a party counts, since when, and the row that says so."""

    kind: str
    since: date | None
    role: int


@dataclass
class Known:
    """The facts of one client, and who recorded each and when (code or attribute -> source)."""

    facts: rules.Facts
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)


def _day(value: date | datetime | None) -> str | None:
    return value.isoformat()[:10] if value else None


def _by(person_id: int | None, at: date | datetime | None, source: str) -> dict[str, Any]:
    return {"by": person_id, "on": _day(at), "source": source}


def known_of(
    client_ids: Sequence[int],
    figures: Mapping[str, Any],
    on: date,
) -> dict[int, Known]:
    """What is known of these clients on that day. 8 queries, one more each where an owner has no first day,
    and where somebody with an office has no role.
    """
    tail = pep_rules.tail_of(figures)
    clients = Client.objects.filter(pk__in=client_ids).values_list("pk", "kind", "domicile", "since_on")
    files = {
        each["client_id"]: each
        for each in KycFile.objects.filter(client__in=client_ids).values(
            "client_id",
            "pep",
            "source_of_funds",
            "purpose",
            "channel",
            "products",
            "pep_holders",
            "facts_at",
            "facts_by_id",
        )
    }
    owning: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    behind: dict[int, Behind] = {}
    kinds: dict[int, set[str]] = defaultdict(set)  # what each party is on that day
    relations = Relationship.objects.on(on).filter(client__in=client_ids).order_by("pk")
    for client_id, kind, party, of, since, role in relations.values_list(
        "client_id", "kind", "party_id", "of_id", "since_on", "pk"
    ):
        if kind in OWNING:
            owning[client_id].append((party, of, kind))
        if kind in COUNTING:
            behind.setdefault(party, Behind(kind, since, role))
        kinds[party].add(kind)
    parties: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in Party.objects.filter(client__in=client_ids).values_list(
        "client_id", "pk", "is_client", "nationality", "residence"
    ):
        parties[row[0]].append(row[1:])
    owners: dict[int, list[tuple[int, int]]] = {}
    for client_id, edges in owning.items():
        main = next((pk for pk, is_client, *_ in parties[client_id] if is_client), 0)
        leading = rules.leading_to(main, [edge[:2] for edge in edges])
        held_by = [edge[:2] for edge in edges if edge[2] == RelationKind.OWNER]
        owners[client_id] = [(owner, owned) for owner, owned in held_by if owned in leading]
        for party in {edge[0] for edge in edges} - leading:
            behind.pop(party)
    # Of a joint holder the day of the facts counts.
    undated = [each.role for each in behind.values() if not each.since and each.kind != RelationKind.HOLDER]
    written_down = known_since(undated)
    held = products_held(client_ids)
    matches, undecided = _hits(client_ids)
    roles: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in PepRole.objects.filter(client__in=client_ids).values_list(
        "client_id", "party_id", "until_on", "recorded_at", "recorded_by_id", "source"
    ):
        if kinds[row[1]] != {RelationKind.ADVISER}:
            roles[row[0]].append(row[1:])
    roleless = [role[0] for each in roles.values() for role in each if not kinds[role[0]]]
    left = last_days(roleless, on) if roleless else {}
    notes: dict[int, tuple[Any, ...]] = {}
    for row in AdverseNote.objects.filter(client__in=client_ids, closed_at__isnull=True).values_list(
        "client_id", "severity", "by_id", "at"
    ):
        if row[0] not in notes or _SEVERITY[row[1]] > _SEVERITY[notes[row[0]][0]]:
            notes[row[0]] = row[1:]
    found: dict[int, Known] = {}
    for pk, kind, domicile, since_on in clients:
        said = files.get(pk, {})
        facts_source = _by(said.get("facts_by_id"), said.get("facts_at"), "facts")
        sources: dict[str, dict[str, Any]] = dict.fromkeys(
            ("source_of_funds", "purpose", "channel", "no_pep", "pep"), facts_source
        )
        sources["kind"] = _by(None, since_on, "file")
        # What was looked for and not found, and what is wanted, was so on this very day.
        sources |= {"no_match": _by(None, on, "hits"), "no_adverse": _by(None, on, "notes")}
        if pk in undecided:
            sources["no_match"] |= {"undecided": undecided[pk]}
        countries = _countries(domicile, parties[pk], behind, written_down, facts_source, since_on, sources)
        said_yes = [party for party in said.get("pep_holders", ()) if party in behind]
        exposed = pep_rules.is_exposed(
            bool(said.get("pep") or said_yes),
            said.get("facts_at"),
            [pep_rules.Role(until, recorded, party in left) for party, until, recorded, *_ in roles[pk]],
            on,
            tail,
        )
        if said_yes and not said.get("pep"):
            sources["pep"] = facts_source | {"party": said_yes[0]}
        lasting = [row for row in roles[pk] if pep_rules.stand_of(row[1], on, tail) != "over"]
        counting = [row for row in lasting if row[0] not in left]
        if lasting and not exposed:
            party, _until, recorded, by_id, source = lasting[0]
            sources["no_pep"] = _by(by_id, left[party] or on, "pep_role") | {
                "party": party,
                "note": source,
                "stand": "left" if left[party] else "struck",
            }
        if counting:
            party, until, recorded, by_id, source = counting[0]
            sources["pep"] = _by(by_id, recorded, "pep_role") | {
                "party": party,
                "note": source,
                "stand": pep_rules.stand_of(until, on, tail),
            }
        for product in said.get("products", ()):
            sources[f"product:{product}"] = facts_source | {"source": "agreed"}
        for product, since in held.get(pk, {}).items():
            sources[f"product:{product}"] = _by(None, since or on, "held")  # no day: it is held on this one
        if pk in matches:
            decided_by, decided_at = matches[pk]
            sources["sanctions_match"] = _by(decided_by, decided_at, "hit")
        if pk in notes:
            sources["adverse"] = _by(notes[pk][1], notes[pk][2], "adverse")
        circular = rules.is_circular(owners.get(pk, ()))
        if circular:
            sources["opaque_ownership"] = _by(None, on, "ownership")
        found[pk] = Known(
            rules.Facts(
                kind=kind,
                countries=frozenset(countries),
                pep=exposed,
                source_of_funds=said.get("source_of_funds", ""),
                purpose=said.get("purpose", ""),
                products=frozenset({*said.get("products", ()), *held.get(pk, ())}),
                confirmed_match=pk in matches,
                channel=said.get("channel", ""),
                adverse=notes[pk][0] if pk in notes else "",
                opaque_ownership=circular,
            ),
            sources,
        )
    return found


def _hits(client_ids: Sequence[int]) -> tuple[dict[int, tuple[Any, ...]], Counter[int]]:
    """({client: who confirmed its last match, when}, how many hits of each nobody has decided). 1 query."""
    matches: dict[int, tuple[Any, ...]] = {}
    undecided: Counter[int] = Counter()
    rows = ScreeningHit.objects.unresolved().filter(client__in=client_ids).order_by("decided_at")
    for client, by, at, state, frozen in rows.values_list(
        "client_id", "decided_by_id", "decided_at", "state", "frozen"
    ):
        if frozen or state == ScreeningHit.State.CONFIRMED:
            matches[client] = (by, at)
        else:
            undecided[client] += 1
    return matches, undecided


def _countries(
    domicile: str,
    parties: list[tuple[Any, ...]],
    behind: Mapping[int, Behind],
    written_down: Mapping[int, date],
    facts_source: dict[str, Any],
    since_on: date,
    sources: dict[str, dict[str, Any]],
) -> set[str]:
    """Of the client, of joint holders and of whoever stands behind it; each with where it was found."""
    found: set[str] = set()

    def add(code: str, source: dict[str, Any], role: str) -> None:
        if code:
            found.add(code)
            known = sources.setdefault(f"country:{code}", source | {"roles": []})
            known["roles"] = sorted({*known["roles"], role})
            if "party" in source:
                known["parties"] = sorted({*known.get("parties", ()), source["party"]})

    for party, is_client, nationality, residence in parties:
        if is_client:
            add(nationality, facts_source, "nationality")
            add(residence, facts_source, "residence")
        elif party in behind:
            role = behind[party]
            joint = role.kind == RelationKind.HOLDER
            known = written_down.get(role.role, since_on)  # what came before births were kept, with the file
            source = facts_source if joint else _by(None, role.since or known, "ownership")
            source = source | {"party": party}
            if not joint and not role.since:
                source["stand"] = "known_since"
            whose = "joint holder's" if joint else f"{role.kind}'s"
            add(nationality, source, f"{whose} nationality")
            add(residence, source, f"{whose} residence")
    add(domicile, _by(None, since_on, "file"), "domicile")
    return found


def rated_today(client_id: int, on: date) -> tuple[Known, rules.Rating, Pack]:
    """By the figures of that day, whatever holds. 9 queries."""
    figures = pack("kyc", on)
    known = known_of([client_id], figures.body, on)[client_id]
    return known, rules.rate(known.facts, figures.body), figures


def override_judged_by(
    client_id: int, holds: str, rating: rules.Rating, figures: Pack
) -> override_rules.Rated:
    """One answer for the form and for the guard. 1 query."""
    return override_rules.Rated(
        computed=rating.level,
        holds=holds,
        floor=rating.floor,
        most_days=int(figures.body.get("override_max_days", 365)),
        waiting=RatingOverride.objects.waiting().filter(client=client_id).exists(),
    )


def rated_for_override(client: Client, on: date) -> override_rules.Rated:
    """Of a file that was opened. 10 queries."""
    _known, rating, figures = rated_today(client.pk, on)
    return override_judged_by(client.pk, client.risk, rating, figures)


def record_of(
    client_id: int,
    rating: rules.Rating,
    level: str,
    known: Known,
    figures: Pack,
    *,
    by: User | NightShift | None,
    cause: str,
    override: RatingOverride | None,
) -> RatingRecord:
    """The record of a rating, not yet stored."""
    return RatingRecord(
        client_id=client_id,
        by=by if isinstance(by, User) else None,
        cause=cause,
        level=level,
        computed=rating.level,
        by_sum=rating.by_sum,
        floor=rating.floor,
        points=rating.points,
        factors=rules.as_rows(rating, figures.body, known.sources),
        bands={name: figures["rating"][name] for name in ("medium_from", "high_from")},
        pack_version=figures.version,
        override=override,
    )


# --- many at once: the dry run and the sweep judge by the same function, so they cannot differ ------------


@dataclass(frozen=True)
class Judged:
    """One client by these figures, beside what holds."""

    client_id: int
    book_id: int
    kyc_id: int
    before: str
    reasons_before: list[str]
    known: Known
    rating: rules.Rating
    level: str
    override: RatingOverride | None
    fallen: str  # why the override no longer holds
    set_off: list[str]
    due_before: date
    due_after: date

    @property
    def differs(self) -> bool:
        same = list(self.rating.reasons) == self.reasons_before
        return not same or self.level != self.before or bool(self.fallen)


def rated_after(after: int, size: int, other_than: int | None = None) -> list[int]:
    """The next clients, by id, that were rated by facts; `other_than`: only by another version. 1 query."""
    files = KycFile.objects.filter(client__gt=after, facts_at__isnull=False).exclude(rating="unrated")
    if other_than is not None:
        files = files.exclude(pack_version=other_than)
    return list(files.order_by("client_id").values_list("client_id", flat=True)[:size])


def how_many_rated() -> int:
    return int(KycFile.objects.filter(facts_at__isnull=False).exclude(rating="unrated").count())


def versions_of_kyc() -> dict[int, dict[str, Any]]:
    """Version -> figures, for what judged before. 1 query."""
    return dict(RulePack.objects.filter(name="kyc").values_list("version", "body"))


def judged(
    client_ids: Sequence[int],
    figures: Mapping[str, Any],
    versions: Mapping[int, Mapping[str, Any]],
    on: date,
) -> list[Judged]:
    """These clients by other figures: rating, override, and when the review would be due. 11 queries."""
    known = known_of(client_ids, figures, on)
    overrides = {
        each.client_id: each for each in RatingOverride.objects.in_force().filter(client__in=client_ids)
    }
    open_due = {
        each["client_id"]: each["due"]
        for each in ReviewTrigger.objects.filter(client__in=client_ids, settled_at__isnull=True)
        .values("client_id")
        .annotate(due=Min("due_on"))
    }
    found = []
    files = KycFile.objects.filter(client__in=client_ids).select_related("client").order_by("client_id")
    for kyc in files:
        rating = rules.rate(known[kyc.client_id].facts, figures)
        override = overrides.get(kyc.client_id)
        fallen = override_rules.why_fallen(as_rule(override), rating.level, on) if override else ""
        holding = as_rule(override) if override and not fallen else None
        level = override_rules.effective(rating.level, rating.floor, holding)
        served = kyc.client.state in reviews.SERVED and kyc.reviewed_on is not None
        set_off = reviews.happened(kyc.rating, level, kyc.rating_reasons, rating.reasons) if served else []
        months = figures["review_months"]
        before = versions.get(kyc.pack_version, figures)["review_months"]
        due = kyc.client.kyc_due_on
        found.append(
            Judged(
                client_id=kyc.client_id,
                book_id=kyc.client.book_id,
                kyc_id=kyc.pk,
                before=kyc.rating,
                reasons_before=list(kyc.rating_reasons),
                known=known[kyc.client_id],
                rating=rating,
                level=level,
                override=override,
                fallen=fallen,
                set_off=set_off,
                due_before=due,
                due_after=reviews.due_after(
                    due_on=due,
                    reviewed_on=kyc.reviewed_on if served else None,
                    months_before=int(before[kyc.rating]),
                    months_after=int(months[level]),
                    open_due=open_due.get(kyc.client_id),
                    set_off=set_off,
                    today=on,
                    figures=figures,
                ),
            )
        )
    return found


def as_rule(override: RatingOverride) -> override_rules.Override:
    return override_rules.Override(override.level, override.computed, override.until_on)
