"""The shapes of input about reviews."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.core.validators import MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portfolios.forms import FIRST_DAY
from reviews.models import Review
from ui.forms import Look

DUE = [("0", _("Overdue")), ("30", _("Due in 30 days")), ("90", _("Due in 90 days")), ("400", _("All"))]


class DueFilter(Look, forms.Form):
    """The filter of the list, as it stands in its address. A wrong value is no filter and no error page."""

    due = forms.ChoiceField(label=_("Show"), choices=DUE, required=False, initial="30")
    after = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    @property
    def asked(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


class PrepareForm(forms.Form):
    """Whose portfolio, and valued on which day (today)."""

    client = forms.IntegerField(min_value=1, max_value=2**62)
    as_of = forms.DateField(required=False, validators=[MinValueValidator(FIRST_DAY)])


class RecordForm(Look, forms.ModelForm):
    """What was said, recommended and decided. `refusals`: when the review is to be held, why it cannot be."""

    class Meta:
        model = Review
        fields = ["talk", "recommendation", "decision", "held_on"]
        labels = {"decision": _("The client's decision"), "held_on": _("Held on")}
        widgets = {"talk": forms.Textarea({"rows": 5}), "recommendation": forms.Textarea({"rows": 3})}
        help_texts = {"recommendation": _("Leave it empty if there is nothing to recommend.")}

    def __init__(
        self, *args: Any, refusals: Callable[[dict[str, Any]], list[str]] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._refusals = refusals
        self.fields["decision"].required = False
        decision = cast(forms.ChoiceField, self.fields["decision"])
        decision.choices = [("", _("Not decided yet")), *Review.Decision.choices]
        self.fields["held_on"].required = False
        if not self.instance.held_on:
            self.initial["held_on"] = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self._refusals and not self.errors:
            for sentence in self._refusals(cleaned):
                self.add_error(None, sentence)
        return cleaned
