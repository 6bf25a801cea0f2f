"""Input of a recertification: one decision a line."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.forms.filters import QueueFilter
from compliance.rules import recertification as rules
from ui.forms import DateInput, Look


class RecertificationFilter(QueueFilter):
    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("Owed")), ("signed", _("Signed"))], required=False
    )
    field_order = ("state", "clock", "after", "before")


class BeginForm(Look, forms.Form):
    """Which team, by when, and why now."""

    team = forms.TypedChoiceField(label=_("Team"), coerce=int, empty_value=None, required=False)
    due_on = forms.DateField(label=_("To be signed by"), widget=DateInput())
    reason = forms.CharField(
        label=_("Why now"),
        max_length=300,
        help_text=_("The lead reads it, and who asks later why the team was looked at before its time."),
    )

    def __init__(
        self, *args: Any, teams: Sequence[tuple[int, str]], today: date, months: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.months = today, months
        field: Any = self.fields["team"]
        field.choices = [("", _("Every team that owes none")), *teams]

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        if refusals := rules.refusals_to_begin(due_on, self.today, self.months):
            raise forms.ValidationError(refusals)
        return due_on


class CertifyForm(forms.Form):
    """`seen` says which lines were read; each of them has a field of its own, named by its key."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, keys: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = keys
        for key in keys:
            self.fields[key] = forms.ChoiceField(choices=[("keep", ""), ("end", "")], required=False)

    @property
    def keep(self) -> Mapping[str, bool]:
        """What was decided, by the line; what was left open is not in it."""
        told = self.cleaned_data
        return {key: told[key] == "keep" for key in self.keys if told.get(key)}
