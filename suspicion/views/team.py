"""Whose pages these are."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse

from staff.requests import StaffRequest
from staff.roles import May
from suspicion.models import Answer
from ui.pages import page
from ui.refusals import NotVisible


def for_the_team(view: Callable[..., Any]) -> Callable[..., Any]:
    """A page of the MLRO's team. For everyone else the address does not exist, whatever stands there: the
    question is answered before anything is looked up, so that neither words nor time tell."""

    @wraps(view)
    def asked(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.may(May.SUSPICION_WORK):
            raise NotVisible("suspicion")
        response: HttpResponse = view(request, *args, **kwargs)
        return response

    return page(asked, answers=Answer)
