"""How forms look: crispy without a form tag (templates/ui/form.html writes it), and helpful inputs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ui.formats import day_text, language
from ui.rules.merging import Clash, as_seen, clashes


class DateInput(forms.DateInput):
    """The browser's own date field: it shows the reader's order of day and month and sends ISO dates."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class MomentInput(forms.DateTimeInput):
    """To the second, for what is looked up and not typed in a hurry."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"step": "1", **(attrs or {})}, format="%Y-%m-%dT%H:%M:%S")


class MoneyInput(forms.TextInput):
    """A text field with the digits' keyboard: type=number loses 1.234,50, and the wheel changes it unseen."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "class": "num", **(attrs or {})})


class Look:
    """Mix into a Form or ModelForm: `class CallForm(Look, forms.ModelForm)`; dates get date fields."""

    helper: FormHelper

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        for field in self.fields.values():  # type: ignore[attr-defined]
            if type(field.widget) is forms.DateInput:
                field.widget = DateInput(field.widget.attrs)
            elif type(field.widget) is forms.DateTimeInput:
                field.widget = DateTimeInput(field.widget.attrs)


class Filter(forms.Form):
    """Filters as they stand in a list's URL. A wrong value is no filter and no error page."""

    after = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            css = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            field.widget.attrs["class"] = css

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked and understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


class Renderer(TemplatesSetting):
    """Django's own look of fields, the commonest two drawn without templates.

    A select with ten choices is eleven templates: a list's filters cost as much as its fifty rows.
    """

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        draw = _DRAWN.get(template_name)
        return draw(context["widget"]) if draw else mark_safe(super().render(template_name, context, request))  # noqa: S308 - from a template


def _attributes(attrs: dict[str, Any]) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{conditional_escape(str(value))}"'
        for name, value in attrs.items()
        if value is not False
    )


def _input(widget: dict[str, Any]) -> SafeString:
    value = "" if widget["value"] is None else f' value="{conditional_escape(str(widget["value"]))}"'
    name = conditional_escape(widget["name"])
    return mark_safe(f'<input type="{widget["type"]}" name="{name}"{value}{_attributes(widget["attrs"])}>')  # noqa: S308 - every value is escaped


def _option(option: dict[str, Any]) -> str:
    value, label = conditional_escape(str(option["value"])), conditional_escape(option["label"])
    return f'<option value="{value}"{_attributes(option["attrs"])}>{label}</option>'


def _select(widget: dict[str, Any]) -> SafeString:
    inner = "\n".join(_group(label, options) for label, options, _index in widget["optgroups"])
    name = conditional_escape(widget["name"])
    return mark_safe(f'<select name="{name}"{_attributes(widget["attrs"])}>\n{inner}\n</select>')  # noqa: S308 - as above


def _group(label: str | None, options: list[dict[str, Any]]) -> str:
    lines = "\n".join(map(_option, options))
    return f'<optgroup label="{conditional_escape(label)}">\n{lines}\n</optgroup>' if label else lines


_INPUTS = ("input", "text", "number", "email", "hidden", "date")
_DRAWN: dict[str, Callable[[dict[str, Any]], SafeString]] = {
    **{f"django/forms/widgets/{kind}.html": _input for kind in _INPUTS},
    "django/forms/widgets/select.html": _select,
}


# --- two save the same form ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """One field with what each of two wants there: (what the form sends, in words)."""

    name: str
    label: str
    before: str
    theirs: tuple[str, str]
    mine: tuple[str, str]
    untouched: bool  # by this person
    options: list[dict[str, Any]]  # of a field with several values: each that one of the two has

    @property
    def many(self) -> bool:
        return bool(self.options)


@dataclass(frozen=True)
class Choices:
    """What templates/ui/clash.html shows."""

    who: str
    at: Any
    choices: list[Choice]
    kept: list[tuple[str, str]]  # what else this person typed, sent along
    seen: str  # as it is stored now
    step: str = ""


def choices_of(
    form: forms.Form,
    seen: Mapping[str, str],
    current: Mapping[str, Any],
    *,
    who: str,
    at: Any = None,
    step: str = "",
) -> Choices | None:
    """What was saved since this page was opened, where this person wrote something else; or None."""
    fields = clashes(seen, current, form.cleaned_data)
    if not fields:
        return None
    clashing = {each.field for each in fields}
    return Choices(
        who or _("A colleague"),
        at,
        [_choice(form, each) for each in fields],
        [
            (name, value)
            for name in form.fields
            if name not in clashing
            for value in form.data.getlist(name)  # type: ignore[attr-defined]  # a QueryDict
        ],
        as_seen(current),
        step,
    )


def _choice(form: forms.Form, clash: Clash) -> Choice:
    field = form.fields[clash.field]
    many = isinstance(field, forms.MultipleChoiceField)
    words = {str(value): str(label) for value, label in getattr(field, "choices", [])}

    def said(text: str) -> str:
        if isinstance(field, forms.DateField) and text:
            return day_text(date.fromisoformat(text), language())
        values = [each for each in text.split(",") if each] if many else [text]
        return ", ".join(words.get(each, each) for each in values) or _("nothing")

    def sent(text: str) -> str:  # a box that is not ticked sends "false", for "no" would tick it
        return {"yes": "true", "no": "false"}[text] if isinstance(field, forms.BooleanField) else text

    theirs, mine = clash.theirs.split(","), clash.mine.split(",")
    options = [
        {
            "value": value,
            "label": words.get(value, value),
            "mine": value in (theirs if clash.untouched else mine),
            "whose": _whose(value in mine, value in theirs),
        }
        for value in sorted({*theirs, *mine} - {""})
        if many
    ]
    return Choice(
        clash.field,
        str(field.label),
        said(clash.before),
        (sent(clash.theirs), said(clash.theirs)),
        (sent(clash.mine), said(clash.mine)),
        clash.untouched,
        options,
    )


def _whose(mine: bool, theirs: bool) -> str:
    return _("both") if mine and theirs else _("yours") if mine else _("theirs")
