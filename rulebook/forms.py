"""A draft of a rule pack as a form, made from the pack's own shape."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rulebook import rules
from rulebook.models import RulePack
from ui.forms import DateInput, Look


class WordsField(forms.CharField):
    """A list of words or codes, apart by spaces, commas or lines."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        return [word for word in re.split(r"[\s,;]+", value or "") if word]


class DraftForm(Look, forms.Form):
    """From which day, why, and every figure by its path; a refusal names the field."""

    valid_from = forms.DateField(label=_("In force from"), widget=DateInput())
    reason = forms.CharField(
        label=_("Why the figures change"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The second person reads it, and who asks in ten years."),
    )

    def __init__(self, *args: Any, pack: RulePack, **kwargs: Any) -> None:
        initial: dict[str, Any] = {"valid_from": pack.valid_from, "reason": pack.reason}
        super().__init__(*args, initial=initial, **kwargs)
        self.pack, self.words = pack, rules.PACKS.get(pack.name)
        self.paths: list[str] = []
        for path, value in rules.ordered(self.words, pack.body):
            figure, label = rules.explained(self.words, path)
            field = _field(figure, value)
            field.label, field.initial, field.help_text = label, value, figure.meaning
            self.fields[path] = field
            self.paths.append(path)

    def sections(self) -> list[tuple[str, list[Any]]]:
        """(title, bound fields) under the first key of their paths."""
        found: dict[str, list[Any]] = {}
        for path in self.paths:
            found.setdefault(rules.section_of(path), []).append(self[path])
        return list(found.items())

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not self.errors:
            figures = {path: given[path] for path in self.paths}
            self.body = rules.with_values(self.pack.body, figures)
            for path, sentence in rules.refusals_to_body(self.words, self.body, self.pack.body):
                self.add_error(path or None, sentence)
        return given


def _field(figure: rules.Figure, value: Any) -> forms.Field:
    if isinstance(value, bool):
        return forms.BooleanField(required=False)
    if isinstance(value, int):
        return forms.IntegerField()
    if isinstance(value, float):
        return forms.FloatField()
    if isinstance(value, list) and figure.choices:
        return forms.MultipleChoiceField(
            choices=[(each, each.replace("_", " ").capitalize()) for each in figure.choices],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
    if isinstance(value, list):
        return WordsField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    return forms.CharField(max_length=300, required=False)


class DayForm(forms.Form):
    """Which day's figures to show."""

    on = forms.DateField(required=False, widget=DateInput())
