"""The shapes of input of the single steps: holders, tax, accounts, consents."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients import rules as client_rules
from clients.forms import RelatedPartyForm, countries
from clients.models import SIGNING, Channel, Client, Identifier, Party, RelationKind, Segment
from clients.rules.identifiers import masked
from clients.rules.numbers import refusals_to_iban, refusals_to_tax_number
from clients.rules.owners import Held, wrongs_of_owner
from compliance.forms import CONSENT_LABELS
from compliance.models import SourceOfFunds
from onboarding.forms.starts import papers_of
from onboarding.models import HolderFacts, PlannedAccount, SelfCertification, SourceOfWealth
from onboarding.rules import accounts as account_rules
from onboarding.rules import holders as holder_rules
from onboarding.rules import tax
from onboarding.rules.requirements import wrongs_of_paper
from portfolios.models import AccountKind
from ui.forms import DateInput, Look, MoneyInput

CURRENCIES = [
    "CHF", "EUR", "USD", "GBP", "JPY", "SEK", "NOK", "DKK", "CZK", "PLN", "CAD", "AUD", "SGD", "HKD", "AED",
]  # fmt: skip
CHOOSE = ("", _("Choose one"))


def _chosen() -> list[tuple[str, Any]]:
    return [CHOOSE, *countries()]


class BirthMixin(forms.Form):
    """A day of birth that is not in the future."""

    def clean_born_on(self) -> date | None:
        day: date | None = self.cleaned_data["born_on"]
        for sentence in holder_rules.refusals_to_record_holder(day, timezone.localdate()):
            raise forms.ValidationError(sentence)
        return day


class HolderForm(Look, BirthMixin):
    """A joint holder: who, from where, reached how."""

    name = forms.CharField(
        label=_("Name"), max_length=250, help_text=_("In full, in Latin letters, as in the passport.")
    )
    native_name = forms.CharField(label=_("Name in its own script"), max_length=250, required=False)
    born_on = forms.DateField(label=_("Born on"), widget=DateInput())
    nationality = forms.ChoiceField(label=_("Nationality"), choices=_chosen)
    residence = forms.ChoiceField(label=_("Country of residence"), choices=_chosen)
    contact_kind = forms.ChoiceField(
        label=_("Reached by"), choices=[("phone", _("Phone")), ("email", _("E-mail"))], required=False
    )
    contact_value = forms.CharField(
        label=_("Number or address"),
        max_length=300,
        required=False,
        help_text=_("A phone number begins with +."),
    )

    def clean_contact_value(self) -> str:
        value: str = self.cleaned_data["contact_value"]
        kind = self.cleaned_data.get("contact_kind", "")
        if value:
            for sentence in client_rules.refusals_to_reach_by(kind, client_rules.tidy_contact(kind, value)):
                raise forms.ValidationError(sentence)
        return value


class HolderFactsForm(Look, BirthMixin):
    """What a joint holder is asked: as much as the client itself."""

    born_on = forms.DateField(label=_("Born on"), widget=DateInput())
    nationality = forms.ChoiceField(label=_("Nationality"), choices=_chosen)
    residence = forms.ChoiceField(label=_("Country of residence"), choices=_chosen)
    source_of_funds = forms.ChoiceField(label=_("Source of funds"), choices=[CHOOSE, *SourceOfFunds.choices])
    pep = forms.TypedChoiceField(
        label=_("Politically exposed person, or close to one?"),
        choices=[CHOOSE, ("no", _("No")), ("yes", _("Yes"))],
        coerce=lambda said: said == "yes",
    )

    def __init__(self, *args: Any, party: Party, facts: HolderFacts | None, **kwargs: Any) -> None:
        initial = {name: getattr(party, name) for name in ("born_on", "nationality", "residence")}
        if facts is not None and facts.facts_at:
            initial |= {"source_of_funds": facts.source_of_funds, "pep": "yes" if facts.pep else "no"}
        super().__init__(*args, initial=initial, **kwargs)


class WealthForm(Look, forms.Form):
    source_of_wealth = forms.ChoiceField(
        label=_("Source of wealth"),
        choices=[CHOOSE, *SourceOfWealth.choices],
        help_text=_(
            "How all that this person owns came about; the source of funds is where this money is from."
        ),
    )
    wealth_note = forms.CharField(
        label=_("In a sentence"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Sold the family firm in 2019 for about 4 million; papers are on file."),
    )

    def __init__(self, *args: Any, facts: HolderFacts | None, **kwargs: Any) -> None:
        names = ("source_of_wealth", "wealth_note")
        initial = {name: getattr(facts, name) for name in names} if facts else {}
        super().__init__(*args, initial=initial, **kwargs)

    def clean_wealth_note(self) -> str:
        note: str = self.cleaned_data["wealth_note"]
        if refusals := holder_rules.refusals_to_record_wealth(holder_rules.SOURCES_OF_WEALTH[0], note):
            raise forms.ValidationError(refusals)
        return note


class SearchForm(Look, forms.Form):
    what = forms.CharField(
        label=_("What was done to find who stands behind"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "Registers asked and when, what the client answered, why it ends there. Who approves reads it."
        ),
    )


class PersonForm(RelatedPartyForm, BirthMixin):
    """Who owns, directs or signs for the organisation `main`. `held`: what others own on the file already."""

    def __init__(self, *args: Any, main: Party | None, held: Iterable[Held], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.main, self.held = main, held
        self.fields["relation"].choices = [(kind, kind.label) for kind in SIGNING]  # type: ignore[attr-defined]

    def clean_share(self) -> Decimal | None:
        share: Decimal | None = self.cleaned_data["share"]
        relation = self.cleaned_data.get("relation", "")
        if refusals := client_rules.refusals_to_relate("organisation", relation, share, Decimal(0)):
            raise forms.ValidationError(refusals)
        return share

    def clean(self) -> None:
        """What owners hold together on every day since then."""
        said = self.cleaned_data
        owns = said.get("relation") == RelationKind.OWNER and {"share", "since_on"} <= said.keys()
        if owns and self.main is not None:
            new = Held(0, self.main.pk, RelationKind.OWNER, said["share"], said["since_on"])
            kinds = {self.main.pk: self.main.kind}
            for wrong in wrongs_of_owner(new, self.held, kinds, timezone.localdate()):
                self.add_error("share", wrong.sentence)


class CorrectionForm(Look, BirthMixin):
    """Who somebody on the file is, typed wrong; of the client itself also domicile and segment."""

    name = forms.CharField(label=_("Name"), max_length=250)
    native_name = forms.CharField(label=_("Name in its own script"), max_length=250, required=False)
    born_on = forms.DateField(label=_("Born or founded on"), required=False, widget=DateInput())
    domicile = forms.ChoiceField(label=_("Domicile"), choices=countries)
    segment = forms.ChoiceField(label=_("Segment"))

    def __init__(self, *args: Any, party: Party, client: Client, **kwargs: Any) -> None:
        initial = {name: getattr(party, name) for name in ("name", "native_name", "born_on")}
        initial |= {"domicile": client.domicile, "segment": client.segment}
        super().__init__(*args, initial=initial, **kwargs)
        for name in ("born_on",) if party.is_client else ("domicile", "segment"):
            del self.fields[name]  # the client's day of birth is one of its KYC facts
        if party.is_client:
            ours = client_rules.segments_of(client.kind)
            self.fields["segment"].choices = [  # type: ignore[attr-defined]
                each for each in Segment.choices if each[0] in ours
            ]


class PaperForm(Look, forms.Form):
    """The paper that was shown, typed wrong or shown only now. Its number is never sent to the page."""

    identifier_kind = forms.ChoiceField(label=_("Paper that was shown"), required=False)
    identifier_country = forms.ChoiceField(label=_("Issued by"), choices=_chosen, required=False)
    identifier_number = forms.CharField(
        label=_("Its number"),
        max_length=50,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    identifier_expires_on = forms.DateField(label=_("Valid until"), required=False, widget=DateInput())

    def __init__(self, *args: Any, paper: Identifier | None, is_person: bool, **kwargs: Any) -> None:
        initial = {}
        if paper is not None:
            names = ("kind", "country", "expires_on")
            initial = {f"identifier_{name}": getattr(paper, name) for name in names}
        super().__init__(*args, initial=initial, **kwargs)
        self.paper = paper
        none = _("None was shown") if paper else _("Choose one")
        self.fields["identifier_kind"].choices = papers_of(is_person=is_person, none=none)  # type: ignore[attr-defined]
        if paper is None:
            self.fields["identifier_kind"].required = True
        else:
            ends = _("On file: %(number)s. Left empty, it stays.") % {"number": masked(paper.number)}
            self.fields["identifier_number"].help_text = ends

    def clean(self) -> None:
        said = self.cleaned_data
        kind, number = said.get("identifier_kind", ""), said.get("identifier_number", "")
        if not kind or "identifier_number" in self.errors:
            return  # none was shown: whatever else stands here goes with it
        wrongs = wrongs_of_paper(
            kind,
            said.get("identifier_country", ""),
            number or (self.paper.number if self.paper else ""),
            said.get("identifier_expires_on"),
            timezone.localdate(),
        )
        for wrong in wrongs:
            if wrong.field not in self.errors:
                self.add_error(wrong.field, wrong.sentence)


class CertificationForm(Look, forms.Form):
    """A signed form: up to three countries where tax is paid, each with a number or why there is none."""

    ROWS = (1, 2, 3)

    form = forms.ChoiceField(label=_("Form"), choices=[CHOOSE, *SelfCertification.Form.choices])
    signed_on = forms.DateField(label=_("Signed on"), widget=DateInput())
    fatca_status = forms.ChoiceField(
        label=_("FATCA status"),
        choices=[("", _("Not asked")), *SelfCertification.FatcaStatus.choices],
        required=False,
    )
    explanation = forms.CharField(
        label=_("Explanation of what contradicts the file"),
        max_length=300,
        required=False,
        help_text=_("Only where the form and the file say different things; the approver reads it."),
    )

    def __init__(self, *args: Any, party: Party, figures: Mapping[str, Any], **kwargs: Any) -> None:
        """`figures` "onboarding" say how long a form holds."""
        super().__init__(*args, **kwargs)
        self.party, self.figures = party, figures
        wrong = "w8bene" if party.kind == "person" else "w8ben"
        field: Any = self.fields["form"]
        field.choices = [each for each in field.choices if each[0] != wrong]
        if party.kind == "person":
            del self.fields["fatca_status"]
        explanation = self.fields.pop("explanation")
        why = [
            ("", _("The number is known")),
            *((code, _(said)) for code, said in tax.MISSING_REASONS.items()),
        ]
        for row in self.ROWS:
            self.fields[f"country{row}"] = forms.ChoiceField(
                label=_("Pays tax in") if row == 1 else _("and in"), choices=_chosen, required=False
            )
            self.fields[f"number{row}"] = forms.CharField(
                label=_("Tax number"), max_length=50, required=False
            )
            self.fields[f"missing{row}"] = forms.ChoiceField(
                label=_("If there is none, why"), choices=why, required=False
            )
        self.fields["explanation"] = explanation

    def clean(self) -> None:
        data = self.cleaned_data
        for row in self.ROWS:
            country, number = data.get(f"country{row}", ""), data.get(f"number{row}", "")
            if number and not country:
                self.add_error(f"country{row}", _("Say which country gave this number."))
            for sentence in refusals_to_tax_number(country, number, self.party.kind):
                self.add_error(f"number{row}", sentence)
            if country and not number and not data.get(f"missing{row}"):
                self.add_error(f"number{row}", _("A tax number, or the reason why there is none (CRS)."))
            said = tax.Residence(country, number, data.get(f"missing{row}", ""))
            for sentence in tax.refusals_of_the_reason(said):
                self.add_error(f"missing{row}", sentence)
        if data.get("form") == "crs" and not self.residences:
            self.add_error("country1", _("Say in which country tax is paid."))
        if data.get("form") == "w9" and "US" not in [each.country for each in self.residences]:
            self.add_error("country1", _("A W-9 carries a tax number of the United States."))
        if "signed_on" in data:
            signed = tax.Certification(data.get("form", ""), data["signed_on"], tuple(self.residences))
            today = timezone.localdate()
            for sentence in tax.refusals_of_the_day(signed, self.party.born_on, today, self.figures):
                self.add_error("signed_on", sentence)

    @property
    def residences(self) -> list[tax.Residence]:
        data = self.cleaned_data
        return [
            tax.Residence(
                data[f"country{row}"],
                data.get(f"number{row}", ""),
                "" if data.get(f"number{row}") else data.get(f"missing{row}", ""),
            )
            for row in self.ROWS
            if data.get(f"country{row}")
        ]

    @property
    def certification(self) -> dict[str, Any]:
        """For actions.record_certification."""
        said = {name: self.cleaned_data.get(name, "") for name in ("form", "fatca_status", "explanation")}
        return said | {"signed_on": self.cleaned_data["signed_on"], "residences": self.residences}


class ChangeForm(Look, forms.Form):
    changed_on = forms.DateField(label=_("Circumstances changed on"), widget=DateInput())


class AccountForm(Look, forms.ModelForm):
    """One account to the client's need."""

    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])

    class Meta:
        model = PlannedAccount
        fields = [
            "kind",
            "currency",
            "card",
            "card_limit",
            "overdraft",
            "online",
            "statements",
            "funded_from",
        ]
        labels = {
            "kind": _("Account"),
            "card": _("Card"),
            "card_limit": _("Limit of the card a month"),
            "overdraft": _("May be overdrawn by"),
            "online": _("Online banking"),
            "statements": _("Statements"),
            "funded_from": _("First money comes from (IBAN)"),
        }
        widgets = {"card_limit": MoneyInput(), "overdraft": MoneyInput()}

    def __init__(self, *args: Any, needed: list[str], currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("card_limit", "overdraft"):
            self.fields[name].required = False
        self.fields["kind"].choices = AccountKind.choices  # type: ignore[attr-defined]
        if needed:
            self.fields["kind"].initial = needed[0]
        self.fields["currency"].initial = currency

    def clean_funded_from(self) -> str:
        number: str = self.cleaned_data["funded_from"]
        if number and (refusals := refusals_to_iban(number)):
            raise forms.ValidationError(refusals)
        return number

    def clean(self) -> None:
        super().clean()
        data = self.cleaned_data
        for sentence in account_rules.refusals_to_plan_account(
            data.get("kind", ""), data.get("card", ""), data.get("card_limit"), data.get("overdraft"), ""
        ):
            at = "card_limit" if "limit" in sentence else "overdraft" if "overdrawn" in sentence else "card"
            self.add_error(at, sentence)


class ConsentsForm(Look, forms.Form):
    """By purpose, and offers by channel. GDPR Art. 7; MiFID II 2017/565 Art. 76 for recording."""

    purposes = forms.MultipleChoiceField(
        label=_("The client agrees to"),
        choices=list(CONSENT_LABELS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    channels = forms.MultipleChoiceField(
        label=_("Offers only by"),
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None ticked: by every channel."),
    )
