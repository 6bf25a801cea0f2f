"""A draft of a rule pack as a form, made from the pack's own shape."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from rulebook import rules
from rulebook.models import RulePack
from ui.forms import DateInput, Look


class WordsField(forms.CharField):
    """A list of codes, apart by spaces, commas or lines."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        return [word for word in re.split(r"[\s,;]+", value or "") if word]


_TWO_LETTERS = _("Two letters a country, as CH, apart by commas.")


class DraftForm(Look, forms.Form):
    """From which day, why, and every figure by its path; a refusal names the field."""

    valid_from = forms.DateField(label=_("In force from"), widget=DateInput())
    reason = forms.CharField(
        label=_("Why the figures change"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The second person reads it, and who asks in ten years."),
    )

    def __init__(
        self,
        *args: Any,
        pack: RulePack,
        in_force: RulePack | None,
        newest_on: date | None,
        today: date,
        **kwargs: Any,
    ) -> None:
        """in_force: what the draft would replace; newest_on: from when the last decided version holds."""
        initial: dict[str, Any] = {"valid_from": pack.valid_from, "reason": pack.reason}
        super().__init__(*args, initial=initial, **kwargs)
        self.pack, self.words = pack, rules.PACKS.get(pack.name)
        self.newest_on, self.today = newest_on, today
        self.paths: list[str] = []
        now = dict(rules.leaves(in_force.body)) if in_force else {}
        for path, value in rules.ordered(self.words, pack.body):
            figure, label = rules.explained(self.words, path)
            field = _field(figure, value)
            unit = rules.unit_words(figure)
            field.label, field.initial = f"{label} ({unit})" if unit else label, value
            field.help_text = _help(figure, now.get(path))
            self.fields[path] = field
            self.paths.append(path)

    def sections(self) -> list[tuple[str, list[Any]]]:
        """(heading, bound fields), in the order of the catalogue."""
        found: dict[str, list[Any]] = {}
        for path in self.paths:
            found.setdefault(rules.section_of(self.words, path), []).append(self[path])
        return list(found.items())

    def wrong(self) -> list[tuple[Any, str]]:
        """(bound field, what is wrong with it): all of it, to be told on top."""
        named = [(name, self.errors[name]) for name in self.fields if name in self.errors]
        return [(self[name], str(sentence)) for name, told in named for sentence in told]

    def clean(self) -> dict[str, Any]:
        """What must hold between figures is told at once with what is wrong in one field alone."""
        given: dict[str, Any] = super().clean() or {}
        figures = {path: given[path] for path in self.paths if path in given}
        self.body = rules.with_values(self.pack.body, figures)
        for path, sentence in rules.refusals_to_body(self.words, self.body, self.pack.body):
            if path not in self.errors:
                self.add_error(path or None, sentence)
        if valid_from := given.get("valid_from"):
            for sentence in rules.refusals_to_date(valid_from, self.today, self.newest_on):
                self.add_error("valid_from", sentence)
        return given


def _help(figure: rules.Figure, now: Any) -> str:
    """What holds now, what the figure does, and where it is from."""
    return format_html(
        '<span class="d-block">{} <strong>{}</strong></span>{} <span class="d-block">{}</span>',
        _("In force:"),
        rules.value_words(figure, now),
        f"{figure.meaning} {_TWO_LETTERS}" if figure.unit == "countries" else figure.meaning,
        figure.source,
    )


def _field(figure: rules.Figure, value: Any) -> forms.Field:
    if isinstance(value, bool):
        return forms.BooleanField(required=False)
    if isinstance(value, int):
        return forms.IntegerField()
    if isinstance(value, float):
        return forms.FloatField()
    if isinstance(value, list) and figure.choices:
        return forms.MultipleChoiceField(
            choices=list(figure.choices.items()),
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
    if isinstance(value, list):
        return WordsField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    if figure.choices:
        return forms.ChoiceField(choices=list(figure.choices.items()))
    return forms.CharField(max_length=300, required=False)


class DayForm(forms.Form):
    """Which day's figures to show."""

    on = forms.DateField(required=False, widget=DateInput())
