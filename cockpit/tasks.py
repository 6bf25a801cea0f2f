"""What handovers do by themselves. Safe to run twice."""

from celery import shared_task

from cockpit import actions, selectors
from jobs.tasks import Sweep
from staff.night import night_shift


@shared_task(base=Sweep, ignore_result=True)
def look_at_handovers() -> None:
    """Those whose day has come are carried out; those that are no longer so fall."""
    for handover_id in selectors.handovers_to_settle():
        actions.settle_handover(None, by=night_shift(), handover_id=handover_id)
