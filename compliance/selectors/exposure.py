"""Politically exposed persons and adverse information on one file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from clients.models import Client, Party
from clients.selectors.owners import last_days
from compliance.models import AdverseNote, KycFile, PepRole
from compliance.rules import pep as rules
from rulebook.selectors import pack


@dataclass(frozen=True)
class RoleRow:
    """One office, and until when it counts."""

    role: PepRole
    stand: str  # "holds", "tail", "over"; "left", "struck": who holds it stands on the file no more
    counts_until: date | None
    left_on: date | None


@dataclass(frozen=True)
class PepPage:
    roles: list[RoleRow]
    parties: list[Party]
    said: bool | None  # the client's own answer; None: not asked
    tail_months: int
    version: int


def pep_page(client: Client, today: date) -> PepPage:
    """For a file that was opened: every office on it, the latest first. 5 queries."""
    figures = pack("kyc", today)
    tail = rules.tail_of(figures.body)
    roles = PepRole.objects.filter(client=client).select_related("party", "recorded_by", "ended_by")
    left = last_days([each.party_id for each in roles], today)
    kyc = KycFile.objects.filter(client=client).first()
    return PepPage(
        roles=[
            RoleRow(
                role,
                _stand(role, left, today, tail),
                rules.counts_until(role.until_on, tail) if role.until_on else None,
                left.get(role.party_id),
            )
            for role in sorted(roles, key=lambda each: -each.pk)
        ],
        parties=list(Party.objects.filter(client=client).order_by("-is_client", "name", "pk")),
        said=kyc.pep if kyc and kyc.facts_known else None,
        tail_months=tail,
        version=figures.version,
    )


def _stand(role: PepRole, left: Mapping[int, date | None], today: date, tail: int) -> str:
    if role.party_id in left:
        return "left" if left[role.party_id] else "struck"
    return rules.stand_of(role.until_on, today, tail)


@dataclass(frozen=True)
class AdversePage:
    notes: list[AdverseNote]
    parties: list[Party]


def adverse_page(client: Client) -> AdversePage:
    """For a file that was opened by who may know of it. 2 queries."""
    notes = AdverseNote.objects.filter(client=client).select_related("party", "by", "closed_by")
    return AdversePage(
        notes=list(notes.order_by("-source_on", "-pk")[:100]),
        parties=list(Party.objects.filter(client=client).order_by("-is_client", "name", "pk")),
    )


def has_roles(client_id: int) -> bool:
    """Is an office recorded on this file? 1 query."""
    return bool(PepRole.objects.filter(client=client_id).exists())
