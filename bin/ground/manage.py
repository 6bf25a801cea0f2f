"""bin/manage, bin/bench and bin/drill: a command of ours against the servers of this home."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from ground import processes
from ground.install import Installed, install
from ground.processes import Stopped, listen_to_signals, pause, start
from ground.say import Refusal, refuse, say, speak_on_stderr
from ground.services import migrate, start_servers, supervisor_with, vendor_assets
from ground.settings import (
    CLONE,
    Home,
    environment,
    given_urls,
    home_path,
    open_home,
    read_port,
    running_urls,
    take,
)
from ground.supervise import Supervisor

PATIENCE = 300  # seconds for a bin/run that is installing


MANAGE = [CLONE / "manage.py"]
BENCH = ["-m", "bench"]
DRILL = ["-m", "bench.drill"]
WITHOUT_TABLES = {"migrate", "makemigrations", "check", "help", "--help"}


def main(name: str, program: list[str | Path], arguments: list[str]) -> int:
    listen_to_signals()
    speak_on_stderr()
    try:
        return manage(name, [*program, *arguments])
    except Stopped as stopped:
        return stopped.exit_code
    except (Refusal, OSError) as why:
        return refuse(name, why)


def manage(name: str, command: list[str | Path]) -> int:
    given, home = given_urls(), open_home(home_path())
    users, lock, urls = join(home)
    if lock is None:
        installed = install(home, servers=False)
        set_up(home, installed, command, urls)
        return foreground(home, installed.python, command, urls)
    supervisor = supervisor_with(lock, home, name)
    try:
        installed = install(home, servers=not {"DATABASE_URL", "REDIS_URL"} <= given.keys())
        start_servers(supervisor, installed, given)
        set_up(home, installed, command, supervisor.urls)
        return foreground(home, installed.python, command, supervisor.urls, supervisor)
    finally:
        wait_for_the_others(home, users)
        supervisor.stop()


def set_up(home: Home, installed: Installed, command: list[str | Path], urls: dict[str, str]) -> None:
    """What the command builds on; who joins servers that another command is still setting up waits for it."""
    env = environment(home, urls, "demo", read_port(), installed.python, trusted=True)
    if command[: len(BENCH)] == BENCH:  # it opens pages
        vendor_assets(home, installed, env)
    if command[: len(MANAGE)] == MANAGE and not WITHOUT_TABLES & {*command[len(MANAGE) :]}:
        migrate(home, installed, env)


def join(home: Home) -> tuple[IO[str], IO[str] | None, dict[str, str]]:
    """A place among the users; with it the lock (start the servers) or the addresses of running ones."""
    end = time.monotonic() + PATIENCE
    told = False
    while time.monotonic() < end:
        if users := take(home.path / "users", exclusive=False):
            if lock := take(home.path / "lock"):
                return users, lock, {}
            if urls := running_urls(home):
                return users, None, urls
            users.close()
        if not told:
            say("waiting for another command that starts or stops the servers")
            told = True
        pause(0.2)
    raise Refusal(f"the servers of {home.path} do not come up: see {home.logs}.")


def wait_for_the_others(home: Home, users: IO[str]) -> None:
    """Other bin/manage commands may have joined our servers; a signal cuts the waiting short."""
    users.close()
    told = False
    try:
        while (alone := take(home.path / "users")) is None:
            if not told:
                say("other commands still use these servers: waiting for them")
                told = True
            pause(0.2)
        _kept.append(alone)  # nobody joins any more
    except Stopped:
        return


_kept: list[IO[str]] = []


def foreground(
    home: Home,
    python: Path,
    command: list[str | Path],
    urls: dict[str, str],
    supervisor: Supervisor | None = None,
) -> int:
    """With our terminal; Ctrl-C reaches it from there, other signals through us."""
    mode = os.environ.get("RMCRM_MODE") or "demo"
    env = environment(home, urls, mode, read_port(), python, trusted=True) | {"PYTHONPATH": str(CLONE)}
    child = start([python, *command], env=env, cwd=os.getcwd(), own_session=False)
    code = attend(child, supervisor)
    processes.forget_signals()  # they were for the command
    return code


def attend(child: subprocess.Popen[bytes], supervisor: Supervisor | None, beside: Sequence[int] = ()) -> int:
    """Its exit code, once it has ended; `beside` are other children that work meanwhile."""
    passed_on = 0
    while child.poll() is None:
        for number in processes.asked()[passed_on:]:
            if number != signal.SIGINT or not sys.stdin.isatty():
                child.send_signal(number)
            passed_on += 1
        if supervisor:
            supervisor.look(keep=[child.pid, *beside])
        time.sleep(0.05)
    return child.returncode if child.returncode >= 0 else 128 - child.returncode
