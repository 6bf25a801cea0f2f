"""The wake-ups. A task has no arguments, and is harmless when lost or doubled."""

from contextlib import suppress

from celery import Task, shared_task
from django.db import connection

from jobs import actions


class WakeUp(Task):
    """A task that may be called after commit even when Redis is away."""

    abstract = True

    def wake(self) -> None:
        with suppress(self.OperationalError):  # the next tick, or `manage.py drain`, finds the rows
            self.apply_async(expires=5, retry=False)


@shared_task(base=WakeUp, ignore_result=True)
def drain() -> None:
    """Do what is due."""
    actions.run_due()
    connection.close_if_unusable_or_obsolete()
