"""Celery: worker and beat. Both say every few seconds that they live; /healthz listens."""

import os
import time

from celery import Celery
from celery.beat import PersistentScheduler
from celery.signals import beat_init, heartbeat_sent, worker_init, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rmcrm.settings")

app = Celery("rmcrm")
app.config_from_object("django.conf:settings", namespace=None)


def _configure() -> None:
    from django.conf import settings

    app.conf.update(settings.CELERY)


_configure()
app.autodiscover_tasks()


@app.on_after_finalize.connect
def _schedule(sender, **_):
    from rmcrm.schedule import ticks

    sender.conf.beat_schedule = ticks()


def alive(part: str) -> None:
    """Leave a sign of life that fades after 20 seconds."""
    from django.core.cache import cache

    cache.set(f"alive:{part}", int(time.time()), timeout=20)


@worker_init.connect
def _stand_below_the_wall(**_):
    from rmcrm.standing import StandsTooHigh, look_now

    try:
        look_now()
    except StandsTooHigh as refusal:
        raise SystemExit(str(refusal)) from None  # any other exception Celery logs, and goes on


@worker_ready.connect
@heartbeat_sent.connect
def _worker_lives(**_):
    alive("worker")


@worker_ready.connect
def _begin_the_shift(**_):
    """Do at once what beat would ask for in a minute: after a start nobody looks at an empty inbox."""
    for task in ("jobs.tasks.drain", "alerts.tasks.look"):
        app.send_task(task)


class Scheduler(PersistentScheduler):
    """Beat as it is, with a sign of life at every look at the clock."""

    max_interval = 5

    def tick(self, *args, **kwargs):
        alive("beat")
        return min(super().tick(*args, **kwargs), self.max_interval)


@beat_init.connect
def _beat_lives(**_):
    alive("beat")


app.conf.beat_scheduler = Scheduler
