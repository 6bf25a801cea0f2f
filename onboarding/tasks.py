"""What onboarding does by itself: imports are worked, openings compared, papers come to their end."""

from celery import shared_task
from django.utils import timezone

from onboarding import actions
from onboarding.importing import work
from staff.night import night_shift

__all__ = ["compare_openings", "expire_papers", "work"]


@shared_task(ignore_result=True)
def compare_openings() -> None:
    """New openings against the whole bank: apart from the request, so that its time tells nothing."""
    actions.compare_openings(by=night_shift())


@shared_task(ignore_result=True)
def expire_papers() -> None:
    """Papers whose last day has passed fall to expired and are asked for again."""
    actions.expire_all(by=night_shift(), on=timezone.localdate())
