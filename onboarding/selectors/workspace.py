"""One opening with all that its pages show: the workspace, the approver's page, the printed plan."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.crypto import salted_hmac

from audit.models import AuditEvent
from clients.models import SIGNING, Client, ContactPoint, Identifier, Party, RelationKind, Relationship, Risk
from compliance import selectors as compliance
from compliance.models import Approval, Consent, KycFile
from compliance.rules import reviews
from compliance.selectors.desk import Clock, clock_on
from compliance.selectors.kyc import needed_measures
from compliance.selectors.ownership import Ownership
from onboarding import rules
from onboarding.models import (
    HolderFacts,
    Onboarding,
    PlannedAccount,
    RequiredDocument,
    SelfCertification,
)
from onboarding.rules import tax
from onboarding.rules.holders import Holder
from onboarding.selectors.openings import FILE_CHANGED, KIND, consents_missing, document_label
from portfolios.models import Account
from rulebook.calendars import working_days
from rulebook.rules.words import FORMS
from rulebook.selectors import Pack, pack
from staff.models import User

APPROVED = RequiredDocument.State.APPROVED


@dataclass(frozen=True)
class Certified:
    """One current form and what it is worth today."""

    row: SelfCertification
    valid: bool
    contradictions: list[str]


@dataclass(frozen=True)
class HolderView:
    """One holder with papers, facts and forms of their own."""

    party: Party
    facts: HolderFacts | None
    holder: Holder
    needed: list[str]  # forms
    certified: list[Certified]


@dataclass(frozen=True)
class Workspace:
    """One onboarding with all that its page shows."""

    onboarding: Onboarding
    client: Client
    party: Party | None
    kyc: KycFile | None
    required: list[RequiredDocument]
    approval: Approval | None  # the one that waits, else the last
    facts: rules.Facts
    figures: Pack
    desk: Clock
    holders: list[HolderView] = field(default_factory=list)
    papers: list[Identifier] = field(default_factory=list)  # that were shown
    related: list[Relationship] = field(default_factory=list)  # owners, directors, signatories, family
    accounts: list[PlannedAccount] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    ownership: Ownership | None = None  # of an organisation
    stopped: list[str] = field(default_factory=list)  # why no journey of this client goes on now

    @property
    def people(self) -> list[Party]:
        """The client itself and whoever has a role on the file today."""
        return [each for each in [self.party, *(row.party for row in self.related)] if each is not None]

    @property
    def refusals_to_submit(self) -> list[str]:
        return rules.refusals_to_submit(self.facts) + self.stopped

    def plan(self) -> list[rules.Item]:
        """The action plan, by the working days of the team that serves the client."""
        after = working_days(self.client.book.team.calendar).after
        started_on = timezone.localtime(self.onboarding.started_at).date()
        asked = self.approval if self.facts.state == Onboarding.State.IN_REVIEW else None
        return rules.action_plan(
            self.facts,
            started_on,
            self.figures.body,
            after,
            decide_by=partial(self.desk.decide_by, figure="approval_days"),
            asked_on=timezone.localdate(asked.asked_at) if asked else None,
        )


def workspace(onboarding: Onboarding) -> Workspace:
    """For a file that was opened; `onboarding.client` is the client as it is now. 16 queries, 19 for an
    organisation; one more once it is approved.
    """
    client, today = onboarding.client, timezone.localdate()
    figures = pack("onboarding", today)
    required = list(
        RequiredDocument.objects.filter(onboarding=onboarding)
        .select_related("document__uploaded_by", "reviewed_by", "taken_by", "party")
        .order_by("party_id", "pk")
    )
    required.sort(key=lambda each: (each.party_id or 0, each.pk))
    kyc = KycFile.objects.filter(client=client).select_related("facts_by").first()
    parties = list(Party.objects.filter(client=client).order_by("pk"))
    related = list(
        Relationship.objects.filter(client=client).on(today).select_related("party", "of").order_by("pk")
    )
    papers = list(Identifier.objects.filter(client=client).order_by("pk"))
    points = list(ContactPoint.objects.filter(client=client).order_by("pk"))
    party = next((each for each in parties if each.is_client), None)
    # Whose role has ended brings no paper any more; what was approved of them stays.
    there = {None, *(each.party_id for each in related)}
    required = [each for each in required if each.party_id in there or each.state == APPROVED]
    holders = _holders(onboarding, kyc, parties, related, points, figures, today)
    accounts = list(PlannedAccount.objects.filter(onboarding=onboarding).order_by("pk"))
    consents = list(Consent.objects.filter(client=client, withdrawn_on__isnull=True).order_by("purpose"))
    approvals = Approval.objects.filter(client=client, kind=KIND, subject_id=onboarding.pk)
    approval = approvals.select_related("asked_by", "decided_by").order_by("-asked_at", "-pk").first()
    ownership = None if client.kind == "person" else compliance.ownership_of(client, today)
    facts = rules.Facts(
        state=onboarding.state,
        kind=client.kind,
        rating=kyc.rating if kyc else "unrated",
        pep=bool(kyc and kyc.pep),
        facts_known=bool(kyc and kyc.facts_known),
        facts_by=kyc.facts_by_id if kyc else None,
        started_by=onboarding.started_by_id,
        saved_by=_savers(onboarding.saved),
        products=tuple(onboarding.products),
        documents=tuple(_document_fact(each) for each in required),
        reached=bool(points),
        signatories=sum(each.kind in SIGNING for each in related),
        owners_missing=_owners_missing(onboarding, ownership) if ownership else (),
        check_open=bool(compliance.open_checks([client.pk])),
        holders=tuple(each.holder for each in holders),
        consents_missing=consents_missing(consents),
        returned=approval is not None and approval.reason.startswith("returned:"),
        accounts_open=onboarding.state == Onboarding.State.APPROVED and _are_open(accounts, client),
        told=(
            *_told(client, kyc, parties),
            onboarding.owners_search,
            *(repr((each.party_id, each.kind, each.value, each.preferred)) for each in points),
            *(_told_of_paper(each) for each in papers),
            *(f"{each.party_id}:{each.kind}:{each.of_id}:{each.share}:{each.since_on}" for each in related),
            *(_told_of_holder(each) for each in holders),
            *(_told_of_account(each) for each in accounts),
            *(f"{each.purpose}:{each.channel}" for each in consents),
        ),
    )
    return Workspace(
        onboarding,
        client,
        party,
        kyc,
        required,
        approval,
        facts,
        figures,
        clock_on(today),
        holders,
        papers,
        related,
        accounts,
        consents,
        ownership,
        compliance.refusals_to_go_on(client.pk),
    )


def measures_undone(work: Workspace) -> list[str]:
    """The enhanced measures that the client's risk still asks for. 2 queries at high risk, else none."""
    if work.kyc is None or work.kyc.rating != Risk.HIGH:
        return []
    today = timezone.localdate()
    needed = needed_measures(work.client, work.kyc, pack("kyc", today).body, today)
    return [each.label.lower() for each in needed if each.stand in reviews.UNDONE]


def _owners_missing(onboarding: Onboarding, ownership: Ownership) -> tuple[str, ...]:
    unknown = ownership.unknown_percent if ownership.opaque else ""
    searched = onboarding.owners_searched == ownership.digest
    return (*ownership.missing, *rules.owners_unsought(unknown, searched))


def _are_open(planned: list[PlannedAccount], client: Client) -> bool:
    """Whether the core system has sent an account of the kind and currency of each. 1 query."""
    sent = Counter(Account.objects.filter(client=client).values_list("kind", "currency"))
    return Counter((each.kind, each.currency) for each in planned) <= sent


def _savers(saved: dict[str, Any]) -> frozenset[int]:
    """Whoever saved a step, also when a colleague saved it after them."""
    return frozenset(pk for step in saved.values() for pk in (*step.get("ever", ()), step.get("id")) if pk)


def makers(work: Workspace) -> frozenset[int]:
    """Whoever made a part of what is to be approved: none of them is the second person. 1 query."""
    return work.facts.makers | who_changed_the_file(work.client.pk)


def shown_to(work: Workspace, person: User) -> str:
    """That this person was shown what waits, as it is: nobody can make it up, and no other page has it."""
    assert work.approval is not None
    told = f"{work.approval.pk} {rules.fingerprint(work.facts)} {person.pk}"
    return salted_hmac("onboarding.review", told, algorithm="sha256").hexdigest()


def who_changed_the_file(client_id: int) -> frozenset[int]:
    """Whoever wrote down whose the client is, who belongs to it or how they are reached, by the audit.
    1 query."""
    made = AuditEvent.objects.filter(client_id=client_id, verb__in=FILE_CHANGED).order_by()
    return frozenset(pk for pk in made.values_list("by_id", flat=True).distinct() if pk is not None)


def _document_fact(required: RequiredDocument) -> rules.DocumentFact:
    document = required.document
    label = document_label(required.kind)
    return rules.DocumentFact(
        label=f"{label} of {required.party.name}" if required.party else label,
        state=required.state,
        document_id=document.pk if document else None,
        digest=document.sha256 if document else "",
        uploaded_by=document.uploaded_by_id if document else None,
        kind=required.kind,
    )


def facts_now(client_id: int) -> dict[str, Any]:
    """The KYC facts as they are stored, by the names of the form's fields. 2 queries."""
    kyc = KycFile.objects.filter(client=client_id).first()
    return facts_shown(kyc, Party.objects.filter(client=client_id, is_client=True).first())


def facts_shown(kyc: KycFile | None, party: Party | None) -> dict[str, Any]:
    """What the form of the facts shows of these rows."""
    found: dict[str, Any] = {}
    if party is not None:
        found |= {name: getattr(party, name) for name in ("born_on", "nationality", "residence")}
    if kyc is not None and kyc.facts_known:
        names = ("source_of_funds", "purpose", "pep", "channel")
        found |= {name: getattr(kyc, name) for name in names}
    else:
        found |= {"source_of_funds": "", "purpose": "", "pep": "", "channel": ""}
    return found


# --- holders ---------------------------------------------------------------------------------------------


def _holders(
    onboarding: Onboarding,
    kyc: KycFile | None,
    parties: list[Party],
    related: list[Relationship],
    points: list[ContactPoint],
    figures: Pack,
    today: date,
) -> list[HolderView]:
    """The client itself first, then joint holders. 2 queries."""
    client = onboarding.client
    joint = {each.party_id for each in related if each.kind == RelationKind.HOLDER}
    facts = {each.party_id: each for each in HolderFacts.objects.filter(client=client)}
    forms: dict[int, list[SelfCertification]] = defaultdict(list)
    for each in SelfCertification.objects.filter(client=client).current().order_by("form"):
        forms[each.party_id].append(each)
    phones: dict[int, set[str]] = defaultdict(set)
    for point in points:
        if point.kind == ContactPoint.Kind.PHONE and (code := tax.phone_country(point.value)):
            phones[point.party_id].add(code)
    found = []
    for party in sorted(parties, key=lambda each: not each.is_client):
        if not party.is_client and party.pk not in joint:
            continue
        known = tax.Known(
            kind=party.kind,
            name=party.name,
            nationality=party.nationality,
            residence=party.residence,
            phone_countries=frozenset(phones[party.pk]),
        )
        found.append(
            _holder_view(party, facts.get(party.pk), forms[party.pk], known, onboarding, figures, today)
        )
    return found


def _holder_view(
    party: Party,
    facts: HolderFacts | None,
    forms: list[SelfCertification],
    known: tax.Known,
    onboarding: Onboarding,
    figures: Pack,
    today: date,
) -> HolderView:
    needed = tax.forms_needed(known, onboarding.products, figures.body)
    certified = [
        Certified(
            each,
            each.valid_until is None or today <= each.valid_until,
            tax.contradictions(as_certification(each), known),
        )
        for each in forms
    ]
    valid = {each.row.form for each in certified if each.valid}
    open_ones = [
        sentence for each in certified if not each.row.explanation for sentence in each.contradictions
    ]
    holder = Holder(
        party_id=party.pk,
        name=party.name,
        main=party.is_client,
        facts_known=party.is_client or bool(facts and facts.facts_at),
        wealth_known=bool(facts and facts.source_of_wealth),
        pep=bool(facts and facts.pep),
        recorded_by=facts.recorded_by_id if facts else None,
        forms_missing=tuple(FORMS[form] for form in needed if form not in valid),
        contradictions=tuple(open_ones),
    )
    return HolderView(party, facts, holder, needed, certified)


def as_certification(row: SelfCertification) -> tax.Certification:
    """A stored form as the rules look at it."""
    return tax.Certification(
        row.form,
        row.signed_on,
        tuple(tax.Residence(**each) for each in row.residences),
        row.explanation,
        row.changed_on,
    )


# --- what else a second person approves, as text for the fingerprint --------------------------------------


def _told(client: Client, kyc: KycFile | None, parties: list[Party]) -> tuple[str, ...]:
    about = [client.name, client.kind, client.segment, client.domicile]
    about += [client.stage, client.language, client.preferred_channel, client.preferences]
    about += [str(client.vulnerable)]
    if kyc is not None:
        about += [kyc.source_of_funds, kyc.purpose, kyc.channel]
    for party in parties:
        about += [
            party.name,
            party.native_name,
            str(party.born_on),
            party.nationality,
            party.residence,
            party.kind,
        ]
    return tuple(about)


def _told_of_holder(view: HolderView) -> str:
    facts = view.facts
    known = (facts.source_of_funds, facts.pep, facts.source_of_wealth, facts.wealth_note) if facts else ()
    forms = [(each.row.form, str(each.row.signed_on), each.row.residences) for each in view.certified]
    return repr((view.party.pk, known, forms))


def _told_of_paper(paper: Identifier) -> str:
    """By its index: another way of writing the same number is no change."""
    return repr((paper.party_id, paper.kind, paper.country, paper.number_index, str(paper.expires_on)))


def _told_of_account(account: PlannedAccount) -> str:
    return repr(
        (account.kind, account.currency, account.card, str(account.card_limit), str(account.overdraft),
         account.online, account.statements, account.funded_from)
    )  # fmt: skip
