"""The API's front door: one list of addresses, one way to answer a refusal."""

from typing import Any

from django.http import Http404
from rest_framework.response import Response
from rest_framework.views import exception_handler

from ui.refusals import NotPermitted, NotVisible, Refused


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """Let refusals pass to rmcrm.middleware.Answers, which answers them alike for pages and API."""
    if isinstance(error, NotVisible | NotPermitted | Refused):
        raise error
    if isinstance(error, Http404):
        raise NotVisible("api")
    return exception_handler(error, context)
