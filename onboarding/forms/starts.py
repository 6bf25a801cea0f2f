"""Somebody new: enough to see whether the bank has them already, and to begin."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients import rules as client_rules
from clients.forms import LeadForm, countries
from clients.models import Identifier
from onboarding.rules.duplicates import REASONS
from onboarding.rules.holders import refusals_to_record_holder
from onboarding.rules.requirements import wrongs_of_paper
from portfolios.models import ProductKind
from ui.forms import DateInput

# What the check compares: when one of these is typed anew, the check is made anew.
COMPARED = ("name", "native_name", "born_on", "contact_value", "identifier_country", "identifier_number")


class OpenForm(LeadForm):
    """Who it is, how to reach them, which paper they showed, and what they want."""

    born_on = forms.DateField(label=_("Born or founded on"), widget=DateInput())
    identifier_kind = forms.ChoiceField(
        label=_("Paper that was shown"),
        choices=[("", _("None yet")), *Identifier.Kind.choices],
        required=False,
    )
    identifier_country = forms.ChoiceField(label=_("Issued by"), required=False)
    identifier_number = forms.CharField(label=_("Its number"), max_length=50, required=False)
    identifier_expires_on = forms.DateField(label=_("Valid until"), required=False, widget=DateInput())
    products = forms.MultipleChoiceField(
        label=_("Products wanted"),
        choices=ProductKind.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one product.")},
    )

    field_order = (
        "kind", "name", "native_name", "born_on", "contact_kind", "contact_value", "identifier_kind",
        "identifier_country", "identifier_number", "identifier_expires_on", "domicile", "language", "segment",
        "stage", "book_id", "products",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [("", _("Choose one")), *countries()]
        self.fields["identifier_country"].choices = chosen  # type: ignore[attr-defined]

    def clean_born_on(self) -> date:
        day: date = self.cleaned_data["born_on"]
        for sentence in refusals_to_record_holder(day, timezone.localdate()):
            raise forms.ValidationError(sentence)
        return day

    def clean(self) -> dict[str, Any]:
        """What the actions behind would refuse, each sentence at its field."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if {"kind", "stage", "segment"} <= data.keys():
            for sentence in client_rules.refusals_to_open_lead(data["kind"], data["stage"], data["segment"]):
                self.add_error("segment" if "segment" in sentence else "stage", sentence)
        if value := data.get("contact_value"):
            kind = data.get("contact_kind", "")
            for sentence in client_rules.refusals_to_reach_by(kind, client_rules.tidy_contact(kind, value)):
                self.add_error("contact_value", sentence)
        for wrong in wrongs_of_paper(
            data.get("identifier_kind", ""),
            data.get("identifier_country", ""),
            data.get("identifier_number", ""),
            data.get("identifier_expires_on"),
            timezone.localdate(),
        ):
            self.add_error(wrong.field, wrong.sentence)
        return data

    @property
    def compared(self) -> str:
        """What was typed of what the check compares."""
        return "|".join(str(self.data.get(name, "")).strip().lower() for name in COMPARED)

    @property
    def is_checked(self) -> bool:
        """The person has seen what the check found for exactly this."""
        return self.data.get("checked", "") == self.compared

    @property
    def somebody(self) -> dict[str, Any]:
        """For selectors.somebody."""
        data = self.cleaned_data
        reached = data.get("contact_value", "")
        by = data.get("contact_kind")
        return {
            "name": data["name"],
            "native_name": data["native_name"],
            "born_on": data["born_on"],
            "phone": client_rules.tidy_contact("phone", reached) if by == "phone" else "",
            "email": reached if by == "email" else "",
            "country": data.get("identifier_country", ""),
            "number": data.get("identifier_number", ""),
        }

    @property
    def opening(self) -> dict[str, Any]:
        """For actions.open_client."""
        return dict(self.cleaned_data)


REASON_WORDS = {code: _(words) for code, words in REASONS.items()}


class DuplicateForm(forms.Form):
    verdict = forms.ChoiceField(choices=[("same", _("The same")), ("different", _("Different"))])
