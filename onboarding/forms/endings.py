"""Input of an end: why the relationship ends, or why it does not; and why a lead is set aside."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from onboarding.models import Ending, SetAside
from onboarding.rules.endings import refusals_to_say_why_aside
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


class SetAsideForm(Look, forms.Form):
    cause = forms.ChoiceField(
        label=_("Why it is set aside"), choices=[("", _("Choose a reason")), *SetAside.Cause.choices]
    )
    reason = forms.CharField(
        label=_("In words"),
        required=False,
        max_length=300,
        help_text=_("What was said, for whoever speaks with them next."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if "cause" in told and "reason" in told:
            for refusal in refusals_to_say_why_aside(told["cause"], told["reason"]):
                self.add_error("reason", refusal)
        return told


class AnswerForm(Look, forms.Form):
    answer = _words(_("Why not, or not yet"), _("Whoever asked reads it and knows what to do."))


class EndingFilter(Filter):
    """The place in the list."""
