"""Keeps the parts of RM CRM running, and leaves nothing behind."""

import contextlib
import json
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ground.processes import boot, clear_strays, end_sessions, kill_group, pause, start, start_time
from ground.say import Refusal, say, tail
from ground.settings import Home, read_record, write_private

LOG_BYTES = 5_000_000
LIVED_WELL = 30  # seconds after which a part's earlier troubles are forgotten


@dataclass
class Part:
    """One server or process that is to run."""

    name: str
    command: list[str | Path]
    env: Mapping[str, str]
    log: Path
    cwd: Path | str = "/"
    user: pwd.struct_passwd | None = None
    farewell: int = signal.SIGTERM
    patience: float = 15
    before: Callable[[], None] = lambda: None
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    began: float = 0
    due: float = 0
    troubles: int = 0

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Supervisor:
    def __init__(self, home: Home, command: str) -> None:
        self.home = home
        self.command = command
        self.parts: list[Part] = []
        self.urls: dict[str, str] = {}
        self.serving = False
        self.rotated = 0.0
        self.lock: object = None  # an open file: closing it would give the home to others

    def clean_up_after_a_crash(self) -> None:
        record = read_record(self.home)
        if record.get("boot") == boot():
            end_sessions([(pid, began) for pid, began in record.get("parts", {}).values()])

    def start(self, part: Part) -> None:
        if part not in self.parts:
            self.parts.append(part)
        part.before()
        with part.log.open("ab") as output:
            part.process = start(
                part.command,
                env=part.env,
                cwd=part.cwd,
                output=output,
                user=part.user,
                farewell=part.farewell,
            )
        part.began = time.monotonic()
        self.record()

    def wait_for(self, part: Part, ready: Callable[[], bool], limit: float = 60) -> None:
        """Until it answers; a part that cannot start is reported with what it said."""
        end = time.monotonic() + limit
        while not ready():
            if not part.runs or time.monotonic() > end:
                raise Refusal(f"{part.name} does not start; the end of {part.log} says:\n{tail(part.log)}")
            pause(0.05)

    def look(self, keep: Iterable[int] = ()) -> None:
        """Start again what has died, sooner the first time, later when it dies again and again.

        `keep` are children of ours that are no parts.
        """
        for part in self.parts:
            if part.runs:
                continue
            if part.process is not None:
                self.bury(part, keep)
            elif time.monotonic() >= part.due:
                self.start(part)
        if time.monotonic() > self.rotated + 10:
            self.rotated = time.monotonic()
            rotate_logs(self.home.logs)

    def bury(self, part: Part, keep: Iterable[int]) -> None:
        process = part.process
        assert process is not None
        kill_group(process)
        clear_strays([*keep, *(other.process.pid for other in self.parts if other.process)])
        lived = time.monotonic() - part.began
        part.troubles = 0 if lived > LIVED_WELL else part.troubles + 1
        delay = 0 if part.troubles <= 1 else min(10, 0.25 * 2**part.troubles)
        part.process, part.due = None, time.monotonic() + delay
        say(
            f"{part.name} {ending(process.returncode)}: starting it again"
            + (f" in {delay:.0f} s" if delay else "")
        )
        if part.troubles == 3:
            say(f"  the end of {part.log} says:\n{tail(part.log)}")

    def stop(self) -> None:
        """Those who use the servers, then the sealer of what they did, then the servers; last whatever is
        there."""
        self.serving = False
        last = (("sealer",), ("PostgreSQL", "Redis"))
        end_parts([part for part in self.parts if not any(part.name in names for names in last)])
        for names in last:
            end_parts([part for part in self.parts if part.name in names])
        clear_strays()
        with contextlib.suppress(OSError):
            self.home.record.unlink(missing_ok=True)

    def record(self) -> None:
        """For bin/manage, which uses these servers, and for the start after a crash."""
        running = {part.name: part.process.pid for part in self.parts if part.process}
        write_private(
            self.home.record,
            json.dumps(
                {
                    "command": self.command,
                    "pid": os.getpid(),
                    "began": start_time(os.getpid()),
                    "boot": boot(),
                    "serving": self.serving,
                    "urls": self.urls,
                    "parts": {name: [pid, start_time(pid)] for name, pid in running.items()},
                },
                indent=1,
            ),
        )


def ending(code: int) -> str:
    return f"was killed ({signal.Signals(-code).name})" if code < 0 else f"stopped with exit code {code}"


def end_parts(parts: list[Part]) -> None:
    began = time.monotonic()
    for part in parts:
        if part.process and part.runs:
            part.process.send_signal(part.farewell)
    for part in parts:
        if part.process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                part.process.wait(max(0.1, began + part.patience - time.monotonic()))
            kill_group(part.process)
            part.process.wait()
            part.process = None


def rotate_logs(folder: Path, limit: int = LOG_BYTES) -> None:
    """The writers keep their handle and append, so the file is copied and emptied, not renamed."""
    for log in folder.glob("*.log"):
        with contextlib.suppress(OSError):
            if log.stat().st_size > limit:
                shutil.copyfile(log, log.with_name(f"{log.name}.1"))
                os.truncate(log, 0)
