"""Processes that never outlive us: each in a session of its own, stopped with all that it started."""

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from ground.say import DISK_FULL, Refusal, last_lines, progress

LINUX = sys.platform == "linux"
LIBC = ctypes.CDLL(None, use_errno=True) if LINUX else None
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


class Stopped(Exception):
    """Somebody asked us to stop."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.exit_code = 128 + number


_asked: list[int] = []


def listen_to_signals() -> None:
    """A signal is only noted: raised in the middle of a start, it could lose sight of a child."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup stays nohup
            signal.signal(number, lambda number, frame: _asked.append(number))
    if LIBC:
        LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # what a killed child leaves behind comes to us


def asked() -> list[int]:
    """The signals so far."""
    return list(_asked)


def forget_signals() -> None:
    _asked.clear()


def pause(seconds: float) -> None:
    end = time.monotonic() + seconds
    while not _asked:
        left = end - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(left, 0.1))
    raise Stopped(_asked[-1])


def start(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path | str,
    output: IO[bytes] | None = None,
    user: pwd.struct_passwd | None = None,
    farewell: int = signal.SIGTERM,
    own_session: bool = True,
) -> subprocess.Popen[bytes]:
    """Start a child that gets `farewell` from the kernel should we die without a word."""
    parent = os.getpid()

    def in_child() -> None:  # after setuid, which would clear the death signal
        if LIBC:
            LIBC.prctl(PR_SET_PDEATHSIG, farewell, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    who: dict[str, Any] = (
        {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "umask": 0o077} if user else {}
    )
    return subprocess.Popen(
        [str(part) for part in command],
        env=dict(env),
        cwd=str(cwd),
        stdin=None if output is None else subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=own_session,
        preexec_fn=in_child,  # we have one thread only
        **who,
    )


def _stat(pid: int) -> list[str] | None:
    """Fields of /proc/PID/stat from the third on (state, parent, group, session, ...)."""
    try:
        return (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
    except OSError:
        return None


def start_time(pid: int) -> str | None:
    """With it a process is told from a later one that got the same number; None for the dead."""
    if not LINUX:
        try:
            os.kill(pid, 0)
        except OSError:
            return None
        return "?"
    fields = _stat(pid)
    return fields[19] if fields and fields[0] not in "ZX" else None


def boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def _pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()] if LINUX else []


def session_members(leader: int) -> list[int]:
    found = ((pid, _stat(pid)) for pid in _pids())
    return [pid for pid, fields in found if fields and fields[3] == str(leader) and fields[0] not in "ZX"]


def send(number: int, pids: Iterable[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def clear_strays(known: Iterable[int] = ()) -> None:
    """Kill and bury every child of ours that is not known: what a killed part had started."""
    keep, me = set(known), str(os.getpid())
    for _ in range(50):
        strays = [p for p in _pids() if p not in keep and (fields := _stat(p)) and fields[1] == me]
        if not strays:
            return
        send(signal.SIGKILL, strays)
        for pid in strays:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def end_sessions(recorded: Iterable[tuple[int, str | None]], patience: float = 15) -> None:
    """Stop what an earlier bin/run left behind when it was itself killed."""
    leaders = [pid for pid, began in recorded if start_time(pid) in (None, began)]

    def left() -> list[int]:
        return [pid for leader in leaders for pid in session_members(leader)]

    for leader in leaders:
        if start_time(leader):
            send(signal.SIGTERM, [leader])
        else:  # without it the others would not know what to do
            send(signal.SIGKILL, session_members(leader))
    end = time.monotonic() + patience
    while left() and time.monotonic() < end:
        pause(0.1)
    send(signal.SIGKILL, left())
    while left():
        pause(0.05)


def run_step(
    title: str,
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path | str,
    log: Path,
    **options: Any,
) -> None:
    """One visible step of the set-up; its own words go to the log, and to the terminal when it fails."""
    with progress(title) as line, log.open("ab") as output:
        began = output.tell()
        process = start(command, env=env, cwd=cwd, output=output, **options)
        try:
            while process.poll() is None:
                pause(0.1)
                line.tick()
        finally:
            if process.poll() is None:
                process.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(10)
            kill_group(process)
            process.wait()
        if process.returncode:
            with log.open("rb") as words:
                words.seek(began)
                said = words.read().decode("utf-8", errors="replace")
            if "No space left on device" in said:
                raise Refusal(DISK_FULL)
            raise Refusal(f"{title} failed; the end of {log} says:\n{last_lines(said)}")
