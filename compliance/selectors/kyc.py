"""KYC: the list by its clock, and the compliance page of one client."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max, TextChoices

from clients.access import Person
from clients.models import Client, Identifier, Party, State, TaxResidence
from compliance.models import (
    Approval,
    Consent,
    KycFile,
    ListVersion,
    RelationPurpose,
    ScreeningHit,
    ScreeningRun,
    SourceOfFunds,
)
from compliance.models.screening import UNDECIDED
from compliance.rules import kyc as rules
from compliance.rules import rating
from portfolios.models import Account
from rulebook.selectors import pack
from ui.paging import Page, keyset

UNRESOLVED = {*UNDECIDED, ScreeningHit.State.CONFIRMED}
SERVED = [State.ACTIVE, State.DORMANT]


def kyc_list(person: Person, asked: dict[str, Any], today: date) -> Page[Client]:
    """Served clients by the day their KYC is due, the latest first. 2 queries, 3 beyond the first page.

    It walks Client, whose (book, kyc_due_on) index holds at a million; KycFile comes by its id.
    """
    clients = Client.objects.visible_to(person).filter(state__in=SERVED).select_related("kyc")
    if clock := asked.get("clock"):
        clients = in_clock(clients, clock, today)
    for field in ("risk", "segment", "book"):
        if value := asked.get(field):
            clients = clients.filter(**{field: value})
    return keyset(clients, "kyc_due_on", after=asked.get("after"), before=asked.get("before"))


def in_clock(clients: Any, clock: str, today: date) -> Any:
    """`clients` whose KYC is due within this clock (rules.kyc.CLOCKS), or "overdue": all that are late."""
    first, end = (None, today) if clock == "overdue" else rules.window(clock, today)
    clients = clients.filter(kyc_due_on__lt=end)
    return clients if first is None else clients.filter(kyc_due_on__gte=first)


def rating_facts(client: Client, kyc: KycFile, products: Iterable[str]) -> rating.Facts:
    """What the rating judges, as it is now. 3 queries at most."""
    main = Party.objects.filter(client=client, is_client=True).values_list("nationality", "residence").first()
    held = set(products) or set(
        Account.objects.filter(client=client, closed_on__isnull=True).values_list("kind", flat=True)
    )
    return rating.Facts(
        kind=client.kind,
        countries=frozenset(filter(None, (client.domicile, *(main or ())))),
        pep=kyc.pep,
        source_of_funds=kyc.source_of_funds,
        purpose=kyc.purpose,
        products=frozenset(held),
        confirmed_match=ScreeningHit.objects.freezing().filter(client=client).exists(),
    )


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

    @property
    def source_label(self) -> str:
        return _label(SourceOfFunds, self.kyc.source_of_funds if self.kyc else "")

    @property
    def purpose_label(self) -> str:
        return _label(RelationPurpose, self.kyc.purpose if self.kyc else "")


def _label(choices: type[TextChoices], value: str) -> str:
    """The label of a value; an imported bank's own word as it is."""
    return str(dict(choices.choices).get(value, value))


def client_compliance(client: Client, today: date, *, with_hits: bool) -> ClientCompliance:
    """For a file that was opened. 11 queries."""
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
    facts = rules.FileFacts(
        state=client.state,
        rating=client.risk,
        facts_known=kyc is not None and kyc.facts_known,
        reviewed_on=kyc.reviewed_on if kyc else None,
        next_review_on=client.kyc_due_on,
        identity_expires_on=tuple(each.expires_on for each in identifiers if each.party.is_client),
        tax_residences=TaxResidence.objects.filter(client=client, party__is_client=True).count(),
        consents=frozenset(each.purpose for each in consents if each.withdrawn_on is None),
        screened_at=_screened_at(client, kyc),
        list_imported_at=ListVersion.objects.filter(active=True).aggregate(at=Max("imported_at"))["at"],
        undecided_hits=undecided,
    )
    approvals = Approval.objects.filter(client=client).select_related("asked_by", "decided_by")
    return ClientCompliance(
        kyc=kyc,
        party=Party.objects.filter(client=client, is_client=True).first(),
        reasons=rating.reasons(kyc.rating_reasons if kyc else [], figures.body, with_hits=with_hits),
        checks=rules.checks(facts, today, figures.body),
        consents=consents,
        identifiers=identifiers,
        approvals=list(approvals.order_by("-asked_at")[:20]),
        hits=hits if with_hits else [],
        undecided=undecided,
    )


def _screened_at(client: Client, kyc: KycFile | None) -> datetime | None:
    """When this client was last compared: alone, or by a whole run that began after the file was opened."""
    run = (
        ScreeningRun.objects.filter(
            kind="full", finished_at__isnull=False, started_at__date__gt=client.since_on
        )
        .order_by("-started_at")
        .values_list("started_at", flat=True)
        .first()
    )
    alone = kyc.screened_at if kyc else None
    return max(filter(None, (run, alone)), default=None)
