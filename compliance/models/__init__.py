"""What must be true: KYC, lists, screening, consents, approvals."""

from compliance.models.approvals import Approval, ApprovalQuerySet
from compliance.models.kyc import Consent, KycFile, RelationPurpose, SourceOfFunds
from compliance.models.lists import ListedEntity, ListedEntityQuerySet, ListedName, ListVersion
from compliance.models.screening import ScreeningHit, ScreeningHitQuerySet, ScreeningRun

__all__ = [
    "Approval",
    "ApprovalQuerySet",
    "Consent",
    "KycFile",
    "ListVersion",
    "ListedEntity",
    "ListedEntityQuerySet",
    "ListedName",
    "RelationPurpose",
    "ScreeningHit",
    "ScreeningHitQuerySet",
    "ScreeningRun",
    "SourceOfFunds",
]
