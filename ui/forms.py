"""How forms look: crispy without a form tag (templates/ui/form.html writes it), and helpful inputs."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms


class DateInput(forms.DateInput):
    """The browser's own date field: it shows the reader's order of day and month and sends ISO dates."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


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
