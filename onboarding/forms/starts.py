"""Somebody new: enough to see whether the bank has them already, and to begin."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients import rules as client_rules
from clients.forms import LeadForm, countries
from clients.models import Identifier, Kind, Segment, Stage
from onboarding.rules.duplicates import REASONS
from onboarding.rules.holders import refusals_to_record_holder
from onboarding.rules.requirements import wrongs_of_paper
from portfolios.models import ProductKind
from ui.forms import DateInput

# What the check compares: when one of these is typed anew, the check is made anew.
COMPARED = ("name", "native_name", "born_on", "contact_value", "identifier_country", "identifier_number")


PAPERS_OF_PERSONS = {Identifier.Kind.PASSPORT, Identifier.Kind.ID_CARD}


def papers_of(*, is_person: bool, none: Any) -> list[tuple[str, Any]]:
    """What a person, or an organisation, is known by; `none` says that nothing was shown."""
    return [
        ("", none),
        *(each for each in Identifier.Kind.choices if (each[0] in PAPERS_OF_PERSONS) == is_person),
    ]


class OpenForm(LeadForm):
    """Who it is, how to reach them, which paper they showed, and what they want.

    It asks a person and an organisation differently: which of the two is in what was sent, else in `initial`.
    """

    kind = forms.ChoiceField(choices=Kind.choices, widget=forms.HiddenInput())

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
        self.is_person = (self.data.get("kind") or self.initial.get("kind")) != Kind.ORGANISATION
        stages = client_rules.PERSON_STAGES if self.is_person else client_rules.ORGANISATION_STAGES
        segments = client_rules.PERSON_SEGMENTS if self.is_person else client_rules.ORGANISATION_SEGMENTS
        for name, choices, ours in (("stage", Stage, stages), ("segment", Segment, segments)):
            field = self.fields[name]
            field.choices = [each for each in choices.choices if each[0] in ours]  # type: ignore[attr-defined]
            if field.initial not in ours:
                field.initial = field.choices[0][0]  # type: ignore[attr-defined]
            whose = _("This is not one of a person."), _("This is not one of an organisation.")
            field.error_messages["invalid_choice"] = whose[not self.is_person]
        if self.is_person:
            self.fields["born_on"].label = _("Born on")
        else:
            self.fields["born_on"].label = _("Founded on")
            self.fields["name"].help_text = _("In full, in Latin letters, as in the register.")
            self.fields["domicile"].label = _("Seat")
        papers = papers_of(is_person=self.is_person, none=_("None yet"))
        self.fields["identifier_kind"].choices = papers  # type: ignore[attr-defined]
        chosen = [("", _("Choose one")), *countries()]
        self.fields["identifier_country"].choices = chosen  # type: ignore[attr-defined]

    def clean_born_on(self) -> date:
        day: date = self.cleaned_data["born_on"]
        for sentence in refusals_to_record_holder(day, timezone.localdate()):
            raise forms.ValidationError(sentence)
        return day

    def clean(self) -> dict[str, Any]:
        """What the actions behind would refuse, each sentence at its field."""
        data = super().clean()
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
