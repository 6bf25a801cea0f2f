"""What must be true: KYC, lists, screening, consents, approvals."""

from compliance.models.approvals import Approval, ApprovalQuerySet
from compliance.models.desk import DeskSweep, FileGap, KycReview, Reminder, ReviewFigure, RiskFigure
from compliance.models.exports import LargeExport
from compliance.models.exposure import AdverseNote, PepRole
from compliance.models.glass import GlassUse, GlassUseQuerySet
from compliance.models.keeping import FileDeletion, HoldLift, LegalHold
from compliance.models.kyc import (
    Consent,
    DeliveryChannel,
    KycFile,
    Measure,
    RelationPurpose,
    ReviewTrigger,
    SourceOfFunds,
)
from compliance.models.lists import ListedEntity, ListedEntityQuerySet, ListedName, ListVersion
from compliance.models.rating import DryRun, DryRunRow, RatingOverride, RatingRecord
from compliance.models.recertification import Recertification
from compliance.models.sampling import Attestation, OffChannelUse, SampleItem, SamplePlan, SampleStep
from compliance.models.screening import (
    HitStep,
    PartyToScreen,
    ScreeningHit,
    ScreeningHitQuerySet,
    ScreeningLane,
    ScreeningRun,
)
from compliance.models.trials import TrialRow

__all__ = [
    "AdverseNote",
    "Approval",
    "ApprovalQuerySet",
    "Attestation",
    "Consent",
    "DeliveryChannel",
    "DeskSweep",
    "DryRun",
    "DryRunRow",
    "FileDeletion",
    "FileGap",
    "GlassUse",
    "GlassUseQuerySet",
    "HitStep",
    "HoldLift",
    "KycFile",
    "KycReview",
    "LargeExport",
    "LegalHold",
    "ListVersion",
    "ListedEntity",
    "ListedEntityQuerySet",
    "ListedName",
    "Measure",
    "OffChannelUse",
    "PartyToScreen",
    "PepRole",
    "RatingOverride",
    "RatingRecord",
    "Recertification",
    "RelationPurpose",
    "Reminder",
    "ReviewFigure",
    "ReviewTrigger",
    "RiskFigure",
    "SampleItem",
    "SamplePlan",
    "SampleStep",
    "ScreeningHit",
    "ScreeningHitQuerySet",
    "ScreeningLane",
    "ScreeningRun",
    "SourceOfFunds",
    "TrialRow",
]
