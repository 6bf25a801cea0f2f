"""Answers that belong to no room."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from another site, or from before the session ended."""
    sentences = [
        _("This form is too old or came from elsewhere. Go back, reload the page and send it again.")
    ]
    return render(request, "403.html", {"title": _("Not sent"), "sentences": sentences}, status=403)
