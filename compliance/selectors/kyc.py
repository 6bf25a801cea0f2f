"""KYC: the list by its clock, and the compliance page of one client."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from clients.access import Person
from clients.models import Client, Document, Identifier, Party, TaxResidence
from compliance.models import (
    Approval,
    Consent,
    DeliveryChannel,
    KycFile,
    ListVersion,
    Measure,
    PartyToScreen,
    PepRole,
    RatingOverride,
    RatingRecord,
    RelationPurpose,
    ReviewTrigger,
    ScreeningHit,
    SourceOfFunds,
)
from compliance.models.screening import UNDECIDED
from compliance.rules import desk, reviews
from compliance.rules import kyc as rules
from compliance.selectors.desk import say_by_when
from compliance.selectors.rating_page import reasons
from compliance.selectors.runs import Reached, last_reached
from rulebook.selectors import pack
from ui.formats import label_of
from ui.paging import Page, keyset

UNRESOLVED = {*UNDECIDED, ScreeningHit.State.CONFIRMED}
FILTERS = {
    "risk": "risk",
    "segment": "segment",
    "team": "book__team",
    "country": "domicile",
}


def kyc_list(person: Person, asked: dict[str, Any], today: date) -> Page[Client]:
    """Served clients by the day their KYC is due, the latest first. 2 queries, 3 beyond the first page.

    It walks Client, whose (book, kyc_due_on) index holds at a million; KycFile comes by its id.
    """
    clients = chosen_clients(person, asked, today).select_related("kyc")
    return keyset(clients, "kyc_due_on", after=asked.get("after"), before=asked.get("before"))


def chosen_clients(person: Person, asked: Mapping[str, Any], today: date) -> Any:
    """The served clients of a filter."""
    clients = Client.objects.visible_to(person).served()
    if clock := asked.get("clock"):
        clients = in_clock(clients, clock, today)
    for name, field in FILTERS.items():
        if value := asked.get(name):
            clients = clients.filter(**{field: value})
    return clients


def in_clock(clients: Any, clock: str, today: date) -> Any:
    """`clients` whose KYC is due within this clock, of rules.desk.CLOCKS."""
    first, end = desk.due_window(clock, today)
    return clients.filter(kyc_due_on__gte=first, kyc_due_on__lt=end)


def needed_measures(
    client: Client, kyc: KycFile | None, figures: Mapping[str, Any], today: date
) -> list[reviews.Needed]:
    """The enhanced measures this client's risk asks for, and how each stands. 1 query."""
    if kyc is None:
        return []
    done = Measure.objects.filter(client=client).order_by("done_on").values_list("code", "done_on")
    return reviews.measures(kyc.rating, "pep" in kyc.rating_reasons, dict(done), today, figures)


def facts_of(client: Client) -> tuple[KycFile | None, Party | None]:
    """What is recorded of the main party. 2 queries."""
    party = Party.objects.filter(client=client, is_client=True).first()
    return KycFile.objects.filter(client=client).first(), party


def has_undecided_hits(client_id: int) -> bool:
    return bool(ScreeningHit.objects.filter(client=client_id).undecided().exists())


def open_checks(client_ids: Iterable[int]) -> set[int]:
    """Clients with a compliance check that is open or went wrong: all that an RM may know of it. 1 query."""
    hits = ScreeningHit.objects.unresolved().filter(client__in=list(client_ids))
    return set(hits.values_list("client_id", flat=True))


@dataclass(frozen=True)
class ClientCompliance:
    """All that the compliance page of one client shows."""

    kyc: KycFile | None
    party: Party | None
    reasons: list[str]  # of the rating, in words
    checks: list[rules.Check]
    consents: list[Consent]
    identifiers: list[Identifier]
    approvals: list[Approval]
    hits: list[ScreeningHit]  # for who may decide them; others get none, and the neutral check
    undecided: bool
    override: RatingOverride | None  # in force
    waiting: RatingOverride | None  # for a second officer
    computed: str  # the rating that an override stands beside
    triggers: list[str]  # why the review is due earlier, in words
    measures: list[reviews.Needed]
    roles_missing: bool  # the client said yes, and no office is recorded
    figures: Mapping[str, Any]  # rule pack "kyc" of the day

    @property
    def channel_label(self) -> str:
        return label_of(DeliveryChannel, self.kyc.channel if self.kyc else "")

    @property
    def source_label(self) -> str:
        return label_of(SourceOfFunds, self.kyc.source_of_funds if self.kyc else "")

    @property
    def purpose_label(self) -> str:
        return label_of(RelationPurpose, self.kyc.purpose if self.kyc else "")


def _frozen_on(hits: Iterable[ScreeningHit]) -> date | None:
    confirmed = [hit.decided_at for hit in hits if hit.state == ScreeningHit.State.CONFIRMED or hit.frozen]
    return max((timezone.localdate(at) for at in confirmed if at), default=None)


def client_compliance(client: Client, today: date, *, with_hits: bool) -> ClientCompliance:
    """For a file that was opened. 17 queries."""
    kyc = KycFile.objects.filter(client=client).select_related("reviewed_by", "facts_by").first()
    figures = pack("kyc", today)
    hits = list(
        ScreeningHit.objects.filter(client=client).select_related("entity", "party").order_by("-score", "pk")
    )
    consents = list(Consent.objects.filter(client=client).order_by("withdrawn_on", "purpose"))
    identifiers = list(
        Identifier.objects.filter(client=client).select_related("party").order_by("expires_on", "pk")
    )
    undecided = any(hit.state in UNRESOLVED or hit.frozen for hit in hits)
    measures = needed_measures(client, kyc, figures.body, today)
    has_role = PepRole.objects.filter(client=client).exists()
    overrides = list(
        RatingOverride.objects.filter(client=client, state__in=["in_force", "waiting"]).select_related(
            "asked_by", "decided_by"
        )
    )
    record = RatingRecord.objects.filter(client=client).order_by("-pk").first()
    reached = last_reached()
    facts = rules.FileFacts(
        state=client.state,
        rating=client.risk,
        facts_known=kyc is not None and kyc.facts_known,
        reviewed_on=kyc.reviewed_on if kyc else None,
        next_review_on=client.kyc_due_on,
        identity_expires_on=tuple(
            each.expires_on
            for each in identifiers
            if each.party.is_client and each.kind != Identifier.Kind.LEI
        ),
        tax_residences=TaxResidence.objects.filter(client=client, party__is_client=True).count(),
        consents=frozenset(each.purpose for each in consents if each.withdrawn_on is None),
        screened_at=_screened_at(client, kyc, reached),
        list_imported_at=ListVersion.objects.filter(active=True).aggregate(at=Max("imported_at"))["at"],
        undecided_hits=undecided,
        to_be_screened=PartyToScreen.objects.filter(
            party_id__in=Party.objects.filter(client=client).values("pk"), party_id__gt=reached.party
        ).exists(),
        frozen_on=_frozen_on(hits) if with_hits else None,
        measures=tuple(each.label.lower() for each in measures if each.stand in reviews.UNDONE)
        if measures
        else None,
    )
    approvals = list(
        Approval.objects.filter(client=client)
        .select_related("asked_by", "decided_by")
        .order_by("-asked_at")[:20]
    )
    waiting = next((each for each in overrides if each.state == RatingOverride.State.WAITING), None)
    asked = [each for each in approvals if each.decision == Approval.Decision.WAITING]
    say_by_when([*asked, *([waiting] if waiting else [])], today)
    return ClientCompliance(
        kyc=kyc,
        party=Party.objects.filter(client=client, is_client=True).first(),
        reasons=reasons(kyc.rating_reasons if kyc else [], figures.body, with_hits=with_hits),
        checks=rules.checks(facts, today, figures.body),
        consents=consents,
        identifiers=identifiers,
        approvals=approvals,
        hits=hits if with_hits else [],
        undecided=undecided,
        override=next((each for each in overrides if each.state == RatingOverride.State.IN_FORCE), None),
        waiting=waiting,
        computed=record.computed if record else "",
        triggers=open_triggers(client, with_hits=with_hits),
        measures=measures,
        roles_missing=bool(kyc and kyc.pep and not has_role),
        figures=figures.body,
    )


def open_triggers(client: Client, *, with_hits: bool) -> list[str]:
    """Why this file is reviewed outside its cycle, in words, each once. 1 query."""
    codes = (
        ReviewTrigger.objects.filter(client=client, settled_at__isnull=True)
        .order_by("due_on", "pk")
        .values_list("code", flat=True)
    )
    return list(dict.fromkeys(reviews.trigger_words(code, with_hits=with_hits) for code in codes))


def why_due(client_ids: list[int], *, with_hits: bool) -> dict[int, str]:
    """client -> why the review is due outside the cycle, the soonest reason. 1 query."""
    found: dict[int, str] = {}
    triggers = ReviewTrigger.objects.filter(client__in=client_ids, settled_at__isnull=True)
    for client_id, code in triggers.order_by("due_on", "pk").values_list("client_id", "code"):
        found.setdefault(client_id, reviews.trigger_words(code, with_hits=with_hits))
    return found


def _screened_at(client: Client, kyc: KycFile | None, reached: Reached) -> datetime | None:
    """When this client was last compared: alone, or by a run. What waits was reached by whole runs alone.

    1 query.
    """
    main = Party.objects.filter(client=client, is_client=True).values_list("pk", flat=True)
    waiting = PartyToScreen.objects.filter(party_id__in=main).values_list("party_id", flat=True).first()
    if waiting is None:
        run = reached.any_run_at
    else:
        run = reached.whole_at if waiting <= reached.party else None
    alone = kyc.screened_at if kyc else None
    return max(filter(None, (run, alone)), default=None)


@dataclass(frozen=True)
class MeasurePage:
    """The enhanced measures of one client: what is needed, what was done, papers that may prove it."""

    needed: list[reviews.Needed]
    done: list[Measure]
    documents: list[Document]
    facts_by_id: int | None


def measure_page(client: Client, today: date) -> MeasurePage:
    """For a file that was opened. 5 queries."""
    kyc = KycFile.objects.filter(client=client).first()
    figures = pack("kyc", today).body
    return MeasurePage(
        needed=needed_measures(client, kyc, figures, today),
        done=list(
            Measure.objects.filter(client=client).select_related("by", "document").order_by("-pk")[:50]
        ),
        documents=list(Document.objects.filter(client=client).order_by("-pk")[:100]),
        facts_by_id=kyc.facts_by_id if kyc else None,
    )
