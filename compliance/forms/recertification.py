"""Input of a recertification: one decision a line."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.forms.filters import QueueFilter


class RecertificationFilter(QueueFilter):
    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("Owed")), ("signed", _("Signed"))], required=False
    )
    field_order = ("state", "clock", "after", "before")


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
