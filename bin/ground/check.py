"""bin/test: every check and every test, pytest last."""

import secrets
import time
from pathlib import Path
from subprocess import Popen
from tempfile import TemporaryFile
from typing import IO

from ground.browser import find_chromium
from ground.install import Installed, install
from ground.manage import attend
from ground.processes import Stopped, asked, listen_to_signals, start
from ground.say import Refusal, refuse, say
from ground.servers import FOR_TESTS
from ground.services import hold, start_servers, vendor_assets
from ground.settings import (
    CLONE,
    FIRST_START_NEEDS,
    Home,
    environment,
    given_urls,
    home_path,
    open_home,
    read_port,
    refuse_full_disk,
)
from ground.supervise import Supervisor


def main(arguments: list[str]) -> int:
    listen_to_signals()
    try:
        return check(arguments)
    except Stopped as stopped:
        return stopped.exit_code
    except (Refusal, OSError) as why:
        return refuse("bin/test", why)


def check(arguments: list[str]) -> int:
    given, path = given_urls(), home_path("RMCRM_TEST_HOME", ".rmcrm/test")
    refuse_full_disk([CLONE, path], 0 if path.exists() else FIRST_START_NEEDS)
    home = open_home(path)
    supervisor = hold(home, "bin/test", "wait for it, or set another RMCRM_TEST_HOME.")
    try:
        installed = install(home, servers=not {"DATABASE_URL", "REDIS_URL"} <= given.keys(), tests=True)
        chromium = find_chromium(home, installed)
        start_servers(supervisor, installed, given, FOR_TESTS)
        env = environment(home, supervisor.urls, "test", read_port(), installed.python, trusted=True)
        env |= {"RMCRM_CHROMIUM": str(chromium)}
        vendor_assets(home, installed, env)
        return run_all(supervisor, steps(installed, arguments), env, production(home, env))
    finally:
        supervisor.stop()


def steps(installed: Installed, arguments: list[str]) -> list[tuple[str, list[str | Path]]]:
    """Pytest comes last, so that its summary is the last thing read."""
    python, tool = installed.python, installed.python.parent
    manage = [python, CLONE / "manage.py"]
    if arguments:
        return [("pytest", [python, "-m", "pytest", *arguments])]
    return [
        ("ruff check", [tool / "ruff", "check", "."]),
        ("ruff format", [tool / "ruff", "format", "--check", "."]),
        ("mypy", [tool / "mypy"]),
        ("import-linter", [tool / "lint-imports"]),
        ("migrations are complete", [*manage, "makemigrations", "--check", "--dry-run"]),
        ("production settings", [*manage, "check", "--deploy", "--fail-level", "WARNING"]),
        ("pytest", [python, "-m", "pytest", *WALKS]),
    ]


# The whole is tested in two lanes side by side, about as long as each other, each with a database of its own:
# the walks through the house with what all pages share and the front door, and the rooms with the journeys.
WALKS = ["tests/house", "tests/ui", "tests/rmcrm"]


def start_rooms(env: dict[str, str], pytest: list[str | Path]) -> tuple[Popen[bytes], IO[bytes]]:
    """The second lane, and what it says, which is told when the first has ended."""
    told = TemporaryFile()  # noqa: SIM115 - told at the end
    rooms = [f"--ignore={lane}" for lane in WALKS]
    mine = env | {"RMCRM_TEST_SUFFIX": "_rooms", "REDIS_URL": env["REDIS_URL"].removesuffix("/0") + "/1"}
    return start([*pytest[:3], *rooms], env=mine, cwd=CLONE, own_session=False, output=told), told


def production(home: Home, env: dict[str, str]) -> dict[str, str]:
    """As a bank would set it, with secrets made for this once."""
    return {
        **env,
        "RMCRM_MODE": "production",
        "RMCRM_SECRET_KEY": secrets.token_urlsafe(60),
        "RMCRM_HOSTS": "crm.example.org",
        "RMCRM_ORIGINS": "https://crm.example.org",
        "RMCRM_BASE_URL": "https://crm.example.org",
        "RMCRM_BREACHED_LIST": "none",
    }


def run_all(
    supervisor: Supervisor,
    todo: list[tuple[str, list[str | Path]]],
    env: dict[str, str],
    production_env: dict[str, str],
) -> int:
    failed: list[str] = []
    walks = todo[-1][1]
    # The rooms first: while they make the database that both lanes copy, the checks have the other core.
    rooms, told = start_rooms(env, walks) if walks[3:] == WALKS else (None, None)
    beside = [rooms.pid] if rooms else []
    for name, command in todo:
        say(f"--- {name}")
        began = time.monotonic()
        settings = production_env if name == "production settings" else env
        child = start(command, env=settings, cwd=CLONE, own_session=False)
        code = attend(child, supervisor, beside)
        if rooms and told and command is walks:
            code = attend(rooms, supervisor) or code
            told.seek(0)
            say(told.read().decode(errors="replace"))
        if asked():
            if rooms:  # what was asked is passed on to them too
                attend(rooms, supervisor)
            return 128 + asked()[-1]
        if code:
            failed.append(name)
        if name != "pytest":
            say(f"--- {name}: {'FAILED' if code else 'ok'} in {time.monotonic() - began:.1f} s")
    if failed and failed != ["pytest"]:  # pytest has its summary, and a check above it is easily not seen
        say(f"--- FAILED: {', '.join(failed)}")
    return 1 if failed else 0
