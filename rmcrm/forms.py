"""What the switch of the screen sends."""

from typing import ClassVar

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
        """The address without what was searched for."""
        return str(self.cleaned_data["next"]).partition("?")[0]

    def clean_next(self) -> str:
        """A page of ours, else the first one."""
        url = self.cleaned_data["next"]
        if not url.startswith("/") or not url_has_allowed_host_and_scheme(url, allowed_hosts=None):
            return "/"
        try:
            resolve(url.partition("?")[0])
        except Resolver404:
            return "/"
        return url
