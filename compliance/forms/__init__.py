"""The shapes of input about compliance."""

from compliance.forms.filters import CLOCKS, Filter, HitFilter, InteractionFilter, KycFilter, OpeningFilter
from compliance.forms.kyc import CONSENT_LABELS, ConsentForm, FactsForm, consent_label
from compliance.forms.ownership import AsOfForm, EndForm, OwnerForm, ShareForm
from compliance.forms.screening import HIT_REASONS, VERDICTS, ProposeForm, SecondForm

__all__ = [
    "CLOCKS",
    "CONSENT_LABELS",
    "HIT_REASONS",
    "VERDICTS",
    "AsOfForm",
    "ConsentForm",
    "EndForm",
    "FactsForm",
    "Filter",
    "HitFilter",
    "InteractionFilter",
    "KycFilter",
    "OpeningFilter",
    "OwnerForm",
    "ProposeForm",
    "SecondForm",
    "ShareForm",
    "consent_label",
]
