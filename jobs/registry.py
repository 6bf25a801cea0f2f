"""Which function does which kind of job, and how it may fail. Rooms register in their tasks.py."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from django.utils.module_loading import autodiscover_modules


class After(StrEnum):
    """What a worker's death in the middle means."""

    RETRY = "retry"  # the work is in one transaction, so nothing happened: do it again
    ASK = "ask"  # the outside world may have seen it: mark it uncertain


@dataclass(frozen=True)
class Kind:
    do: Callable
    after_death: After = After.RETRY
    attempts: int = 5
    lease: timedelta = timedelta(minutes=5)
    whole: bool = True  # in one transaction; False for long work that commits chunk by chunk
    of_the_bank: bool = False  # looks through the whole bank, whatever its asker sees: its answer is totals
    by_night: bool = False  # whoever asked for it, it is the night shift's work: nothing of it is an answer
    label: Any = ""  # what it is, for whoever waits for it: a number tells nobody anything


class Uncertain(Exception):
    """Raised by an After.ASK job that cannot know whether the outside world saw it."""


_KINDS: dict[str, Kind] = {}


def job(kind: str, **how: Any):
    """Register `do(job) -> dict` under this name; `how` as in Kind. An exception means another try."""

    def register(do: Callable) -> Callable:
        _KINDS[kind] = Kind(do, **how)
        return do

    return register


def kinds() -> dict[str, Kind]:
    """All kinds of work. Loads every room's tasks.py: `manage.py drain` runs without Celery's discovery."""
    _load()
    return _KINDS


@cache
def _load() -> None:
    autodiscover_modules("tasks")
