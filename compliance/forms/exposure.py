"""Offices that make a person politically exposed, and adverse information."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.forms import countries
from clients.models import Party
from compliance.models import AdverseNote
from compliance.rules import pep
from ui.forms import DateInput, Look


class RoleForm(Look, forms.Form):
    """A high public office: whose, which, where, since when, and who says so."""

    party_id = forms.TypedChoiceField(label=_("Person on this file"), coerce=int)
    capacity = forms.ChoiceField(label=_("Who holds the office"), choices=list(pep.CAPACITIES.items()))
    holder = forms.CharField(
        label=_("Name of the holder"),
        max_length=200,
        required=False,
        help_text=_("When the person on this file is family or an associate."),
    )
    function = forms.ChoiceField(label=_("Office"), choices=[("", _("Choose one")), *pep.FUNCTIONS.items()])
    title = forms.CharField(label=_("Title of the office"), max_length=200, required=False)
    country = forms.ChoiceField(label=_("Country"))
    level = forms.ChoiceField(label=_("Level"), choices=list(pep.LEVELS.items()))
    since_on = forms.DateField(label=_("In office since"), required=False, widget=DateInput())
    until_on = forms.DateField(
        label=_("Last day in office"),
        required=False,
        widget=DateInput(),
        help_text=_("Empty: still in office."),
    )
    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("The client, a register, a newspaper with its date.")
    )

    def __init__(self, *args: Any, parties: list[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party_id"].choices = [(each.pk, each.name) for each in parties]  # type: ignore[attr-defined]
        self.fields["country"].choices = [("", _("Choose one")), *countries()]  # type: ignore[attr-defined]

    def clean_since_on(self) -> date | None:
        since: date | None = self.cleaned_data["since_on"]
        if since and since > timezone.localdate():
            raise forms.ValidationError(_("The office begins in the future: record it when it does."))
        return since

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("capacity") in ("family", "associate") and not given.get("holder"):
            self.add_error("holder", _("Name the person who holds the office."))
        since, until = given.get("since_on"), given.get("until_on")
        if since and until and until < since:
            self.add_error("until_on", _("The last day lies before the first."))
        return given


class RoleEndForm(Look, forms.Form):
    until_on = forms.DateField(label=_("Last day in office"), widget=DateInput())


class AdverseForm(Look, forms.Form):
    """What a source says against somebody on this file. Only compliance ever reads it."""

    party_id = forms.TypedChoiceField(label=_("About"), coerce=int)
    severity = forms.ChoiceField(label=_("How grave"), choices=AdverseNote.Severity.choices)
    source = forms.CharField(label=_("Source"), max_length=300)
    source_on = forms.DateField(label=_("Date of the source"), widget=DateInput())
    text = forms.CharField(label=_("What it says"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, parties: list[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party_id"].choices = [(each.pk, each.name) for each in parties]  # type: ignore[attr-defined]

    def clean_source_on(self) -> date:
        on: date = self.cleaned_data["source_on"]
        if on > timezone.localdate():
            raise forms.ValidationError(_("This day is in the future."))
        return on


class ClosureForm(Look, forms.Form):
    reason = forms.CharField(label=_("Why it counts no longer"), max_length=300)
