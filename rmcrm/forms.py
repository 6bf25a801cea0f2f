"""What the switch of the screen sends."""

from typing import Any, ClassVar

from django import forms
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from ui.screen import HIDDEN, PRESENTING, SHOWN


class ScreenForm(forms.Form):
    """`next`: the page one was on, and stays on."""

    SAID: ClassVar = {SHOWN: "names shown", HIDDEN: "names hidden", PRESENTING: "presentation begun"}

    to = forms.ChoiceField(choices=[(each, each) for each in SAID])
    client = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    why = forms.ChoiceField(choices=[(each, each) for each in ("key", "idle", "away")], required=False)
    next = forms.CharField(required=False, max_length=2000)

    @property
    def page(self) -> str:
        """The address without what was searched for; of a page that nobody may know of, the first one.

        So it is told of a page that was posted too (rmcrm/context.py): the first one is no sign of anything.
        """
        return "/" if self._is_apart(self.cleaned_data["next"]) else _path(self.cleaned_data["next"])

    def clean_next(self) -> str:
        """A page of ours, else the first one."""
        url = self.cleaned_data["next"]
        if not url.startswith("/") or not url_has_allowed_host_and_scheme(url, allowed_hosts=None):
            return "/"
        try:
            resolve(_path(url))
        except Resolver404:
            return "/"
        return str(url)

    def clean(self) -> dict[str, Any]:
        """A presentation joins a client to the page it begins on."""
        cleaned = super().clean() or {}
        if cleaned.get("to") == PRESENTING and self._is_apart(cleaned.get("next", "/")):
            raise forms.ValidationError("next")
        return cleaned

    @staticmethod
    def _is_apart(url: str) -> bool:
        """In the room of suspicions (docs/adr/0009)."""
        return resolve(_path(url)).app_name == "suspicion"


def _path(url: str) -> str:
    return url.partition("?")[0]
