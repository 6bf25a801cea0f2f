"""The rules of attention, handed down by the front door: this room may not import the rooms above it."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from alerts.rules import AlertRule


@cache
def rules() -> dict[str, AlertRule]:
    """Name -> rule, in the order of rmcrm/schedule.py (settings.ALERT_RULES names the list)."""
    return {rule.name: rule for rule in import_string(settings.ALERT_RULES)}
