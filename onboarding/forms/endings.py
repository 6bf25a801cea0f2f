"""Input of an end: why the relationship ends, or why it does not."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from onboarding.models import Ending
from ui.forms import Filter, Look


def _words(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=300, help_text=help_text, widget=forms.Textarea(attrs={"rows": 3})
    )


class EndForm(Look, forms.Form):
    cause = forms.ChoiceField(
        label=_("Why it ends"), choices=[("", _("Choose a reason")), *Ending.Cause.choices]
    )
    reason = _words(
        _("In words"), _("What the client said or what happened. The second person decides by it.")
    )


class AnswerForm(Look, forms.Form):
    answer = _words(_("Why not, or not yet"), _("Whoever asked reads it and knows what to do."))


class EndingFilter(Filter):
    """The place in the list."""
