"""Whoever was stopped at many files says that it is they, and goes on."""

from clients import rules
from clients.access import braked, reach
from staff.lock import action
from staff.models import User
from staff.roles import May
from ui.refusals import refuse_if


@action(May.CLIENTS_SEE, "brake released", step_up=True)
def release_brake(_nothing: None, *, by: User) -> int:
    """As many files again; the audit says when. How often an hour is a figure."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two at once release once
    reached = reach(by, fresh=True)
    refuse_if(rules.refusals_to_release(*braked(reached)))
    return len(reached.opened)
