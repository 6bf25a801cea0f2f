"""Pages of onboarding."""

from onboarding.views.openings import (
    approval,
    document_file,
    document_review,
    facts,
    onboarding,
    onboarding_list,
    onboarding_new,
    products,
    refusal,
    second_refusals,
    submission,
)

__all__ = [
    "approval",
    "document_file",
    "document_review",
    "facts",
    "onboarding",
    "onboarding_list",
    "onboarding_new",
    "products",
    "refusal",
    "second_refusals",
    "submission",
]
