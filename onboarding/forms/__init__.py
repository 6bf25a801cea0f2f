"""The shapes of input about onboarding."""

from onboarding.forms.openings import (
    REASON_LABELS,
    DeclineForm,
    DocumentReviewForm,
    HoldForm,
    OnboardingFilter,
    ProductsForm,
    UploadForm,
)
from onboarding.forms.starts import DuplicateForm, OpenForm
from onboarding.forms.steps import (
    AccountForm,
    CertificationForm,
    ChangeForm,
    ConsentsForm,
    CorrectionForm,
    HolderFactsForm,
    HolderForm,
    PaperForm,
    PersonForm,
    SearchForm,
    WealthForm,
)

__all__ = [
    "REASON_LABELS",
    "AccountForm",
    "CertificationForm",
    "ChangeForm",
    "ConsentsForm",
    "CorrectionForm",
    "DeclineForm",
    "DocumentReviewForm",
    "DuplicateForm",
    "HoldForm",
    "HolderFactsForm",
    "HolderForm",
    "OnboardingFilter",
    "OpenForm",
    "PaperForm",
    "PersonForm",
    "ProductsForm",
    "SearchForm",
    "UploadForm",
    "WealthForm",
]
