"""When a failed job is tried again. Pure: no Django."""

from datetime import timedelta


def wait_after(attempts: int) -> timedelta:
    """Ever longer, an hour at most: 20 s, 80 s, 5 min, 21 min, an hour."""
    return timedelta(seconds=min(3600, 5 * 4 ** min(attempts, 6)))
