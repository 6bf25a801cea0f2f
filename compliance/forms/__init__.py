"""The shapes of input about compliance."""

from compliance.forms.exposure import AdverseForm, ClosureForm, RoleEndForm, RoleForm
from compliance.forms.filters import (
    CLOCKS,
    DryRunFilter,
    Filter,
    HitFilter,
    InteractionFilter,
    KycFilter,
    OpeningFilter,
    RecordFilter,
)
from compliance.forms.kyc import (
    CONSENT_LABELS,
    ConsentForm,
    FactsForm,
    FullFactsForm,
    MeasureForm,
    OverrideForm,
    consent_label,
)
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
    "AdverseForm",
    "AsOfForm",
    "BatchForm",
    "ClosureForm",
    "ConsentForm",
    "DryRunFilter",
    "EndForm",
    "FactsForm",
    "Filter",
    "FullFactsForm",
    "HitFilter",
    "InteractionFilter",
    "KycFilter",
    "ListForm",
    "MeasureForm",
    "OpeningFilter",
    "OverrideForm",
    "OwnerForm",
    "ProposeForm",
    "RecordFilter",
    "RoleEndForm",
    "RoleForm",
    "SecondForm",
    "ShareForm",
    "consent_label",
]
