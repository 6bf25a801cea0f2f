"""The shapes of input about compliance."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.forms import countries
from clients.models import Channel, Party, Risk, Segment
from compliance.models import Consent, KycFile, RelationPurpose, ScreeningHit, SourceOfFunds
from compliance.rules import kyc, screening
from ui.forms import DateInput, Look

CLOCKS = [
    ("", _("All")),
    ("overdue", _("Overdue")),
    ("late_long", _("Overdue for more than 90 days")),
    ("late", _("Overdue for up to 90 days")),
    ("due_30", _("Due in 30 days")),
    ("due_60", _("Due in 31 to 60 days")),
    ("due_90", _("Due in 61 to 90 days")),
]
CONSENT_LABELS = {
    "data_processing": _("Data processing"),
    "recording": _("Recording of calls"),
    "marketing": _("Offers"),
    "profiling": _("Profiling"),
}
HIT_REASONS = {
    "other_birth_date": _("Another date of birth"),
    "other_country": _("Another country, and no tie to the listed one"),
    "other_person": _("Papers show another person or company"),
    "other_kind": _("Another kind: a person, a company, a vessel"),
    "common_name": _("A common name, and nothing else agrees"),
    "same_papers": _("The same passport, identity or register number"),
    "same_birth": _("Name and date of birth agree"),
    "client_says": _("The client or public sources confirm it"),
}
VERDICTS = {"no_match": _("No match"), "match": _("Match")}


class Filter(forms.Form):
    """Filters as they stand in a list's URL. A wrong value is no filter and no error page."""

    after = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            css = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            field.widget.attrs["class"] = css

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked and understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


class KycFilter(Filter):
    clock = forms.ChoiceField(label=_("Due"), choices=CLOCKS, required=False)
    risk = forms.ChoiceField(label=_("Risk"), choices=[("", _("All")), *Risk.choices], required=False)
    segment = forms.ChoiceField(
        label=_("Segment"), choices=[("", _("All")), *Segment.choices], required=False
    )


class HitFilter(Filter):
    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("Undecided")), *ScreeningHit.State.choices], required=False
    )


class InteractionFilter(Filter):
    words = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=200,
        help_text=_("In summary and notes; “…” keeps words together."),
    )
    person = forms.CharField(label=_("Logged by (login)"), required=False, max_length=150)
    channel = forms.ChoiceField(
        label=_("Channel"), choices=[("", _("All")), *Channel.choices], required=False
    )
    number = forms.CharField(label=_("Client number"), required=False, max_length=30)
    from_on = forms.DateField(label=_("From"), required=False, widget=DateInput())
    until_on = forms.DateField(label=_("Until"), required=False, widget=DateInput())
    client = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)


class OpeningFilter(Filter):
    person = forms.CharField(label=_("Opened by (login)"), required=False, max_length=150)
    number = forms.CharField(label=_("Client number"), required=False, max_length=30)
    from_on = forms.DateField(label=_("From"), required=False, widget=DateInput())
    until_on = forms.DateField(label=_("Until"), required=False, widget=DateInput())
    client = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)


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


class ProposeForm(Look, forms.Form):
    """A verdict with a reason that fits it; the verdict follows from the reason."""

    reason = forms.ChoiceField(
        label=_("Verdict and reason"),
        choices=[
            ("", _("Choose one")),
            *(
                (VERDICTS[verdict], [(code, HIT_REASONS[code]) for code in reasons])
                for verdict, reasons in screening.REASONS.items()
            ),
        ],
    )

    @property
    def verdict(self) -> str:
        reason = self.cleaned_data["reason"]
        return next(verdict for verdict, reasons in screening.REASONS.items() if reason in reasons)


class SecondForm(forms.Form):
    agreed = forms.TypedChoiceField(choices=[("yes", ""), ("no", "")], coerce=lambda said: said == "yes")
