"""The shapes of input about alerts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from alerts.models import Urgency
from alerts.registry import rules

REASONS = [
    ("handled", _("Handled already")),
    ("not_relevant", _("Not relevant for this client")),
    ("client_wish", _("The client wishes it so")),
    ("wrong", _("The alert is wrong")),
]


class InboxFilter(forms.Form):
    """What stands in the inbox's URL. A wrong value is no filter and no error page."""

    rule = forms.ChoiceField(
        label=_("About"), required=False, widget=forms.Select(attrs={"class": "form-select"})
    )
    urgency = forms.TypedChoiceField(
        choices=Urgency.choices, coerce=int, required=False, empty_value=None, widget=forms.HiddenInput
    )
    after = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = [("", _("Everything")), *((r.name, r.label) for r in rules().values())]

    @property
    def asked(self) -> dict:
        """What was asked and understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


class PageFilter(forms.Form):
    after = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    @property
    def asked(self) -> dict:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value is not None}


class DismissalForm(forms.Form):
    reason = forms.CharField(max_length=40, required=False)  # which ones there are is a rule


class SnoozeForm(forms.Form):
    until = forms.DateField(label=_("Until"))
