"""The shapes of input about compliance."""

from compliance.forms.filters import CLOCKS, Filter, HitFilter, InteractionFilter, KycFilter, OpeningFilter
from compliance.forms.kyc import CONSENT_LABELS, ConsentForm, FactsForm, consent_label
from compliance.forms.ownership import AsOfForm, EndForm, OwnerForm, ShareForm
from compliance.forms.screening import (
    CHANGE_LABELS,
    HIT_REASONS,
    VERDICTS,
    BatchForm,
    ListForm,
    ProposeForm,
    SecondForm,
)

__all__ = [
    "CHANGE_LABELS",
    "CLOCKS",
    "CONSENT_LABELS",
    "HIT_REASONS",
    "VERDICTS",
    "AsOfForm",
    "BatchForm",
    "ConsentForm",
    "EndForm",
    "FactsForm",
    "Filter",
    "HitFilter",
    "InteractionFilter",
    "KycFilter",
    "ListForm",
    "OpeningFilter",
    "OwnerForm",
    "ProposeForm",
    "SecondForm",
    "ShareForm",
    "consent_label",
]
