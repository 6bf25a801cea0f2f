"""The wake-ups. A task has no arguments, and is harmless when lost or doubled."""

from contextlib import suppress
from typing import Any

from celery import Task, shared_task
from django.db import connection

from jobs import actions
from ui.carrying import NIGHT_SHIFT, carrying


class WakeUp(Task):
    """A task that may be called after commit even when Redis is away."""

    abstract = True

    def wake(self) -> None:
        with suppress(self.OperationalError):  # the next tick, or `manage.py drain`, finds the rows
            self.apply_async(expires=5, retry=False)


class Sweep(WakeUp):
    """A task that looks through the bank by itself: it runs as the night shift."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with carrying(None, NIGHT_SHIFT):
            return super().__call__(*args, **kwargs)


@shared_task(base=WakeUp, ignore_result=True)
def drain() -> None:
    """Do what is due."""
    actions.run_due()
    connection.close_if_unusable_or_obsolete()
