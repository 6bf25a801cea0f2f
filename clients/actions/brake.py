"""Whoever was stopped at many files says that it is they, and goes on."""

from clients import rules
from clients.access import braked, reach
from staff.lock import action, one_after_the_other
from staff.models import User
from staff.roles import May
from ui.refusals import refuse_if


@action(May.CLIENTS_SEE, "brake released", step_up=True)
def release_brake(_nothing: None, *, by: User) -> int:
    """As many files again; the audit says when. How often an hour is a figure."""
    one_after_the_other("brake", by)  # two at once release once
    reached = reach(by, fresh=True)
    refuse_if(rules.refusals_to_release(*braked(reached)))
    return len(reached.opened)
