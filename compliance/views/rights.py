"""Who may come in, asked before anything is looked for."""

from staff.requests import StaffRequest
from staff.roles import May
from ui.refusals import NotPermitted


def only_with(request: StaffRequest, permission: May) -> None:
    if not request.user.may(permission):
        raise NotPermitted(permission)
