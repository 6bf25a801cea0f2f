"""What is known about coming in, and need not be known for longer."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from jobs.models import Job
from jobs.registry import job
from staff.login import notices, sessions, starting
from staff.models import LoginAttempt, LoginNotice, PasswordCode, User


@shared_task(ignore_result=True)
def forget() -> None:
    sessions.forget()
    now = timezone.now()
    LoginAttempt.objects.filter(at__lt=now - timedelta(days=1)).delete()
    LoginNotice.objects.filter(at__lt=now - notices.KEPT).delete()
    PasswordCode.objects.filter(ends_at__lt=now).delete()


@job(starting.JOB)
def mail_code(job: Job) -> dict:
    """A code for a new password, to its owner. Tried again it is another one; the former opens nothing."""
    starting.mail_code(User.objects.get(pk=job.args["person"]))
    return {}
