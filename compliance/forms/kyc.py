"""What is asked of a client, and what the client allows."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.forms import countries
from clients.models import Channel, Party
from compliance.models import Consent, KycFile, RelationPurpose, SourceOfFunds
from compliance.rules import kyc
from ui.forms import DateInput, Look

CONSENT_LABELS = {
    "data_processing": _("Data processing"),
    "recording": _("Recording of calls"),
    "marketing": _("Offers"),
    "profiling": _("Profiling"),
}


class FactsForm(Look, forms.Form):
    """What must be asked before the bank may serve: EU AMLR Art. 20 and 25, FATF Recommendation 10."""

    born_on = forms.DateField(label=_("Born or founded on"), widget=DateInput())
    nationality = forms.ChoiceField(label=_("Nationality or seat"))
    residence = forms.ChoiceField(label=_("Country of residence"))
    source_of_funds = forms.ChoiceField(
        label=_("Source of funds"), choices=[("", _("Choose one")), *SourceOfFunds.choices]
    )
    purpose = forms.ChoiceField(
        label=_("Purpose of the relationship"), choices=[("", _("Choose one")), *RelationPurpose.choices]
    )
    pep = forms.TypedChoiceField(
        label=_("Politically exposed person, or close to one?"),
        choices=[("", _("Choose one")), ("no", _("No")), ("yes", _("Yes"))],
        coerce=lambda said: said == "yes",
        help_text=_(
            "Holds or held a high public office, or is family or a close associate of someone who does."
        ),
    )

    def __init__(
        self, *args: Any, kyc: KycFile | None = None, party: Party | None = None, **kwargs: Any
    ) -> None:
        initial: dict[str, Any] = {}
        if party is not None:
            initial = {name: getattr(party, name) for name in ("born_on", "nationality", "residence")}
        if kyc is not None and kyc.facts_known:
            initial |= {
                "source_of_funds": kyc.source_of_funds,
                "purpose": kyc.purpose,
                "pep": "yes" if kyc.pep else "no",
            }
        super().__init__(*args, initial=initial, **kwargs)
        chosen = [("", _("Choose one")), *countries()]
        for name in ("nationality", "residence"):
            self.fields[name].choices = chosen  # type: ignore[attr-defined]
        if party is not None and party.kind == "organisation":
            self.fields["born_on"].label = _("Founded on")
            self.fields["nationality"].label = _("Seat")
            self.fields["residence"].label = _("Country of its main business")


def consent_label(consent: Consent) -> str:
    """ "Offers, by E-mail"; an imported bank's own word as it is."""
    what = str(CONSENT_LABELS.get(consent.purpose, consent.purpose))
    by = dict(Channel.choices).get(consent.channel, consent.channel)
    return _("{what}, by {channel}").format(what=what, channel=by) if consent.channel else what


class ConsentForm(Look, forms.Form):
    purpose = forms.ChoiceField(
        label=_("Consent to"), choices=[(name, CONSENT_LABELS[name]) for name in kyc.CONSENTS]
    )
    channel = forms.ChoiceField(
        label=_("By"), choices=[("", _("All channels")), *Channel.choices], required=False
    )
