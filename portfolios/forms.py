"""The shapes of input about portfolios."""

from datetime import date

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from ui.forms import Look

FIRST_DAY = date(2000, 1, 1)  # no rules are in force before


class DayForm(Look, forms.Form):
    """The day a portfolio is valued at, as it stands in the address. A wrong value is today."""

    on = forms.DateField(label=_("Valued on"), required=False, validators=[MinValueValidator(FIRST_DAY)])
