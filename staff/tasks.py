"""What is known about coming in, and need not be known for longer."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from staff.login import sessions
from staff.models import LoginAttempt


@shared_task(ignore_result=True)
def forget() -> None:
    sessions.forget()
    LoginAttempt.objects.filter(at__lt=timezone.now() - timedelta(days=1)).delete()
