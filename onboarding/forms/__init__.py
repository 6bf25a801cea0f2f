"""The shapes of input about onboarding."""

from onboarding.forms.openings import (
    REASON_LABELS,
    DeclineForm,
    DocumentReviewForm,
    OnboardingFilter,
    ProductsForm,
    UploadForm,
)

__all__ = [
    "REASON_LABELS",
    "DeclineForm",
    "DocumentReviewForm",
    "OnboardingFilter",
    "ProductsForm",
    "UploadForm",
]
