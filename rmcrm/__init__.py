"""The front door: settings, urls, celery, schedule, middleware. Imports all, imported by none."""

from rmcrm.celery import app as celery_app

__all__ = ["celery_app"]
