"""The shapes of input about portfolios."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ui.forms import Look


class DayForm(Look, forms.Form):
    """The day a portfolio is valued at, as it stands in the address. A wrong value is today."""

    on = forms.DateField(label=_("Valued on"), required=False)
