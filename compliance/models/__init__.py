"""What must be true: KYC, lists, screening, consents, approvals."""

from compliance.models.approvals import Approval, ApprovalQuerySet
from compliance.models.kyc import Consent, KycFile, RelationPurpose, SourceOfFunds
from compliance.models.lists import ListedEntity, ListedEntityQuerySet, ListedName, ListVersion
from compliance.models.screening import (
    HitStep,
    PartyToScreen,
    ScreeningHit,
    ScreeningHitQuerySet,
    ScreeningLane,
    ScreeningRun,
)

__all__ = [
    "Approval",
    "ApprovalQuerySet",
    "Consent",
    "HitStep",
    "KycFile",
    "ListVersion",
    "ListedEntity",
    "ListedEntityQuerySet",
    "ListedName",
    "PartyToScreen",
    "RelationPurpose",
    "ScreeningHit",
    "ScreeningHitQuerySet",
    "ScreeningLane",
    "ScreeningRun",
    "SourceOfFunds",
]
