"""Where a day begins and ends among the instants that the database keeps."""

from datetime import date, datetime, time
from functools import lru_cache

from django.utils import timezone


@lru_cache(maxsize=1024)
def midnight(day: date) -> datetime:
    """When that day begins here."""
    return timezone.make_aware(datetime.combine(day, time.min))
