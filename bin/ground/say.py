"""What the person at the terminal reads."""

import contextlib
import errno
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

DISK_FULL = "the disk is full: free some space, or set RMCRM_HOME to a folder on another disk."


class Refusal(Exception):
    """Why it does not go on, as a sentence that says what to do."""


_on_stderr: list[bool] = []


def speak_on_stderr() -> None:
    """For commands whose output belongs to somebody else."""
    _on_stderr.append(True)


def ear() -> TextIO:
    return sys.stderr if _on_stderr else sys.stdout


def say(text: str, end: str = "\n") -> None:
    with contextlib.suppress(OSError):  # the terminal may be gone; the servers must still be stopped in order
        print(text, end=end, file=ear(), flush=True)


def refuse(command: str, why: Exception) -> int:
    if isinstance(why, OSError) and why.errno in (errno.ENOSPC, errno.EDQUOT):
        why = Refusal(DISK_FULL)
    with contextlib.suppress(OSError):
        print(f"{command}: {why}", file=sys.stderr, flush=True)
    return 1


def tail(log: Path) -> str:
    with contextlib.suppress(OSError):
        return last_lines(log.read_text(encoding="utf-8", errors="replace"))
    return ""


def last_lines(text: str, number: int = 15) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines()[-number:])


class Progress:
    """One line a step: counts seconds on a terminal, speaks up now and then in a log."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.began = time.monotonic()
        self.said = 0
        self.live = ear().isatty()
        self.show(0)

    def show(self, seconds: int) -> None:
        if self.live:
            say(f"\r  {self.title} ... {seconds} s ", end="")
        else:
            say(f"  {self.title} ..." + (f" {seconds} s" if seconds else ""))

    def tick(self) -> None:
        seconds = int(time.monotonic() - self.began)
        if seconds >= self.said + (1 if self.live else 15):
            self.said = seconds
            self.show(seconds)

    def done(self, word: str = "done") -> None:
        start_of_line = "\r" if self.live else ""
        say(f"{start_of_line}  {self.title}: {word} in {time.monotonic() - self.began:.1f} s ")


@contextlib.contextmanager
def progress(title: str) -> Iterator[Progress]:
    line = Progress(title)
    try:
        yield line
    except BaseException:
        line.done("stopped")
        raise
    line.done()
