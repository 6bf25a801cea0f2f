"""The request as views know it: LoginRequiredMiddleware let nobody through who is not logged in."""

from django.http import HttpRequest
from rest_framework.request import Request

from staff.models import User
from staff.roles import May
from ui.refusals import NotPermitted


class StaffRequest(HttpRequest):
    """Only a name for the type checker; Django makes the request."""

    user: User


class StaffCall(Request):
    """The same for the API: IsAuthenticated let nobody else through."""

    user: User


def only_with(request: StaffRequest, permission: May) -> None:
    """Who may come in, asked before anything is looked for."""
    if not request.user.may(permission):
        raise NotPermitted(permission)
