"""The shapes of input about opportunities."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from opportunities.models import OPEN_STAGES, Stage
from opportunities.rules import DECLINE_REASONS
from portfolios.models import ProductKind
from staff.rules import refusals_of_another_reason
from ui.forms import Look

DECLINE_LABELS = {
    "no_need": _("No need"),
    "price": _("Price or conditions"),
    "elsewhere": _("Has it with another bank"),
    "later": _("Not now"),
    "not_suitable": _("Not suitable"),
    "no_answer": _("No answer"),
    "other": _("Another reason"),
}
SORTS = ["moved_at", "-moved_at", "value", "-value"]


class PipelineFilter(forms.Form):
    """The filters of the pipeline, as they stand in its URL. A wrong value is no filter and no error page."""

    view = forms.ChoiceField(choices=[("board", ""), ("list", "")], required=False)
    owner = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    stage = forms.ChoiceField(choices=[(stage.value, stage.label) for stage in OPEN_STAGES], required=False)
    stale = forms.BooleanField(required=False)
    sort = forms.ChoiceField(choices=[(sort, sort) for sort in SORTS], required=False)
    after = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    @property
    def asked(self) -> dict:
        """What was asked and understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None, False)}


class TakeUpForm(forms.Form):
    product_kind = forms.ChoiceField(choices=ProductKind.choices)


class MoveForm(forms.Form):
    """`to` is the stage wanted, `seen` the stage the mover saw."""

    to = forms.ChoiceField(choices=Stage.choices)
    seen = forms.ChoiceField(choices=Stage.choices)


class DeclineForm(Look, forms.Form):
    reason = forms.ChoiceField(
        label=_("Why is it declined?"),
        choices=[("", _("Choose a reason")), *((code, DECLINE_LABELS[code]) for code in DECLINE_REASONS)],
    )
    note = forms.CharField(
        label=_("In words"), required=False, max_length=300, help_text=_("Needed for another reason.")
    )

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if "reason" in told and "note" in told:
            for refusal in refusals_of_another_reason(told["reason"], told["note"]):
                self.add_error("note", refusal)
        return told
