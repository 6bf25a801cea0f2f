"""What retention does by itself."""

from celery import shared_task
from django.utils import timezone

from jobs.tasks import Sweep
from retention import actions


@shared_task(base=Sweep, ignore_result=True)
def mark_values() -> None:
    """Once a quarter, keep what each client is worth; looked at every six hours."""
    actions.mark_values(timezone.localdate())
