"""What shape the input about accounts has."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from staff import selectors
from staff.models import User
from staff.roles import ROLES, Role
from ui.forms import Filter, Look


class LoginOfForm(Look, forms.Form):
    """Whose sessions, whose password?"""

    login = forms.CharField(label=_("Login of the colleague"), max_length=150)

    def clean_login(self) -> User:
        person = selectors.colleague(self.cleaned_data["login"])
        if person is None:
            raise forms.ValidationError(_("Nobody has this login."))
        return person


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


class PeopleFilter(Filter):
    """Which colleagues? By a part of the login or the name."""

    who = forms.CharField(label=_("Login or name"), required=False, max_length=100)


class PersonForm(Look, forms.Form):
    """What is to be so: all of it, also what stays."""

    role = forms.ChoiceField(label=_("Role"), choices=[(role.value, ROLES[role].label) for role in Role])
    team = forms.TypedChoiceField(label=_("Team"), coerce=int, empty_value=None, required=False)
    is_active = forms.BooleanField(label=_("May log in"), required=False)
    reason = forms.CharField(label=_("Why"), max_length=300)

    def __init__(self, *args: Any, teams: list[tuple[int, str]], enabled: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = [("", _("No team")), *teams]  # type: ignore[attr-defined]
        if enabled:  # to disable is a button of its own, and happens at once
            del self.fields["is_active"]
