"""What only a demo does by itself."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from rmcrm.synthetic.market_days import go_on


@shared_task(ignore_result=True)
def move_market() -> None:
    """The made-up market has a new day too; elsewhere prices come from a real one."""
    if settings.DEMO:
        go_on(timezone.localdate())
