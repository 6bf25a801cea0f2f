"""What the pages of onboarding show."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone

from audit.models import AuditEvent
from clients.access import Person
from clients.models import SIGNING, Client, ContactPoint, DocumentKind, Party, RelationKind, Relationship
from compliance.models import Approval, Consent, KycFile
from compliance.rules import approvals as approval_rules
from compliance.rules.kyc import NEEDED_CONSENTS
from compliance.selectors import refusals_to_go_on
from compliance.selectors.desk import say_by_when
from onboarding import rules
from onboarding.models import HolderFacts, Onboarding, RequiredDocument, SelfCertification
from onboarding.rules.holders import Holder
from staff.models import User
from staff.roles import May
from ui.paging import Page, keyset

KIND = "onboarding"  # of an Approval
# Parts of what is approved that are also written on the pages of compliance and of the file.
FILE_CHANGED = (
    "owner added",
    "share changed",
    "holding ended",
    "holding corrected",
    "holding struck out",
    "related party added",
    "contact point added",
    "contact point removed",
    "preferences changed",
    "person removed",
    "person corrected",
    "identity paper corrected",
    "owner corrected",
)


def find(person: Person, onboarding_id: int) -> Onboarding | None:
    """The onboarding, when `person` may see its client. 1 query."""
    found: Onboarding | None = (
        Onboarding.objects.visible_to(person)
        .filter(pk=onboarding_id)
        .select_related("client", "started_by", "held_by")
        .first()
    )
    return found


def begun(client: Client) -> Onboarding | None:
    """The onboarding of a file that was opened, if there is one."""
    found: Onboarding | None = Onboarding.objects.filter(client=client).first()
    return found


def refusals_to_start(client: Client) -> list[str]:
    """Why no onboarding begins for this file now. 2 queries."""
    return rules.refusals_to_start(client.state, begun(client) is not None) + refusals_to_go_on(client.pk)


def is_frozen(onboarding: Onboarding) -> bool:
    """Does compliance hold it? 1 query where somebody does."""
    return onboarding.held_by is not None and onboarding.held_by.may(May.APPROVALS_DECIDE)


def refusals_to_hold(onboarding: Onboarding, by: User) -> list[str]:
    """For the form and for the guard."""
    by_compliance = by.may(May.APPROVALS_DECIDE)
    frozen = is_frozen(onboarding)
    return rules.refusals_to_hold(onboarding.state, by_compliance=by_compliance, frozen=frozen)


def refusals_to_resume(onboarding: Onboarding, by: User) -> list[str]:
    """For the button and for the guard."""
    frozen = is_frozen(onboarding) and not by.may(May.APPROVALS_DECIDE)
    return rules.refusals_to_resume(onboarding.state, frozen)


def joint_holders(client: Client) -> QuerySet[Party]:
    """Who holds the relationship beside the client itself, today."""
    joint = Relationship.objects.filter(client=client, kind=RelationKind.HOLDER).on(timezone.localdate())
    found: QuerySet[Party] = Party.objects.filter(client=client, pk__in=joint.values("party_id"))
    return found


def document_label(kind: str) -> str:
    return str(dict(DocumentKind.choices).get(kind, kind))


@dataclass(frozen=True)
class Line:
    """One row of the list: how far it is and what is missing."""

    onboarding: Onboarding
    done: int
    all: int
    missing: list[str]


def onboarding_list(person: Person, asked: dict[str, Any]) -> tuple[Page[Onboarding], list[Line]]:
    """Running onboardings, the oldest first. 7 queries, 8 beyond the first page."""
    found = Onboarding.objects.visible_to(person)
    found = found.filter(state=asked["state"]) if asked.get("state") else found.running()
    found = found.select_related("client__kyc", "started_by").prefetch_related(
        Prefetch("required", RequiredDocument.objects.order_by("pk")),
        Prefetch("client__self_certifications", SelfCertification.objects.current()),
        Prefetch("client__consents", Consent.objects.filter(withdrawn_on__isnull=True)),
        Prefetch("client__contactpoints", ContactPoint.objects.only("client_id")),
    )
    page = keyset(found, "started_at", after=asked.get("after"), before=asked.get("before"))
    ids = [each.client_id for each in page if each.client.kind == "organisation"]
    signed = set(
        Relationship.objects.filter(client__in=ids, kind__in=SIGNING)
        .on(timezone.localdate())
        .values_list("client_id", flat=True)
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
        holders=(_holder(onboarding),),
        consents_missing=consents_missing(onboarding.client.consents.all()),
    )
    steps = rules.steps(facts)
    running = onboarding.state in rules.RUNNING
    return Line(
        onboarding, sum(step.done for step in steps), len(steps), rules.missing(facts) if running else []
    )


def _holder(onboarding: Onboarding) -> Holder:
    """In short, as a list needs it: has anybody on the file certified?"""
    certified = any(each.form == "crs" for each in onboarding.client.self_certifications.all())
    return Holder(0, "", forms_missing=() if certified else ("CRS",))


def consents_missing(given: Iterable[Consent]) -> tuple[str, ...]:
    """In words, what a client must agree to and has not."""
    there = {each.purpose for each in given}
    return tuple(name.replace("_", " ") for name in NEEDED_CONSENTS if name not in there)


@dataclass(frozen=True)
class Waiting:
    """A submitted onboarding on a first page, and why this person is not the second one."""

    approval: Approval
    refusals: list[str]


def waiting(person: User, limit: int) -> list[Waiting]:
    """Onboardings that wait for a second person, the oldest first. 2 queries, 3 when one waits."""
    documents = RequiredDocument.objects.filter(onboarding=OuterRef("subject_id"))
    approvals = (
        Approval.objects.visible_to(person)
        .waiting()
        .filter(kind=KIND)
        .select_related("client", "asked_by")
        .annotate(
            made=Exists(documents.filter(document__uploaded_by__in=person.logins))
            | Exists(Onboarding.objects.filter(pk=OuterRef("subject_id"), started_by__in=person.logins))
            | Exists(KycFile.objects.filter(client=OuterRef("client_id"), facts_by__in=person.logins))
            | Exists(HolderFacts.objects.filter(client=OuterRef("client_id"), recorded_by__in=person.logins))
            | Exists(
                AuditEvent.objects.filter(
                    client_id=OuterRef("client_id"), verb__in=FILE_CHANGED, by_id__in=person.logins
                )
            ),
        )
        .order_by("asked_at", "pk")
    )
    found = list(approvals[:limit])
    say_by_when(found, timezone.localdate())
    return [
        Waiting(
            each,
            approval_rules.refusals_to_decide(
                each.decision,
                own=person.is_same_person(each.asked_by_id),
                made=each.made,
                senior=each.senior,
                by_is_officer=person.may(May.APPROVALS_DECIDE),
            ),
        )
        for each in found
    ]
