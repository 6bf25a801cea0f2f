"""What shape the input about accounts has."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ui.forms import Look


class LoginOfForm(Look, forms.Form):
    """Whose sessions, whose password?"""

    login = forms.CharField(label=_("Login of the colleague"), max_length=150)


class StartedPasswordForm(Look, forms.Form):
    """The code from the mail, and the password that its owner chooses."""

    login = forms.CharField(
        label=_("Login"), max_length=150, widget=forms.TextInput({"autocomplete": "username"})
    )
    code = forms.CharField(
        label=_("Code from the mail"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "one-time-code"}),
    )
    password1 = forms.CharField(
        label=_("New password"), widget=forms.PasswordInput({"autocomplete": "new-password"}), strip=False
    )
    password2 = forms.CharField(
        label=_("New password again"),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        strip=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password1") != cleaned.get("password2"):
            self.add_error("password2", _("You must type the same password each time."))
        return cleaned
