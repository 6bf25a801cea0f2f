"""Input of break-glass: the number and the reason; later the review."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.forms.filters import QueueFilter
from compliance.models import GlassUse
from ui.forms import Look


class BreakForm(Look, forms.Form):
    """The exact number, not a name: who breaks glass knows which file it is about."""

    number = forms.CharField(
        label=_("Client number"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Exactly as on the client's paper. There is no search here."),
    )
    reason = forms.CharField(
        label=_("Why must it be now, and by you?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, letters: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].min_length = letters  # type: ignore[attr-defined]
        self.fields["reason"].help_text = _(
            "At least {letters} letters. The owner of the file and compliance read it."
        ).format(letters=letters)
        self.letters = letters

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if len(reason.strip()) < self.letters:
            raise forms.ValidationError(
                _("Say it in at least {letters} letters.").format(letters=self.letters)
            )
        return reason


class GlassFilter(QueueFilter):
    state = forms.ChoiceField(
        label=_("State"),
        choices=[
            ("", _("Waits for a review")),
            ("overdue", _("Overdue")),
            *GlassUse.Verdict.choices,
        ],
        required=False,
    )
    field_order = ("state", "clock", "after", "before")


class UseReviewForm(Look, forms.Form):
    words = forms.CharField(
        label=_("What you found"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Why it was needed, or why not. It stays with the use."),
    )
    verdict = forms.ChoiceField(choices=GlassUse.Verdict.choices)
