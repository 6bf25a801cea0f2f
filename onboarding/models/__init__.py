"""What is remembered while a client joins."""

from onboarding.models.accounts import PlannedAccount
from onboarding.models.duplicates import PossibleDuplicate
from onboarding.models.endings import Ending, SetAside
from onboarding.models.holders import HolderFacts, SourceOfWealth
from onboarding.models.imports import ClientImport, ImportedClient, ImportProblem, StagedClient
from onboarding.models.openings import Onboarding, OnboardingQuerySet, RequiredDocument
from onboarding.models.tax import SelfCertification

__all__ = [
    "ClientImport",
    "Ending",
    "HolderFacts",
    "ImportProblem",
    "ImportedClient",
    "Onboarding",
    "OnboardingQuerySet",
    "PlannedAccount",
    "PossibleDuplicate",
    "RequiredDocument",
    "SelfCertification",
    "SetAside",
    "SourceOfWealth",
    "StagedClient",
]
