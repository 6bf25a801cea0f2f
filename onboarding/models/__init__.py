"""What is remembered while a client joins."""

from onboarding.models.imports import ClientImport, ImportedClient, ImportProblem, StagedClient
from onboarding.models.openings import Onboarding, OnboardingQuerySet, RequiredDocument

__all__ = [
    "ClientImport",
    "ImportProblem",
    "ImportedClient",
    "Onboarding",
    "OnboardingQuerySet",
    "RequiredDocument",
    "StagedClient",
]
