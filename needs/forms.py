"""The shapes of input about needs."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from needs.models import Goal
from needs.questions import Question, Step
from ui.forms import Look, MoneyInput


class StepForm(Look, forms.Form):
    """One step of the questionnaire. What is left empty stays open; a draft is saved with holes in it."""

    def __init__(self, step: Step, answers: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial", {question.code: answers.get(question.code) for question in step.questions}
        )
        super().__init__(*args, **kwargs)
        for question in step.questions:
            self.fields[question.code] = _field(question)

    def answers(self) -> dict[str, Any]:
        """As JSON keeps them: codes, and amounts as text."""
        return {code: "" if value in (None, "") else str(value) for code, value in self.cleaned_data.items()}


def _field(question: Question) -> forms.Field:
    common = {"label": question.text, "required": False, "help_text": question.hint}
    if question.choices:
        return forms.ChoiceField(choices=question.choices, widget=forms.RadioSelect, **common)
    return forms.DecimalField(
        min_value=0, max_digits=15, decimal_places=2, widget=MoneyInput, localize=True, **common
    )


class GoalForm(Look, forms.ModelForm):
    reached = forms.BooleanField(label=_("This goal is reached"), required=False)

    class Meta:
        model = Goal
        fields = ["name", "amount", "currency", "by_on"]
        widgets = {"amount": MoneyInput}
        labels = {"currency": _("Currency")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].widget = forms.TextInput({"maxlength": 3, "autocapitalize": "characters"})
        self.fields["currency"].help_text = _("Three letters, such as %(currency)s.") % {
            "currency": settings.REPORTING_CURRENCY
        }
        if self.instance.pk:
            self.fields["reached"].initial = self.instance.reached_on is not None
        else:
            del self.fields["reached"]

    def clean_currency(self) -> str:
        code = self.cleaned_data["currency"].upper()
        if len(code) != 3 or not (code.isascii() and code.isalpha()):
            raise forms.ValidationError(_("A currency is three letters, such as EUR or CHF."))
        return code
