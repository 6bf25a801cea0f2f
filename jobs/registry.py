"""Which function does which kind of job, and how it may fail. Rooms register in their tasks.py."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any


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


KINDS: dict[str, Kind] = {}


def job(kind: str, **how: Any):
    """Register `do(job) -> dict` under this name; `how` as in Kind. An exception means another try."""

    def register(do: Callable) -> Callable:
        KINDS[kind] = Kind(do, **how)
        return do

    return register
