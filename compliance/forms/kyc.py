"""What is asked of a client, and what the client allows."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.forms import countries
from clients.models import Channel, Party, Risk
from compliance.models import Consent, DeliveryChannel, KycFile, RelationPurpose, SourceOfFunds
from compliance.rules import kyc
from compliance.rules.override import Rated, wrongs_of_override
from compliance.rules.reviews import refusals_to_approve_oneself
from compliance.selectors.kyc import MeasurePage
from portfolios.models import ProductKind
from ui.forms import DateInput, Look

CONSENT_LABELS = {
    "data_processing": _("Data processing"),
    "recording": _("Recording of calls"),
    "marketing": _("Offers"),
    "profiling": _("Profiling"),
}


FUNDS_OF_PERSONS = {SourceOfFunds.SALARY, SourceOfFunds.PENSION, SourceOfFunds.INHERITANCE}


class FactsForm(Look, forms.Form):
    """What must be asked before the bank may serve: EU AMLR Art. 20 and 25, FATF Recommendation 10."""

    born_on = forms.DateField(label=_("Born on"), widget=DateInput())
    nationality = forms.ChoiceField(label=_("Nationality"))
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
    channel = forms.ChoiceField(
        label=_("How the client was met"),
        choices=[("", _("Not known")), *DeliveryChannel.choices],
        required=False,
        help_text=_("When the relationship began."),
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
                "channel": kyc.channel,
            }
        super().__init__(*args, initial=initial, **kwargs)
        chosen = [("", _("Choose one")), *countries()]
        for name in ("nationality", "residence"):
            self.fields[name].choices = chosen  # type: ignore[attr-defined]
        if party is not None and party.kind == "organisation":
            self.fields["born_on"].label = _("Founded on")
            self.fields["nationality"].label = _("Seat")
            self.fields["residence"].label = _("Country of its main business")
            earned = [each for each in SourceOfFunds.choices if each[0] not in FUNDS_OF_PERSONS]
            self.fields["source_of_funds"].choices = [("", _("Choose one")), *earned]  # type: ignore[attr-defined]

    def clean_born_on(self) -> date:
        day: date = self.cleaned_data["born_on"]
        for sentence in kyc.refusals_to_be_born_on(day, timezone.localdate()):
            raise forms.ValidationError(sentence)
        return day


class FullFactsForm(FactsForm):
    """The facts, and the products agreed: asked of a client the bank serves."""

    products = forms.MultipleChoiceField(
        label=_("Products agreed"),
        choices=ProductKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple(),
        help_text=_("Whatever is held with us counts besides."),
    )

    def __init__(self, *args: Any, kyc: KycFile | None = None, **kwargs: Any) -> None:
        super().__init__(*args, kyc=kyc, **kwargs)
        if kyc is not None:
            self.initial["products"] = kyc.products


class MeasureForm(Look, forms.Form):
    """One enhanced measure that was done."""

    code = forms.ChoiceField(label=_("Measure"))
    done_on = forms.DateField(label=_("Done on"), widget=DateInput())
    note = forms.CharField(label=_("What was done"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    document_id = forms.TypedChoiceField(
        label=_("Paper that proves it"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, page: MeasurePage, own: bool, **kwargs: Any) -> None:
        """own: the reader recorded the facts, and what another one decides stands beside the choice."""
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [(each.code, each.label) for each in page.needed]  # type: ignore[attr-defined]
        said = [
            f"{one.label}: {each}"
            for one in page.needed
            for each in refusals_to_approve_oneself(one.code, own=own)
        ]
        self.fields["code"].help_text = " ".join(said)
        papers = [(each.pk, each.title) for each in page.documents]
        self.fields["document_id"].choices = [("", _("None")), *papers]  # type: ignore[attr-defined]


class OverrideForm(Look, forms.Form):
    """A rating set by hand. Upward it holds at once; downward it waits for a second officer."""

    level = forms.ChoiceField(
        label=_("Rating"), choices=[each for each in Risk.choices if each[0] != Risk.UNRATED]
    )
    until_on = forms.DateField(label=_("Until"), widget=DateInput(), help_text=_("It then ends by itself."))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only compliance reads it."),
    )

    def __init__(self, *args: Any, rated: Rated | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rated = rated

    def clean(self) -> dict[str, Any]:
        """What the action would refuse, each sentence at its field."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if self.rated and {"level", "until_on"} <= told.keys():
            today = timezone.localdate()
            for wrong in wrongs_of_override(told["level"], told["until_on"], self.rated, today):
                self.add_error(wrong.field or None, wrong.sentence)
        return told


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
