"""What is remembered while a client joins."""

from onboarding.models.openings import Onboarding, OnboardingQuerySet, RequiredDocument

__all__ = [
    "Onboarding",
    "OnboardingQuerySet",
    "RequiredDocument",
]
