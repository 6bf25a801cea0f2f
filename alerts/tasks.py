"""What the alerts room does by itself. Each is safe to run twice, at once, or not at all this minute."""

from celery import shared_task
from django.utils import timezone

from alerts import actions
from jobs.models import Job
from jobs.registry import After, job
from jobs.tasks import Sweep


@shared_task(base=Sweep, ignore_result=True)
def look() -> None:
    """Make the alerts that are missing, close those no longer so."""
    actions.look_at_everything(timezone.localdate())


@shared_task(base=Sweep, ignore_result=True)
def mail() -> None:
    """Write the mails that are due; jobs send them."""
    actions.write_mails(timezone.now())
    actions.write_login_mails(timezone.now())
    actions.send_again(timezone.now())


@shared_task(base=Sweep, ignore_result=True)
def look_at_proposals() -> None:
    """Let questions to a second person end after their last day."""
    actions.end_proposals(timezone.localdate())


@job("alerts.mail", after_death=After.ASK, attempts=100)  # for days: a mail server may be away over a weekend
def send(job: Job) -> dict:
    """One mail to one person."""
    actions.send_mail(job.args["mail"])
    return {}
