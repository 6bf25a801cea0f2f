"""What can be done while a client joins."""

from onboarding.actions.openings import (
    approve_onboarding,
    choose_products,
    decline_onboarding,
    record_facts,
    review_document,
    start_onboarding,
    submit_onboarding,
    upload_document,
)

__all__ = [
    "approve_onboarding",
    "choose_products",
    "decline_onboarding",
    "record_facts",
    "review_document",
    "start_onboarding",
    "submit_onboarding",
    "upload_document",
]
