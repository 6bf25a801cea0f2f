"""What shape the input about accounts has."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ui.forms import Look


class LoginOfForm(Look, forms.Form):
    """Whose sessions?"""

    login = forms.CharField(label=_("Login of the colleague"), max_length=150)
