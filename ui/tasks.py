"""What page serving does by itself."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from ui.carrying import NIGHT_SHIFT, carrying
from ui.models import Answer


@shared_task(ignore_result=True)
def forget_answers() -> None:
    """Keys of forms and API calls are remembered for a day."""
    with carrying(None, NIGHT_SHIFT):
        Answer.objects.filter(at__lt=timezone.now() - timedelta(days=1)).delete()
