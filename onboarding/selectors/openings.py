"""What the pages of onboarding show."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch

from clients.access import Person
from clients.models import Client, ContactPoint, DocumentKind, Party, RelationKind, Relationship
from compliance import selectors as compliance
from compliance.models import Approval, KycFile, ScreeningHit
from compliance.rules import approvals as approval_rules
from onboarding import rules
from onboarding.models import Onboarding, RequiredDocument
from staff.models import User
from staff.roles import May
from ui.paging import Page, keyset

KIND = "onboarding"  # of an Approval


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


def find(person: Person, onboarding_id: int) -> Onboarding | None:
    """The onboarding, when `person` may see its client. 1 query."""
    found: Onboarding | None = (
        Onboarding.objects.visible_to(person)
        .filter(pk=onboarding_id)
        .select_related("client", "started_by")
        .first()
    )
    return found


def begun(client: Client) -> Onboarding | None:
    """The onboarding of a file that was opened, if there is one."""
    found: Onboarding | None = Onboarding.objects.filter(client=client).first()
    return found


def document_label(kind: str) -> str:
    return str(dict(DocumentKind.choices).get(kind, kind))


def workspace(onboarding: Onboarding) -> Workspace:
    """For a file that was opened; `onboarding.client` is the client as it is now. 7 queries."""
    client = onboarding.client
    required = list(
        RequiredDocument.objects.filter(onboarding=onboarding)
        .select_related("document__uploaded_by", "reviewed_by")
        .order_by("pk")
    )
    kyc = KycFile.objects.filter(client=client).select_related("facts_by").first()
    parties = list(Party.objects.filter(client=client).order_by("pk"))
    party = next((each for each in parties if each.is_client), None)
    approvals = Approval.objects.filter(client=client, kind=KIND, subject_id=onboarding.pk)
    return Workspace(
        onboarding=onboarding,
        client=client,
        party=party,
        kyc=kyc,
        required=required,
        approval=approvals.select_related("asked_by", "decided_by").order_by("-asked_at", "-pk").first(),
        facts=rules.Facts(
            state=onboarding.state,
            kind=client.kind,
            rating=kyc.rating if kyc else "unrated",
            pep=bool(kyc and kyc.pep),
            facts_known=bool(kyc and kyc.facts_known),
            facts_by=kyc.facts_by_id if kyc else None,
            started_by=onboarding.started_by_id,
            products=tuple(onboarding.products),
            documents=tuple(_document_fact(each) for each in required),
            reached=ContactPoint.objects.filter(client=client).exists(),
            signatories=Relationship.objects.filter(
                client=client,
                kind__in=[RelationKind.OWNER, RelationKind.DIRECTOR, RelationKind.SIGNATORY],
                until_on__isnull=True,
            ).count(),
            check_open=bool(compliance.open_checks([client.pk])),
            told=_told(client, kyc, parties),
        ),
    )


def _document_fact(required: RequiredDocument) -> rules.DocumentFact:
    document = required.document
    return rules.DocumentFact(
        label=document_label(required.kind),
        state=required.state,
        document_id=document.pk if document else None,
        digest=document.sha256 if document else "",
        uploaded_by=document.uploaded_by_id if document else None,
    )


def _told(client: Client, kyc: KycFile | None, parties: list[Party]) -> tuple[str, ...]:
    """Everything else that a second person approves, as text for the fingerprint."""
    about = [client.name, client.kind, client.segment, client.domicile]
    if kyc is not None:
        about += [kyc.source_of_funds, kyc.purpose]
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


@dataclass(frozen=True)
class Line:
    """One row of the list: how far it is and what is missing."""

    onboarding: Onboarding
    done: int
    all: int
    missing: list[str]


def onboarding_list(person: Person, asked: dict[str, Any]) -> tuple[Page[Onboarding], list[Line]]:
    """Running onboardings, the oldest first. 5 queries, 6 beyond the first page."""
    found = Onboarding.objects.visible_to(person)
    found = found.filter(state=asked["state"]) if asked.get("state") else found.running()
    found = found.select_related("client__kyc", "started_by").prefetch_related(
        Prefetch("required", RequiredDocument.objects.order_by("pk")),
        Prefetch("client__contactpoints", ContactPoint.objects.only("client_id")),
    )
    page = keyset(found, "started_at", after=asked.get("after"), before=asked.get("before"))
    ids = [each.client_id for each in page if each.client.kind == "organisation"]
    signed = set(
        Relationship.objects.filter(
            client__in=ids, kind__in=[RelationKind.OWNER, RelationKind.DIRECTOR, RelationKind.SIGNATORY]
        ).values_list("client_id", flat=True)
        if ids
        else ()
    )
    return page, [_line(each, each.client_id in signed) for each in page]


def _line(onboarding: Onboarding, signed: bool) -> Line:
    kyc = getattr(onboarding.client, "kyc", None)
    facts = rules.Facts(
        state=onboarding.state,
        kind=onboarding.client.kind,
        facts_known=bool(kyc and kyc.facts_known),
        products=tuple(onboarding.products),
        documents=tuple(
            rules.DocumentFact(document_label(each.kind), each.state) for each in onboarding.required.all()
        ),
        reached=bool(onboarding.client.contactpoints.all()),
        signatories=int(signed),
    )
    steps = rules.steps(facts)
    running = onboarding.state in rules.RUNNING
    return Line(
        onboarding, sum(step.done for step in steps), len(steps), rules.missing(facts) if running else []
    )


@dataclass(frozen=True)
class Waiting:
    """A submitted onboarding on the console, and why this person may not approve it from there."""

    approval: Approval
    refusals: list[str]


def waiting(person: User, limit: int) -> list[Waiting]:
    """Onboardings that wait for a second person, the oldest first. 1 query."""
    documents = RequiredDocument.objects.filter(onboarding=OuterRef("subject_id"))
    approvals = (
        Approval.objects.visible_to(person)
        .waiting()
        .filter(kind=KIND)
        .select_related("client", "asked_by")
        .annotate(
            unread=Exists(documents.exclude(state=RequiredDocument.State.APPROVED)),
            check_open=Exists(ScreeningHit.objects.unresolved().filter(client=OuterRef("client_id"))),
            made=Exists(documents.filter(document__uploaded_by=person.pk))
            | Exists(Onboarding.objects.filter(pk=OuterRef("subject_id"), started_by=person.pk))
            | Exists(KycFile.objects.filter(client=OuterRef("client_id"), facts_by=person.pk)),
        )
        .order_by("asked_at", "pk")
    )
    return [
        Waiting(
            each,
            approval_rules.refusals_to_decide(
                each.decision,
                each.asked_by_id,
                frozenset([person.pk]) if each.made else frozenset(),
                person.pk,
                senior=each.senior,
                by_is_officer=person.may(May.APPROVALS_DECIDE),
            )
            + rules.refusals_to_approve_unseen(each.unread, each.check_open),
        )
        for each in approvals[:limit]
    ]
