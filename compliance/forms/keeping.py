"""Input of keeping: a hold and its reason."""

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.models import LegalHold
from ui.forms import Filter, Look


class HoldForm(Look, forms.Form):
    kind = forms.ChoiceField(label=_("What holds it"), choices=LegalHold.Kind.choices)
    until_on = forms.DateField(
        label=_("Last day"), required=False, help_text=_("Of an authority's alone: a legal hold has none.")
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        help_text=_(
            "A matter and its reference. It is seen by compliance and auditors, and goes with the file."
        ),
    )


class KeepingFilter(Filter):
    """The place in the list."""
