"""Input of handovers: which clients, to whom, from which day, why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cockpit.models import Handover
from cockpit.rules import MOST
from ui.forms import DateInput, Filter, Look


class Ids(forms.Field):
    """Ids of rows, as a list's boxes send them. What is no id is none."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[int]:
        told = [each for each in value or [] if str(each).isdecimal() and len(str(each)) < 19]
        return sorted({int(each) for each in told})[: MOST + 1]


class ChoiceOfClients(forms.Form):
    """As it stands in the address: clients one by one, a whole book, or a handover that is to be undone."""

    client = Ids(required=False)
    book = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    undo = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked and understood."""
        self.is_valid()
        return {
            name: self.cleaned_data[name]
            for name in ("client", "book", "undo")
            if self.cleaned_data.get(name)
        }


class HandoverForm(Look, ChoiceOfClients):
    to = forms.ChoiceField(label=_("To"))
    effective_on = forms.DateField(
        label=_("From"),
        widget=DateInput(),
        help_text=_("Today: as soon as a second person confirms it. Later: on that day."),
    )
    cause = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose")), *Handover.Cause.choices])
    reason = forms.CharField(
        label=_("In words"),
        max_length=300,
        help_text=_("Read by whoever confirms it. Name no client."),
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", _("Choose")), *people]  # type: ignore[attr-defined]


class HandoverFilter(Filter):
    """The place in the list of clients."""
