"""Input of information barriers: people by login, clients by number; no name is shown to choose from."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.selectors import barriers as selectors
from ui.forms import Filter, Look

MOST = 500  # at once


def _words(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "autocomplete": "off", "spellcheck": "false"})


class ReasonForm(Look, forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=300)


class BarrierForm(ReasonForm):
    """What comes in and what goes out, as it is typed."""

    people_in = forms.CharField(
        label=_("Insiders to add"),
        required=False,
        widget=_words(),
        help_text=_("Logins, separated by commas."),
    )
    people_out = forms.CharField(label=_("Insiders to take out"), required=False, widget=_words())
    files_in = forms.CharField(
        label=_("Clients to put behind it"),
        required=False,
        widget=_words(),
        help_text=_("Client numbers, separated by commas."),
    )
    files_out = forms.CharField(label=_("Clients to take out"), required=False, widget=_words())
    field_order = ("name", "people_in", "people_out", "files_in", "files_out", "reason")

    def _ids(self, field: str, find: Any, unknown: Any) -> frozenset[int]:
        told = [word for word in re.split(r"[\s,;]+", self.cleaned_data[field]) if word]
        if len(told) > MOST:
            raise forms.ValidationError(_("At most %(n)s at once."), params={"n": MOST})
        found: dict[str, int] = find(told) if told else {}
        if missing := [word for word in dict.fromkeys(told) if word not in found]:
            raise forms.ValidationError(unknown, params={"what": ", ".join(missing[:5])})
        return frozenset(found.values())

    def clean_people_in(self) -> frozenset[int]:
        unknown = _("Nobody who serves or sees clients has this login: %(what)s.")
        return self._ids("people_in", selectors.people_by_login, unknown)

    def clean_people_out(self) -> frozenset[int]:
        return self._ids("people_out", selectors.logins_of_anybody, _("Nobody has this login: %(what)s."))

    def clean_files_in(self) -> frozenset[int]:
        return self._ids("files_in", selectors.clients_by_number, _("No client has this number: %(what)s."))

    def clean_files_out(self) -> frozenset[int]:
        return self._ids("files_out", selectors.clients_by_number, _("No client has this number: %(what)s."))


class NewBarrierForm(BarrierForm):
    name = forms.CharField(
        label=_("Name of the barrier"),
        max_length=100,
        help_text=_("A word that tells nothing of the client: “Falcon”, “Staff accounts”."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in ("people_out", "files_out"):
            del self.fields[field]
        self.fields["people_in"].label = _("Insiders")


class BarrierFilter(Filter):
    """The place in the list of files."""
